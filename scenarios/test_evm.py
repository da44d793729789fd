"""Tokens that cross to the EVM and come from there, and the contract that lets a token do so.

Covers: POST /exchange (spotSend and sendAsset to a system address, sendToEvmWithData, spotDeploy:
requestEvmContract, finalizeEvmContract), POST /info (spotClearinghouseState, subAccounts, subAccounts2,
webData2, spotMeta, userNonFundingLedgerUpdates, userRole), websocket spotState and
userNonFundingLedgerUpdates.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    CreateSubAccountResponse,
    DefaultResponse,
    SpotClearinghouseState,
    SpotDeployResponse,
    SpotMeta,
    SubAccounts,
    SubAccounts2,
    UserNonFundingLedgerUpdates,
    UserRole,
    WebData2,
)

pytestmark = [
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="moves money that does not come back by itself"),
]

HYPE_SYSTEM = "0x" + "2" * 40
USDC_SYSTEM = "0x20" + "0" * 38
# Who made this contract did so with the first transaction of account 0 of the well-known mnemonic.
FIRST_CONTRACT = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
A_CROSSING_S = 5


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def spot(trader, user=None):
    """Return the tokens of the account, or of another address."""
    return SpotClearinghouseState.parse(trader.info.spot_user_state(user or trader.address))


def rows(trader, kind, user=None):
    """Return what a ledger tells of one kind."""
    updates = trader.info.user_non_funding_ledger_updates(user or trader.address, 0)
    return [row.delta for row in UserNonFundingLedgerUpdates.parse(updates).of(kind)]


def test_hype_crosses_to_the_evm_and_back(trader, localnet):
    """It is gone with a little gas, waits on its way back, and is credited some seconds later."""
    localnet.fund_token(trader.address, "HYPE", 10)
    before = spot(trader).balance("HYPE").total

    accepted(trader.exchange.spot_transfer(4, HYPE_SYSTEM, "HYPE:0x7317beb7cceed72ef0b346074cc8e7ab"))

    (row,) = rows(trader, "spotTransfer")
    gas = Decimal(row.nativeTokenFee)
    assert (row.destination, row.amount) == (HYPE_SYSTEM, "4.0")
    assert spot(trader).balance("HYPE").total == before - 4 - gas

    localnet.send_from_evm(trader.address, "HYPE", 3)
    waiting = spot(trader)
    assert [(escrow.coin, escrow.total) for escrow in waiting.evmEscrows] == [("HYPE", 3)]
    assert waiting.balance("HYPE").total == before - 4 - gas

    localnet.advance(A_CROSSING_S)
    assert not spot(trader).evmEscrows
    assert spot(trader).balance("HYPE").total == before - 1 - gas
    assert rows(trader, "spotTransfer")[-1].nonce is None


def test_what_waits_is_seen_wherever_balances_are(trader, localnet):
    """On the account's page, and of its sub-account in both lists of those."""
    sub = CreateSubAccountResponse.parse(trader.exchange.create_sub_account("crossing")).address
    localnet.send_from_evm(trader.address, "USDC", 25)
    localnet.send_from_evm(sub, "PURR", 40)

    page = WebData2.parse(trader.info.post("/info", {"type": "webData2", "user": trader.address}))
    assert [(escrow.coin, escrow.total) for escrow in page.spotState.evmEscrows] == [("USDC", 25)]
    listed = SubAccounts.parse(trader.info.query_sub_accounts(trader.address)).named("crossing")
    (by_dex,) = SubAccounts2.parse(
        trader.info.post("/info", {"type": "subAccounts2", "user": trader.address})
    )
    for state in (listed.spotState, by_dex.spotState):
        assert [(escrow.coin, escrow.total) for escrow in state.evmEscrows] == [("PURR", 40)]


