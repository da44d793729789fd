"""Forms of any content for the actions of deployers, validators, builders and multi-sig accounts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.actions import ACTIONS
from tests.localnet.desk import Desk
from tests.localnet.test_fuzz import ADDRESSES, JSON, STATUSES

KINDS = (
    "CSignerAction",
    "CValidatorAction",
    "agentEnableDexAbstraction",
    "agentSetAbstraction",
    "approveBuilderFee",
    "cDeposit",
    "claimRewards",
    "convertToMultiSigUser",
    "evmUserModify",
    "finalizeEvmContract",
    "gossipPriorityBid",
    "multiSig",
    "perpDeploy",
    "registerReferrer",
    "reserveRequestWeight",
    "setDisplayName",
    "setReferrer",
    "spotDeploy",
    "tokenDelegate",
    "userDexAbstraction",
    "userPortfolioMargin",
    "userSetAbstraction",
    "validatorL1Stream",
)
VALUES = (
    JSON
    | ADDRESSES
    | st.sampled_from(["0x66eee", "Testnet", "0.05%", "u", "disabled", 7, "null", [["BTC", 1]], [["x", "1"]]])
)
NOOP = {"type": "noop"}
SIGNED = {"r": "0x1", "s": "0x1", "v": 27}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_content_breaks_a_form(kind: str, data: st.DataObject) -> None:
    net = Localnet(accounts=1)
    desk = Desk(net)
    names = [name for name in ACTIONS[kind].form.__struct_fields__ if name != "type"]
    action: dict[str, Any] = {"type": kind}
    for name in data.draw(st.lists(st.sampled_from([*names, "x"]), unique=True, max_size=5)) if names else []:
        action[name] = data.draw(VALUES)
    before = net.total_usd()
    answer = desk.send(desk.envelope(action, signed=NOOP))
    assert answer.status in STATUSES - {500}
    assert net.total_usd() == before


@given(inner=st.dictionaries(st.sampled_from(["type", "orders", "grouping", "signers", "nonce"]), VALUES))
def test_no_payload_breaks_a_multi_sig(inner: dict[str, Any]) -> None:
    desk = Desk(Localnet(accounts=1))
    address = ACCOUNTS[0].address
    payload = {"multiSigUser": address, "outerSigner": address, "action": inner}
    whole = {"type": "multiSig", "signatureChainId": "0x66eee", "signatures": [SIGNED], "payload": payload}
    for action in (whole, whole | {"payload": payload | {"action": NOOP | inner}}):
        assert desk.send(desk.envelope(action, signed=NOOP)).status in STATUSES
