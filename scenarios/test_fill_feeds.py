"""What the feeds tell of fills and positions: trades, turns, liquidations, spot, funding.

Covers: websocket userFills, userEvents (fills, funding, liquidation), userFundings, trades; POST /exchange
(order, updateLeverage, approveBuilderFee, usdClassTransfer).
"""

from decimal import Decimal

import pytest

from harness.shapes import DefaultResponse, OrderResponse

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs prices of its own making, and loses positions"),
]

IOC = {"limit": {"tif": "Ioc"}}
PAIR = "@1035"


class Heard:
    """What the feeds of an account have told."""

    def __init__(self, frames):
        self._frames = frames

    def data(self, channel):
        """Return the data of a channel's messages, oldest first."""
        return [frame["data"] for frame in self._frames if frame["channel"] == channel]

    def events(self, kind):
        """Return the user's events of one kind."""
        return [data[kind] for data in self.data("user") if kind in data]

    def fills(self):
        """Return all fills that came after the snapshot; the events have the same."""
        told = [fill for data in self.data("userFills")[1:] for fill in data["fills"]]
        assert told == [fill for fills in self.events("fills") for fill in fills]
        return told

    def dirs(self):
        """Return what the fills did to the position."""
        return [fill["dir"] for fill in self.fills()]


@pytest.fixture
def heard(trader):
    """The feeds of the account, from before the scenario's first order on."""
    feeds = ("userFills", "userEvents", "userFundings")
    with trader.subscribed(*({"type": feed, "user": trader.address} for feed in feeds)) as frames:
        yield Heard(frames)


@pytest.fixture
def stage(localnet):
    """ETH at 3000."""
    localnet.set_mid("ETH", "3000")


def filled(trader, is_buy, sz, **more):
    """Trade against the house; return the answer's fill."""
    return OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, sz, **more)).filled


@pytest.mark.parametrize(
    ("is_buy", "dirs"),
    [
        (True, ["Open Long", "Long > Short", "Close Short"]),
        (False, ["Open Short", "Short > Long", "Close Long"]),
    ],
    ids=["long", "short"],
)
def test_fills_say_what_they_did_to_the_position(trader, heard, stage, venue, is_buy, dirs):
    """Opened, turned in one order, closed; each fill starts where the last one ended."""
    filled(trader, is_buy, 0.02)
    filled(trader, not is_buy, 0.05)
    filled(trader, is_buy, 0.03)
    venue.until(lambda: len(heard.fills()) >= 3)

    assert list(dict.fromkeys(heard.dirs())) == dirs
    assert {fill["startPosition"] for fill in heard.fills()} >= {"0.0"}


def test_fill_carries_cloid_and_the_builders_part(trader, counterparty, heard, stage, venue):
    """The builder's fee is inside the fee; the cloid is the order's."""
    builder, cloid = counterparty.address.lower(), venue.cloid()
    assert DefaultResponse.parse(trader.exchange.approve_builder_fee(builder, "0.05%")).ok

    filled(trader, True, 0.02, cloid=cloid, builder={"b": builder, "f": 50})
    (fill,) = venue.until(heard.fills)

    assert fill["cloid"] == cloid.to_raw()
    assert 0 < float(fill["builderFee"]) < float(fill["fee"])