@pytest.mark.ws
def test_crossing_is_told_while_it_happens(trader, localnet, venue):
    """The feed of the balances has it wait, then credited; that of the ledger has its row."""
    balances = {"type": "spotState", "user": trader.address}
    ledger = {"type": "userNonFundingLedgerUpdates", "user": trader.address}
    with trader.subscribed(balances) as states, trader.subscribed(ledger) as told:
        localnet.send_from_evm(trader.address, "USDC", 25)
        venue.until(lambda: len(states) == 2)
        localnet.advance(A_CROSSING_S)
        venue.until(lambda: len(told) == 2)

    assert states[1]["data"]["spotState"]["evmEscrows"] == [{"coin": "USDC", "token": 0, "total": "25.0"}]
    assert "evmEscrows" not in states[-1]["data"]["spotState"]
    (row,) = told[1]["data"]["nonFundingLedgerUpdates"]
    assert (row["delta"]["user"], row["delta"]["nonce"]) == (USDC_SYSTEM, None)


@pytest.mark.ws
def test_usdc_from_the_evm_opens_an_account(trader, localnet, venue):
    """A dollar of it is the price, which is a row of its own."""
    stranger = venue.stranger()
    with trader.subscribed({"type": "userNonFundingLedgerUpdates", "user": stranger}) as told:
        localnet.send_from_evm(stranger, "USDC", 5)
        assert UserRole.parse(trader.info.user_role(stranger)).role == "missing"
        localnet.advance(A_CROSSING_S)
        venue.until(lambda: len(told) > 1)

    assert UserRole.parse(trader.info.user_role(stranger)).role == "user"
    assert spot(trader, stranger).balance("USDC").total == 4
    (paid,) = rows(trader, "accountActivationGas", stranger)
    assert (paid.token, paid.amount) == ("USDC", "1.0")
    kinds = [row["delta"]["type"] for frame in told[1:] for row in frame["data"]["nonFundingLedgerUpdates"]]
    assert kinds == ["accountActivationGas", "spotTransfer"]


def test_what_comes_to_nobody_waits_for_good(trader, localnet, venue):
    """A contract that nobody has activated: its tokens neither arrive nor vanish."""
    stranger = venue.stranger()
    localnet.send_from_evm(stranger, "USDC", 5, activate=False)

    localnet.advance(24 * 3600)

    assert UserRole.parse(trader.info.user_role(stranger)).role == "missing"
    assert [escrow.total for escrow in spot(trader, stranger).evmEscrows] == [5]


def test_usdc_goes_to_its_contract_with_a_message(trader):
    """As Circle's withdrawals to other chains do."""
    accepted(
        trader.post_user_signed_action(
            {
                "type": "sendToEvmWithData",
                "token": "USDC",
                "amount": "3",
                "sourceDex": "spot",
                "destinationRecipient": "0x" + "0" * 39 + "1",
                "addressEncoding": "hex",
                "destinationChainId": 998,
                "gasLimit": 200_000,
                "data": "0x",
            }
        )
    )

    (row,) = rows(trader, "send")
    assert (row.token, row.amount, row.destination) == ("USDC", "3.0", USDC_SYSTEM)


def test_token_is_linked_by_who_made_its_contract(trader, localnet):
    """The deployer names the contract, and its maker proves it by the nonce that it was made with."""
    localnet.fund_token(trader.address, "HYPE", 1_000)
    localnet.open_auction("spot", 500)
    number = SpotDeployResponse.parse(
        trader.exchange.spot_deploy_register_token("DESK", 2, 8, 600 * 10**8, "Desk token")
    ).number
    asked = {"token": number, "address": FIRST_CONTRACT, "evmExtraWeiDecimals": 10}
    accepted(trader.post_l1_action({"type": "spotDeploy", "requestEvmContract": asked}))
    assert token_row(trader, number).evmContract is None

    accepted(
        trader.post_l1_action(
            {"type": "finalizeEvmContract", "token": number, "input": {"create": {"nonce": 0}}}
        )
    )

    linked = token_row(trader, number).evmContract
    assert (linked.address, linked.evm_extra_wei_decimals) == (FIRST_CONTRACT, 10)


def token_row(trader, number):
    """Return the row of a token in the metadata."""
    return next(row for row in SpotMeta.parse(trader.info.spot_meta()).tokens if row.index == number)
