"""`twapHistory`, `userTwapSliceFills` and `userTwapSliceFillsByTime`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.accounts.ledger import Fill
from harness.localnet.accounts.twaps import Twap, TwapRow
from harness.localnet.numbers import wire, wire_usd
from harness.localnet.parsing import U64
from harness.localnet.queries.fills import rows
from harness.localnet.queries.registry import OfUser, ledger_of, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_ROWS: Final = 2000


@query("twapHistory", OfUser)
def twap_history(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return one row per change of a TWAP, newest first; that the older rows stay is UNVERIFIED."""
    return [twap_row(row) for row in ledger_of(exchange, asked.user).twaps.history]


def twap_row(row: TwapRow) -> dict[str, object]:
    """Return one change; its time is in seconds, cut (wire rule 162)."""
    status = {"status": row.status} | ({} if row.description is None else {"description": row.description})
    return {
        "time": row.time_ms // 1000,
        "state": twap_state(row.twap),
        "status": status,
        "twapId": row.twap.twap_id,
    }


def twap_state(twap: Twap) -> dict[str, object]:
    """Return a TWAP as the exchange prints it; `timestamp` is in milliseconds."""
    trigger = twap.trigger
    return {
        "coin": twap.coin,
        "user": twap.owner,
        "side": "B" if twap.is_buy else "A",
        "sz": wire(twap.sz),
        "executedSz": wire(twap.executed_sz),
        "executedNtl": wire_usd(twap.executed_ntl),
        "minutes": twap.minutes,
        "reduceOnly": twap.reduce_only,
        "randomize": twap.randomize,
        "timestamp": twap.timestamp_ms,
        "trigger": None if trigger is None else {"px": wire(trigger.px), "above": trigger.above},
        "stopPx": None if twap.stop_px is None else wire(twap.stop_px),
    }


class TwapSliceFillsByTime(OfUser):
    """Slice fills of a span of time, both ends included; milliseconds (NK)."""

    startTime: U64 = msgspec.field()
    endTime: U64 | None = None


@query("userTwapSliceFills", OfUser)
def user_twap_slice_fills(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return the latest fills of slices, newest first; no other query has them (wire rule 108)."""
    return slice_rows(ledger_of(exchange, asked.user).slice_fills)


@query("userTwapSliceFillsByTime", TwapSliceFillsByTime)
def user_twap_slice_fills_by_time(
    exchange: "Exchange", asked: TwapSliceFillsByTime
) -> list[dict[str, object]]:
    """Return the fills of a span, oldest first as `userFillsByTime` does: UNVERIFIED."""
    end = exchange.now_ms() if asked.endTime is None else asked.endTime
    fills = ledger_of(exchange, asked.user).slice_fills
    return slice_rows(pair for pair in reversed(fills) if asked.startTime <= pair[1].time_ms <= end)


def slice_rows(fills: Iterable[tuple[int, Fill]]) -> list[dict[str, object]]:
    """Return fills with their TWAP's id beside them, at most 2000; their own is null (NK's tests)."""
    pairs = [pair for pair, _ in zip(fills, range(_ROWS), strict=False)]
    printed = rows(fill for _, fill in pairs)
    return [{"fill": row, "twapId": twap_id} for row, (twap_id, _) in zip(printed, pairs, strict=True)]
