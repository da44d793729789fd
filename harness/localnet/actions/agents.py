"""`approveAgent`: let another key trade for the signer, named or unnamed (wire rules 78 to 80)."""

import re
from typing import ClassVar, Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.auth import (
    DEFAULT_VALID_MS,
    LONGEST_VALID_MS,
    MORE_PER_SUB_ACCOUNT,
    NAMED_AGENTS,
    NOBODY,
    Agent,
)
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U64, Address, ChainId

_LONGEST_NAME: Final = 16
_VALID_UNTIL: Final = re.compile(r"(.*) valid_until ([0-9]{1,18})", re.ASCII | re.DOTALL)


class ApproveAgentAction(Action):
    """The SDK signs an unnamed agent with the name ``""`` and then leaves the key out."""

    user_signed: ClassVar[bool] = True
    signatureChainId: ChainId = msgspec.field()
    hyperliquidChain: Literal["Mainnet", "Testnet"] = msgspec.field()
    agentAddress: Address = msgspec.field()
    nonce: U64 = msgspec.field()
    agentName: str | None = None

    def signed(self) -> dict[str, object]:
        """Return the message that is signed."""
        return {
            "type": self.type,
            "hyperliquidChain": self.hyperliquidChain,
            "signatureChainId": str(self.signatureChainId),
            "agentAddress": str(self.agentAddress),
            "agentName": self.agentName or "",
            "nonce": int(self.nonce),
        }

    def name_and_end(self) -> tuple[str, int | None]:
        """Return the agent's name, and the end of its validity in ms when the name gives one."""
        given = self.agentName or ""
        match = _VALID_UNTIL.fullmatch(given)
        return (given, None) if match is None else (match[1], int(match[2]))

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        if len(self.name_and_end()[0]) > _LONGEST_NAME:
            raise NotCovered("an agent name of more than 16 characters")
        if call.exchange.ledger(self.agentAddress) is not None:
            raise NotCovered("an agent address that has an account")


@action("approveAgent", ApproveAgentAction)
def approve_agent(call: Call, asked: ApproveAgentAction) -> dict[str, object]:
    """Approve an agent; the zero address revokes the one of that name."""
    now_ms = call.exchange.now_ms()
    name, until_ms = asked.name_and_end()
    if until_ms is None:
        until_ms = now_ms + DEFAULT_VALID_MS
    elif asked.agentAddress != NOBODY and not now_ms < until_ms <= now_ms + LONGEST_VALID_MS:
        raise Refused(messages.AGENT_EXPIRED)
    subs = len(call.exchange.sub_accounts.of(call.account.address))
    call.exchange.signers.approve(
        call.account.address,
        Agent(str(asked.agentAddress), name, until_ms),
        now_ms,
        most_named=NAMED_AGENTS + MORE_PER_SUB_ACCOUNT * subs,
    )
    return OK
