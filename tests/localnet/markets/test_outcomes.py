"""Outcomes from outside: their lists, one book for two sides, conversions, settlement."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from harness.localnet.control.commands import carry_out
from tests.localnet.desk import Desk, cancel, modify, order

YES, NO = 100_000_000, 100_000_001
OK = {"status": "ok", "response": {"type": "default"}}


def convert(desk: Desk, **variant: Any) -> Any:
    """Send a conversion."""
    return desk.act({"type": "userOutcome", **variant})


def split(desk: Desk, amount: str = "100", outcome: int = 0) -> None:
    """Turn quote tokens into shares."""
    assert convert(desk, splitOutcome={"outcome": outcome, "amount": amount}) == OK


def merge(desk: Desk, amount: str | None = None, outcome: int = 0) -> Any:
    """Turn shares into quote tokens."""
    return convert(desk, mergeOutcome={"outcome": outcome, "amount": amount})


def balances(desk: Desk) -> dict[str, str]:
    """Return totals by coin."""
    return {row["coin"]: row["total"] for row in desk.info("spotClearinghouseState")["balances"]}


def book(desk: Desk, coin: str) -> list[list[tuple[str, str]]]:
    """Return bids and asks."""
    return [
        [(level["px"], level["sz"]) for level in side] for side in desk.info("l2Book", coin=coin)["levels"]
    ]


@pytest.fixture
def net() -> Localnet:
    """An exchange with one outcome, and two accounts of 1000 USDC."""
    net = Localnet(accounts=0, keep_log=True)
    for account in ACCOUNTS[:2]:
        net.fund_token(account.address, "USDC", Decimal(1000))
    net.list_outcome("Recurring", description="class:priceBinary|underlying:BTC")
    return net


@pytest.fixture
def desk(net: Localnet) -> Desk:
    """The first account."""
    return Desk(net)


@pytest.fixture
def other(net: Localnet) -> Desk:
    """The second."""
    return Desk(net, ACCOUNTS[1].private_key)


def test_lists_what_is_open(net: Localnet, desk: Desk) -> None:
    """Outcomes and questions in the form of 2026-10; spotMeta has none of it."""
    before = desk.info("spotMeta")
    assert net.list_question("Final", ["A", "B"], description="who", venue="out") == 0

    meta = desk.info("outcomeMeta")
    assert meta["outcomes"][0] == {
        "outcome": 0,
        "name": "Recurring",
        "description": "class:priceBinary|underlying:BTC",
        "sideSpecs": [{"name": "Yes"}, {"name": "No"}],
        "quoteToken": "USDC",
    }
    assert [(row["outcome"], row["name"], row["venue"]) for row in meta["outcomes"][1:]] == [
        (1, "template fallback", "out"),
        (2, "A", "out"),
        (3, "B", "out"),
    ]
    assert meta["questions"] == [
        {
            "question": 0,
            "name": "Final",
            "description": "who",
            "fallbackOutcome": 1,
            "namedOutcomes": [2, 3],
            "settledNamedOutcomes": [],
        }
    ]
    assert [row["venue"] for row in meta["deployers"]] == ["out"]
    assert desk.info("spotMeta") == before
    assert {"#0", "#1", "#30", "#31"} <= set(desk.info("allMids"))
    assert desk.info("settledOutcome", outcome=0) is None


def test_split_and_merge(net: Localnet, desk: Desk) -> None:
    """A quote token comes to a share of each side, and back; the fills are those of TI:69050350994."""
    split(desk, "10")
    state = desk.info("spotClearinghouseState")["balances"]
    assert balances(desk) == {"USDC": "990.0", "+0": "10.0", "+1": "10.0"}
    assert state[1] == {"coin": "+0", "total": "10.0", "hold": "0.0", "entryNtl": "5.0"}

    assert merge(desk, "4") == OK
    assert merge(desk) == OK

    assert balances(desk) == {"USDC": "1000.0", "+0": "0.0", "+1": "0.0"}
    fills = desk.info("userFills")
    assert [(fill["coin"], fill["dir"], fill["side"], fill["px"], fill["sz"]) for fill in reversed(fills)][
        :4
    ] == [
        ("#0", "Split Outcome", "B", "0.5", "10.0"),
        ("#1", "Split Outcome", "B", "0.5", "10.0"),
        ("#0", "Merge Outcome", "A", "0.5", "4.0"),
        ("#1", "Merge Outcome", "A", "0.5", "4.0"),
    ]
    assert {fill["closedPnl"] for fill in fills} == {"0.0"}
    assert {fill["feeToken"] for fill in fills} == {"+0", "+1", "USDC"}


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ({"splitOutcome": {"outcome": 0, "amount": "10.5"}}, "Invalid input number"),
        ({"splitOutcome": {"outcome": 0, "amount": "0"}}, "Invalid input number"),
        (
            {"splitOutcome": {"outcome": 0, "amount": "1001"}},
            "Outcome error: Insufficient quote token balance",
        ),
        (
            {"mergeOutcome": {"outcome": 0, "amount": "1"}},
            "Outcome error: Insufficient outcome token balance",
        ),
        ({"splitOutcome": {"outcome": 7, "amount": "1"}}, "Invalid outcome"),
        ({"mergeQuestion": {"question": 0, "amount": None}}, "Invalid question"),
    ],
)
def test_conversions_are_refused(desk: Desk, variant: dict[str, Any], text: str) -> None:
    """Nothing has changed then."""
    before = balances(desk)
    assert convert(desk, **variant) == {"status": "err", "response": text}
    assert balances(desk) == before


def test_full_circle_of_a_question(net: Localnet, desk: Desk) -> None:
    """Split, negate, merge the question: the money is back (TI:69050350994)."""
    net.list_question("CPI", ["A", "B", "C"])
    fallback, first = 1, 2
    split(desk, "20", outcome=first)
    negated = {"question": 0, "outcome": first, "amount": "20"}
    assert convert(desk, negateOutcome=negated) == OK

    assert balances(desk) == {"USDC": "980.0", "+21": "0.0"} | {
        f"+{10 * outcome}": "20.0" for outcome in (fallback, first, 3, 4)
    } | {f"+{10 * outcome + 1}": "0.0" for outcome in (fallback, 3, 4)}
    source, *others = reversed(desk.info("userFills")[:4])
    assert (source["coin"], source["px"], source["side"], source["closedPnl"]) == ("#21", "1.0", "A", "10.0")
    assert {(leg["px"], leg["side"]) for leg in others} == {("0.33333333", "B")}

    assert convert(desk, mergeQuestion={"question": 0, "amount": None}) == OK
    assert balances(desk)["USDC"] == "1000.0"
    legs = {leg["coin"]: (leg["px"], leg["closedPnl"]) for leg in desk.info("userFills")[:4]}
    assert legs["#20"] == ("0.25", "-5.0")
    assert legs["#30"] == ("0.25", "-1.6666666")


def test_books_mirror_each_other(desk: Desk, other: Desk) -> None:
    """A bid for one side is an offer of the other; each is shown on both."""
    desk.rest(a=YES, b=True, p="0.4", s="50")
    other.rest(a=NO, b=True, p="0.45", s="20")

    assert book(desk, "#0") == [[("0.4", "50.0")], [("0.55", "20.0")]]
    assert book(desk, "#1") == [[("0.45", "20.0")], [("0.6", "50.0")]]
    assert [row["coin"] for row in desk.info("openOrders")] == ["#0"]
    assert desk.info("spotClearinghouseState")["balances"][0]["hold"] == "20.0"


def test_two_buyers_make_shares(net: Localnet, desk: Desk, other: Desk) -> None:
    """Each pays its price, together one; no fee."""
    oid = desk.rest(a=YES, b=True, p="0.4", s="50")
    filled = other.place(a=NO, b=True, p="0.7", s="50")["filled"]

    assert filled["avgPx"] == "0.6"
    assert desk.status_of(oid) == "filled"
    assert balances(desk) == {"USDC": "980.0", "+0": "50.0", "+1": "0.0"}
    assert balances(other) == {"USDC": "970.0", "+0": "0.0", "+1": "50.0"}
    mine, theirs = desk.info("userFills")[0], other.info("userFills")[0]
    assert (mine["coin"], mine["px"], mine["dir"], mine["fee"], mine["feeToken"]) == (
        "#0",
        "0.4",
        "Buy",
        "0.0",
        "USDC",
    )
    assert (theirs["coin"], theirs["px"], theirs["crossed"]) == ("#1", "0.6", True)
    mids = desk.info("allMids")
    assert (mids["#0"], mids["#1"]) == ("0.4", "0.6")


def test_two_sellers_end_shares(net: Localnet, desk: Desk, other: Desk) -> None:
    """They divide the quote token."""
    before = net.total_token("USDC")
    split(desk, "50")
    split(other, "50")
    desk.rest(a=YES, b=False, p="0.3", s="50")
    other.place(a=NO, b=False, p="0.6", s="50")

    assert balances(desk) == {"USDC": "965.0", "+0": "0.0", "+1": "50.0"}
    assert balances(other) == {"USDC": "985.0", "+0": "50.0", "+1": "0.0"}
    assert net.total_token("USDC") == before


def test_offers_come_before_bids_for_the_other_side(desk: Desk, other: Desk) -> None:
    """At one merged price, however late they came (docs, "HIP-4")."""
    split(desk, "20")
    bid = desk.rest(a=NO, b=True, p="0.4", s="10")
    offer = desk.rest(a=YES, b=False, p="0.6", s="10")

    assert book(desk, "#0") == [[], [("0.6", "20.0")]]
    other.place(a=YES, b=True, p="0.6", s="10", tif="Ioc")
    assert (desk.status_of(offer), desk.status_of(bid)) == ("filled", "open")


def test_a_seller_meets_offers_of_the_other_side_first(desk: Desk, other: Desk) -> None:
    """The same from the other end."""
    split(desk, "20")
    split(other, "20")
    bid = desk.rest(a=YES, b=True, p="0.6", s="10")
    offer = desk.rest(a=NO, b=False, p="0.4", s="10")

    other.place(a=YES, b=False, p="0.6", s="10", tif="Ioc")
    assert (desk.status_of(offer), desk.status_of(bid)) == ("filled", "open")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"r": True}, "Reduce-only is invalid for spot trading"),
        ({"p": "0.012345", "s": "100"}, f"Price must be divisible by tick size. asset={YES}"),
        ({"p": "1"}, "Order has invalid price."),
        ({"s": "40.5"}, "Order has invalid size."),
        ({"s": "1"}, f"Order must have minimum value of 1 USDC. asset={YES}"),
        ({"b": False}, f"Insufficient spot balance asset={YES}"),
        ({"s": "3000"}, f"Insufficient spot balance asset={YES}"),
    ],
)
def test_refuses_orders(desk: Desk, asked: dict[str, Any], text: str) -> None:
    """As measured on testnet; nobody sells what they do not have."""
    assert desk.error(**{"a": YES, "p": "0.5", "s": "40", **asked}) == text


def test_low_prices_rest(desk: Desk) -> None:
    """There is no band (TI:69050350994)."""
    assert desk.rest(a=YES, p="0.00123", s="1000")


def test_orders_are_modified_and_cancelled(desk: Desk) -> None:
    """As any others are."""
    oid = desk.rest(a=YES, p="0.4", s="10")
    ((status),) = desk.elements(modify(oid, order(a=YES, p="0.41", s="10")))
    assert desk.elements(cancel(status["resting"]["oid"], a=YES)) == ["success"]


@pytest.mark.parametrize(
    ("fraction", "mine", "theirs"), [("1", 1030, 970), ("0", 930, 1070), ("0.66", 996, 1004)]
)
def test_settlement_pays(
    net: Localnet, desk: Desk, other: Desk, fraction: str, mine: int, theirs: int
) -> None:
    """Side 0 gets the fraction, side 1 the rest; the losing side has a fill too."""
    desk.rest(a=YES, b=True, p="0.7", s="100")
    other.place(a=NO, b=True, p="0.3", s="100")

    net.settle_outcome(0, Decimal(fraction), "price:76876.9")

    assert [Decimal(balances(desk)["USDC"]), Decimal(balances(other)["USDC"])] == [mine, theirs]
    assert set(balances(desk)) == {"USDC"}
    ended = desk.info("settledOutcome", outcome=0)
    assert (Decimal(ended["settleFraction"]), ended["details"]) == (Decimal(fraction), "price:76876.9")
    assert "question" not in ended
    assert desk.info("outcomeMeta")["outcomes"] == []
    fill = desk.info("userFills")[0]
    assert (fill["coin"], fill["dir"], fill["side"], Decimal(fill["px"])) == (
        "#0",
        "Settlement",
        "A",
        Decimal(fraction),
    )
    assert Decimal(fill["closedPnl"]) == mine - 1000
    assert "#0" not in desk.info("allMids")
    assert desk.info("l2Book", coin="#0") is None


def test_settlement_ends_orders(net: Localnet, desk: Desk) -> None:
    """With a status of their own, as further orders have."""
    split(desk, "20")
    bid = desk.rest(a=NO, b=True, p="0.3", s="10")
    offer = desk.rest(a=YES, b=False, p="0.8", s="20")

    net.settle_outcome(0, Decimal(1))

    assert {desk.status_of(bid), desk.status_of(offer)} == {"outcomeSettledCanceled"}
    assert balances(desk) == {"USDC": "1000.0"}
    assert desk.error(a=YES, p="0.5", s="40") == f"Outcome has been settled asset={YES}"
    assert desk.info("historicalOrders")[0]["status"] == "outcomeSettledRejected"


def test_questions_end_one_by_one(net: Localnet, desk: Desk) -> None:
    """Named ones to 0, the last to 1, and the fallback with it."""
    net.list_question("Final", ["A", "B"])
    split(desk, "20", outcome=2)
    assert convert(desk, negateOutcome={"question": 0, "outcome": 2, "amount": "20"}) == OK
    with pytest.raises(LocalnetError, match="cannot end so"):
        net.settle_outcome(2, Decimal(1))
    with pytest.raises(LocalnetError, match="fallback"):
        net.settle_outcome(1, Decimal(0))

    net.settle_outcome(2, Decimal(0))
    assert desk.info("outcomeMeta")["questions"][0]["settledNamedOutcomes"] == [2]
    assert desk.info("settledOutcome", outcome=2)["question"]["question"] == {"active": 0}
    with pytest.raises(LocalnetError, match="cannot end so"):
        net.settle_outcome(3, Decimal(0))
    net.settle_outcome(3, Decimal(1))

    assert desk.info("outcomeMeta")["questions"] == []
    assert desk.info("settledOutcome", outcome=3)["question"]["question"] == {"settled": 0}
    assert "question" not in desk.info("settledOutcome", outcome=1)
    assert balances(desk) == {"USDC": "1000.0"}


def test_feed_tells_of_changes(net: Localnet, desk: Desk) -> None:
    """Rows as mainnet sent them in 2026-10."""
    connection = net.connect()
    connection.send('{"method":"subscribe","subscription":{"type":"outcomeMetaUpdates"}}')
    connection.take()
    net.list_question("Final", ["A"])
    net.settle_outcome(2, Decimal(1))
    created, settled = (frame for frame in connection.take())
    assert created.count("outcomeCreated") == 2
    assert "questionUpdated" in created
    assert settled == (
        '{"channel":"outcomeMetaUpdates","data":[{"outcomeSettled":2},{"outcomeSettled":1},{"questionSettled":0}]}'
    )


def test_market_data_of_a_side(net: Localnet, desk: Desk, other: Desk) -> None:
    """Contexts, trades, candles and feeds know the coin; another outcome's are null."""
    connection = net.connect()
    for kind in ("l2Book", "trades", "bbo", "activeAssetCtx"):
        connection.send(json.dumps({"method": "subscribe", "subscription": {"type": kind, "coin": "#0"}}))
    desk.rest(a=YES, b=True, p="0.4", s="50")
    other.place(a=NO, b=True, p="0.6", s="20", tif="Ioc")
    (trade,) = desk.info("recentTrades", coin="#1")
    assert (trade["px"], trade["sz"], trade["side"]) == ("0.6", "20.0", "B")
    context = next(one for one in desk.info("spotMetaAndAssetCtxs")[1] if one["coin"] == "#0")
    assert (context["markPx"], context["circulatingSupply"]) == ("0.4", "20.0")
    told = "".join(connection.take())
    assert all(f'"channel":"{kind}"' in told for kind in ("l2Book", "bbo", "activeSpotAssetCtx"))
    assert desk.info("l2Book", coin="#20") is desk.info("l2Book", coin="+0") is None


