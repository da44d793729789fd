"""Who signed, for whom, and whether the nonce may still be used: agents and nonces.

Source: wire rules 67 to 70 (nonces), 72 to 80 (signatures, agents).
"""

from dataclasses import dataclass, field, replace
from typing import Final

from harness import signing
from harness.localnet import messages
from harness.localnet.answers import Refused

_DAY_MS: Final = 86_400_000
# The measured window is about 120 s narrower than the documented one, at both ends (wire rule 68).
_MARGIN_MS: Final = 120_000
_BEHIND_MS: Final = 2 * _DAY_MS - _MARGIN_MS
_AHEAD_MS: Final = _DAY_MS - _MARGIN_MS

# Approvals fail for 4 to 5 s after a removal (wire rule 79); clients wait for 5 s.
REMOVAL_MS: Final = 4_500
NAMED_AGENTS: Final = 3
MORE_PER_SUB_ACCOUNT: Final = 2
DEFAULT_VALID_MS: Final = 90 * _DAY_MS
LONGEST_VALID_MS: Final = 180 * _DAY_MS
NOBODY: Final = "0x" + "00" * 20


@dataclass(frozen=True, slots=True)
class Agent:
    """An approved agent; the unnamed one has the name ``""``."""

    address: str
    name: str
    # None does not end; only old ones of mainnet were seen so (NK).
    valid_until_ms: int | None


@dataclass(slots=True)
class _Agents:
    """The agents of one master, in order of approval."""

    by_name: dict[str, Agent] = field(default_factory=dict)
    removed_ms: int | None = None


class Signers:
    """Agents and used nonces of all signers."""

    def __init__(self) -> None:
        self._agents: dict[str, _Agents] = {}
        self._master_of: dict[str, str] = {}
        # Removed agents: master and time of removal.
        self._removed: dict[str, tuple[str, int]] = {}
        self._nonces: dict[str, set[int]] = {}

    def master_of(self, agent: str) -> str | None:
        """Return the account that an agent trades for."""
        return self._master_of.get(agent)

    def removed_from(self, agent: str, now_ms: int) -> str | None:
        """Return the master of an agent whose removal is still going through."""
        master, at_ms = self._removed.get(agent, ("", -REMOVAL_MS))
        return master if now_ms < at_ms + REMOVAL_MS else None

    def named_agents(self, master: str) -> list[Agent]:
        """Return the named agents of an account, oldest first (wire rule 80)."""
        agents = self._agents.get(master)
        return [] if agents is None else [agent for name, agent in agents.by_name.items() if name]

    def keep(self, master: str) -> bool:
        """Let the named agents of an account never end; say whether there is one."""
        agents = self._agents.get(master)
        named = {} if agents is None else {name: agent for name, agent in agents.by_name.items() if name}
        if agents is not None:
            agents.by_name |= {name: replace(agent, valid_until_ms=None) for name, agent in named.items()}
        return bool(named)

    def unnamed_agent(self, master: str) -> Agent | None:
        """Return the agent of an account that has no name, if there is one."""
        agents = self._agents.get(master)
        return None if agents is None else agents.by_name.get("")

    def approve(self, master: str, agent: Agent, now_ms: int, *, most_named: int = NAMED_AGENTS) -> None:
        """Approve an agent, or with the zero address revoke the one of that name.

        Raises:
            Refused: a removal is going through, the address is an agent already, or there are too many.
        """
        agents = self._agents.setdefault(master, _Agents())
        if agents.removed_ms is not None and now_ms < agents.removed_ms + REMOVAL_MS:
            raise Refused(messages.AGENT_PENDING)
        if agent.address in self._master_of:
            raise Refused(messages.AGENT_USED)
        replaced = agents.by_name.get(agent.name)
        if agent.address == NOBODY:
            self._remove(master, agents, replaced, now_ms)
            return
        named = sum(1 for name in agents.by_name if name)
        if agent.name and replaced is None and named >= most_named:
            raise Refused(messages.too_many_agents(most_named))
        self._remove(master, agents, replaced, now_ms)
        agents.by_name[agent.name] = agent
        self._master_of[agent.address] = master
        self._removed.pop(agent.address, None)

    def _remove(self, master: str, agents: _Agents, agent: Agent | None, now_ms: int) -> None:
        if agent is None:
            return
        del agents.by_name[agent.name]
        del self._master_of[agent.address]
        self._removed[agent.address] = (master, now_ms)
        agents.removed_ms = now_ms

    def use_nonce(self, signer: str, nonce: int, now_ms: int) -> None:
        """Use up a nonce.

        All nonces inside the window are remembered, as measured, not only the hundred highest (wire rule 68).

        Raises:
            Refused: the nonce is outside the window, or used.
        """
        lowest, highest = now_ms - _BEHIND_MS, now_ms + _AHEAD_MS
        if nonce < lowest:
            raise Refused(messages.nonce_low(nonce, lowest))
        if nonce > highest:
            raise Refused(messages.nonce_high(nonce, highest))
        used = self._nonces.get(signer)
        if used is None:
            used = self._nonces[signer] = set()
        elif nonce in used:
            raise Refused(messages.nonce_used(nonce))
        used.add(nonce)


def recover_l1(
    action: object, nonce: int, vault: str | None, expires_after: int | None, signature: signing.Signature
) -> str:
    """Return the address that signed an L1 action, rebuilt in documented key order.

    Raises:
        Refused: the signature belongs to no address.
    """
    hashed = signing.action_hash(action, nonce, vault, expires_after)
    return recover_with(signing.l1_digest(hashed), signature)


def recover_user_signed(action: dict[str, object], signature: signing.Signature) -> str:
    """Return the address that signed a user-signed action.

    Raises:
        Refused: the action is for another network, or the signature belongs to no address.
    """
    return recover_with(signing.user_signed_action_digest(action), signature)


def recover_with(digest: bytes, signature: signing.Signature) -> str:
    """Return the address that signed a digest.

    Raises:
        Refused: the signature belongs to no address.
    """
    try:
        return signing.recover(digest, signature.r, signature.s, signature.v)
    except signing.UnrecoverableSignature as error:
        raise Refused(messages.NO_SIGNER) from error