def test_taker_and_maker_hear_of_the_same_trade(trader, counterparty, heard, localnet, venue):
    """One trade, two fills with its id: the market's feed names both sides."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[("2999", "5")], asks=[("3001", "5")])
    trader.exchange.order("ETH", False, 0.02, 3000, {"limit": {"tif": "Alo"}})

    with counterparty.subscribed({"type": "trades", "coin": "ETH"}) as trades:
        counterparty.exchange.order("ETH", True, 0.02, 3000, IOC)
        counterparty.exchange.order("ETH", False, 0.02, 2999, IOC)
        venue.until(lambda: heard.fills() and len(trades) == 2)

    (fill,) = heard.fills()
    (trade,) = trades[0]["data"]
    assert (fill["crossed"], fill["dir"], fill["tid"]) == (False, "Open Short", trade["tid"])
    assert trade["users"] == [counterparty.address.lower(), trader.address.lower()]
    assert [trade["side"] for frame in trades for trade in frame["data"]] == ["B", "A"]


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
def test_liquidation_in_the_market_is_told_thrice(trader, heard, stage, localnet, venue, is_buy, is_cross):
    """As a fill that closes, as an event of its own, and with who was liquidated."""
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH", is_cross)).ok
    filled(trader, is_buy, 0.3)
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_900, False)).ok

    bps = 1_000 if is_cross else 300
    localnet.move("ETH", -bps if is_buy else bps)
    venue.until(lambda: heard.events("liquidation"))

    fill = heard.fills()[-1]
    assert fill["dir"] == ("Close Long" if is_buy else "Close Short")
    assert (fill["liquidation"]["method"], fill["crossed"]) == ("market", True)
    assert fill["liquidation"]["liquidatedUser"] == trader.address.lower()
    assert heard.events("liquidation")[0]["liquidated_user"] == trader.address.lower()


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
def test_position_that_nobody_buys_goes_to_the_backstop(
    trader, heard, stage, localnet, venue, is_buy, is_cross
):
    """Nobody quotes while the mark runs away; the fill says how it was taken over."""
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH", is_cross)).ok
    filled(trader, is_buy, 1)
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_500, False)).ok
    localnet.set_liquidity("ETH")

    localnet.set_mark("ETH", "2000" if is_buy else "4000")
    localnet.advance(1)
    venue.until(lambda: heard.events("liquidation"))

    margin, side = "Cross" if is_cross else "Isolated", "Long" if is_buy else "Short"
    assert heard.dirs()[-1] == f"Liquidated {margin} {side}"
    assert heard.fills()[-1]["liquidation"]["method"] == "backstop"
    localnet.set_mid("ETH", "3000")


def test_spot_fills_say_buy_and_sell(trader, heard, venue):
    """The fee of a purchase is in the token, that of a sale in USDC."""
    trader.exchange.order(PAIR, True, 2, 30, IOC)
    trader.exchange.order(PAIR, False, 1, 26, IOC)
    venue.until(lambda: len(heard.fills()) >= 2)

    assert [(fill["dir"], fill["feeToken"]) for fill in heard.fills()] == [("Buy", "HYPE"), ("Sell", "USDC")]


def test_dust_is_told_as_a_fill(trader, heard, localnet, venue):
    """The fee of a purchase was paid in the token; what a sale of whole lots leaves is converted."""
    trader.exchange.order(PAIR, True, 1, 30, IOC)
    balances = trader.info.spot_user_state(trader.address)["balances"]
    held = next(Decimal(row["total"]) for row in balances if row["coin"] == "HYPE")
    trader.exchange.order(PAIR, False, float(held.quantize(Decimal("0.01"), "ROUND_FLOOR")), 20, IOC)

    localnet.advance(120)
    venue.until(lambda: "Spot Dust Conversion" in heard.dirs())

    assert heard.dirs()[-1] == "Spot Dust Conversion"
    assert heard.fills()[-1]["coin"] == PAIR


def test_funding_is_an_event_and_a_row(trader, heard, stage, localnet, venue):
    """Each hour; userFundings has the same payment."""
    filled(trader, True, 0.1)

    localnet.advance(3600)
    venue.until(lambda: heard.events("funding"))

    (payment,) = heard.events("funding")
    assert heard.data("userFundings")[-1]["fundings"] == [payment]
    assert (payment["coin"], payment["szi"]) == ("ETH", "0.1")


def test_coin_that_is_halted_is_settled(trader, heard, localnet, venue):
    """A builder ends its coin: the bid goes as delisted, the position with a fill that says so."""
    localnet.set_deployer("test", trader.address)
    me = trader.address.lower()
    assert DefaultResponse.parse(trader.exchange.send_asset(me, "", "test", "USDC", 1_000)).ok
    desk = trader.rebuilt(perp_dexs=["", "test"])
    localnet.set_mid("test:ABC", "1")
    assert OrderResponse.parse(desk.exchange.order("test:ABC", True, 150, 1.05, IOC)).filled
    bid = desk.exchange.order("test:ABC", True, 50, 0.9, {"limit": {"tif": "Gtc"}})
    oid = OrderResponse.parse(bid).resting.oid

    with trader.subscribed(
        *({"type": feed, "user": me} for feed in ("orderUpdates", "userHistoricalOrders"))
    ) as frames:
        halt = {"type": "perpDeploy", "haltTrading": {"coin": "test:ABC", "isHalted": True}}
        assert DefaultResponse.parse(trader.post_l1_action(halt)).ok
        venue.until(lambda: len(frames) >= 3)

    updates = [frame["data"] for frame in frames if frame["channel"] == "orderUpdates"]
    assert [(one["order"]["oid"], one["status"]) for rows in updates for one in rows] == [
        (oid, "delistedCanceled")
    ]
    assert heard.dirs()[-1] == "Settlement"
    assert heard.events("nonUserCancel") == [[{"coin": "test:ABC", "oid": oid}]]
