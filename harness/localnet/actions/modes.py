"""Account modes: `userSetAbstraction`, `agentSetAbstraction`, `userDexAbstraction` and their like.

Source: wire rules 100 to 104, 153, 154; NK tests of the same names. With dexAbstraction orders on a builder's
dex are not covered; on the first one it changes nothing. A unified account cannot trade here: what it may do
with its money is not covered, only what it is refused (`unified_fault`). Sources disagree on the way back
from unified to standard, so that is not covered.
"""

from typing import TYPE_CHECKING, Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.actions.transfers import (
    AgentSendAssetAction,
    SendAssetAction,
    UserSignedAction,
    own_account,
)
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.ledger import Ledger
from harness.localnet.money import SPOT
from harness.localnet.numbers import MICRO
from harness.localnet.parsing import U64, Address
from harness.localnet.risk import account_value

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

DEFAULT: Final = "default"
DISABLED: Final = "disabled"
UNIFIED: Final = "unifiedAccount"
DEX: Final = "dexAbstraction"
PORTFOLIO: Final = "portfolioMargin"

_PORTFOLIO_VALUE: Final = 10_000 * MICRO
_PORTFOLIO_VOLUME: Final = 5_000_000 * MICRO
# Refused to a unified account (wire rule 102), and what goes on as ever.
_REFUSED: Final = frozenset({"usdClassTransfer", "usdSend", "spotSend"})
_FREE: Final = frozenset(
    {
        "agentEnableDexAbstraction",
        "agentSetAbstraction",
        "approveAgent",
        "approveBuilderFee",
        "cancel",
        "cancelByCloid",
        "convertToMultiSigUser",
        "evmUserModify",
        "noop",
        "registerReferrer",
        "scheduleCancel",
        "setDisplayName",
        "setReferrer",
        "userDexAbstraction",
        "userPortfolioMargin",
        "userSetAbstraction",
    }
)


def mode_of(exchange: "Exchange", address: str) -> str:
    """Return an account's mode; one that was never set works as standard."""
    return exchange.modes.get(address, DEFAULT)


def unified_fault(exchange: "Exchange", account: Ledger, asked: Action) -> str | None:
    """Return why an action is refused because its account is unified, or None.

    Raises:
        NotCovered: it would move or bind the account's money.
    """
    if mode_of(exchange, account.address) != UNIFIED or asked.type in _FREE:
        return None
    if asked.type in _REFUSED:
        return messages.UNIFIED_DISABLED
    if isinstance(asked, (SendAssetAction, AgentSendAssetAction)) and (
        asked.sourceDex != SPOT or asked.destinationDex != SPOT
    ):
        return messages.UNIFIED_SPOT_ONLY
    raise NotCovered(f"{asked.type} of a unified account")


def _enter(call: Call, account: Ledger, mode: str, *, really: bool) -> None:
    """Set a mode that is known to follow the present one.

    Raises:
        Refused: portfolio margin, with too little.
        NotCovered: what follows is not known.
    """
    exchange = call.exchange
    before = mode_of(exchange, account.address)
    if mode == PORTFOLIO:
        poor = account_value(account, exchange.markets) < _PORTFOLIO_VALUE
        if poor and account.volume < _PORTFOLIO_VOLUME:
            raise Refused(messages.PORTFOLIO_MARGIN)
        raise NotCovered("portfolio margin")
    follows = before in (DEFAULT, DISABLED, mode) or (before == DEX and mode == DISABLED)
    if not follows or mode == UNIFIED == before:
        raise NotCovered(f"from mode {before} to {mode}")
    if mode == UNIFIED and (account.positions or account.open):
        raise NotCovered("unifying an account with positions or open orders")
    if really:
        exchange.modes[account.address] = mode


