"""`updateIsolatedMargin`, `topUpIsolatedOnlyMargin`: margin between an isolated position and the account.

Source: wire rules 89, 147 and 148; API docs, "Margining" for how much may leave, and for coins that keep
their margin. `isBuy` has no effect. What is refused first is UNVERIFIED.
"""

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.risk import is_isolated, leverage_of, position_margin, withdrawable
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.actions.typed import TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.dexes import dex_of
from harness.localnet.numbers import E8, parse_figure
from harness.localnet.parsing import U32


class UpdateIsolatedMarginAction(Action):
    """`ntli`, in millionths of a USD, is negative when margin is taken out."""

    asset: U32 = msgspec.field()
    isBuy: bool = msgspec.field()
    ntli: int = msgspec.field()

    def __post_init__(self) -> None:
        if not -(1 << 63) <= self.ntli < 1 << 63:
            raise ValueError("not a number of 64 bits")

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "asset": int(self.asset), "isBuy": self.isBuy, "ntli": self.ntli}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for other assets."""
        if call.exchange.perp(self.asset) is None:
            raise NotCovered("assets other than live perpetuals")


@action("updateIsolatedMargin", UpdateIsolatedMarginAction)
def update_isolated_margin(call: Call, asked: UpdateIsolatedMarginAction) -> dict[str, object]:
    """Move margin; what stays in the position must be its initial margin and a tenth of its value."""
    account, exchange = call.account, call.exchange
    perp, position = exchange.perp(asked.asset), account.positions.get(asked.asset)
    assert perp is not None
    dex = dex_of(perp.index)
    if position is None:
        raise Refused(messages.NO_POSITION)
    if not is_isolated(account, perp):
        raise Refused(messages.NOT_ISOLATED)
    if not asked.ntli:
        raise Refused(messages.NO_MARGIN_UPDATE)
    if asked.ntli > 0:
        if asked.ntli > withdrawable(account, exchange.markets, dex):
            raise Refused(messages.NO_MARGIN_TO_ADD)
    else:
        if perp.strict_isolated and not perp.lets_margin_go:
            raise Refused(messages.MARGIN_STAYS)
        market = exchange.markets[perp.index]
        value = position.value(market.mark)
        kept = max(value // leverage_of(account, perp), -(-value // 10))
        if position_margin(account, market) + asked.ntli < kept:
            raise Refused(messages.NO_MARGIN_TO_TAKE)
    position.collateral += asked.ntli
    account.add_usd(dex, -asked.ntli)
    return OK


class TopUpAction(TypedAction):
    """Margin for a position whose coin is only isolated, until it has this leverage at most."""

    asset: U32 = msgspec.field()
    leverage: str = msgspec.field()

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for all that adds no margin: how the exchange refuses it is not known."""
        perp = call.exchange.perp(self.asset)
        if perp is None or not perp.strict_isolated:
            raise NotCovered("topping up a coin that is not only isolated")
        if perp.index not in call.account.positions:
            raise NotCovered("topping up without a position")
        if (
            not 0
            < self.missing(call)
            <= withdrawable(call.account, call.exchange.markets, dex_of(perp.index))
        ):
            raise NotCovered("topping up by nothing, or by more than there is")

    def missing(self, call: Call) -> int:
        """Return how much margin the position lacks; that its value at the mark counts is UNVERIFIED.

        Raises:
            NotCovered: this is no leverage.
        """
        market = call.exchange.markets[self.asset]
        leverage = parse_figure(self.leverage)
        if not leverage:
            raise NotCovered("a leverage that is no figure")
        value = call.account.positions[self.asset].value(market.mark)
        return -(-value * E8 // leverage) - position_margin(call.account, market)


@action("topUpIsolatedOnlyMargin", TopUpAction)
def top_up(call: Call, asked: TopUpAction) -> dict[str, object]:
    """Add what is missing. Source: API docs, "Update isolated margin"; NK's test of the same name."""
    missing = asked.missing(call)
    call.account.positions[asked.asset].collateral += missing
    call.account.add_usd(dex_of(asked.asset), -missing)
    return OK
