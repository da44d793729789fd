"""Account modes: `userSetAbstraction`, `agentSetAbstraction`, `userDexAbstraction` and their like.

Source: wire rules 100 to 104, 153, 154; NK tests of the same names. Positions and orders stay as they are
when an account becomes unified (UNVERIFIED; wallets moved whole user bases without a word of either, GH
metamask-mobile 29492). The way back is open only to accounts without them: what would stand behind them is
not known. Into portfolio margin go only accounts without them (FAQ of the docs, "Portfolio margin"; the text
of that refusal is not known), and out of it those without a loan besides; that this way is open is
UNVERIFIED.

With portfolio margin localnet has spot and lending, no perpetuals: how a position's margin, its losses and a
loan that covers them hang together is told, but not which of them a liquidation takes.
"""

from typing import TYPE_CHECKING, ClassVar, Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.modes import DEFAULT, DEX, DISABLED, PORTFOLIO, UNIFIED
from harness.localnet.accounts.risk import account_value
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.actions.transfers import UserSignedAction, own_account
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.lending import interest
from harness.localnet.markets.dexes import FIRST, dex_of
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import MICRO, wire_usd
from harness.localnet.parsing import U64, Address
from harness.localnet.trading import credit
from harness.localnet.trading.matching import DAY_MS
from harness.localnet.transfers.money import RATIO, enter, move_usd

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_PORTFOLIO_VALUE: Final = 10_000 * MICRO
_PORTFOLIO_MOST: Final = 25_000_000 * MICRO
_PORTFOLIO_VOLUME: Final = 5_000_000 * MICRO
_MOST_ACTIONS: Final = 50_000


def refuse_unknown(exchange: "Exchange", account: Ledger, asked: Action) -> None:
    """Raise NotCovered where nobody has told what an account, which is unified, is answered.

    A deployer must be in standard mode; two texts were seen (TI:71605891028), but not which comes when. What
    follows 50,000 actions of a day (wire rule 103) was not; that a batch is one of them is UNVERIFIED.
    """
    if asked.type in ("perpDeploy", "subAccountSpotTransfer"):
        raise NotCovered(f"{asked.type} of a unified account")
    if account.has_portfolio_margin and _is_of_perps(exchange, asked):
        raise NotCovered("perpetuals with portfolio margin")
    day, actions = account.unified_actions
    is_today = day == exchange.now_ms() // DAY_MS
    if exchange.rules.address_limits and is_today and actions >= _MOST_ACTIONS:
        raise NotCovered(f"more than {_MOST_ACTIONS} actions of a unified account a day")


def _is_of_perps(exchange: "Exchange", asked: Action) -> bool:
    """Say whether orders on perpetuals, or their margin, are asked for."""
    if asked.type in ("updateLeverage", "updateIsolatedMargin", "topUpIsolatedOnlyMargin"):
        return True
    forms = [*getattr(asked, "orders", ()), *(form.order for form in getattr(asked, "modifies", ()))]
    forms += [form for form in (getattr(asked, "order", None), getattr(asked, "twap", None)) if form]
    return any(exchange.perp(form.a) is not None for form in forms)


def count_unified(account: Ledger, now_ms: int) -> None:
    """Count an action of a unified account."""
    day, actions = account.unified_actions
    today = now_ms // DAY_MS
    account.unified_actions = (today, (actions if day == today else 0) + 1)


def _enter(call: Call, account: Ledger, mode: str, *, really: bool) -> None:
    """Set a mode. That setting the present one is answered like a change, as leverage is, is UNVERIFIED.

    Raises:
        Refused: portfolio margin, with too little; the way back to standard, where a rule closes it.
        NotCovered: what follows is not known.
    """
    exchange, before = call.exchange, account.mode
    if account.address in exchange.vaults:
        raise NotCovered("the mode of a vault")
    if mode == PORTFOLIO:
        _refuse_portfolio(exchange, account)
        if really and before != PORTFOLIO:
            account.mode = mode
            interest.enter(exchange, account)
        return
    if before == PORTFOLIO:
        _leave_portfolio(exchange, account, mode, really=really)
    elif before == UNIFIED and mode != UNIFIED:
        _leave_unified(exchange, account, really=really)
    elif DEX in (before, mode) and mode not in (before, UNIFIED):
        _refuse_builder_dexes(account)
        if really and before == DEX:
            _gather(exchange, account)
        elif really:
            _activate(exchange, account)
    if really:
        account.mode = mode


def _refuse_portfolio(exchange: "Exchange", account: Ledger) -> None:
    """Refuse portfolio margin to who has too little, or is not ready for it.

    Of a sub-account the master's volume counts (API docs). That the value is USDC alone, and on spot that of
    a unified account only, is UNVERIFIED; so is that one at its upper bound, for which no text is known,
    stays.
    """
    sub = exchange.sub_accounts.get(account.address)
    volume = account.volume if sub is None else exchange.ledgers[sub.master].volume
    value = account_value(account, exchange.markets)
    value += account.tokens_of(USDC.index).total // RATIO if account.is_unified else 0
    if value < _PORTFOLIO_VALUE and volume < _PORTFOLIO_VOLUME:
        raise Refused(messages.PORTFOLIO_MARGIN)
    if value >= _PORTFOLIO_MOST:
        raise NotCovered("portfolio margin for 25,000,000 USD or more")
    if account.mode != PORTFOLIO and (account.positions or account.open or account.twaps.running):
        raise NotCovered("portfolio margin with positions, orders or TWAPs")


