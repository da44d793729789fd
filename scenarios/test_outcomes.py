"""Outcome markets: made, traded on one book for both sides, converted, settled.

Covers: POST /exchange (order on sides of outcomes, userOutcome), POST /info (outcomeMeta, settledOutcome,
spotClearinghouseState, webData2, subAccounts, subAccounts2, l2Book, openOrders, orderStatus,
historicalOrders, userFills, userFillsByTime), websocket outcomeMetaUpdates, orderUpdates, userFills,
userEvents, userHistoricalOrders, spotState.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    CreateSubAccountResponse,
    DefaultResponse,
    HistoricalOrders,
    L2Book,
    OpenOrders,
    OrderResponse,
    OrderStatus,
    OutcomeMeta,
    SettledOutcome,
    SpotClearinghouseState,
    SubAccounts,
    SubAccounts2,
    UserFills,
    UserFillsByTime,
)

pytestmark = [
    pytest.mark.ws,
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="outcomes of its own making are settled"),
]

ASSETS = 100_000_000
ACCOUNT_FEEDS = ("orderUpdates", "userFills", "userEvents", "userHistoricalOrders", "spotState")
DAILY = "class:priceBinary|underlying:BTC|expiry:20260526-0600|targetPrice:77363|period:1d"


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def meta(trader):
    """Return the outcomes and questions that are open."""
    return OutcomeMeta.parse(ask(trader, "outcomeMeta"))


def balances(trader):
    """Return spot balances by coin."""
    state = SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address))
    return {balance.coin: balance for balance in state.balances}


def placed(trader, number, is_buy, px, sz, tif="Gtc"):
    """Place an order on the side with this number; return the answer."""
    order = {"a": ASSETS + number, "b": is_buy, "p": px, "s": sz, "r": False, "t": {"limit": {"tif": tif}}}
    return OrderResponse.parse(trader.post_l1_action({"type": "order", "orders": [order], "grouping": "na"}))


def convert(trader, **variant):
    """Convert shares."""
    assert DefaultResponse.parse(trader.post_l1_action({"type": "userOutcome", **variant})).ok


def fills(trader):
    """Return the account's fills, newest first; by time they are the same."""
    rows = UserFills.parse(trader.info.user_fills(trader.address)).rows
    by_time = UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, 0)).rows
    assert sorted(row.coin for row in rows) == sorted(row.coin for row in by_time)
    return rows


@pytest.fixture
def daily(trader, localnet):
    """The number of an outcome that stands alone."""
    localnet.list_outcome("Recurring", description=DAILY)
    return meta(trader).outcomes[-1].outcome


@pytest.fixture
def final(trader, localnet):
    """A question of two outcomes, listed by a venue."""
    localnet.list_question("template:final", ["Home", "Away"], description="sport:football", venue="out")
    return meta(trader).questions[-1]


def test_two_who_buy_opposite_sides_make_shares(trader, counterparty, daily):
    """Each pays its price, together one USDC; the books of both sides are one."""
    yes, no = 10 * daily, 10 * daily + 1
    before = balances(trader)["USDC"].total
    bid = placed(trader, yes, True, "0.4", "50").resting.oid
    (open_order,) = OpenOrders.parse(trader.info.open_orders(trader.address)).rows
    assert (open_order.coin, open_order.oid) == (f"#{yes}", bid)
    assert balances(trader)["USDC"].hold == 20
    asks = L2Book.parse(ask(trader, "l2Book", coin=f"#{no}")).asks
    assert [(level.px, level.sz) for level in asks] == [(Decimal("0.6"), 50)]

    assert placed(counterparty, no, True, "0.7", "50", "Ioc").filled.avg_px == Decimal("0.6")

    had = balances(trader)
    assert (had["USDC"].total, had[f"+{yes}"].total, had[f"+{no}"].total) == (before - 20, 50, 0)
    assert had[f"+{yes}"].entry_ntl == 20
    (fill,) = fills(trader)
    assert (fill.coin, fill.dir, fill.px, fill.fee) == (f"#{yes}", "Buy", Decimal("0.4"), 0)
    assert balances(counterparty)[f"+{no}"].total == 50


def test_market_that_settles_pays_a_fraction_and_ends_orders(trader, counterparty, localnet, daily, venue):
    """Both sides are paid, losing shares have a fill too; orders end, and none comes in any more."""
    yes, no = 10 * daily, 10 * daily + 1
    subscriptions = [{"type": feed, "user": trader.address} for feed in ACCOUNT_FEEDS]
    start = balances(trader)["USDC"].total
    with trader.subscribed(*subscriptions) as frames:
        convert(trader, splitOutcome={"outcome": daily, "amount": "100"})
        assert placed(trader, yes, False, "0.3", "60").resting
        assert placed(counterparty, yes, True, "0.3", "60", "Ioc").filled
        offer = placed(trader, yes, False, "0.9", "40").resting.oid
        localnet.settle_outcome(daily, "0.66", "price:76876.9")
        refused = placed(trader, yes, True, "0.5", "40")
        venue.until(lambda: "outcomeSettledRejected" in str(frames))

    assert "settled" in refused.rejected.reason
    assert "outcomeSettledCanceled" in str(frames)
    status = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, offer))
    assert status.state == "outcomeSettledCanceled"
    newest = HistoricalOrders.parse(trader.info.historical_orders(trader.address)).rows[0]
    assert newest.status == "outcomeSettledRejected"
    late = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, newest.order.oid))
    assert late.state == "outcomeSettledRejected"
    had = balances(trader)
    assert f"+{yes}" not in had
    # 60 sold at 0.3, 40 paid at 0.66 and 100 of the other side at 0.34.
    assert had["USDC"].total == start - 100 + 18 + Decimal("26.4") + 34
    ended = {fill.coin: fill for fill in fills(trader) if fill.dir == "Settlement"}
    assert (ended[f"#{yes}"].px, ended[f"#{no}"].px) == (Decimal("0.66"), Decimal("0.34"))
    settlement = SettledOutcome.parse(ask(trader, "settledOutcome", outcome=daily)).settlement
    assert (settlement.settle_fraction, settlement.details) == (Decimal("0.66"), "price:76876.9")
    assert settlement.spec.description == DAILY
    assert daily not in {outcome.outcome for outcome in meta(trader).outcomes}


