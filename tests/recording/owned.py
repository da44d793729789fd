"""A tape that somebody recorded with keys of his own, built from parts; and what of it is his."""

import json
from typing import Any

from harness import signing
from harness.recording.rekey import Keyring
from harness.recording.spelling import checksummed
from harness.recording.tape import TESTNET_URL, Frame, Place, Request, Step, Tape
from tests.recording.tapes import provenance, read, reply, request

START = 1_767_225_600_000
SUB = "5b" + "1c9e7a3f" * 4 + "d20846"


class Owner:
    """Two keys, an agent that the SDK drew, and a sub-account."""

    def __init__(self, first: bytes, second: bytes, agent: bytes) -> None:
        self.first, self.second, self.agent = first, second, agent
        self.address, self.other, self.agents = (
            signing.address_of(key)[2:] for key in (first, second, agent)
        )
        self.ring = Keyring.of(first, None, second)

    @property
    def private(self) -> set[str]:
        """Digits that must stand nowhere."""
        return {
            self.first.hex(),
            self.second.hex(),
            self.agent.hex(),
            self.address,
            self.other,
            self.agents,
            SUB,
        }


def signed(key: bytes, action: dict[str, Any], nonce: int, vault: str | None = None) -> dict[str, Any]:
    """An envelope as the SDK sends it."""
    if action["type"] in signing.USER_SIGNED:
        signature = signing.sign_user_signed_action(action, key)
    else:
        signature = signing.sign_l1_action(action, key, nonce, vault)
    return {
        "action": action,
        "nonce": nonce,
        "signature": signature.as_wire(),
        "vaultAddress": vault,
        "expiresAfter": None,
    }


def sent(key: bytes, action: dict[str, Any], nonce: int, vault: str | None = None) -> Request:
    """A signed request."""
    return request(json.dumps(signed(key, action, nonce, vault)), "/exchange")


def approval(agent: str, nonce: int) -> dict[str, Any]:
    """The action that approves an agent."""
    head = {"type": "approveAgent", "signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    return {**head, "agentAddress": f"0x{checksummed(agent)}", "agentName": "mine", "nonce": nonce}


def owned_tape(owner: Owner, draws: tuple[bytes, ...] = ()) -> Tape:
    """A tape with everything of a user's on it."""
    me, order = f"0x{owner.address}", {"type": "order", "orders": [{"a": 4, "b": True, "p": "1", "s": "1.0"}]}
    transfer = {"type": "subAccountTransfer", "subAccountUser": f"0x{SUB}", "isDeposit": True, "usd": 5}
    exchanges = [
        (sent(owner.first, approval(owner.agents, START), START), '{"status":"ok"}'),
        (sent(owner.agent, order, START + 1), '{"status":"ok"}'),
        (sent(owner.second, order, START + 1), f'{{"status":"err","response":"User: {me}"}}'),
        (
            sent(owner.first, {"type": "createSubAccount", "name": "desk"}, START + 2),
            f'{{"status":"ok","response":{{"type":"createSubAccount","data":"0x{SUB}"}}}}',
        ),
        (sent(owner.first, transfer, START + 3), '{"status":"ok"}'),
        (sent(owner.first, order, START + 4, f"0x{SUB}"), '{"status":"ok"}'),
        (read("userRole", user=f"0x{checksummed(owner.address)}"), '{"role":"user"}'),
        (
            read("extraAgents", user=me),
            f'[{{"name":"mine","address":"0x{owner.agents}","validUntil":1}},'
            f'{{"name":"living room","address":"0x{"7e5d0c41" * 5}","validUntil":1}}]',
        ),
        (
            read("userFills", user=me.upper().replace("0X", "0x")),
            f'[{{"oid":77738308,"tid":118906512037719,"hash":"0x{"a3f1c65e" * 8}","px":"3000.50"}}]',
        ),
    ]
    frames = [
        Frame(1, "opened", f"wss{TESTNET_URL.removeprefix('https')}/ws", Place(1)),
        Frame(
            1,
            "sent",
            f'{{"method":"subscribe","subscription":{{"type":"userFills","user":"{me}"}}}}',
            Place(1),
        ),
        Frame(
            1, "received", f'{{"channel":"trades","data":[{{"users":["{me}","0x{owner.other}"]}}]}}', Place(2)
        ),
        Frame(1, "closed", "", Place(3)),
    ]
    steps = [
        Step(asked, reply(answer), "scenario", START + 100 * number)
        for number, (asked, answer) in enumerate(exchanges)
    ]
    return Tape(
        provenance(target="testnet", clock="wall"),
        steps,
        [owner.agent.hex()],
        [draw.hex() for draw in draws],
        frames=frames,
    )
