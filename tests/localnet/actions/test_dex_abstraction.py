"""Dex abstraction: what a builder's dex needs comes from the first one, and goes back there."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, cancel

OK = {"status": "ok", "response": {"type": "default"}}
ABC = 110_000


@pytest.fixture
def abstracted(net: Localnet) -> Desk:
    """An account with 1,000 USDC on the first dex, and dex abstraction."""
    net.fund(ACCOUNTS[9].address, Decimal(1_000 - 10_000))
    net.set_liquidity("test:ABC", [], [(Decimal("1.1"), Decimal(100_000))])
    desk = Desk(net, ACCOUNTS[9].private_key)
    assert desk.act({"type": "agentEnableDexAbstraction"}) == OK
    return desk


def shown(desk: Desk, dex: str) -> tuple[str, str]:
    """Return what a dex is worth and what may leave it."""
    state = desk.info("clearinghouseState", dex=dex)
    return state["marginSummary"]["accountValue"], state["withdrawable"]


def switch(desk: Desk, *, enabled: bool) -> Any:
    """Turn dex abstraction on or off."""
    return desk.user_act({"type": "userDexAbstraction", "user": desk.address, "enabled": enabled})


def test_an_order_takes_its_collateral_from_the_first_dex(abstracted: Desk) -> None:
    oid = abstracted.rest(a=ABC, p="0.9", s="300")
    assert shown(abstracted, "test") == ("90.0", "0.0")
    assert shown(abstracted, "") == ("910.0", "910.0")
    assert abstracted.elements(cancel(oid, ABC)) == ["success"]
    assert shown(abstracted, "test") == ("0.0", "0.0")
    assert shown(abstracted, "") == ("1000.0", "1000.0")


def test_a_position_gives_its_collateral_back(net: Localnet, abstracted: Desk) -> None:
    before = net.total_usd()
    assert "filled" in abstracted.place(a=ABC, p="1.1", s="300", tif="Ioc")
    net.set_mark("test:ABC", Decimal("1.1"))
    fee = Decimal("0.297")
    assert shown(abstracted, "test") == ("110.0", "0.0")
    assert Decimal(shown(abstracted, "")[0]) == 890 - fee
    net.set_liquidity("test:ABC", [(Decimal("1.2"), Decimal(100_000))], [])
    abstracted.place(a=ABC, b=False, p="1.2", s="300", tif="Ioc")
    assert shown(abstracted, "test") == ("0.0", "0.0")
    assert Decimal(shown(abstracted, "")[0]) == 1_030 - fee - Decimal("0.324")
    assert net.total_usd() == before


def test_margin_lacks_on_both_together(net: Localnet, abstracted: Desk) -> None:
    abstracted.rest(p="3000", s="6")
    assert abstracted.error(a=ABC, p="0.9", s="400").startswith("Insufficient margin")
    abstracted.rest(a=ABC, p="0.9", s="300")
    net.fund_token(abstracted.address, "USDC", Decimal(500))
    assert abstracted.error(p="3000", s="0.1").startswith("Insufficient margin"), "spot is apart"


def test_isolated_margin_on_the_first_dex_stays_out_of_the_cross_summary(
    net: Localnet, abstracted: Desk
) -> None:
    abstracted.act({"type": "updateLeverage", "asset": 4, "isCross": False, "leverage": 10})
    abstracted.place(p="3200", s="0.1", tif="Ioc")
    state = abstracted.info("clearinghouseState")
    worth = {kind: Decimal(state[kind]["accountValue"]) for kind in ("marginSummary", "crossMarginSummary")}
    margin = Decimal(state["marginSummary"]["totalMarginUsed"])
    assert worth["marginSummary"] - worth["crossMarginSummary"] == margin > 0


def test_it_goes_off_when_nothing_is_there(abstracted: Desk) -> None:
    oid = abstracted.rest(a=ABC, p="0.9", s="300")
    with pytest.raises(AssertionError, match="switching dex abstraction"):
        switch(abstracted, enabled=False)
    abstracted.elements(cancel(oid, ABC))
    assert switch(abstracted, enabled=False) == OK
    assert abstracted.error(a=ABC, p="0.9", s="300").startswith("Insufficient margin")
    assert shown(abstracted, "") == ("1000.0", "1000.0")


def test_it_does_not_go_off_while_a_twap_runs_there(abstracted: Desk) -> None:
    form = {"a": ABC, "b": True, "s": "500", "r": False, "m": 5, "t": False}
    assert abstracted.act({"type": "twapOrder", "twap": form})["status"] == "ok"
    with pytest.raises(AssertionError, match="switching dex abstraction"):
        switch(abstracted, enabled=False)


def test_what_was_won_on_the_dex_is_on_the_first_one_afterwards(net: Localnet, abstracted: Desk) -> None:
    abstracted.place(a=ABC, p="1.1", s="300", tif="Ioc")
    net.set_liquidity("test:ABC", [(Decimal("1.2"), Decimal(100_000))], [])
    abstracted.place(a=ABC, b=False, p="1.2", s="300", tif="Ioc")
    before = shown(abstracted, "")
    assert switch(abstracted, enabled=False) == OK
    assert shown(abstracted, "") == before
    assert shown(abstracted, "test") == ("0.0", "0.0")


def test_from_dex_abstraction_to_unified(net: Localnet, abstracted: Desk) -> None:
    """With a position on the dex: a user's signature suffices, an agent's does not."""
    abstracted.place(a=ABC, p="1.1", s="300", tif="Ioc")
    refused = abstracted.act({"type": "agentSetAbstraction", "abstraction": "u"})
    assert refused["response"] == "Abstraction transition not allowed"
    action = {"type": "userSetAbstraction", "user": abstracted.address, "abstraction": "unifiedAccount"}
    assert abstracted.user_act(action) == OK
    net.set_mark("test:ABC", Decimal("1.1"))
    (row,) = abstracted.info("spotClearinghouseState")["balances"]
    assert (row["total"], row["hold"]) == ("999.703", "110.0")


def test_money_of_ones_own_on_the_dex_is_not_guessed(net: Localnet, desk: Desk, abstracted: Desk) -> None:
    action = {
        "type": "sendAsset",
        "sourceDex": "",
        "destinationDex": "test",
        "token": "USDC",
        "amount": "10",
        "fromSubAccount": "",
    }
    for sender in (abstracted, desk):
        with pytest.raises(AssertionError, match="money of its own"):
            sender.user_act(action | {"destination": abstracted.address})


def test_it_brings_money_from_the_dex(net: Localnet, desk: Desk) -> None:
    action = {"type": "sendAsset", "sourceDex": "", "destinationDex": "test", "token": "USDC"}
    desk.user_act(action | {"amount": "10", "fromSubAccount": "", "destination": desk.address})
    before = net.total_usd()
    assert switch(desk, enabled=True) == OK
    assert (shown(desk, "test")[0], shown(desk, "")[0]) == ("0.0", "10000.0")
    assert desk.info("perpDexStatus", dex="test") == {"totalNetDeposit": "0.0"}
    row = desk.info("userNonFundingLedgerUpdates", startTime=0)[-1]["delta"]
    assert row == {"type": "activateDexAbstraction", "dex": "test", "token": "USDC", "amount": "10.0"}
    assert net.total_usd() == before


def test_orders_on_the_dex_are_in_its_way(net: Localnet, desk: Desk) -> None:
    action = {"type": "sendAsset", "sourceDex": "", "destinationDex": "test", "token": "USDC"}
    desk.user_act(action | {"amount": "1000", "fromSubAccount": "", "destination": desk.address})
    desk.rest(a=ABC, p="0.9", s="300")
    with pytest.raises(AssertionError, match="switching dex abstraction"):
        switch(desk, enabled=True)