def test_question_goes_full_circle(trader, final, venue):
    """Split, negate, merge the question: as much USDC as before, and fills that sum to nothing."""
    start = balances(trader)["USDC"].total
    home = final.namedOutcomes[0]
    subscriptions = [{"type": feed, "user": trader.address} for feed in ACCOUNT_FEEDS]
    with trader.subscribed(*subscriptions) as frames:
        convert(trader, splitOutcome={"outcome": home, "amount": "20"})
        convert(trader, mergeOutcome={"outcome": home, "amount": "4"})
        convert(trader, negateOutcome={"question": final.question, "outcome": home, "amount": "16"})
        everyone = (final.fallbackOutcome, *final.namedOutcomes)
        assert {balances(trader)[f"+{10 * outcome}"].total for outcome in everyone} == {16}
        convert(trader, mergeQuestion={"question": final.question, "amount": None})
        venue.until(lambda: "Merge Question" in str(frames))

    assert balances(trader)["USDC"].total == start
    rows = fills(trader)
    assert {row.dir for row in rows} == {"Split Outcome", "Merge Outcome", "Negate Outcome", "Merge Question"}
    assert abs(sum(row.closed_pnl for row in rows)) < Decimal("0.00001")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("10.5", "Invalid input number"), ("99999999", "Insufficient quote token balance")],
)
def test_split_that_cannot_be_had_changes_nothing(trader, daily, amount, text):
    """Whole shares only, and no more than there is USDC for."""
    before = balances(trader)
    action = {"type": "userOutcome", "splitOutcome": {"outcome": daily, "amount": amount}}

    assert text in DefaultResponse.parse(trader.post_l1_action(action)).refusal
    assert balances(trader) == before


def test_nobody_sells_what_they_do_not_have(trader, daily):
    """A sale is no purchase of the other side."""
    answer = placed(trader, 10 * daily, False, "0.4", "50")

    assert "Insufficient spot balance" in answer.rejected.reason


def test_question_is_told_from_its_making_to_its_end(trader, localnet, venue):
    """outcomeMetaUpdates; an outcome that cannot come true any more ends before the question does."""
    with trader.subscribed({"type": "outcomeMetaUpdates"}) as frames:
        localnet.list_outcome("alone", sides="template:Over/template:Under", venue="out")
        localnet.list_question("template:final", ["Home", "Away"], venue="out")
        localnet.list_outcome("of the protocol")
        question = meta(trader).questions[-1]
        home, away = question.namedOutcomes
        localnet.settle_outcome(home, 0)
        (open_question,) = [one for one in meta(trader).questions if one.question == question.question]
        early = SettledOutcome.parse(ask(trader, "settledOutcome", outcome=home)).settlement
        localnet.settle_outcome(away, 1)
        late = SettledOutcome.parse(ask(trader, "settledOutcome", outcome=away)).settlement
        venue.until(lambda: "questionSettled" in str(frames))

    assert open_question.settledNamedOutcomes == (home,)
    assert early.question.question.active == late.question.question.settled == question.question
    assert (early.settle_fraction, late.settle_fraction) == (0, 1)
    assert {row.venue for row in meta(trader).deployers} == {"out"}
    changes = [change for frame in frames for change in frame["data"]]
    assert [next(iter(change)) for change in changes[-6:]] == [
        "outcomeCreated",
        "outcomeSettled",
        "questionUpdated",
        "outcomeSettled",
        "outcomeSettled",
        "questionSettled",
    ]


def test_shares_have_no_token_number_wherever_balances_show(trader, daily, localnet):
    """The web page's data and the list of sub-accounts show them as the account's own state does."""
    address = CreateSubAccountResponse.parse(trader.exchange.create_sub_account("desk")).address
    localnet.fund_token(address, "USDC", 100)
    sub = trader.acting_for(address)
    convert(trader, splitOutcome={"outcome": daily, "amount": "20"})
    assert placed(trader, 10 * daily, False, "0.5", "10").resting
    assert placed(sub, 10 * daily, True, "0.5", "10").filled
    coin = f"+{10 * daily}"

    (row,) = SubAccounts.parse(trader.info.query_sub_accounts(trader.address)).wire
    (row2,) = SubAccounts2.parse(ask(trader, "subAccounts2", user=trader.address)).wire
    assert row.spotState.balance(coin).total == row2.spotState.balance(coin).total == 10
    page = ask(trader, "webData2", user=trader.address)
    assert {"coin": coin, "total": "10.0", "hold": "0.0", "entryNtl": "5.0"} in page["spotState"]["balances"]