def _leave_portfolio(exchange: "Exchange", account: Ledger, mode: str, *, really: bool) -> None:
    """Let all tokens stay on spot."""
    reserve = exchange.lending.reserves[USDC.index]
    position = reserve.positions.get(account.address)
    due = 0 if position is None else interest.due(exchange, reserve, position)[0]
    owes = credit.free(exchange, account, USDC) != credit.idle(account, USDC) or due
    if mode == DEX or account.open or account.twaps.running or owes:
        raise NotCovered(
            "the way out of portfolio margin into dex abstraction, with orders, a loan, or lent out"
        )
    if really:
        interest.leave(exchange, account)


def _leave_unified(exchange: "Exchange", account: Ledger, *, really: bool) -> None:
    """Let all USDC stay on spot, from where a `usdClassTransfer` takes it (TI:60263552543)."""
    if not exchange.rules.unified_to_standard:
        raise Refused(messages.TRANSITION)
    if account.positions or account.open or account.twaps.running:
        raise NotCovered("the way back from unified with positions, orders or TWAPs")
    if really:
        _gather(exchange, account)
        account.tokens_of(USDC.index).total += account.balance * RATIO
        account.balance = 0


def _gather(exchange: "Exchange", account: Ledger) -> None:
    """Bring all perp cash to the first dex."""
    for dex, micro in list(account.dex_balances.items()):
        if micro:
            move_usd(exchange, account, dex, -micro)
            account.balance += micro


def _activate(exchange: "Exchange", account: Ledger) -> None:
    """Bring what lies on builders' dexes to the first one, where USDC is then (docs, "Account abstraction").

    UNVERIFIED: that this is what a row of the kind tells of (NK has its form).
    """
    for dex, micro in list(account.dex_balances.items()):
        if not micro:
            continue
        move_usd(exchange, account, dex, -micro)
        account.balance += micro
        delta: dict[str, object] = {
            "type": "activateDexAbstraction",
            "dex": exchange.universe.dexes[dex].name,
            "token": USDC.name,
            "amount": wire_usd(micro),
        }
        enter(exchange, delta, account)


def _refuse_builder_dexes(account: Ledger) -> None:
    """Raise NotCovered for going into dex abstraction, or out of it, with orders or positions there."""
    there = [asset for asset in (*account.positions, *account.open_on) if dex_of(asset) != FIRST.number]
    there += [twap.asset for twap in account.twaps.running.values() if dex_of(twap.asset) != FIRST.number]
    if there:
        raise NotCovered("switching dex abstraction with positions or orders on a builder's dex")


class _OfUser(UserSignedAction):
    """The base of what a user asks for itself or a sub-account; each names the mode."""

    may_leave_unified: ClassVar[bool] = True

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
        if account.has_portfolio_margin and not self.may_leave_unified:
            raise NotCovered("dex abstraction of an account with portfolio margin")
        if account.is_unified and not self.may_leave_unified:
            raise Refused(messages.TRANSITION)
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
    """Dex abstraction on or off.

    UNVERIFIED: that off reads `disabled` afterwards, and that a unified account's user is refused both as its
    agent is.
    """

    may_leave_unified: ClassVar[bool] = False
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
        """Return the mode that is asked for."""
        return PORTFOLIO if self.enabled else DISABLED

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Set the mode; off reads `disabled` afterwards (UNVERIFIED).

        Raises:
            NotCovered: turning it off where it is not on.
        """
        account = call.account if self.user == call.account.address else own_account(call, str(self.user))
        if not self.enabled and not account.has_portfolio_margin:
            raise NotCovered("turning portfolio margin off where it is not on")
        super().carry_out(call, really=really)

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
        """Raise NotCovered for a vault."""
        if self.abstraction == "u" and call.account.mode == DEFAULT:
            _enter(call, call.account, UNIFIED, really=False)


@action("agentSetAbstraction", AgentSetAbstractionAction)
def agent_set_abstraction(call: Call, asked: AgentSetAbstractionAction) -> dict[str, object]:
    """Unify an account that has no mode yet; the rest is refused (NK; TI:57628060438, TI:60263552543)."""
    if asked.abstraction != "u" or call.account.mode != DEFAULT:
        raise Refused(messages.TRANSITION)
    _enter(call, call.account, UNIFIED, really=True)
    return OK


class AgentEnableDexAbstractionAction(TypedAction):
    """Nothing but its type."""

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where what follows is not known."""
        if call.account.mode in (DEFAULT, DEX):
            _enter(call, call.account, DEX, really=False)


@action("agentEnableDexAbstraction", AgentEnableDexAbstractionAction)
def agent_enable_dex_abstraction(call: Call, asked: AgentEnableDexAbstractionAction) -> dict[str, object]:
    """Turn dex abstraction on.

    Refused to a unified account with the text that NK met in 2026; an older one is `Action disabled when
    unified account is active`. That an account with a mode set is refused too is UNVERIFIED.
    """
    if call.account.mode not in (DEFAULT, DEX):
        raise Refused(messages.TRANSITION)
    _enter(call, call.account, DEX, really=True)
    return OK
