"""The exposure of a run: what its open orders and positions are worth together, and the cap on it.

Several processes of one run share the cap; each counts its own orders, and tells the others by `Stakes`.

It is told by what the run sends and is answered, on the safe side: an order counts from before it leaves
until an answer says that it ended; one whose answer is lost, or cannot be read, counts on. So does one that
rests and is filled meanwhile, which is then a position. The sweep ends them all.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

from harness.errors import GuardError
from harness.safety.guard import orders_in
from harness.safety.stakes import Stakes

_NONE = Decimal(0)


class _Order(NamedTuple):
    """An order as sent; `szi` is its size, below zero for a sale; `vault` the other account it is for."""

    vault: object
    asset: object
    szi: Decimal
    px: Decimal
    cloid: str | None
    only_reduces: bool

    @property
    def worth(self) -> Decimal:
        return _NONE if self.only_reduces else abs(self.szi) * self.px


@dataclass
class _Position:
    szi: Decimal = _NONE
    px: Decimal = _NONE


@dataclass
class Exposure:
    """What one process has at stake, in USDC.

    Args:
        limit: the cap of its run.
        stakes: what the run's processes have at stake together; None when there is only this one.
    """

    limit: Decimal
    stakes: Stakes | None = None
    _open: dict[object, _Order] = field(default_factory=dict)
    _positions: dict[tuple[object, object], _Position] = field(default_factory=dict)
    _sent: int = 0

    @property
    def usd(self) -> Decimal:
        """What this process has at stake now."""
        positions = sum((abs(one.szi) * one.px for one in self._positions.values()), _NONE)
        return positions + sum((one.worth for one in self._open.values()), _NONE)

    def place(self, payload: Any) -> list[object]:
        """Count the orders of a request that is about to leave; return what `answered` has to know.

        Raises:
            GuardError: with them the run would have more at stake than it may.
            HarnessError: what its other processes have cannot be known.
        """
        action = payload.get("action") if isinstance(payload, dict) else None
        vault = payload.get("vaultAddress") if isinstance(payload, dict) else None
        orders = [_read(order, vault) for order in orders_in(action)]
        adds = sum((one.worth for one in orders), _NONE)
        others = self.stakes.take(self.usd + adds, self.limit) if adds and self.stakes else _NONE
        if adds and self.usd + others + adds > self.limit:
            where = f" ({others:f} of it in other workers)" if others else ""
            raise GuardError(
                f"Refusing to send: this run has {self.usd + others:f} USDC in orders and positions{where}, "
                f"and {adds:f} would come on top.",
                needed=f"At most {self.limit:f} USDC at a time.",
                do="Cancel and close before placing more, or raise --max-exposure-usd.",
            )
        names: list[object] = []
        for one in orders:
            self._sent += 1
            names.append(("sent", self._sent))
            self._open[names[-1]] = one
        return names

    def answered(self, payload: Any, names: list[object], answer: str) -> None:
        """Learn from the answer to a request what has become of its orders.

        Raises:
            HarnessError: the run's other processes cannot be told.
        """
        before = self.usd
        self._learn(payload, names, answer)
        self._tell(before)

    def _tell(self, before: Decimal) -> None:
        if self.stakes is not None and self.usd != before:
            self.stakes.note(self.usd)

    def _learn(self, payload: Any, names: list[object], answer: str) -> None:
        action = payload.get("action") if isinstance(payload, dict) else None
        statuses = _statuses(answer)
        if statuses is None or not isinstance(action, dict):
            return
        if statuses == "err":
            for name in names:
                del self._open[name]
            return
        if action.get("type") in ("cancel", "cancelByCloid"):
            self._cancelled(action.get("cancels"), statuses)
            return
        if len(statuses) == len(names):
            for name, status in zip(names, statuses, strict=True):
                self._became(name, status)
            self._modified(action, statuses)

    def swept(self) -> None:
        """Forget all: it was swept, on sub-accounts and vaults too.

        Raises:
            HarnessError: the run's other processes cannot be told.
        """
        before = self.usd
        self._open.clear()
        self._positions.clear()
        self._tell(before)

    def _became(self, name: object, status: Any) -> None:
        order = self._open[name]
        if not isinstance(status, dict):
            return
        if "error" in status:
            del self._open[name]
        elif isinstance(resting := status.get("resting"), dict):
            self._open[resting.get("oid", name)] = self._open.pop(name)
        elif isinstance(filled := status.get("filled"), dict):
            size, px = _decimal(filled.get("totalSz")), _decimal(filled.get("avgPx"))
            if size is None or px is None:
                return
            del self._open[name]
            signed = size.copy_sign(order.szi)
            if abs(order.szi) > size:
                self._open[filled.get("oid", name)] = order._replace(szi=order.szi - signed)
            position = self._positions.setdefault((order.vault, order.asset), _Position())
            position.szi += signed
            position.px = px

    def _cancelled(self, cancels: Any, statuses: list[Any]) -> None:
        for cancel, status in zip(cancels if isinstance(cancels, list) else [], statuses, strict=False):
            if status == "success" and isinstance(cancel, dict):
                self._end(cancel.get("o", cancel.get("cloid")))

    def _modified(self, action: dict[str, Any], statuses: list[Any]) -> None:
        """A modified order takes the place of the one before."""
        modifies = action.get("modifies") if action.get("type") == "batchModify" else [action]
        for one, status in zip(modifies if isinstance(modifies, list) else [], statuses, strict=False):
            if isinstance(one, dict) and "oid" in one and isinstance(status, dict) and "error" not in status:
                taken = status.get("resting", status.get("filled"))
                oid = taken.get("oid") if isinstance(taken, dict) else None
                if one["oid"] != oid:
                    self._end(one["oid"], but=oid)

    def _end(self, name: Any, but: object = None) -> None:
        for oid, order in tuple(self._open.items()):
            if oid != but and (oid == name or (order.cloid is not None and order.cloid == name)):
                del self._open[oid]


def _read(order: dict[str, Any], vault: object) -> _Order:
    """Return an order; one that only reduces adds nothing while it is open."""
    px, size = _decimal(order.get("p")) or _NONE, abs(_decimal(order.get("s")) or _NONE)
    cloid = order.get("c")
    return _Order(
        vault,
        order.get("a"),
        size if order.get("b") else -size,
        abs(px),
        cloid if isinstance(cloid, str) else None,
        order.get("r") is True,
    )


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _statuses(answer: str) -> list[Any] | Literal["err"] | None:
    """Return the answer's statuses, "err" when all of it was refused, None for what cannot be read."""
    try:
        read = json.loads(answer)
        if read["status"] == "err":
            return "err"
        statuses = read["response"]["data"]["statuses"]
    except (ValueError, LookupError, TypeError):
        return None
    return statuses if isinstance(statuses, list) else None
