"""Every answer that somebody recorded or documented has its shape, or stands here with the reason why not."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ShapeError
from harness.shapes import (
    KNOWN,
    Fill,
    FrontendOrder,
    OpenOrder,
    OrderRecord,
    OrderResponse,
    OrderStatus,
    Position,
    SpotBalance,
    documented_forms_allowed,
)
from harness.shapes.recorded import Recorded, recorded_in
from harness.shapes.staking import DelegatorReward
from harness.shapes.user_channels import OpenOrdersMessage, OrderUpdates, UserFillsMessage
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
    # hash shortened by that repository
    "ws_userEvents__jkorf_spot_fill": lambda message: _hashes_are_whole(message["data"]["fills"]),
}

# Answers that do not have their shape, and why the shape is right. The paths are those that differ.
NOT_PARSED: dict[str, tuple[str, set[str]]] = {
    "info_allPerpMetas__docs_200_ok": (
        "the page copies metaAndAssetCtxs of two dexes, so it says nothing of this answer; "
        "nktkas/hyperliquid, held against testnet, has a list of metas",
        {"$[0]", "$[1]"},
    ),
    "info_portfolio__docs_200_ok": (
        "the page prints … for the other periods, which is no form of them",
        {f"$[{row}][1].{key}" for row in range(1, 5) for key in ("accountValueHistory", "pnlHistory", "vlm")},
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
}

NOT_PARSED["ws_post_info_spotMeta__roq_simple"] = (
    "that repository shortened the answer and left out the tokens",
    {"$.data.response.payload.data.tokens"},
)

# The kinds that the project promises to read, in every sample that there is.
PROMISED = {
    *(
        ("info", kind)
        for kind in (
            "meta",
            "spotMeta",
            "metaAndAssetCtxs",
            "allMids",
            "l2Book",
            "clearinghouseState",
            "spotClearinghouseState",
            "openOrders",
            "frontendOpenOrders",
            "orderStatus",
            "historicalOrders",
            "userFills",
            "userFillsByTime",
            "userRole",
            "userRateLimit",
            "userFees",
        )
    ),
    *(
        ("exchange", kind)
        for kind in (
            "order",
            "cancel",
            "cancelByCloid",
            "modify",
            "batchModify",
            "updateLeverage",
            "noop",
            "approveAgent",
        )
    ),
}


def _files(*prefixes: str) -> list[Path]:
    """Return the samples with these prefixes; one holds header names and no answer."""
    files = (file for file in WIRE.glob("*/*.json") if file.name.startswith(prefixes))
    return sorted(file for file in files if file.stem != "http_response_headers__sdk")


def _corrected(file: Path, folder: Path) -> Recorded:
    """Return the answer of a sample, with what its source altered put right."""
    content = json.loads(file.read_text(encoding="utf-8"))
    if file.stem in CORRECTIONS:
        CORRECTIONS[file.stem](content["response"])
    copy = folder / file.name
    copy.write_text(json.dumps(content), encoding="utf-8")
    (recorded,) = recorded_in(copy)
    return recorded


@pytest.mark.parametrize("file", _files("info_", "exchange_", "http_", "ws_"), ids=lambda file: file.stem)
def test_a_sample_has_its_shape(file, tmp_path):
    recorded = _corrected(file, tmp_path)
    found = recorded.findings()

    _, paths = NOT_PARSED.get(file.stem, ("", set()))
    assert {one.path for one in found} == paths


def test_every_listed_sample_is_there():
    stems = {file.stem for file in _files("info_", "exchange_", "ws_")}

    assert stems >= CORRECTIONS.keys() | NOT_PARSED.keys()


def test_every_sample_of_the_promised_kinds_parses(tmp_path):
    """None of them is listed above; those of the documentation may have its known deviations."""
    seen: Counter[tuple[str, str]] = Counter()
    not_parsed: dict[str, str] = {}
    for file in _files("info_", "exchange_"):
        recorded = _corrected(file, tmp_path)
        key = (recorded.endpoint, recorded.kind)
        if key not in PROMISED or recorded.status != 200:
            continue
        seen[key] += 1
        with documented_forms_allowed() if recorded.is_documented else nullcontext():
            for answer in (recorded.body, json.loads(recorded.body)):
                try:
                    KNOWN[key].shape.parse(answer)
                except ShapeError as error:
                    not_parsed[file.stem] = str(error)

    assert not_parsed == {}
    assert seen.keys() == PROMISED
    assert sum(seen.values()) > 100


def test_only_examples_of_the_documentation_have_documented_forms(tmp_path):
    """Recordings stay strict, and so do the samples that were built from types."""
    official = {
        file
        for file in _files("info_", "exchange_", "http_")
        if "official documentation" in json.loads(file.read_text(encoding="utf-8"))["source"]
    }

    assert official
    assert all(file.parent.name == "documented" for file in official)
    for file in _files("info_", "exchange_", "http_"):
        assert _corrected(file, tmp_path).is_documented == (file in official), file.stem


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


def test_every_message_of_the_exchange_is_checked(tmp_path):
    """What the documentation shows of clients' messages is no answer; nothing else is passed over."""
    skipped = Counter(_corrected(file, tmp_path).skip for file in _files("ws_"))

    assert skipped.keys() == {"", "a message of a client"}
    assert skipped[""] > 40


def test_messages_read_like_the_answers_over_http():
    fills = UserFillsMessage.parse(sample("ws_userFills__roq_simple")["data"])
    assert (len(fills.fills), fills.is_snapshot) == (5, True)
    (order,) = OpenOrdersMessage.parse(sample("ws_openOrders__position_tpsl")).orders
    assert order.isPositionTpsl
    posted = sample("ws_post_action_order__roq_create_failure")["data"]["response"]["payload"]
    assert OrderResponse.parse(posted).rejected.reason.startswith("Order must have minimum value")
    opened, filled = OrderUpdates.parse(sample("ws_orderUpdates__roq_create_filled")["data"])
    assert (opened.status, filled.status, str(filled.order.sz)) == ("open", "filled", "0.0")


def test_readings_of_recorded_answers():
    """What a scenario would read, on answers of the real exchange."""
    rejected = OrderResponse.parse(sample("exchange_order__roq_failure_quantity")).rejected
    assert rejected.reason == "Order must have minimum value of $10. asset=1"

    canceled = OrderStatus.parse(sample("info_orderStatus__ccxt_canceled_spot"))
    assert (canceled.state, str(canceled.limit_px), str(canceled.sz)) == ("canceled", "0.5", "50.0")
    assert OrderStatus.parse(sample("info_orderStatus__rift_unknownOid")).state == "unknownOid"
