"""Which of an account's orders, TWAPs and fills are a run's, by evidence alone.

An order is a run's if the exchange gave its oid in answer to the run, if it carries a cloid that the run
sent, or, where neither is known, if coin, side, price, size and time are those of a request of the run.
Several that fit equally well, of which some must be somebody else's, are named and left alone, as long as
they are open or a position is another one than before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from harness.safety.evidence import Account, Sent, TwapWish, Wish
from harness.safety.names import Names

Ask = Callable[..., Any]

# An order carries the time of its block, which comes after it was sent; clocks are known to a second or two.
_EARLY_MS: Final = 2_000
_LATE_MS: Final = 60_000
_AHEAD_MS: Final = 500
_PAGE: Final = 2_000
_PAGES: Final = 10


@dataclass
class Owned:
    """What of an account is a run's now.

    `orders`: oid to coin, of those that are open. `oids`: all that the run is known to have had. `twaps`: id
    to asset, of those that run. `deltas`: what the run's fills changed positions by. `doubtful`: what may be
    the run's or somebody else's.
    """

    orders: dict[int, str] = field(default_factory=dict)
    oids: set[int] = field(default_factory=set)
    twaps: dict[int, int] = field(default_factory=dict)
    deltas: dict[str, Decimal] = field(default_factory=dict)
    positions: dict[str, Decimal] = field(default_factory=dict)
    doubtful: list[str] = field(default_factory=list)


def look(account: Account, names: Names, ask: Ask) -> Owned:
    """Find what the run has on an account.

    Raises:
        TargetUnavailable: the account cannot be read.
    """
    owned = Owned()
    rows: list[dict[str, Any]] = []
    dexes = names.dexes_of(wish.asset for _, wish in account.wishes)
    dexes |= names.dexes_of(twap.asset for _, twap in account.twaps)
    for dex in sorted(dexes):
        where = {"dex": dex} if dex else {}
        rows += ask("openOrders", user=account.address, **where)
        state = ask("clearinghouseState", user=account.address, **where)
        for one in state["assetPositions"]:
            owned.positions[one["position"]["coin"]] = Decimal(one["position"]["szi"])
    cloids = {wish.cloid for _, wish in account.wishes if wish.cloid}
    owned.oids = account.told_oids
    owned.oids |= {row["oid"] for row in rows if _has_cloid(row, cloids) and _is_new(account, row["oid"])}
    _match(account, names, ask, rows, owned)
    owned.orders = {row["oid"]: row["coin"] for row in rows if row["oid"] in owned.oids}
    twaps = _twaps(account, names, ask, owned)
    _weigh(account, ask, cloids, twaps, owned)
    return owned


def _has_cloid(row: dict[str, Any], cloids: set[str]) -> bool:
    return str(row.get("cloid") or "").lower() in cloids


def _is_new(account: Account, oid: int) -> bool:
    return oid not in account.before.orders


def _match(account: Account, names: Names, ask: Ask, rows: list[dict[str, Any]], owned: Owned) -> None:
    """Find the orders whose oid the exchange has not told and that have no cloid."""
    nameless = [(sent, wish) for sent, wish in account.wishes if wish.oid is None and wish.cloid is None]
    if not nameless:
        return
    history = [row["order"] for row in ask("historicalOrders", user=account.address)]
    candidates = {
        row["oid"]: row
        # A row for each change of an order, the newest first (wire rule 143): that one is kept.
        for row in [*reversed(history), *rows]
        if row["oid"] not in owned.oids | account.ended
        and _is_new(account, row["oid"])
        and not row.get("cloid")
    }
    groups: dict[tuple[Any, ...], list[tuple[Sent, Wish]]] = defaultdict(list)
    for sent, wish in nameless:
        groups[names.coin(wish.asset), wish.is_buy, wish.px, wish.sz].append((sent, wish))
    for (coin, is_buy, px, sz), wishes in groups.items():
        alike = {
            oid
            for oid, row in candidates.items()
            if (row["coin"], row["side"] == "B") == (coin, is_buy)
            and (Decimal(row["limitPx"]), Decimal(row["origSz"])) == (px, sz)
            and any(_fits(account, sent, row["timestamp"]) for sent, _ in wishes)
        }
        if len(alike) <= len(wishes):
            owned.oids |= alike
            continue
        is_moved = coin is not None and _is_moved(account, owned, coin)
        open_now = {row["oid"] for row in rows}
        still = sorted(oid for oid in alike if oid in open_now or (is_moved and _is_filled(candidates[oid])))
        if still:
            what = f"{'bid' if is_buy else 'ask'} {sz} {coin} at {px}"
            owned.doubtful.append(f"{what}: {len(wishes)} of the orders {still} may be the run's")


def _is_moved(account: Account, owned: Owned, coin: str) -> bool:
    return owned.positions.get(coin, Decimal(0)) != account.before.positions.get(coin, Decimal(0))


def _is_filled(row: dict[str, Any]) -> bool:
    """Say whether an order was filled, in part at least."""
    return Decimal(row["sz"]) != Decimal(row["origSz"])


def _fits(account: Account, sent: Sent, timestamp_ms: int) -> bool:
    """Say whether an order may be this request's, by its time.

    One that is older than the look before the first order of all is of before. UNVERIFIED: how far the time
    that the exchange tells in such a look may be ahead of its blocks'.
    """
    skew_ms = account.before.skew_ms
    earliest_ms = max(sent.at_ms + skew_ms - _EARLY_MS, account.before.time_ms - _AHEAD_MS)
    return earliest_ms <= timestamp_ms <= sent.last_ms + skew_ms + _LATE_MS


def _twaps(account: Account, names: Names, ask: Ask, owned: Owned) -> set[int]:
    """Note the run's TWAPs that run, and return the ids of all that it has started."""
    if not account.twaps:
        return set()
    ended: set[int] = set()
    seen: dict[int, dict[str, Any]] = {}
    for row in ask("twapHistory", user=account.address):
        seen.setdefault(row["twapId"], row["state"])
        if row["status"]["status"] not in ("activated", "waitingForTrigger"):
            ended.add(row["twapId"])
    started = {wish.twap_id: wish.asset for _, wish in account.twaps if wish.twap_id is not None}
    before = account.twaps_before or set()
    for sent, wish in account.twaps:
        if wish.twap_id is not None:
            continue
        alike = [
            twap_id
            for twap_id, state in seen.items()
            if twap_id not in before
            and twap_id not in started
            and _is_twap(names, wish, state)
            and _fits(account, sent, state["timestamp"])
        ]
        if len(alike) == 1:
            started[alike[0]] = wish.asset
        elif alike:
            owned.doubtful.append(f"one of the TWAPs {sorted(alike)} may be the run's")
    owned.twaps = {twap_id: asset for twap_id, asset in started.items() if twap_id not in ended}
    return set(started)


