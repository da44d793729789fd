"""A desk with sub-accounts: money to them and back, an account mode for each, trading in their name.

Covers: POST /exchange (createSubAccount, subAccountTransfer, subAccountSpotTransfer, userSetAbstraction,
order for a sub-account), POST /info (subAccounts, subAccounts2, userRole, userNonFundingLedgerUpdates,
userAbstraction).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    CreateSubAccountResponse,
    DefaultResponse,
    OrderResponse,
    SubAccounts,
    SubAccounts2,
    UserNonFundingLedgerUpdates,
    UserRole,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="makes sub-accounts, which stay"),
]

USD = 10**6


def sub_accounts(trader):
    """Return the sub-accounts, with their states on the first dex."""
    return SubAccounts.parse(trader.info.query_sub_accounts(trader.address))


def by_dex(trader):
    """Return the sub-accounts by name, with their states on all dexes."""
    told = SubAccounts2.parse(trader.info.post("/info", {"type": "subAccounts2", "user": trader.address}))
    return {sub.name: sub for sub in told}


def created(trader, name):
    """Make a sub-account and return its address."""
    return CreateSubAccountResponse.parse(trader.exchange.create_sub_account(name)).address


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def test_desk_begins_without_any(trader):
    """Both queries answer null, which reads as none."""
    assert sub_accounts(trader).wire is None
    assert by_dex(trader) == {}


def test_money_goes_to_a_sub_account_and_back(trader):
    """What the master sends is there to trade with; both ledgers have both ways."""
    address = created(trader, "scalper")

    accepted(trader.exchange.sub_account_transfer(address, True, 300 * USD))
    assert sub_accounts(trader).named("scalper").clearinghouseState.withdrawable == 300
    accepted(trader.exchange.sub_account_transfer(address, False, 100 * USD))

    role = UserRole.parse(trader.info.user_role(address))
    assert (role.role, role.master) == ("subAccount", trader.address.lower())
    mine, theirs = (
        UserNonFundingLedgerUpdates.parse(trader.info.user_non_funding_ledger_updates(user, 0))
        for user in (trader.address, address)
    )
    moved = mine.of("subAccountTransfer")
    assert moved == theirs.of("subAccountTransfer")
    assert [(row.delta.usdc, row.delta.destination) for row in moved] == [
        ("300.0", address),
        ("100.0", trader.address.lower()),
    ]


def test_token_goes_to_a_sub_account(trader, localnet):
    """A spot balance of its own, shown with the master's sub-accounts."""
    address = created(trader, "holder")
    localnet.fund_token(trader.address, "PURR", 100)
    tokens = trader.info.spot_meta()["tokens"]
    purr = next(f"PURR:{token['tokenId']}" for token in tokens if token["name"] == "PURR")

    accepted(trader.exchange.sub_account_spot_transfer(address, True, purr, 40))

    assert sub_accounts(trader).named("holder").spotState.balance("PURR").total == 40
    assert by_dex(trader)["holder"].spotState.balance("PURR").total == 40


@pytest.mark.parametrize("mode", ["unifiedAccount", "disabled"])
def test_each_sub_account_has_its_own_mode(trader, mode):
    """Set for one of two: the other never chose, and the master is as it was."""
    address = created(trader, "one")
    created(trader, "two")

    accepted(trader.exchange.user_set_abstraction(address, mode))

    shown = by_dex(trader)
    assert shown["one"].abstraction == mode
    assert not shown["two"].abstraction
    assert trader.info.query_user_abstraction_state(trader.address) == "default"


def test_dex_abstraction_of_a_sub_account_is_shown(trader):
    """The older mode, set by its own action."""
    address = created(trader, "old")

    accepted(trader.exchange.user_dex_abstraction(address, True))

    assert by_dex(trader)["old"].abstraction == "dexAbstraction"


def test_unified_sub_account_shows_its_money_on_spot(trader):
    """One balance, with what it may lose before liquidation beside it."""
    address = created(trader, "unified")
    accepted(trader.exchange.sub_account_transfer(address, True, 300 * USD))

    accepted(trader.exchange.user_set_abstraction(address, "unifiedAccount"))

    for spot in (sub_accounts(trader).named("unified").spotState, by_dex(trader)["unified"].spotState):
        assert spot.balance("USDC").total == 300
        assert spot.tokenToAvailableAfterMaintenance == ((0, "300.0"),)


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
def test_master_trades_for_a_sub_account(trader, localnet, is_cross):
    """The position is the sub-account's, and shown under its name on the dex it is on."""
    address = created(trader, "scalper")
    accepted(trader.exchange.sub_account_transfer(address, True, 300 * USD))
    desk = trader.acting_for(address)
    localnet.set_mid("ETH", "3000")
    accepted(desk.exchange.update_leverage(10, "ETH", is_cross))

    assert OrderResponse.parse(desk.exchange.market_open("ETH", False, 0.1)).filled

    first, others = by_dex(trader)["scalper"].dexToClearinghouseState[0], by_dex(trader)["scalper"]
    assert (first[0], first[1].position("ETH").szi) == ("", Decimal("-0.1"))
    assert all(not state.positions for _, state in others.dexToClearinghouseState[1:])
    assert sub_accounts(trader).named("scalper").clearinghouseState.positions == first[1].positions
    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).positions == ()

    assert OrderResponse.parse(desk.exchange.market_close("ETH")).filled


def test_sub_account_of_somebody_else_is_refused(trader, counterparty):
    """Its money is not the trader's."""
    theirs = created(counterparty, "theirs")

    assert DefaultResponse.parse(trader.exchange.sub_account_transfer(theirs, False, USD)).is_refused