def test_house_quotes_what_it_is_told(net: Localnet, desk: Desk) -> None:
    """Its shares count too when an outcome ends."""
    net.set_liquidity("#0", [(Decimal("0.4"), Decimal(100))], [(Decimal("0.6"), Decimal(100))])
    assert desk.place(a=YES, p="0.6", s="100", tif="Ioc")["filled"]["avgPx"] == "0.6"
    assert book(desk, "#1")[0] == []
    assert desk.place(a=NO, p="0.6", s="50", tif="Ioc")["filled"]["avgPx"] == "0.6"
    before = net.total_token("USDC")
    net.settle_outcome(0, Decimal(1))
    assert net.total_token("USDC") == before
    assert balances(desk) == {"USDC": "1010.0"}
    with pytest.raises(LocalnetError, match="no market"):
        net.set_liquidity("#0", [], [])


def test_control_refuses(net: Localnet) -> None:
    """What cannot be had."""
    with pytest.raises(LocalnetError, match="does not quote"):
        net.set_mid("#0", Decimal("0.5"))
    with pytest.raises(LocalnetError, match="less than one"):
        net.set_liquidity("#0", [], [(Decimal(1), Decimal(5))])
    with pytest.raises(LocalnetError, match="no open outcome"):
        net.settle_outcome(5, Decimal(1))
    with pytest.raises(LocalnetError, match="No outcome ends there"):
        net.settle_outcome(0, Decimal("1.1"))
    with pytest.raises(LocalnetError, match="Nothing is quoted"):
        net.list_outcome("x", quote="PURR")
    with pytest.raises(LocalnetError, match="no token"):
        net.fund_token(ACCOUNTS[0].address, "+0", Decimal(1))
    with pytest.raises(LocalnetError, match="outcomes"):
        net.list_question("x", [])


