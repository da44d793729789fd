"""What the feeds tell of an order, from its placing to its end, whatever ends it.

Covers: websocket orderUpdates, userHistoricalOrders, openOrders, userEvents (nonUserCancel), notification;
POST /exchange (order, modify, cancel, scheduleCancel, updateLeverage).
"""

import pytest

from harness.shapes import DefaultResponse, OrderResponse

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs prices and books of its own making"),
]

GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}
ALO = {"limit": {"tif": "Alo"}}
HOUSE = "0x" + "ff" * 20
MARKET = {"limit": {"tif": "FrontendMarket"}}
FEEDS = ("orderUpdates", "userHistoricalOrders", "openOrders", "userEvents", "notification")


def trigger(px, tpsl, *, is_market=True):
    """Return the SDK's order type of a stop loss (`sl`) or take profit (`tp`)."""
    return {"trigger": {"triggerPx": px, "isMarket": is_market, "tpsl": tpsl}}


class Heard:
    """What the feeds of an account have told."""

    def __init__(self, frames):
        self._frames = frames

    def data(self, channel):
        """Return the data of a channel's messages, oldest first."""
        return [frame["data"] for frame in self._frames if frame["channel"] == channel]

    def states(self, oid=None):
        """Return the states that order updates told, of one order or of all; the history says the same."""
        updates = [(one["order"]["oid"], one["status"]) for data in self.data("orderUpdates") for one in data]
        rows = [
            (one["order"]["oid"], one["status"])
            for data in self.data("userHistoricalOrders")
            for one in data["orderHistory"]
        ]
        assert updates == rows
        return [state for number, state in updates if oid in (None, number)]

    def open(self):
        """Return the open orders as last told, by oid."""
        return {order["oid"]: order for order in self.data("openOrders")[-1]["orders"]}

    def taken_away(self):
        """Return the oids of orders that the exchange cancelled of its own."""
        cancels = [data["nonUserCancel"] for data in self.data("user") if "nonUserCancel" in data]
        return [one["oid"] for rows in cancels for one in rows]


@pytest.fixture
def heard(trader):
    """The feeds of the account, from before the scenario's first order on."""
    with trader.subscribed(*({"type": feed, "user": trader.address} for feed in FEEDS)) as frames:
        yield Heard(frames)


@pytest.fixture
def quiet(localnet):
    """One bid and one ask around 3000."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[("2999", "5")], asks=[("3001", "5")])


def resting(trader, px, *, is_buy=True, sz=0.01, coin="ETH", **more):
    """Place an order that stays in the book; return its oid."""
    return OrderResponse.parse(trader.exchange.order(coin, is_buy, sz, px, GTC, **more)).resting.oid


@pytest.mark.parametrize(
    ("state", "order"),
    [
        ("tickRejected", {"limit_px": 2000.12}),
        ("minTradeNtlRejected", {"sz": 0.001}),
        ("iocCancelRejected", {"order_type": IOC}),
        ("badAloPxRejected", {"limit_px": 3100, "order_type": ALO}),
        ("reduceOnlyRejected", {"reduce_only": True}),
        ("perpMarginRejected", {"name": "SOL", "sz": 10_000, "limit_px": 100}),
        ("badTriggerPxRejected", {"is_buy": False, "order_type": trigger(3100, "sl")}),
        ("insufficientSpotBalanceRejected", {"name": "@1035", "sz": 20_000, "limit_px": 28}),
    ],
)
def test_refusal_is_told_though_there_was_never_an_order(trader, heard, quiet, venue, state, order):
    """One update with the reason as its state; nothing is open."""
    asked = {"name": "ETH", "is_buy": True, "sz": 0.01, "limit_px": 2000, "order_type": GTC} | order

    assert OrderResponse.parse(trader.exchange.order(**asked)).rejected
    venue.until(heard.states)

    assert heard.states() == [state]
    assert heard.open() == {}


def test_market_order_without_a_market_is_told(trader, heard, localnet, venue):
    """An empty book has a state of its own for the frontend's market orders."""
    localnet.set_liquidity("ETH", bids=[], asks=[])

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3200, MARKET)).rejected

    assert venue.until(heard.states) == ["marketOrderNoLiquidityRejected"]


