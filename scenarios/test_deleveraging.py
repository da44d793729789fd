"""A move that leaves an account with less than nothing is paid for by who gains on the other side.

Covers: POST /exchange (order, updateLeverage, usdClassTransfer), POST /info (userFills, userFillsByTime,
clearinghouseState), websocket userFills, userEvents.
"""

import pytest

from harness.shapes import ClearinghouseState, DefaultResponse, OrderResponse, UserFills, UserFillsByTime

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="loses a position on purpose"),
]

GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}


@pytest.mark.parametrize(("is_buy", "mark"), [(True, "2000"), (False, "4000")], ids=["long", "short"])
def test_gain_is_closed_at_the_previous_mark(trader, counterparty, localnet, venue, is_buy, mark):
    """The counterparty has hardly any margin left; nobody quotes while the mark runs away."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH")
    localnet.set_mark("ETH", "3000")
    assert DefaultResponse.parse(counterparty.exchange.update_leverage(25, "ETH")).ok
    assert OrderResponse.parse(trader.exchange.order("ETH", not is_buy, 1, 3000, GTC)).resting
    assert OrderResponse.parse(counterparty.exchange.order("ETH", is_buy, 1, 3000, IOC)).filled
    assert DefaultResponse.parse(counterparty.exchange.usd_class_transfer(9_500, False)).ok

    feeds = ({"type": feed, "user": trader.address} for feed in ("userFills", "userEvents"))
    with trader.subscribed(*feeds) as frames:
        localnet.set_mark("ETH", mark)
        localnet.advance(1)
        told = venue.until(lambda: [frame["data"] for frame in frames if frame["channel"] == "user"])
        feed = venue.until(lambda: [f["data"] for f in frames if f["channel"] == "userFills"][1:])

    for account in (trader, counterparty):
        assert ClearinghouseState.parse(account.info.user_state(account.address)).position("ETH") is None
    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    assert (fill.dir, str(fill.px), fill.crossed) == ("Auto-Deleveraging", "3000.0", False)
    assert fill.liquidation.liquidatedUser == counterparty.address.lower()
    assert UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0))[-1] == fill
    assert told[0]["fills"] == feed[0]["fills"]
    assert [row["dir"] for row in feed[0]["fills"]] == ["Auto-Deleveraging"]
    forced = UserFills.parse(counterparty.info.user_fills(counterparty.address))[0]
    assert forced.dir == f"Liquidated Cross {'Long' if is_buy else 'Short'}"
    localnet.set_mid("ETH", "3000")
