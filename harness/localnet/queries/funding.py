"""`userFunding`, `fundingHistory`, `predictedFundings`: what is paid each hour."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.answers import NotCovered, Unservable
from harness.localnet.markets.assets import LIVE_PERPS
from harness.localnet.numbers import wire, wire_usd
from harness.localnet.parsing import U64
from harness.localnet.queries.registry import OfUser, Query, ledger_of, query
from harness.localnet.told import VenueRate
from harness.localnet.trading.funding import next_ms, rate_now, rows

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Wire rule 108.
_ROWS: Final = 500
_NO_HASH: Final = "0x" + "00" * 32


class UserFunding(OfUser):
    """A span of time, both ends included; milliseconds."""

    startTime: U64 | None = None
    endTime: U64 | None = None


@query("userFunding", UserFunding)
def user_funding(exchange: "Exchange", asked: UserFunding) -> list[dict[str, object]]:
    """Return an account's payments of a span, oldest first, at most 500; they have no hash (recorded)."""
    start, end = _span(exchange, asked.startTime, asked.endTime)
    paid = [row for row in ledger_of(exchange, asked.user).fundings if start <= row.time_ms <= end]
    return [
        {
            "time": row.time_ms,
            "hash": _NO_HASH,
            "delta": {
                "type": "funding",
                "coin": row.coin,
                "usdc": wire_usd(row.usd),
                "szi": wire(row.szi),
                "fundingRate": wire(row.rate, 10),
                "nSamples": None,
            },
        }
        for row in paid[:_ROWS]
    ]


class FundingHistory(Query):
    """A coin and a span of time, both ends included; milliseconds."""

    coin: str = msgspec.field()
    startTime: U64 | None = None
    endTime: U64 | None = None


@query("fundingHistory", FundingHistory)
def funding_history(exchange: "Exchange", asked: FundingHistory) -> list[dict[str, object]]:
    """Return a coin's rates of a span, oldest first, at most 500: one for each hour of the exchange.

    Raises:
        NotCovered: the answer to a coin that cannot be traded is not known.
    """
    perp = exchange.universe.perp_of.get(asked.coin)
    if perp is None or perp.delisted:
        raise NotCovered("the funding of a coin that cannot be traded")
    start, end = _span(exchange, asked.startTime, asked.endTime)
    return [
        {
            "coin": perp.name,
            "fundingRate": wire(row.rate, 10),
            "premium": wire(row.premium, 10),
            "time": row.time_ms,
        }
        for row in rows(exchange, perp, start, end, _ROWS)
    ]


@query("predictedFundings", Query)
def predicted_fundings(exchange: "Exchange", asked: Query) -> list[object]:
    """Return the rates of the current hour, by name, and those of other venues as they were told.

    Source: a recording of 2026-07, id 69623212216 of the text index; API docs and NK for other venues, whose
    place before the exchange's own or behind it is UNVERIFIED.
    """
    next_time = next_ms(exchange.now_ms())
    return [
        [
            perp.name,
            [
                [
                    "HlPerp",
                    {
                        "fundingRate": wire(rate_now(exchange, perp), 10),
                        "nextFundingTime": next_time,
                        "fundingIntervalHours": 1,
                    },
                ],
                *(
                    [venue, _venue_row(rate)]
                    for venue, rate in sorted(exchange.told.venues.get(perp.name, {}).items())
                ),
            ],
        ]
        for perp in sorted(LIVE_PERPS, key=lambda perp: perp.name)
    ]


def _venue_row(rate: VenueRate | None) -> dict[str, object] | None:
    """Return another venue's rate; null where it tells none, without hours where it tells no interval."""
    if rate is None:
        return None
    row: dict[str, object] = {"fundingRate": wire(rate.rate, 10), "nextFundingTime": rate.next_ms}
    return row if rate.hours is None else row | {"fundingIntervalHours": rate.hours}


def _span(exchange: "Exchange", start: int | None, end: int | None) -> tuple[int, int]:
    """Return both ends; an end without a start is 500 (wire rule 3)."""
    if start is None and end is not None:
        raise Unservable("endTime without startTime")
    return start or 0, exchange.now_ms() if end is None else end