def test_order_too_far_from_the_oracle_is_told(trader, heard, localnet, venue):
    """The only ask is a tenth above the oracle."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", asks=[("3300", "5")])

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3300, IOC)).rejected

    assert venue.until(heard.states) == ["oracleRejected"]


def test_position_beyond_its_tier_is_told(trader, heard, localnet, venue):
    """Money does not help: the leverage allows no position of that size."""
    localnet.fund(trader.address, 10_000_000)
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH")).ok

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 20_000, 2990, GTC)).rejected

    assert venue.until(heard.states) == ["perpMaxPositionRejected"]


def test_order_of_a_frozen_holder_is_told(trader, counterparty, localnet, venue):
    """The deployer of a token freezes a holder; his order is rejected, in no further words."""
    localnet.fund_token(trader.address, "HYPE", 3_000)
    localnet.open_auction("spot", 1_000)
    token = trader.exchange.spot_deploy_register_token("DESK", 2, 8, 10**12, "Desk token")["response"]["data"]
    trader.exchange.spot_deploy_enable_freeze_privilege(token)
    genesis = {
        "token": token,
        "userAndWei": [[trader.address.lower(), "100000000000"], [HOUSE, "10000000000"]],
        "existingTokenAndWei": [],
    }
    trader.post_l1_action({"type": "spotDeploy", "userGenesis": genesis})
    trader.exchange.spot_deploy_genesis(token, "110000000000", False)
    pair = trader.exchange.spot_deploy_register_spot(token, 0)["response"]["data"]
    trader.exchange.spot_deploy_register_hyperliquidity(pair, 2.0, 4.0, 10, 2)
    trader.exchange.spot_deploy_freeze_user(token, counterparty.address.lower(), True)

    feeds = [
        {"type": feed, "user": counterparty.address} for feed in ("orderUpdates", "userHistoricalOrders")
    ]
    with counterparty.subscribed(*feeds) as frames:
        bid = {"a": 10_000 + pair, "b": True, "p": "2.1", "s": "8", "r": False, "t": IOC}
        answer = counterparty.post_l1_action({"type": "order", "orders": [bid], "grouping": "na"})
        assert OrderResponse.parse(answer).rejected
        venue.until(lambda: Heard(frames).states())

    assert Heard(frames).states() == ["rejected"]


def test_maker_is_notified_in_words(trader, counterparty, heard, quiet, venue):
    """A sentence for people, beside the update and the fill."""
    oid = resting(trader, 2999.5)

    counterparty.exchange.order("ETH", False, 0.01, 2999.5, IOC)
    venue.until(lambda: heard.data("notification"))

    assert heard.data("notification") == [
        {"notification": "Resting order filled: Bought 0.01 ETH at $2999.5"}
    ]
    assert heard.states(oid) == ["open", "filled"]


@pytest.mark.parametrize("is_buy", [True, False], ids=["bid", "ask"])
@pytest.mark.parametrize("tif", [GTC, ALO], ids=["gtc", "alo"])
def test_open_orders_follow_the_book(trader, heard, quiet, venue, is_buy, tif):
    """Placed, it stands there with all its keys, its cloid too; cancelled, it is gone."""
    px, cloid = (2900 if is_buy else 3100), venue.cloid()
    oid = OrderResponse.parse(trader.exchange.order("ETH", is_buy, 0.01, px, tif, cloid=cloid)).resting.oid
    shown = venue.until(heard.open)[oid]

    trader.exchange.cancel_by_cloid("ETH", cloid)
    venue.until(lambda: not heard.open())

    assert (shown["side"], shown["cloid"]) == ("B" if is_buy else "A", cloid.to_raw())
    assert (shown["orderType"], shown["tif"]) == ("Limit", tif["limit"]["tif"])
    assert heard.states(oid) == ["open", "canceled"]


def test_own_order_on_the_other_side_is_taken_away(trader, heard, localnet, venue):
    """Nobody trades with himself: the resting one goes, and the events say that nobody asked for it."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[("2999", "5")], asks=[("3005", "5")])
    own = resting(trader, 3002, is_buy=False)

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3005, IOC)).filled
    venue.until(heard.taken_away)

    assert heard.states(own) == ["open", "selfTradeCanceled"]
    assert heard.taken_away() == [own]


def test_reduce_only_order_goes_with_its_position(trader, heard, quiet, venue):
    """Its end is told as an order's, and not as one of the exchange's own."""
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    exit_ = resting(trader, 3500, is_buy=False, reduce_only=True)

    assert OrderResponse.parse(trader.exchange.market_close("ETH")).filled
    venue.until(lambda: len(heard.states(exit_)) == 2)

    assert heard.states(exit_) == ["open", "reduceOnlyCanceled"]
    assert heard.taken_away() == []


def test_order_whose_margin_is_gone_is_taken_away(trader, counterparty, heard, localnet, venue):
    """A loss elsewhere took what it needs; when somebody wants to trade with it, it goes."""
    localnet.set_mid("BTC", "90000")
    localnet.set_liquidity("BTC", asks=[("90000", "1")])
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[("2900", "5")], asks=[("3001", "5")])
    assert OrderResponse.parse(trader.exchange.market_open("BTC", True, 0.5)).filled
    bid = resting(trader, 2990, sz=6)
    localnet.set_mid("BTC", "73000")
    localnet.set_liquidity("BTC", bids=[("72999", "1")], asks=[("73001", "1")])

    assert OrderResponse.parse(counterparty.exchange.order("ETH", False, 1, 2990, IOC)).rejected
    venue.until(heard.taken_away)

    assert heard.states(bid) == ["open", "marginCanceled"]


