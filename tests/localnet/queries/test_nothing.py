"""What localnet has none of answers as an exchange does that has none."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.accounts.test_vaults import create
from tests.localnet.desk import Desk
from tests.localnet.trading.test_liquidation import move, small


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"type": "outcomeMeta"}, {"outcomes": [], "questions": [], "deployers": []}),
        ({"type": "settledOutcome", "outcome": 999_999_999}, None),
        ({"type": "outcomeTemplates"}, []),
        ({"type": "perpAnnotation", "coin": "BTC"}, None),
        ({"type": "perpAnnotation", "coin": "test:ABC"}, None),
        ({"type": "perpCategories"}, []),
        ({"type": "perpConciseAnnotations"}, []),
        ({"type": "validatorL1Votes"}, []),
        ({"type": "liquidatable"}, []),
        ({"type": "usdcRouting"}, {"depositRoute": "cctp", "withdrawalRoute": "cctp"}),
    ],
)
def test_nothing_reads_as_nothing(desk: Desk, asked: dict[str, Any], answer: object) -> None:
    assert desk.info(**{"kind": asked["type"], **asked}) == answer


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "perpAnnotation", "coin": "NOPE"},
        {"type": "marginTable", "id": 77},
        {"type": "marginTable", "id": 0},
    ],
)
def test_the_answer_for_what_does_not_exist_is_not_known(desk: Desk, asked: dict[str, Any]) -> None:
    assert desk.send(asked, "/info").not_implemented


def test_who_waits_for_a_liquidation_is_not_covered(net: Localnet, desk: Desk) -> None:
    poor = small(net)
    # Below maintenance, above two thirds of it, and no bids.
    move(net, "2918")
    assert poor.position() == "3.0"
    assert desk.send({"type": "liquidatable"}, "/info").not_implemented


def test_margin_tables_are_those_of_meta(desk: Desk) -> None:
    tables = dict(desk.info("meta")["marginTables"])
    assert {number: desk.info("marginTable", id=number) for number in tables} == tables
    assert (
        desk.info("marginTable", id=50, dex="test") == dict(desk.info("meta", dex="test")["marginTables"])[50]
    )
    single = desk.info("marginTable", id=7)
    assert single["marginTiers"] == [{"lowerBound": "0.0", "maxLeverage": 7}]


def test_market_orders_are_capped_at_the_figures_that_are_told(desk: Desk, net: Localnet) -> None:
    caps = {leverage: Decimal(usd) for leverage, usd in desk.info("maxMarketOrderNtls")}
    leverages = {row["name"]: row["maxLeverage"] for row in desk.info("meta")["universe"]}
    for coin in ("ETH", "HYPE", "PURR"):
        assert caps[leverages[coin]] in (30_000_000, 2_000_000, 500_000)
    mark = Decimal(desk.info("allMids")["ETH"])
    too_much = int(caps[leverages["ETH"]] / mark) + 1_000
    told = desk.error(p="3100", s=str(too_much), tif="FrontendMarket")
    assert told == f"Order value too large. Max is ${caps[leverages['ETH']]:.0f}."


def test_an_account_is_allowed_and_no_vip_and_a_stranger_neither(desk: Desk) -> None:
    stranger = "0x" + "0" * 39 + "1"
    assert desk.info("isVip") is False
    assert desk.info("isVip", user=stranger) is None
    allowed = {"acceptedTerms": True, "userAllowed": True, "restrictions": "n"}
    assert desk.info("legalCheck") == allowed
    assert desk.info("legalCheck", user=stranger) == allowed | {"acceptedTerms": False, "userAllowed": False}


def test_new_vaults_are_listed_for_two_hours(net: Localnet, desk: Desk) -> None:
    created_ms = net.now_ms()
    vault = create(desk)
    (row,) = desk.info("vaultSummaries")
    assert row == {
        "name": "Test",
        "vaultAddress": vault,
        "leader": desk.address,
        "tvl": "1000.0",
        "isClosed": False,
        "relationship": {"type": "normal"},
        "createTimeMillis": created_ms,
    }
    net.advance(2 * 3_600_000)
    assert desk.info("vaultSummaries") == []
    assert [row["address"] for row in desk.info("leadingVaults")] == [vault]


def test_what_both_networks_no_longer_understand_is_not_understood(desk: Desk) -> None:
    answer = desk.send({"type": "alignedQuoteTokenInfo", "token": 0}, "/info")
    assert (answer.status, answer.not_implemented) == (422, False)
