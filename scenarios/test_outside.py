"""What the exchange tells of the world outside it: other venues' funding, and the ways of USDC.

Covers: POST /info (predictedFundings, usdcRouting).
"""

import pytest

from harness.shapes import PredictedFundings

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="tells the exchange what others do"),
]


def test_funding_of_other_venues_stands_beside_the_own(trader, localnet):
    """With the hours of its interval where a venue tells them; null where it tells no rate."""
    localnet.set_venue_funding("ETH", "BinPerp", "-0.0001", next_ms=1_800_000_000_000, hours=8)
    localnet.set_venue_funding("ETH", "BybitPerp", "0.0001", next_ms=1_800_000_000_000)
    localnet.set_venue_funding("ETH", "OkxPerp", None)

    told = PredictedFundings.parse(trader.info.post("/info", {"type": "predictedFundings"}))

    rates = dict(dict(told)["ETH"])
    assert (rates["BinPerp"].fundingRate, rates["BinPerp"].fundingIntervalHours) == ("-0.0001", 8)
    assert rates["BybitPerp"].fundingRate == "0.0001"
    assert rates["OkxPerp"] is None
    assert "HlPerp" in rates
