"""Names of coins and their numbers."""

import pytest

from harness.localnet.markets.assets import PERPS
from harness.localnet.markets.universe import Universe


@pytest.mark.parametrize("asset", [0, 3, 4, len(PERPS) - 1, 10_000, 10_001, 11_035])
def test_names_and_numbers_are_each_others_reverse(asset: int) -> None:
    assert Universe().asset_of(Universe().coin_of(asset)) == asset


@pytest.mark.parametrize("name", ["", "eth", "@", "@0", "@01", "@-1", "@1 ", "xyz:SP500", "#12"])
def test_what_is_no_coin_has_no_number(name: str) -> None:
    assert Universe().asset_of(name) is None