def test_switch_of_a_dead_man_ends_all_orders(trader, heard, quiet, localnet, venue):
    """One block, one message: both orders end together."""
    oids = [resting(trader, px) for px in (2000, 2100)]
    assert DefaultResponse.parse(trader.exchange.schedule_cancel(venue.clock.now_ms() + 10_000)).ok

    localnet.advance(11)
    venue.until(lambda: not heard.open())

    assert [heard.states(oid) for oid in oids] == [["open", "scheduledCancel"]] * 2


def test_orders_go_before_the_position_does(trader, heard, localnet, venue):
    """A cross account that cannot hold its position loses its orders first."""
    localnet.set_mid("ETH", "3000")
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH")).ok
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.3)).filled
    assert DefaultResponse.parse(trader.exchange.usd_class_transfer(9_900, False)).ok
    bid = resting(trader, 2000)

    localnet.move("ETH", -1_000)
    venue.until(heard.taken_away)

    assert heard.states(bid) == ["open", "liquidatedCanceled"]
    assert bid in heard.taken_away()
    assert "LiquidationMarket" in {
        row["order"]["tif"] for data in heard.data("userHistoricalOrders") for row in data["orderHistory"]
    }


def test_exits_of_a_bracket_wait_fire_and_take_each_other_along(trader, heard, localnet, venue):
    """The entry shows its children; filled, they wait for their price; one fires, the other goes."""
    localnet.set_mid("ETH", "3000")
    exit_ = {"coin": "ETH", "is_buy": False, "sz": 0.02, "reduce_only": True}
    entry = {"coin": "ETH", "is_buy": True, "sz": 0.02, "limit_px": 2950, "reduce_only": False}
    orders = [
        {**entry, "order_type": GTC},
        {**exit_, "limit_px": 2900, "order_type": trigger(3200, "tp")},
        {**exit_, "limit_px": 2500, "order_type": trigger(2800, "sl")},
    ]
    parent = OrderResponse.parse(trader.exchange.bulk_orders(orders, grouping="normalTpsl")).statuses[0].oid
    children = venue.until(heard.open)[parent]["children"]
    assert {child["orderType"] for child in children} == {"Take Profit Market", "Stop Market"}

    localnet.set_mid("ETH", "2945")
    take, stop = (child["oid"] for child in children)
    waiting = heard.open()
    assert {order["isTrigger"] for order in waiting.values()} == {True}

    localnet.set_mid("ETH", "3205")
    venue.until(lambda: not heard.open())

    assert heard.states(take)[-2:] == ["triggered", "filled"]
    assert heard.states(stop)[-1] in ("siblingFilledCanceled", "reduceOnlyCanceled")


@pytest.mark.parametrize(
    ("px", "tpsl", "limit_px", "order_type"),
    [
        (2900, "sl", None, "Stop Market"),
        (2900, "sl", 2890, "Stop Limit"),
        (3100, "tp", None, "Take Profit Market"),
        (3100, "tp", 3090, "Take Profit Limit"),
    ],
    ids=["stop-market", "stop-limit", "take-profit-market", "take-profit-limit"],
)
def test_exit_is_among_the_open_orders_while_it_waits(
    trader, heard, localnet, venue, px, tpsl, limit_px, order_type
):
    """With its kind, its condition and its price; reached, it is triggered."""
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.02)).filled
    kind = trigger(px, tpsl, is_market=limit_px is None)
    answer = trader.exchange.order("ETH", False, 0.02, limit_px or px - 300, kind, reduce_only=True)
    oid = OrderResponse.parse(answer).resting.oid
    shown = venue.until(heard.open)[oid]

    localnet.set_mid("ETH", str(px - 5 if tpsl == "sl" else px + 5))
    venue.until(lambda: "triggered" in heard.states(oid))

    assert (shown["orderType"], shown["isTrigger"], shown["triggerPx"]) == (order_type, True, f"{px}.0")
    assert shown["triggerCondition"].startswith("Price")


def test_exits_of_a_whole_position_have_no_size(trader, heard, localnet, venue):
    """They are told as such, and close whatever is there."""
    localnet.set_mid("ETH", "3000")
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.02)).filled
    exit_ = {"coin": "ETH", "is_buy": False, "sz": 0, "reduce_only": True}
    exits = [
        {**exit_, "limit_px": 2900, "order_type": trigger(3200, "tp")},
        {**exit_, "limit_px": 2500, "order_type": trigger(2800, "sl")},
    ]
    trader.exchange.bulk_orders(exits, grouping="positionTpsl")
    shown = venue.until(heard.open)
    assert {(order["isPositionTpsl"], order["sz"]) for order in shown.values()} == {(True, "0.0")}

    localnet.set_mid("ETH", "2790")
    venue.until(lambda: not heard.open())

    assert "filled" in {heard.states(oid)[-1] for oid in shown}
