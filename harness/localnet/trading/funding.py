"""Funding: each full hour, whoever holds a position pays or receives a share of its value at the oracle.

Source: API docs, "Funding" (wire rule 94): the rate of 8 hours is P + clamp(0.01% - P, -0.05%, 0.05%), where
P is the premium's average over the hour; an eighth of it is paid each hour, at most 4%. The house is on the
other side and takes what is cut. Hours are counted from the first position on, or from when a premium was
made by hand; those before are flat: they have the rate without a premium. UNVERIFIED: that the exchange's
samples, every 5 seconds, average as time does, and that payments are cut to 1e-6.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import FundingPayment, Ledger
from harness.localnet.accounts.risk import is_isolated
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.hours import FundingRow
from harness.localnet.markets.markets import Market
from harness.localnet.numbers import E8, notional
from harness.localnet.trading.impact import E10, premium

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

HOUR_MS: Final = 3_600_000
# In 1e-10: 0.01%, 0.05% and 4%.
_INTEREST: Final = E10 // 10_000
_CLAMP: Final = 5 * E10 // 10_000
_HIGHEST: Final = 4 * E10 // 100


def hourly_rate(average: Fraction) -> int:
    """Return the rate of an hour for an average premium, both in 1e-10."""
    clamp = Fraction(_CLAMP)
    eight_hours = average + max(-clamp, min(clamp, _INTEREST - average))
    return max(-_HIGHEST, min(_HIGHEST, round(eight_hours / 8)))


def rate_now(exchange: "Exchange", perp: Perp) -> int:
    """Return the rate of the current hour as it stands, in 1e-10."""
    market = exchange.markets.get(perp.index)
    if market is None:
        average = Fraction(0)
    elif market.premium.start_ms is None:
        average = Fraction(premium(exchange, market))
    else:
        average = market.premium.average(exchange.now_ms())
    return _scaled(exchange, perp, hourly_rate(average))


def _scaled(exchange: "Exchange", perp: Perp, rate: int) -> int:
    """Scale a rate as a dex's deployer has set it; that the cap of an hour comes first is UNVERIFIED."""
    terms = exchange.universe.terms.get(dex_of(perp.index))
    return rate if terms is None else rate * terms.multipliers.get(perp.name, E8) // E8


def next_ms(now_ms: int) -> int:
    """Return the time of the next funding."""
    return (now_ms // HOUR_MS + 1) * HOUR_MS


def begin(exchange: "Exchange") -> None:
    """Let the hours count from now on, if they do not yet."""
    if exchange.funding.counted_ms is None:
        exchange.funding.counted_ms = exchange.now_ms()
        exchange.at(next_ms(exchange.now_ms()), pay)


def begin_apart(exchange: "Exchange", market: Market) -> None:
    """Let the hours count if a price that was moved by hand has made a premium."""
    if premium(exchange, market):
        begin(exchange)


def rows(exchange: "Exchange", perp: Perp, start_ms: int, end_ms: int, most: int) -> list[FundingRow]:
    """Return the first hours of a span on one coin, both ends included.

    Before hours are counted they are flat, each with the interest rate alone. A coin that was deployed
    meanwhile has none of these.
    """
    funding = exchange.funding
    flat: list[FundingRow] = []
    if not perp.is_deployed:
        counted_ms = exchange.now_ms() if funding.counted_ms is None else funding.counted_ms
        first = max(next_ms(funding.since_ms), -(-start_ms // HOUR_MS) * HOUR_MS)
        hours = range(first, min(end_ms, counted_ms) + 1, HOUR_MS)[:most]
        flat = [FundingRow(time_ms, hourly_rate(Fraction(0)), 0) for time_ms in hours]
    counted = [row for row in funding.rows.get(perp.index, []) if start_ms <= row.time_ms <= end_ms]
    return [*flat, *counted][:most]


def note(exchange: "Exchange") -> None:
    """Note the premiums with which a block ends."""
    if exchange.funding.counted_ms is not None:
        for market in exchange.markets.values():
            market.premium.note(exchange.now_ms(), premium(exchange, market))


def pay(exchange: "Exchange") -> None:
    """Settle an hour on all coins."""
    now_ms = exchange.now_ms()
    exchange.at(next_ms(now_ms), pay)
    for perp in exchange.universe.live_perps:
        market = exchange.markets.get(perp.index)
        average = Fraction(0) if market is None else market.premium.average(now_ms)
        rate = _scaled(exchange, perp, hourly_rate(average))
        exchange.funding.rows.setdefault(perp.index, []).append(FundingRow(now_ms, rate, round(average)))
        if market is not None:
            market.premium.restart(now_ms)
            _pay(exchange, market, rate)


def _pay(exchange: "Exchange", market: Market, rate: int) -> None:
    dex = dex_of(market.perp.index)
    for ledger in exchange.ledgers.values():
        position = ledger.positions.get(market.perp.index)
        if position is None:
            continue
        usd = notional(market.oracle, abs(position.szi)) * abs(rate) // E10
        paid = usd if (position.szi > 0) == (rate > 0) else -usd
        if is_isolated(ledger, market.perp):
            position.collateral -= paid
        else:
            ledger.add_usd(dex, -paid)
        exchange.house.add_usd(dex, paid)
        position.paid_since_open += paid
        position.paid_since_change += paid
        _keep(exchange, ledger, market.perp, paid, position.szi, rate)


def _keep(exchange: "Exchange", ledger: Ledger, perp: Perp, paid: int, szi: int, rate: int) -> None:
    ledger.funding_paid[perp.index] = ledger.funding_paid.get(perp.index, 0) + paid
    ledger.fundings.append(FundingPayment(exchange.now_ms(), perp.name, -paid, szi, rate))
    exchange.unjudged[ledger.address] = None
