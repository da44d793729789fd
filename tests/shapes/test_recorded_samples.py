"""Every answer that somebody recorded or documented has its shape, or stands here with the reason why not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.shapes import (
    Fill,
    FrontendOrder,
    OpenOrder,
    OrderRecord,
    OrderResponse,
    OrderStatus,
    Position,
    SpotBalance,
    UserFills,
    check,
)
from harness.shapes.recorded import recorded_in
from harness.shapes.staking import DelegatorReward
from tests.shapes.answers import ADDRESS, HASH

WIRE = Path(__file__).parents[2] / ".." / "shared" / "wire"

pytestmark = pytest.mark.skipif(
    not WIRE.is_dir(), reason="the collected wire facts are not there; put them in ../shared/wire"
)


def _oids_are_numbers(answer: Any) -> None:
    for element in answer["response"]["data"]["statuses"]:
        if isinstance(element, dict):
            element["filled"]["oid"] = int(element["filled"]["oid"])


def _hashes_are_whole(answer: Any) -> None:
    for row in answer:
        row["hash"] = HASH


def _margin_tables_are_there(answer: Any) -> None:
    answer["marginTables"] = []


# What the source of a sample altered, put right before it is read; the sample's note says so.
CORRECTIONS: dict[str, Callable[[Any], None]] = {
    # the address was cut by the source
    "exchange_createSubAccount__epigone_success": lambda answer: answer["response"].update(data=ADDRESS),
    # ccxt keeps integers as strings
    "exchange_order__ccxt_bracket_filled": _oids_are_numbers,
    "exchange_order__ccxt_filled_gtc": _oids_are_numbers,
    # keys other than universe and collateralToken may have been dropped by the source
    "info_meta__connector_dex_unit": _margin_tables_are_there,
    # hash values shortened by that repository
    "info_userNonFundingLedgerUpdates__jkorf": _hashes_are_whole,
    # the page prints a placeholder for the address
    "info_userRole__docs_agent": lambda answer: answer["data"].update(user=ADDRESS),
    "info_userRole__docs_subaccount": lambda answer: answer["data"].update(master=ADDRESS),
}

# Answers that do not have their shape, and why the shape is right. The paths are those that differ.
NOT_PARSED: dict[str, tuple[str, set[str]]] = {
    "info_allPerpMetas__docs_200_ok": (
        "the page copies metaAndAssetCtxs; nktkas/hyperliquid, held against testnet, has a list of metas",
        {"$[0]", "$[1]"},
    ),
    "info_frontendOpenOrders__docs_200_ok": (
        "the page leaves out children and tif, which all recordings have",
        {"$[0].children", "$[0].tif"},
    ),
    "info_metaAndAssetCtxs__docs_200_ok_successful_response_first_perp_dex": (
        "the page mixes rows of 2023 with margin tables of today; recordings have both or none",
        {
            *(f"$[0].universe[{row}].marginTableId" for row in range(3)),
            *(f"$[1][{row}].dayBaseVlm" for row in range(3)),
        },
    ),
    "info_portfolio__docs_200_ok": (
        "the page prints … for the other periods",
        {f"$[{row}][1].{key}" for row in range(1, 5) for key in ("accountValueHistory", "pnlHistory", "vlm")},
    ),
    "info_referral__docs_200_ok": (
        "tokenToState is a list of pairs (recorded); the flat form of the page is wrong",
        {"$.tokenToState[0]", "$.tokenToState[1]"},
    ),
    "info_spotClearinghouseState__docs_200_ok_successful_response": (
        "figures without the zero that recordings always have",
        {"$.balances[1].hold", "$.balances[1].total"},
    ),
    "info_subAccounts2__jkorf_portfolio_margin": (
        "that repository emptied crossMarginSummary, shortened the position and left out the names",
        {
            *(f"$[0].{key}" for key in ("name", "subAccountUser", "master")),
            *(
                f"$[0].dexToClearinghouseState[0][1].crossMarginSummary.{key}"
                for key in ("accountValue", "totalNtlPos", "totalRawUsd", "totalMarginUsed")
            ),
            *(
                f"$[0].dexToClearinghouseState[0][1].assetPositions[0].position.{key}"
                for key in (
                    "leverage",
                    "entryPx",
                    "positionValue",
                    "unrealizedPnl",
                    "returnOnEquity",
                    "liquidationPx",
                    "marginUsed",
                )
            ),
        },
    ),
    "info_userFees__docs_200_ok": (
        "an older name: recorded since 2026 as feeTrialEscrow",
        {"$.feeTrialReward", "$.feeTrialEscrow"},
    ),
    "info_userFillsByTime__docs_200_ok_number_of_fills_is_limited_to_2000": (
        "the page leaves out twapId, which all recordings since 2025 have",
        {"$[1].twapId", "$[2].twapId"},
    ),
    "info_userFills__docs_200_ok": (
        "the page leaves out twapId, which all recordings since 2025 have",
        {"$[1].twapId", "$[2].twapId"},
    ),
    "info_userFunding__docs_200_ok_successful_response_first_perp_dex": (
        "a space before the figure",
        {"$[0].delta.usdc"},
    ),
}

# Documented only, and asked by no scenario.
NO_SHAPE = {
    "allBorrowLendReserveStates",
    "borrowLendReserveState",
    "borrowLendUserState",
    "outcomeMeta",
    "perpAnnotation",
    "perpCategories",
    "perpConciseAnnotations",
    "settledOutcome",
}


def _files(*prefixes: str) -> list[Path]:
    """Return the samples with these prefixes; one holds header names and no answer."""
    files = (file for file in WIRE.glob("*/*.json") if file.name.startswith(prefixes))
    return sorted(file for file in files if file.stem != "http_response_headers__sdk")


@pytest.mark.parametrize("file", _files("info_", "exchange_", "http_"), ids=lambda file: file.stem)
def test_a_sample_has_its_shape(file, tmp_path):
    sample = json.loads(file.read_text(encoding="utf-8"))
    if file.stem in CORRECTIONS:
        CORRECTIONS[file.stem](sample["response"])
    copy = tmp_path / file.name
    copy.write_text(json.dumps(sample), encoding="utf-8")

    (recorded,) = recorded_in(copy)
    found = recorded.findings()

    if recorded.kind in NO_SHAPE:
        assert [one.kind for one in found] == ["no-shape"]
        return
    _, paths = NOT_PARSED.get(file.stem, ("", set()))
    assert {one.path for one in found} == paths


def test_every_listed_sample_is_there():
    stems = {file.stem for file in _files("info_", "exchange_")}

    assert stems >= CORRECTIONS.keys() | NOT_PARSED.keys()


def sample(name: str) -> Any:
    (file,) = WIRE.glob(f"*/{name}.json")
    return json.loads(file.read_text(encoding="utf-8"))["response"]


def test_parts_of_answers_have_their_shapes():
    """Samples that hold only a part of an answer, each against the shape of that part."""
    (fill,) = sample("part_userFills__liquidation_counterparty_maker")
    assert Fill.parse(fill).liquidation.mark_px > 0

    assert str(Position.parse(sample("part_position__shield_cross")).liquidation_px) == "None"
    for name in ("part_spotBalances__shield_after_buy", "part_spotBalances__shield_after_sell"):
        assert [SpotBalance.parse(row).coin for row in sample(name)] == ["USDC", "HYPE"]
    assert [DelegatorReward.parse(row).source for row in sample("part_delegatorRewards__survey")] == [
        "delegation"
    ]


def test_cut_orders_have_their_shapes_once_the_cut_keys_are_back():
    stop = sample("part_orderStatus__ccxt_issue_stop_limit_open")
    # that client turned integers into strings
    stop["order"] |= {"oid": int(stop["order"]["oid"]), "timestamp": int(stop["order"]["timestamp"])}
    stop["statusTimestamp"] = int(stop["statusTimestamp"])
    assert OrderRecord.parse(stop).order.order_type == "Stop Limit"

    child = sample("part_openOrders__tickwright_tp_child") | {"timestamp": 1_791_000_000_000}
    assert OpenOrder.parse(child).reduce_only

    parent = sample("part_nodeOrderStatus__parent_with_child")["order"]
    (stop_loss,) = FrontendOrder.parse(parent).children
    assert (stop_loss.order_type, str(stop_loss.trigger_px)) == ("Stop Market", "29927.0")

    (shrunk,) = sample("part_frontendOpenOrders__tickwright_reduce_only_shrunk")
    missing = {
        "timestamp": 1_791_000_000_000,
        "triggerCondition": "N/A",
        "isTrigger": False,
        "triggerPx": "0.0",
        "children": [],
        "isPositionTpsl": False,
    }
    order = FrontendOrder.parse(shrunk | missing)
    assert (str(order.sz), str(order.orig_sz)) == ("0.02", "0.05")


@pytest.mark.parametrize("file", _files("ws_post_action_"), ids=lambda file: file.stem)
def test_an_action_over_the_websocket_has_the_same_answer(file):
    payload = sample(file.stem)["data"]["response"]["payload"]
    kind = "cancel" if "cancel" in file.stem else "order"

    assert check("/exchange", {"type": kind}, 200, json.dumps(payload).encode()) == ()


def test_fills_and_open_orders_over_the_websocket_have_the_same_rows():
    assert len(UserFills.parse(sample("ws_userFills__roq_simple")["data"]["fills"])) == 5
    (order,) = sample("ws_openOrders__position_tpsl")["orders"]
    assert FrontendOrder.parse(order).isPositionTpsl


def test_readings_of_recorded_answers():
    """What a scenario would read, on answers of the real exchange."""
    rejected = OrderResponse.parse(sample("exchange_order__roq_failure_quantity")).rejected
    assert rejected.reason == "Order must have minimum value of $10. asset=1"

    canceled = OrderStatus.parse(sample("info_orderStatus__ccxt_canceled_spot"))
    assert (canceled.state, str(canceled.limit_px), str(canceled.sz)) == ("canceled", "0.5", "50.0")
    assert OrderStatus.parse(sample("info_orderStatus__rift_unknownOid")).state == "unknownOid"
