"""How the `destination` of a user-signed transfer is hashed when it has capitals."""

import json
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet, Rules
from tests.localnet.desk import Desk

TO = ACCOUNTS[1].address
TRANSFERS = {
    "usdSend": {"destination": TO, "amount": "2"},
    "spotSend": {"destination": TO, "token": "USDC", "amount": "2"},
    "withdraw3": {"destination": TO, "amount": "2"},
    "sendAsset": {
        "destination": TO,
        "sourceDex": "",
        "destinationDex": "",
        "token": "USDC",
        "amount": "2",
        "fromSubAccount": "",
    },
}
REFUSED = "Must deposit before performing actions."
OK = {"status": "ok", "response": {"type": "default"}}


def sign_as(desk: Desk, kind: str, signed: str, sent: str) -> Any:
    """Send a transfer of which `destination` is spelt in one way when signed, in another when sent."""
    nonce = desk.nonce()
    time = {"nonce": nonce} if kind == "sendAsset" else {"time": nonce}
    action = {"type": kind, "signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    body = desk.user_envelope(action | TRANSFERS[kind] | time | {"destination": signed}, nonce)
    body["action"]["destination"] = sent
    return json.loads(desk.send(body).body)


@pytest.mark.parametrize("kind", TRANSFERS)
def test_it_is_hashed_as_it_was_sent(kind: str) -> None:
    desk = Desk(Localnet())

    assert sign_as(desk, kind, TO, TO) == OK
    assert sign_as(desk, kind, TO.lower(), TO.lower()) == OK
    assert sign_as(desk, kind, TO.lower(), TO)["response"].startswith(REFUSED)


@pytest.mark.parametrize("kind", TRANSFERS)
def test_a_setting_hashes_it_in_lower_case(kind: str) -> None:
    desk = Desk(Localnet(rules=Rules(lower_case_destinations=True)))

    assert sign_as(desk, kind, TO.lower(), TO) == OK
    assert sign_as(desk, kind, TO, TO)["response"].startswith(REFUSED)
