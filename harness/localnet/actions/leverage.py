"""`updateLeverage`: set a coin's leverage. Isolated margin is not covered."""

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U32
from harness.localnet.risk import account_value, leverage_of, max_leverage_at, total_bound_margin


class UpdateLeverageAction(Action):
    """Asset, cross or isolated, and a whole leverage."""

    asset: U32 = msgspec.field()
    isCross: bool = msgspec.field()
    leverage: U32 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {
            "type": self.type,
            "asset": int(self.asset),
            "isCross": self.isCross,
            "leverage": int(self.leverage),
        }

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for isolated margin, but for what can be refused with a known text."""
        perp = call.exchange.perp(self.asset)
        if perp is None:
            raise NotCovered("assets other than live perpetuals of the first dex")
        if not 1 <= self.leverage <= perp.max_leverage:
            return
        szi = call.account.szi(perp.index)
        if not self.isCross and not szi:
            raise NotCovered("isolated positions")
        if self.isCross and szi and self.leverage > leverage_of(call.account, perp):
            value = call.account.positions[perp.index].value(call.exchange.market(perp).mark)
            if self.leverage > max_leverage_at(perp, value):
                raise NotCovered("raising the leverage above a position's margin tier")


@action("updateLeverage", UpdateLeverageAction)
def update_leverage(call: Call, asked: UpdateLeverageAction) -> dict[str, object]:
    """Set the leverage; setting what is set answers the same (wire rule 145)."""
    perp, account, exchange = call.exchange.perp(asked.asset), call.account, call.exchange
    assert perp is not None
    if not 1 <= asked.leverage <= perp.max_leverage:
        raise Refused(messages.BAD_LEVERAGE)
    if not asked.isCross:
        raise Refused(messages.SWITCH_LEVERAGE)
    if perp.strict_isolated:
        raise Refused(messages.NO_CROSS)
    before = leverage_of(account, perp)
    account.leverage[perp.index] = int(asked.leverage)
    # Lowering it binds more margin (wire rule 146); that orders alone can forbid it is UNVERIFIED.
    if asked.leverage < before and total_bound_margin(account, exchange.markets) > account_value(
        account, exchange.markets
    ):
        account.leverage[perp.index] = before
        raise Refused(messages.LOWER_LEVERAGE)
    return OK