def test_commands_answer_numbers(net: Localnet) -> None:
    """As JSON over the control API."""
    asked = {"name": "Over", "sides": ["template:Over", "template:Under"], "venue": "out"}
    assert carry_out(net, "listOutcome", asked) == {"outcome": 1}
    assert carry_out(net, "listQuestion", {"name": "Final", "named": ["A"]}) == {"question": 0}
    assert carry_out(net, "settleOutcome", {"outcome": 1, "fraction": "0.5"}) == {}


def test_unified_account_pays_with_all_its_money(net: Localnet, desk: Desk) -> None:
    """Cash on perpetuals stands for splits and bids too."""
    net.fund(desk.address, Decimal(500))
    asked = {"type": "userSetAbstraction", "user": desk.address.lower(), "abstraction": "unifiedAccount"}
    assert desk.user_act(asked)["status"] == "ok"
    before = net.total_token("USDC")
    split(desk, "1200")
    assert balances(desk)["USDC"] == "300.0"
    assert merge(desk) == OK
    assert (balances(desk)["USDC"], net.total_token("USDC")) == ("1500.0", before)


def test_saved_and_copied(net: Localnet, desk: Desk, other: Desk, tmp_path: Path) -> None:
    """A copy goes its own way; a file leads to the same state."""
    net.list_question("Final", ["A", "B"], venue="out")
    split(desk, "30", outcome=2)
    desk.rest(a=YES, b=True, p="0.7", s="100")
    copied = copy.deepcopy(net.exchange)
    other.place(a=NO, b=True, p="0.3", s="100")
    net.settle_outcome(0, Decimal("0.5"), "template")

    path = tmp_path / "state"
    saves.dump(net, path)
    assert balances(Desk(saves.load(path))) == balances(desk)
    assert copied.outcomes.outcomes[0].settled is None
    assert copied.spot_markets[NO].book.best_px(is_buy=False) == 30_000_000
