"""Every action, refused: by who signs, by whom it is for, by what there is not.

Covers: POST /exchange (all actions whose refusal no other scenario shows).
"""

import pytest

from harness.shapes import BatchModifyResponse, CreateVaultResponse, DefaultResponse, SpotDeployResponse
from harness.shapes.actions import ExchangeAnswer, ModifyResponse, OrderResponse, TwapCancelResponse

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="asks for what could be granted there"),
]

NOBODY = "0x" + "0" * 39 + "1"
ORDER = {"a": 4, "b": True, "p": "2000", "s": "0.01", "r": False, "t": {"limit": {"tif": "Gtc"}}}
VAULT = {"name": "Slow and steady", "description": "A vault that waits for better prices"}
PROFILE = {
    "node_ip": None,
    "name": None,
    "description": None,
    "unjailed": False,
    "disable_delegations": None,
    "commission_bps": None,
    "signer": None,
}

L1_ACTIONS = {
    "modify": {"oid": 1, "order": ORDER},
    "batchModify": {"modifies": [{"oid": 1, "order": ORDER}]},
    "order": {"orders": [ORDER], "grouping": "na"},
    "twapCancel": {"a": 4, "t": 1},
    "spotDeploy": {"registerSpot": {"tokens": [1, 0]}},
    "createVault": {**VAULT, "initialUsd": 100_000_000, "nonce": 1},
    "reserveRequestWeight": {"weight": 1},
    "registerReferrer": {"code": "DESK"},
    "setDisplayName": {"displayName": "desk"},
    "topUpIsolatedOnlyMargin": {"asset": 135, "leverage": "2"},
    "borrowLend": {"operation": "supply", "token": 0, "amount": None},
    "spotUser": {"toggleSpotDusting": {"optOut": True}},
    "agentSendAsset": {
        "destination": NOBODY,
        "sourceDex": "",
        "destinationDex": "test",
        "token": "USDC",
        "amount": "1",
        "fromSubAccount": "",
        "nonce": 1,
    },
}
SHAPES = {
    "modify": ModifyResponse,
    "batchModify": BatchModifyResponse,
    "order": OrderResponse,
    "twapCancel": TwapCancelResponse,
    "spotDeploy": SpotDeployResponse,
    "createVault": CreateVaultResponse,
}


def refusal(kind, answer):
    """Return the text with which an action as a whole was refused."""
    parsed: ExchangeAnswer = SHAPES.get(kind, DefaultResponse).parse(answer)
    return parsed.refusal


@pytest.mark.parametrize("kind", L1_ACTIONS)
def test_nothing_is_done_for_a_vault_that_is_not_registered(trader, venue, kind):
    """Whatever it is, the vault is looked at first, and named."""
    stranger = venue.stranger()

    answer = trader.acting_for(stranger).post_l1_action({"type": kind, **L1_ACTIONS[kind]})

    assert refusal(kind, answer) == f"Vault not registered: {stranger}"


@pytest.mark.parametrize(
    "action",
    [
        {"type": "cDeposit", "wei": 1},
        {"type": "cWithdraw", "wei": 1},
        {"type": "linkStakingUser", "user": NOBODY, "isFinalize": True},
        {"type": "stakingLinkDisableTradingUser", "tradingUser": NOBODY},
        {
            "type": "sendToEvmWithData",
            "token": "USDC",
            "amount": "1",
            "sourceDex": "spot",
            "destinationRecipient": NOBODY,
            "addressEncoding": "hex",
            "destinationChainId": 998,
            "gasLimit": 200_000,
            "data": "0x",
        },
    ],
    ids=lambda action: action["type"],
)
def test_agent_cannot_sign_what_users_sign(trader, action):
    """It is taken for an account of its own, which has nothing."""
    answer = trader.agent("desk").post_user_signed_action(action)

    assert "Must deposit before performing actions" in refusal(action["type"], answer)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Insufficient stake", {"type": "activateOutcomeDeployer", "isDeactivate": False}),
        ("not an outcome deployer", {"type": "activateOutcomeDeployer", "isDeactivate": True}),
        ("Insufficient stake", {"type": "authorizeAqav2Role", "token": 0, "role": "technical"}),
        ("Invalid ", {"type": "userOutcome", "splitOutcome": {"outcome": 0, "amount": "1"}}),
        ("Invalid ", {"type": "userOutcome", "mergeQuestion": {"question": 0, "amount": None}}),
        (
            "Insufficient funds available to deposit.",
            {"type": "hip3LiquidatorTransfer", "dex": "test", "ntl": 10**15, "isDeposit": True},
        ),
        (
            "Insufficient balance for withdrawal.",
            {"type": "hip3LiquidatorTransfer", "dex": "test", "ntl": 10**9, "isDeposit": False},
        ),
        ("Unknown validator", {"type": "validatorL1Stream", "riskFreeRate": "0.05"}),
        ("Unknown validator", {"type": "CValidatorAction", "changeProfile": PROFILE}),
        ("Signer invalid", {"type": "CSignerAction", "jailSelf": None}),
        ("Insufficient gas", {"type": "gossipPriorityBid", "slotId": 0, "ip": "8.8.8.8", "maxGas": 1}),
        ("Pending EVM contract", {"type": "finalizeEvmContract", "token": 1, "input": "firstStorageSlot"}),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_trader_is_no_validator_deployer_or_staker(trader, action, text):
    """The refusal says what is missing."""
    assert text in refusal(action["type"], trader.post_l1_action(action))


@pytest.mark.parametrize(
    "action",
    [
        {"type": "linkStakingUser", "user": NOBODY, "isFinalize": True},
        {"type": "stakingLinkDisableTradingUser", "tradingUser": NOBODY},
    ],
    ids=lambda action: action["type"],
)
def test_nobody_is_linked_to_the_traders_stake(trader, action):
    """Neither can a link be finished that nobody began, nor one be cut."""
    assert "Staking link error" in refusal(action["type"], trader.post_user_signed_action(action))


def test_vault_needs_its_first_deposit(counterparty):
    """And what making it costs."""
    answer = counterparty.post_l1_action(
        {"type": "createVault", **VAULT, "initialUsd": 10**12, "nonce": 1},
    )

    assert refusal("createVault", answer) == "Insufficient balance to create vault"


def test_modify_of_an_order_that_never_was_is_refused_as_a_whole(trader):
    """`modify` has no statuses, so its refusal is the answer's; in a batch it is the order's."""
    action = {"type": "modify", **L1_ACTIONS["modify"]}

    assert refusal("modify", trader.post_l1_action(action)) == "Cannot modify canceled or filled order"
