"""Every way in which an order ends, as the history and the query by oid tell it.

Covers: POST /exchange (order, cancel, scheduleCancel), POST /info (historicalOrders, orderStatus).
"""

import pytest

from harness.shapes import CancelResponse, DefaultResponse, HistoricalOrders, OrderResponse, OrderStatus

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="needs prices and books of its own making"),
]

GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}
ALO = {"limit": {"tif": "Alo"}}
MARKET = {"limit": {"tif": "FrontendMarket"}}
STOP = {"trigger": {"triggerPx": 3100, "isMarket": True, "tpsl": "sl"}}


def rows(trader):
    """Return the history of the account's orders, newest change first."""
    return list(HistoricalOrders.parse(trader.info.historical_orders(trader.address)))


def ended(trader, oid):
    """Return what became of an order, after checking that query and history agree."""
    found = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    newest = next(row for row in rows(trader) if row.oid == oid)
    assert (found.state, found.order) == (newest.state, newest.order)
    return newest.state


def resting(trader, px, *, is_buy=True, sz=0.01, coin="ETH", reduce_only=False):
    """Place an order that stays in the book; return its oid."""
    answer = trader.exchange.order(coin, is_buy, sz, px, GTC, reduce_only=reduce_only)
    return OrderResponse.parse(answer).resting.oid


def quiet(localnet, *, bid="2999", ask="3001", size="5"):
    """Leave one bid and one ask around 3000."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", bids=[(bid, size)], asks=[(ask, size)])


@pytest.mark.parametrize(
    ("state", "order"),
    [
        ("tickRejected", {"limit_px": 2000.12}),
        ("minTradeNtlRejected", {"sz": 0.001}),
        ("iocCancelRejected", {"order_type": IOC}),
        ("badAloPxRejected", {"limit_px": 3100, "order_type": ALO}),
        ("reduceOnlyRejected", {"reduce_only": True}),
        ("perpMarginRejected", {"name": "SOL", "sz": 10_000, "limit_px": 100}),
        ("badTriggerPxRejected", {"is_buy": False, "order_type": STOP}),
        (
            "insufficientSpotBalanceRejected",
            {"name": "@1035", "sz": 20_000, "limit_px": 28},
        ),
    ],
)
def test_order_is_refused_and_remembered(trader, localnet, state, order):
    """The answer has an error and no oid; the history has the order with its state."""
    quiet(localnet)
    asked = {"name": "ETH", "is_buy": True, "sz": 0.01, "limit_px": 2000, "order_type": GTC} | order
    assert OrderResponse.parse(trader.exchange.order(**asked)).rejected

    (row,) = rows(trader)
    assert ended(trader, row.oid) == row.state == state


def test_order_for_more_than_the_tier_allows_is_refused(trader, localnet):
    """A position of that size is not allowed at the set leverage, however much money there is."""
    localnet.fund(trader.address, 10_000_000)
    assert DefaultResponse.parse(trader.exchange.update_leverage(25, "ETH")).ok

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 20_000, 2990, GTC)).rejected

    assert ended(trader, rows(trader)[0].oid) == "perpMaxPositionRejected"


def test_market_order_needs_somebody_to_trade_with(trader, localnet):
    """An empty book refuses the frontend's market orders in words of their own."""
    localnet.set_liquidity("ETH", bids=[], asks=[])

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3200, MARKET)).rejected

    assert ended(trader, rows(trader)[0].oid) == "marketOrderNoLiquidityRejected"


def test_order_is_filled(trader, localnet):
    """At once, by a limit and by the frontend's market order."""
    quiet(localnet)
    for order_type in (GTC, MARKET):
        filled = OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3010, order_type)).filled
        assert ended(trader, filled.oid) == "filled"


def test_order_is_cancelled_by_its_owner(trader, localnet):
    """The plainest end."""
    quiet(localnet)
    oid = resting(trader, 2000)
    assert ended(trader, oid) == "open"

    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome == "success"

    assert ended(trader, oid) == "canceled"


def test_own_order_on_the_other_side_is_cancelled(trader, localnet):
    """Nobody trades with himself: the resting one goes."""
    quiet(localnet, ask="3005")
    own = resting(trader, 3002, is_buy=False)

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3005, IOC)).filled

    assert ended(trader, own) == "selfTradeCanceled"


