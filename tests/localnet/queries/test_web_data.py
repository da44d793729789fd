"""`webData2`, and the feed `webData3`."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.accounts.test_vaults import create
from tests.localnet.desk import Desk, quiet
from tests.localnet.feed.line import Line

AGENT = "0x00000000000000000000000000000000000000a1"
TWAP = {"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "1", "r": False, "m": 5, "t": False}}
# The order of the keys of NK's schema.
KEYS = [
    "clearinghouseState",
    "leadingVaults",
    "totalVaultEquity",
    "openOrders",
    "agentAddress",
    "agentValidUntil",
    "cumLedger",
    "meta",
    "assetCtxs",
    "serverTime",
    "isVault",
    "user",
    "twapStates",
    "spotState",
    "spotAssetCtxs",
]


def timeless(state: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in state.items() if key != "time"}


def test_the_page_is_made_of_what_the_queries_answer(desk: Desk) -> None:
    desk.place(p="3200")
    desk.rest(p="2000")
    desk.act(TWAP)
    vault = create(desk)
    desk.approve(AGENT)
    data = desk.info("webData2")

    assert list(data) == KEYS
    assert timeless(data["clearinghouseState"]) == timeless(desk.info("clearinghouseState"))
    assert data["openOrders"] == desk.info("frontendOpenOrders")
    assert [data["meta"], data["assetCtxs"]] == desk.info("metaAndAssetCtxs")
    assert data["spotAssetCtxs"] == desk.info("spotMetaAndAssetCtxs")[1]
    assert data["spotState"] == desk.info("spotClearinghouseState")
    assert [state["coin"] for _, state in data["twapStates"]] == ["ETH"]
    assert data["leadingVaults"] == desk.info("leadingVaults") == [{"address": vault, "name": "Test"}]
    assert data["totalVaultEquity"] == "1000.0"
    assert (data["agentAddress"], data["user"], data["isVault"]) == (AGENT, desk.address, False)
    assert data["agentValidUntil"] > data["serverTime"]
    assert desk.info("webData2", user=vault)["isVault"]


def test_a_stranger_has_an_empty_page(desk: Desk) -> None:
    data = desk.info("webData2", user="0x" + "0" * 39 + "1")
    assert (data["agentAddress"], data["agentValidUntil"], data["cumLedger"]) == (None, None, "0.0")
    assert data["openOrders"] == data["twapStates"] == data["leadingVaults"] == []
    assert "spotState" not in data


def test_an_account_that_keeps_its_dust_shows_it(desk: Desk) -> None:
    assert desk.act({"type": "spotUser", "toggleSpotDusting": {"optOut": True}})["status"] == "ok"
    assert desk.info("webData2")["optOutOfSpotDusting"] is True
    assert desk.act({"type": "spotUser", "toggleSpotDusting": {"optOut": False}})["status"] == "ok"
    assert "optOutOfSpotDusting" not in desk.info("webData2")


def test_the_ledger_counts_what_came_and_went_but_not_what_was_earned(net: Localnet, desk: Desk) -> None:
    quiet(net, bid="3099", ask="3100")
    desk.place(p="3100", s="0.1")
    net.set_mid("ETH", Decimal(3300))
    quiet(net, bid="3299", ask="3300")
    desk.place(b=False, p="3299", s="0.04")
    net.advance(3_600_000)
    assert desk.info("userFunding", startTime=0)
    assert desk.info("webData2")["cumLedger"] == "10000.0"
    desk.user_act({"type": "usdClassTransfer", "amount": "250.5", "toPerp": False})
    assert desk.info("webData2")["cumLedger"] == "9749.5"


def test_the_feed_shows_account_and_dexes_and_comes_again_when_they_change(net: Localnet, desk: Desk) -> None:
    line = Line(net)
    (first,) = line.subscribe("webData3", user=desk.address)
    assert first["channel"] == "webData3"
    state = first["data"]["userState"]
    assert list(state) == [
        "agentAddress",
        "agentValidUntil",
        "cumLedger",
        "serverTime",
        "isVault",
        "user",
    ]
    assert first["data"]["perpDexStates"] == [{"totalVaultEquity": "0.0"}] * 2

    desk.info("meta")
    assert line.heard() == []
    desk.approve(AGENT)
    create(desk, 200)
    approved, led = line.on("webData3")
    assert approved["userState"]["agentAddress"] == AGENT
    of_first, of_builder = led["perpDexStates"]
    assert of_first["totalVaultEquity"] == "200.0"
    assert of_first["leadingVaults"] == desk.info("leadingVaults")
    assert of_builder == {"totalVaultEquity": "0.0"}


@pytest.mark.parametrize("mode", ["disabled", "unifiedAccount"])
def test_a_mode_shows_when_it_was_set(net: Localnet, desk: Desk, mode: str) -> None:
    answer = desk.user_act({"type": "userSetAbstraction", "user": desk.address, "abstraction": mode})
    assert answer["status"] == "ok", answer
    (first,) = Line(net).subscribe("webData3", user=desk.address)
    state = first["data"]["userState"]
    assert (state["abstraction"], state["dexAbstractionEnabled"]) == (mode, False)