def _is_twap(names: Names, wish: TwapWish, state: dict[str, Any]) -> bool:
    return bool(
        state["coin"] == names.coin(wish.asset)
        and (state["side"] == "B") == wish.is_buy
        and Decimal(state["sz"]) == wish.sz
        and state["minutes"] == wish.minutes
    )


def _weigh(account: Account, ask: Ask, cloids: set[str], twaps: set[int], owned: Owned) -> None:
    """Add up the run's fills by coin."""
    fills: dict[tuple[int, int], dict[str, Any]] = {}
    start_ms = min((sent.at_ms for sent in account.sent), default=0) + account.before.skew_ms - _LATE_MS
    if account.wishes:
        for fill in _pages(ask, "userFillsByTime", account.address, start_ms):
            if fill["oid"] in owned.oids or _has_cloid(fill, cloids) or fill.get("twapId") in twaps:
                fills[fill["tid"], fill["oid"]] = fill
    if twaps:
        for row in _pages(ask, "userTwapSliceFillsByTime", account.address, start_ms):
            if row["twapId"] in twaps:
                fills[row["fill"]["tid"], row["fill"]["oid"]] = row["fill"]
    for fill in fills.values():
        signed = Decimal(fill["sz"]) if fill["side"] == "B" else -Decimal(fill["sz"])
        owned.deltas[fill["coin"]] = owned.deltas.get(fill["coin"], Decimal(0)) + signed


def _pages(ask: Ask, kind: str, user: str, start_ms: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a span of time, oldest first, page by page; those of a page's last ms come twice."""
    for _ in range(_PAGES):
        page = ask(kind, user=user, startTime=start_ms)
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1]
        start_ms = (last.get("fill") or last)["time"]
