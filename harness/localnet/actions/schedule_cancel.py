"""`scheduleCancel`: cancel everything at a given time, unless the time is moved or cleared before.

Source: wire rule 66; SDK `Exchange.schedule_cancel`; API docs, "Exchange endpoint".
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.numbers import MICRO, cents
from harness.localnet.parsing import U64
from harness.localnet.trading.matching import DAY_MS, end_resting

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_REQUIRED_USD: Final = 1_000_000
_AHEAD_MS: Final = 5_000
_FIRINGS_A_DAY: Final = 10


class ScheduleCancelAction(Action):
    """Without `time` it clears."""

    time: U64 | None = None

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type} | ({} if self.time is None else {"time": int(self.time)})

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a time too near, and after ten firings of a day: their texts are not known."""
        if self.time is None or call.account.volume < _REQUIRED_USD * MICRO:
            return
        now_ms = call.exchange.now_ms()
        if self.time < now_ms + _AHEAD_MS:
            raise NotCovered("a scheduled cancel less than five seconds ahead")
        if call.account.firings.get(now_ms // DAY_MS, 0) >= _FIRINGS_A_DAY:
            raise NotCovered("an eleventh scheduled cancel of a UTC day")


@action("scheduleCancel", ScheduleCancelAction)
def schedule_cancel(call: Call, asked: ScheduleCancelAction) -> dict[str, object]:
    """Set, move or clear the time; all of it needs traded volume (wire rules 66 and 156)."""
    account = call.account
    if account.volume < _REQUIRED_USD * MICRO:
        traded = cents(account.volume)
        raise Refused(messages.volume_gate("set scheduled cancel time", _REQUIRED_USD, traded))
    account.scheduled_cancel_ms = None if asked.time is None else int(asked.time)
    if asked.time is not None:
        call.exchange.at(int(asked.time), ScheduledCancel(account.address, int(asked.time)))
    return OK


@dataclass(frozen=True, slots=True)
class ScheduledCancel:
    """The task of a scheduled cancel."""

    owner: str
    time_ms: int

    def __call__(self, exchange: "Exchange") -> None:
        """Cancel all open orders and count the firing, if this is still the time that is set."""
        account = exchange.ledgers[self.owner]
        if account.scheduled_cancel_ms != self.time_ms:
            return
        account.scheduled_cancel_ms = None
        day = self.time_ms // DAY_MS
        account.firings = {day: account.firings.get(day, 0) + 1}
        for order in list(account.open.values()):
            market = exchange.market_at(order.asset)
            # The end of an entry has ended its children already.
            if market is not None and order.oid in account.open:
                end_resting(exchange, market, order, "scheduledCancel")