class _OfUser(UserSignedAction):
    """The base of what a user asks for itself or a sub-account; each names the mode."""

    def mode(self) -> str:
        """Return the mode that is asked for."""
        raise NotImplementedError

    def of(self) -> str:
        """Return the account it is asked for."""
        raise NotImplementedError

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Set the mode."""
        address = self.of()
        account = call.account if address == call.account.address else own_account(call, address)
        _enter(call, account, self.mode(), really=really)


class UserSetAbstractionAction(_OfUser):
    """A mode; in the payload of a multi-sig account it is a letter."""

    user: Address = msgspec.field()
    abstraction: Literal["disabled", "unifiedAccount", "portfolioMargin", "i", "u", "p"] = msgspec.field()
    nonce: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the message that is signed, in which the mode is spelled out."""
        return super().signed() | {"abstraction": self.mode()}

    def mode(self) -> str:
        """Return the mode that is asked for."""
        return {"i": DISABLED, "u": UNIFIED, "p": PORTFOLIO}.get(self.abstraction, self.abstraction)

    def of(self) -> str:
        """Return the account it is asked for."""
        return str(self.user)


class UserDexAbstractionAction(_OfUser):
    """Dex abstraction on or off; that off reads `disabled` afterwards is UNVERIFIED."""

    user: Address = msgspec.field()
    enabled: bool = msgspec.field()
    nonce: U64 = msgspec.field()

    def mode(self) -> str:
        """Return the mode that is asked for."""
        return DEX if self.enabled else DISABLED

    def of(self) -> str:
        """Return the account it is asked for."""
        return str(self.user)


class UserPortfolioMarginAction(_OfUser):
    """Portfolio margin on or off."""

    user: Address = msgspec.field()
    enabled: bool = msgspec.field()
    nonce: U64 = msgspec.field()

    def mode(self) -> str:
        """Return the mode that is asked for.

        Raises:
            NotCovered: turning it off, which nobody has on.
        """
        if not self.enabled:
            raise NotCovered("turning portfolio margin off")
        return PORTFOLIO

    def of(self) -> str:
        """Return the account it is asked for."""
        return str(self.user)


@action("userSetAbstraction", UserSetAbstractionAction)
@action("userDexAbstraction", UserDexAbstractionAction)
@action("userPortfolioMargin", UserPortfolioMarginAction)
def set_mode(call: Call, asked: _OfUser) -> dict[str, object]:
    """Carry it out."""
    asked.carry_out(call, really=True)
    return OK


class AgentSetAbstractionAction(TypedAction):
    """A mode by its letter: `i` disabled, `u` unified, `p` portfolio margin."""

    abstraction: Literal["i", "u", "p"] = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for positions and open orders."""
        if self.abstraction == "u" and mode_of(call.exchange, call.account.address) == DEFAULT:
            _enter(call, call.account, UNIFIED, really=False)


@action("agentSetAbstraction", AgentSetAbstractionAction)
def agent_set_abstraction(call: Call, asked: AgentSetAbstractionAction) -> dict[str, object]:
    """Unify an account that has no mode yet; the rest is refused (NK; TI:57628060438, TI:60263552543)."""
    if asked.abstraction != "u" or mode_of(call.exchange, call.account.address) != DEFAULT:
        raise Refused(messages.TRANSITION)
    _enter(call, call.account, UNIFIED, really=True)
    return OK


class AgentEnableDexAbstractionAction(TypedAction):
    """Nothing but its type."""


@action("agentEnableDexAbstraction", AgentEnableDexAbstractionAction)
def agent_enable_dex_abstraction(call: Call, asked: AgentEnableDexAbstractionAction) -> dict[str, object]:
    """Turn dex abstraction on.

    Refused to a unified account with the text that NK met in 2026; an older one is `Action disabled when
    unified account is active`. That an account with a mode set is refused too is UNVERIFIED.
    """
    if mode_of(call.exchange, call.account.address) not in (DEFAULT, DEX):
        raise Refused(messages.TRANSITION)
    call.exchange.modes[call.account.address] = DEX
    return OK
