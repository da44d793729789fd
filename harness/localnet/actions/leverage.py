"""`updateLeverage`: set a coin's leverage, and whether its margin is cross or isolated."""

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.risk import (
    free_value,
    is_isolated,
    leverage_of,
    max_leverage_at,
    position_margin,
    total_bound_margin,
)
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dexes import dex_of
from harness.localnet.parsing import U32


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
        """Raise NotCovered for leverage above a position's tier, and what orders alone would forbid."""
        perp, account = call.exchange.perp(self.asset), call.account
        if perp is None:
            raise NotCovered("assets other than live perpetuals")
        if self.fault(call, perp) is not None:
            return
        szi = account.szi(perp.index)
        if szi and self.leverage > leverage_of(account, perp):
            value = account.positions[perp.index].value(call.exchange.market(perp).mark)
            if self.leverage > max_leverage_at(perp, value):
                raise NotCovered("raising the leverage above a position's margin tier")
        if not szi and not self.isCross and not _suffices(call, perp, self):
            raise NotCovered("isolated leverage for which the margin of resting orders does not suffice")

    def fault(self, call: Call, perp: Perp) -> str | None:
        """Return why the setting is refused whatever the margin is. The order is UNVERIFIED."""
        account = call.account
        if not 1 <= self.leverage <= perp.max_leverage:
            return messages.BAD_LEVERAGE
        if self.isCross and perp.strict_isolated:
            return messages.NO_CROSS
        if account.szi(perp.index) and self.isCross is is_isolated(account, perp):
            return messages.SWITCH_LEVERAGE
        return None


@action("updateLeverage", UpdateLeverageAction)
def update_leverage(call: Call, asked: UpdateLeverageAction) -> dict[str, object]:
    """Set the leverage; setting what is set answers the same (wire rule 145).

    It may be lowered while margin suffices, and moves no margin of an isolated position (wire rule 146). That
    orders alone can forbid lowering it is UNVERIFIED, and so is switching the type under resting orders.
    """
    perp = call.exchange.perp(asked.asset)
    assert perp is not None
    fault = asked.fault(call, perp)
    if fault is not None:
        raise Refused(fault)
    if not _suffices(call, perp, asked):
        raise Refused(messages.LOWER_LEVERAGE if asked.isCross else messages.LOWER_ISOLATED)
    _set(call, perp, asked)
    return OK


def _set(call: Call, perp: Perp, asked: UpdateLeverageAction) -> None:
    call.account.leverage[perp.index] = int(asked.leverage)
    if asked.isCross:
        call.account.isolated.discard(perp.index)
    else:
        call.account.isolated.add(perp.index)


def _suffices(call: Call, perp: Perp, asked: UpdateLeverageAction) -> bool:
    """Say whether there is margin for the leverage asked for, which counts only where it binds more."""
    account, exchange, dex = call.account, call.exchange, dex_of(perp.index)
    position = account.positions.get(perp.index)
    if position is not None and is_isolated(account, perp):
        market = exchange.markets[perp.index]
        lowers = asked.leverage < leverage_of(account, perp)
        needed = position.value(market.mark) // asked.leverage
        if lowers and position_margin(account, market) < needed:
            return False
    before = account.leverage.get(perp.index), perp.index in account.isolated
    bound = total_bound_margin(account, exchange.markets, dex)
    _set(call, perp, asked)
    after = total_bound_margin(account, exchange.markets, dex)
    if before[0] is None:
        del account.leverage[perp.index]
    else:
        account.leverage[perp.index] = before[0]
    if before[1]:
        account.isolated.add(perp.index)
    else:
        account.isolated.discard(perp.index)
    return after <= bound or after <= free_value(account, exchange.markets, dex)
