"""What a run on testnet may send: no order too large, not too much at stake, no money out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from harness.safety.actions import check_action
from harness.safety.exposure import Exposure
from harness.safety.guard import check_notional, valued
from harness.safety.stakes import Stakes


class Leash:
    """The limits of one run.

    Args:
        max_notional_usd: what one order may be worth.
        max_exposure_usd: what open orders and positions of the run may be worth together.
        own: the run's addresses, in lower case.
        mid_of: the mid of an asset now, None where there is none.
        stakes: what the run's processes have at stake together; None when there is only this one.
    """

    def __init__(
        self,
        max_notional_usd: Decimal,
        max_exposure_usd: Decimal,
        own: frozenset[str],
        mid_of: Callable[[int], Decimal | None],
        stakes: Stakes | None = None,
    ) -> None:
        self._max_notional_usd = max_notional_usd
        self._own = own
        self._mid_of = mid_of
        self.exposure = Exposure(max_exposure_usd, stakes)

    def let_go(self, payload: Any, permitted: frozenset[str]) -> list[object]:
        """Judge a request that is about to leave; return what `Exposure.answered` has to know.

        Args:
            payload: its body, decoded.
            permitted: what the running scenario's `moves_money` marker names.

        Raises:
            GuardError: it may not leave.
            TargetUnavailable: the mid of a TWAP's coin cannot be read.
        """
        check_action(payload, self._own, permitted)
        payload = valued(payload, self._mid_of)
        check_notional(payload, self._max_notional_usd)
        return self.exposure.place(payload)
