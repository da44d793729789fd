"""What moves money out or binds the account is refused, however it is wrapped, but for marked scenarios."""

import pytest

from harness.errors import GuardError
from harness.localnet.actions.known import KNOWN
from harness.localnet.actions.registry import ACTIONS
from harness.safety.actions import GUARDED, TRADES, check_action

OWN = "0x" + "ab" * 20
STRANGER = "0x" + "cd" * 20
OWNED = frozenset({OWN})


def check(action, *permitted):
    check_action({"action": action, "nonce": 1}, OWNED, frozenset(permitted))


def in_multi_sig(action):
    return {"type": "multiSig", "payload": {"multiSigUser": OWN, "outerSigner": OWN, "action": action}}


def test_every_action_that_localnet_knows_is_judged():
    assert (ACTIONS.keys() | KNOWN) - {"multiSig"} <= TRADES | GUARDED.keys()
    assert not TRADES & GUARDED.keys()


@pytest.mark.parametrize("kind", sorted(TRADES))
def test_trading_passes(kind):
    check({"type": kind})
    check(in_multi_sig({"type": kind}))


@pytest.mark.parametrize("kind", sorted(GUARDED))
def test_the_others_are_refused_and_pass_where_marked(kind):
    action = {"type": kind, "destination": STRANGER}
    for one in (action, in_multi_sig(action), in_multi_sig(in_multi_sig(action))):
        with pytest.raises(GuardError, match=rf'moves_money\("{kind}"\)'):
            check(one)
        with pytest.raises(GuardError):
            check(one, *(GUARDED.keys() - {kind}))
        check(one, kind)


@pytest.mark.parametrize("kind", ["usdSend", "spotSend", "sendAsset", "agentSendAsset"])
def test_money_may_go_between_own_addresses(kind):
    check({"type": kind, "destination": OWN})
    check({"type": kind, "destination": OWN.upper().replace("X", "x")})
    with pytest.raises(GuardError, match="moves money out"):
        check({"type": kind, "destination": STRANGER})


def test_withdrawal_to_an_own_address_is_refused_too():
    with pytest.raises(GuardError, match="withdraw3: it moves money out"):
        check({"type": "withdraw3", "destination": OWN})


@pytest.mark.parametrize(
    "action",
    [
        {"type": "Order"},
        {"type": "withdraw4"},
        {"type": ["order"]},
        {"type": None},
        {},
        [],
        "order",
        7,
        {"type": "multiSig"},
        {"type": "multiSig", "payload": [{"action": {"type": "withdraw3"}}]},
    ],
)
def test_what_nobody_knows_is_refused(action):
    if action == {"type": "multiSig"}:
        check(action)
        return
    with pytest.raises(GuardError, match="Refusing to send"):
        check(action)


@pytest.mark.parametrize("kind", ["usdClassTransfer", "approveAgent", "usdSend"])
def test_what_is_signed_for_mainnet_does_not_leave(kind):
    action = {"type": kind, "destination": OWN, "hyperliquidChain": "Mainnet"}
    for one in (action, in_multi_sig(action)):
        with pytest.raises(GuardError, match="signed for the chain 'Mainnet'"):
            check(one, kind)
    check(action | {"hyperliquidChain": "Testnet"})


@pytest.mark.parametrize("payload", [None, [], "x", {"type": "meta"}, {"action": None}])
def test_reads_pass(payload):
    check_action(payload, OWNED, frozenset())
