"""Accounts that several users act for together."""

import json
from decimal import Decimal
from typing import Any

import pytest

from harness import signing
from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, order, orders

OK = {"status": "ok", "response": {"type": "default"}}


def convert(desk: Desk, users: list[str], threshold: int = 2) -> Any:
    signers = json.dumps({"authorizedUsers": users, "threshold": threshold})
    return desk.user_act({"type": "convertToMultiSigUser", "signers": signers})


class Together:
    """Account 0 as a multi-sig account of 1, 2 and 3, of whom two must sign; 1 leads."""

    def __init__(self) -> None:
        self.net = Localnet()
        self.users = [Desk(self.net, ACCOUNTS[number].private_key) for number in range(5)]
        self.account, self.leader = self.users[0], self.users[1]
        assert convert(self.account, [desk.address for desk in self.users[1:4]]) == OK

    def l1(self, action: dict[str, Any], signers: list[int], **changed: Any) -> Any:
        """Send an L1 action, signed by these of the users."""
        nonce = self.leader.nonce()
        whole = [self.account.address, self.leader.address, action]
        signed = [signing.sign_l1_action(whole, self.users[i].key, nonce) for i in signers]
        return self.send(action, signed, nonce, **changed)

    def user_signed(self, action: dict[str, Any], signers: list[int], **changed: Any) -> Any:
        """Send a user-signed action, signed by these of the users."""
        nonce = self.leader.nonce()
        head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
        stamp = "time" if action["type"] in ("usdSend", "spotSend", "withdraw3") else "nonce"
        action = {"type": action["type"]} | head | action | {stamp: nonce}
        named = {"payloadMultiSigUser": self.account.address, "outerSigner": self.leader.address}
        digest = signing.user_signed_action_digest(action | named, multi_sig=True)
        signed = [signing.sign_digest(digest, self.users[i].key) for i in signers]
        return self.send(action, signed, nonce, **changed)

    def send(
        self,
        action: dict[str, Any],
        signed: list[signing.Signature],
        nonce: int,
        *,
        by: Desk | None = None,
        account: str | None = None,
    ) -> Any:
        """Wrap and send."""
        whole = {
            "type": "multiSig",
            "signatureChainId": "0x66eee",
            "signatures": [signature.as_wire() for signature in signed],
            "payload": {
                "multiSigUser": account or self.account.address,
                "outerSigner": self.leader.address,
                "action": action,
            },
        }
        digest = signing.multi_sig_digest(whole, nonce, None, None)
        body = {
            "action": whole,
            "nonce": nonce,
            "signature": signing.sign_digest(digest, (by or self.leader).key).as_wire(),
            "vaultAddress": None,
            "expiresAfter": None,
        }
        answer = self.leader.send(body)
        assert answer.status == 200, answer
        return json.loads(answer.body)


@pytest.fixture
def together() -> Together:
    """A multi-sig account."""
    return Together()


def refused(text: str) -> dict[str, str]:
    return {"status": "err", "response": text}


def test_its_signers_can_be_asked_for(together: Together) -> None:
    assert together.account.info("userToMultiSigSigners") == {
        "authorizedUsers": sorted(desk.address for desk in together.users[1:4]),
        "threshold": 2,
    }
    assert together.leader.info("userToMultiSigSigners") is None


def test_two_of_three_trade_and_send_for_it(together: Together) -> None:
    answer = together.l1(orders(order(p="3000")), [1, 2])
    assert answer["response"]["data"]["statuses"][0]["resting"]
    assert len(together.account.open_oids()) == 1
    sent = {"type": "usdSend", "destination": together.users[4].address, "amount": "5"}
    assert together.user_signed(sent, [3, 1]) == OK
    assert together.account.info("clearinghouseState")["marginSummary"]["accountValue"] == "9995.0"


def test_a_mode_is_a_letter_in_its_payload(together: Together) -> None:
    nonce = together.leader.nonce()
    action = {
        "type": "userSetAbstraction",
        "signatureChainId": "0x66eee",
        "hyperliquidChain": "Testnet",
        "user": together.account.address,
        "abstraction": "disabled",
        "nonce": nonce,
    }
    named = {"payloadMultiSigUser": together.account.address, "outerSigner": together.leader.address}
    digest = signing.user_signed_action_digest(action | named, multi_sig=True)
    signed = [signing.sign_digest(digest, together.users[i].key) for i in (1, 2)]
    assert together.send(action | {"abstraction": "i"}, signed, nonce) == OK
    assert together.account.info("userAbstraction") == "disabled"