def test_reduce_only_order_goes_with_the_position(trader, localnet):
    """What it would have closed is closed."""
    quiet(localnet)
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    exit_ = resting(trader, 3500, is_buy=False, reduce_only=True)

    assert OrderResponse.parse(trader.exchange.market_close("ETH")).filled

    assert ended(trader, exit_) == "reduceOnlyCanceled"


def test_price_far_from_the_oracle_is_refused_where_it_would_trade(trader, localnet):
    """The only ask is a tenth above the oracle."""
    localnet.set_mid("ETH", "3000")
    localnet.set_liquidity("ETH", asks=[("3300", "5")])

    assert OrderResponse.parse(trader.exchange.order("ETH", True, 0.01, 3300, IOC)).rejected

    assert ended(trader, rows(trader)[0].oid) == "oracleRejected"


def test_resting_order_is_cancelled_when_its_margin_is_gone(trader, localnet, counterparty):
    """A loss elsewhere took what it needs; when somebody wants to trade with it, it goes."""
    localnet.set_mid("BTC", "90000")
    localnet.set_liquidity("BTC", asks=[("90000", "1")])
    quiet(localnet)
    assert OrderResponse.parse(trader.exchange.market_open("BTC", True, 0.5)).filled
    bid = resting(trader, 2990, sz=6)
    localnet.set_mid("BTC", "73000")
    localnet.set_liquidity("BTC", bids=[("72999", "1")], asks=[("73001", "1")])
    quiet(localnet, bid="2900")

    assert OrderResponse.parse(counterparty.exchange.order("ETH", False, 1, 2990, IOC)).rejected

    assert ended(trader, bid) == "marginCanceled"


def test_all_orders_are_cancelled_at_a_set_time(trader, localnet, venue):
    """A dead man's switch."""
    quiet(localnet)
    oid = resting(trader, 2000)
    assert DefaultResponse.parse(trader.exchange.schedule_cancel(venue.clock.now_ms() + 10_000)).ok

    localnet.advance(11)

    assert ended(trader, oid) == "scheduledCancel"


@pytest.mark.parametrize(
    ("tpsl", "px", "is_market", "shown"),
    [
        ("sl", 2900, False, "Stop Limit"),
        ("sl", 2900, True, "Stop Market"),
        ("tp", 3100, False, "Take Profit Limit"),
        ("tp", 3100, True, "Take Profit Market"),
    ],
)
def test_trigger_order_is_remembered_by_its_type(trader, localnet, tpsl, px, is_market, shown):
    """Cancelled before its price came, it reads as what it was."""
    quiet(localnet)
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    order_type = {"trigger": {"triggerPx": px, "isMarket": is_market, "tpsl": tpsl}}
    placed = trader.exchange.order("ETH", False, 0.01, px - 10, order_type, reduce_only=True)
    oid = OrderResponse.parse(placed).resting.oid

    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome == "success"

    assert ended(trader, oid) == "canceled"
    assert rows(trader)[0].order.order_type == shown


def test_exit_goes_when_its_sibling_is_filled(trader, localnet):
    """Of a bracket: the stop is reached, the take profit is not needed any more."""
    quiet(localnet)
    exit_ = {"coin": "ETH", "is_buy": False, "sz": 0.01, "reduce_only": True}
    entry = {"coin": "ETH", "is_buy": True, "sz": 0.01, "limit_px": 3010, "reduce_only": False}
    bracket = [
        {**entry, "order_type": GTC},
        {
            **exit_,
            "limit_px": 3190,
            "order_type": {"trigger": {"triggerPx": 3200, "isMarket": False, "tpsl": "tp"}},
        },
        {
            **exit_,
            "limit_px": 2500,
            "order_type": {"trigger": {"triggerPx": 2800, "isMarket": True, "tpsl": "sl"}},
        },
    ]
    assert OrderResponse.parse(trader.exchange.bulk_orders(bracket, grouping="normalTpsl")).statuses
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.05)).filled
    take = next(row for row in rows(trader) if row.order.order_type == "Take Profit Limit").oid

    localnet.set_mid("ETH", "2790")

    assert ended(trader, take) == "siblingFilledCanceled"