def test_its_own_key_can_do_nothing_and_its_agent_can(together: Together) -> None:
    assert together.account.act(orders(order())) == refused("Multi-sig required")
    assert convert(together.account, []) == refused("Multi-sig required")
    agent = Desk(together.net, "0x" + "13" * 32)
    approve = {"type": "approveAgent", "agentAddress": agent.address, "agentName": "bot"}
    assert together.user_signed(approve, [1, 2]) == OK
    assert agent.act(orders(order(p="3000")))["status"] == "ok"
    assert len(together.account.open_oids()) == 1


@pytest.mark.parametrize(
    ("signers", "text"),
    [
        ([1], "Multi-sig threshold not met"),
        ([2, 2], "Multi-sig threshold not met"),
        ([], "Multi-sig threshold not met"),
        ([1, 4], "Invalid multi-sig inner signer"),
        ([0, 1, 2], "Invalid multi-sig inner signer"),
    ],
)
def test_too_few_or_other_signers_are_refused(together: Together, signers: list[int], text: str) -> None:
    assert together.l1({"type": "noop"}, signers) == refused(text)


def test_who_sends_it_must_be_who_it_names_and_one_of_them(together: Together) -> None:
    wrong = refused("Invalid multi-sig outer signer")
    assert together.l1({"type": "noop"}, [1, 2], by=together.users[2]) == wrong
    together.leader = together.users[4]
    assert together.l1({"type": "noop"}, [1, 2]) == wrong


def test_an_agent_leads_only_with_an_account(together: Together) -> None:
    agent = Desk(together.net, "0x" + "13" * 32)
    together.leader.approve(agent.address, "bot")
    together.leader = agent
    text = "Multi-sig outer signer must be an L1 user."
    assert together.l1({"type": "noop"}, [1, 2]) == refused(text)


def test_another_account_is_no_multi_sig_account(together: Together) -> None:
    answer = together.l1({"type": "noop"}, [1, 2], account=together.users[4].address)
    assert answer == refused("Invalid multi-sig user")


def test_signatures_over_something_else_are_somebody_elses(together: Together) -> None:
    nonce = together.leader.nonce()
    whole = [together.account.address, together.leader.address, {"type": "noop"}]
    signed = [signing.sign_l1_action(whole, together.users[i].key, nonce) for i in (1, 2)]
    answer = together.send(orders(order()), signed, nonce)
    assert answer == refused("Invalid multi-sig inner signer")


def test_the_nonce_is_the_leaders(together: Together) -> None:
    nonce = together.leader.nonce()
    whole = [together.account.address, together.leader.address, {"type": "noop"}]
    signed = [signing.sign_l1_action(whole, together.users[i].key, nonce) for i in (1, 2)]
    assert together.send({"type": "noop"}, signed, nonce) == OK
    assert together.leader.act({"type": "noop"}, nonce=nonce) == refused(
        f"Invalid nonce: duplicate nonce {nonce}"
    )


def test_null_turns_it_back(together: Together) -> None:
    assert together.user_signed({"type": "convertToMultiSigUser", "signers": "null"}, [1, 3]) == OK
    assert together.account.info("userToMultiSigSigners") is None
    assert together.account.act({"type": "noop"}) == OK


@pytest.mark.parametrize(
    ("users", "threshold", "text"),
    [
        ([0, 1], 1, "Cannot register self as multi-sig authorized user"),
        ([1, 2], 3, "Invalid multi-sig threshold"),
        ([1, 2], 0, "Invalid multi-sig threshold"),
        ([], 0, "Invalid multi-sig threshold"),
        ([1, -1], 1, "Multi-sig authorized user must exist on L1"),
    ],
)
def test_what_it_cannot_become(desk: Desk, users: list[int], threshold: int, text: str) -> None:
    named = ["0x" + "55" * 20 if number < 0 else ACCOUNTS[number].address for number in users]
    assert convert(desk, named, threshold) == refused(text)


def test_it_has_at_most_ten_users(net: Localnet, desk: Desk) -> None:
    users = [f"0x{number:040x}" for number in range(1, 12)]
    for user in users:
        net.fund(user, Decimal(1))
    assert convert(desk, users) == refused("Too many multi-sig signers")
    assert convert(desk, users[:10]) == OK


@pytest.mark.parametrize(
    "signers", ["", "{}", '{"threshold":1}', "[]", '{"authorizedUsers":["0x1"],"threshold":1}']
)
def test_malformed_signers_are_an_unexpected_error(desk: Desk, signers: str) -> None:
    answer = desk.user_act({"type": "convertToMultiSigUser", "signers": signers})
    assert answer == refused("Unexpected error (code=148)")
