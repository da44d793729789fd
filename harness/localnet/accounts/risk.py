"""Margin: what an account is worth, what its positions and orders bind, where it would be liquidated.

Each dex has a balance of its own, unless the account's mode pools them. Cross positions share it and bind
size times mark over leverage; an isolated one has its own collateral. Maintenance is half the initial margin
at the highest leverage of each tier (wire rules 88 to 92, 148 to 151). What happens below it is in
`liquidation`.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from harness.localnet.accounts.holds import held
from harness.localnet.accounts.ledger import DEFAULT_LEVERAGE, Ledger, Position, Resting
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.book import Order
from harness.localnet.markets.dexes import dex_of
from harness.localnet.markets.markets import Market
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import E8, MICRO, notional

Markets = Mapping[int, Market]

_NOTHING: Final = Resting([0, 0], [0, 0])


def leverage_of(ledger: Ledger, perp: Perp) -> int:
    """Return the account's leverage on a coin: cross, min(20, maximum) unless set (wire rule 152)."""
    leverage = ledger.leverage.get(perp.index)
    if leverage is not None:
        return leverage
    return DEFAULT_LEVERAGE if perp.max_leverage > DEFAULT_LEVERAGE else perp.max_leverage


def is_isolated(ledger: Ledger, perp: Perp) -> bool:
    """Say whether the account's margin on a coin is isolated; on some coins it can be nothing else."""
    return not ledger.is_house and (perp.strict_isolated or perp.index in ledger.isolated)


def isolated_margin(position: Position, mark: int) -> int:
    """Return what an isolated position is worth: collateral plus unrealised pnl (wire rule 148)."""
    return position.collateral + position.unrealised(mark)


def positions_of(
    ledger: Ledger, markets: Markets, dex: int, *, isolated: bool = False
) -> list[tuple[Market, Position]]:
    """Return the cross positions on one dex, or the isolated ones, with their markets."""
    return [
        (markets[asset], position)
        for asset, position in ledger.positions.items()
        if dex_of(asset) == dex and is_isolated(ledger, markets[asset].perp) is isolated
    ]


def cross_positions(ledger: Ledger, markets: Markets, dex: int) -> list[tuple[Market, Position]]:
    """Return the cross positions that stand for each other: of one dex, of a pooled account those of all."""
    if not ledger.is_pooled:
        return positions_of(ledger, markets, dex)
    return [
        (markets[asset], position)
        for asset, position in ledger.positions.items()
        if not is_isolated(ledger, markets[asset].perp)
    ]


def account_value(ledger: Ledger, markets: Markets) -> int:
    """Return balances, unrealised pnl, and the collateral of isolated positions, on all dexes."""
    return ledger.all_usd + sum(
        isolated_margin(position, markets[asset].mark) for asset, position in ledger.positions.items()
    )


def dex_value(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return the same on one dex."""
    return ledger.balance_on(dex) + sum(
        isolated_margin(position, markets[asset].mark)
        for asset, position in ledger.positions.items()
        if dex_of(asset) == dex
    )


def cross_value(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return the cash that stands for a dex plus the unrealised pnl of the cross positions it stands for."""
    if not ledger.positions:
        return ledger.cash(dex)
    return ledger.cash(dex) + sum(
        position.unrealised(market.mark) for market, position in cross_positions(ledger, markets, dex)
    )


def free_value(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return what of the cross value can bind margin: in a unified account, what spot orders do not hold."""
    held_by_spot = -(-held(ledger, USDC) * MICRO // USDC.unit) if ledger.is_unified else 0
    return cross_value(ledger, markets, dex) - held_by_spot


def position_margin(ledger: Ledger, market: Market) -> int:
    """Return the margin in use by the position on one coin, cut as recordings show.

    That is the initial margin of a cross position, and all that an isolated one is worth (wire rule 148).
    """
    position = ledger.positions.get(market.perp.index)
    if position is None:
        return 0
    if is_isolated(ledger, market.perp):
        return isolated_margin(position, market.mark)
    return position.value(market.mark) // leverage_of(ledger, market.perp)


def cross_margin_used(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return the initial margin of all cross positions that share a dex's cash."""
    return sum(position_margin(ledger, market) for market, _ in cross_positions(ledger, markets, dex))


def bound_margin(ledger: Ledger, market: Market, arriving: Order | None = None) -> int:
    """Return the initial margin that position and orders on one coin bind together.

    The worse of both sides counts: the position with all orders that add to it, or what orders against it
    would open on the other side. Reduce-only orders bind nothing. UNVERIFIED but for one resting order
    without a position, which binds its limit price times size over leverage (wire rule 149).

    An isolated position binds nothing more than what it has been given; its orders bind what they would add,
    and to turn it round, what is not set free by closing it (UNVERIFIED).
    """
    resting = ledger.resting.get(market.perp.index, _NOTHING)
    szi = ledger.szi(market.perp.index)
    adding, against = szi >= 0, szi < 0
    adding_value, against_value = resting.value[adding], resting.value[against]
    against_size = resting.size[against]
    if arriving is not None and not arriving.reduce_only:
        value = notional(_expected_px(arriving, market.mark), arriving.sz)
        if arriving.is_buy is adding:
            adding_value += value
        else:
            against_value += value
            against_size += arriving.sz
    leverage = leverage_of(ledger, market.perp)
    if not szi:
        # What follows comes to this, isolated or not.
        return max(adding_value, against_value) // leverage
    flipped = max(0, against_size - abs(szi))
    flipped_value = against_value * flipped // against_size if flipped else 0
    if is_isolated(ledger, market.perp):
        return max(adding_value // leverage, flipped_value // leverage - position_margin(ledger, market), 0)
    return max(notional(market.mark, abs(szi)) + adding_value, flipped_value) // leverage


def _expected_px(order: Order, mark: int) -> int:
    """Return the price an arriving order binds margin at: the limit, or a better mark (UNVERIFIED)."""
    if order.is_buy:
        return order.px if order.px < mark else mark
    return order.px if order.px > mark else mark


def can_afford(ledger: Ledger, markets: Markets, arriving: Order) -> bool:
    """Say whether an account can place `arriving` on top of what it holds and has resting.

    An order that binds nothing more than is bound already always passes, so a loser can still close.
    """
    market, dex = markets[arriving.asset], dex_of(arriving.asset)
    after = bound_margin(ledger, market, arriving)
    others = total_bound_margin(ledger, markets, dex, but=arriving.asset)
    return others + after <= free_value(ledger, markets, dex) or after <= bound_margin(ledger, market)


def total_bound_margin(ledger: Ledger, markets: Markets, dex: int, *, but: int | None = None) -> int:
    """Return the initial margin of all positions and orders that share a dex's cash, on all coins but one."""
    if not ledger.positions and not ledger.open_on:
        return 0
    # Orders on spot pairs bind tokens, not margin.
    return sum(
        bound_margin(ledger, markets[asset])
        for asset in {*ledger.positions, *ledger.open_on}
        if asset != but and asset in markets and (ledger.is_pooled or dex_of(asset) == dex)
    )


def maker_can_afford(ledger: Ledger, markets: Markets, maker: Order, sz: int, *, spare: int = 0) -> bool:
    """Say whether a resting order may be matched now: margin is checked again for it (wire rule 47).

    Args:
        ledger: whose.
        markets: all of them.
        maker: the order.
        sz: how much of it, in 1e-8.
        spare: what must be left over, in 1e-6 USD.
    """
    szi = ledger.szi(maker.asset)
    after = szi + (sz if maker.is_buy else -sz)
    if ledger.is_house or maker.reduce_only or abs(after) <= abs(szi):
        return True
    market = markets[maker.asset]
    leverage = leverage_of(ledger, market.perp)
    dex = dex_of(maker.asset)
    used, worth = cross_margin_used(ledger, markets, dex), cross_value(ledger, markets, dex)
    if is_isolated(ledger, market.perp):
        opened = abs(after) - abs(szi) if after * szi > 0 else abs(after)
        freed = position_margin(ledger, market) if after * szi < 0 else 0
        return used + notional(maker.px, opened) // leverage + spare <= worth + freed
    needed = notional(market.mark, abs(after)) // leverage
    others = used - position_margin(ledger, market)
    # What the fill gains or loses against the mark counts at once.
    gain = notional(market.mark, sz) - notional(maker.px, sz)
    return others + needed + spare <= worth + (gain if maker.is_buy else -gain)


def exceeds_tier(ledger: Ledger, market: Market, arriving: Order, sz: int) -> bool:
    """Say whether a position is too large for its leverage (margin tiers) after `sz` of an order."""
    szi = ledger.szi(market.perp.index)
    after = szi + (sz if arriving.is_buy else -sz)
    if abs(after) <= abs(szi):
        return False
    return leverage_of(ledger, market.perp) > max_leverage_at(
        market.perp, notional(_expected_px(arriving, market.mark), abs(after))
    )


def max_leverage_at(perp: Perp, value: int) -> int:
    """Return the highest leverage for a position of `value`, in 1e-6 USD."""
    tiers = perp.tiers
    highest = tiers[0].max_leverage
    for tier in tiers[1:]:
        if value <= tier.lower_bound_usd:
            break
        highest = tier.max_leverage
    return highest


def maintenance(perp: Perp, value: int) -> Fraction:
    """Return the maintenance margin of a position of `value`: rate times value less the tier's deduction.

    Deductions follow from continuity (wire rule 151).
    """
    rate = Fraction(1, 2 * perp.tiers[0].max_leverage)
    deduction = Fraction(0)
    for tier in perp.tiers[1:]:
        if value <= tier.lower_bound_usd:
            break
        next_rate = Fraction(1, 2 * tier.max_leverage)
        deduction += tier.lower_bound_usd * (next_rate - rate)
        rate = next_rate
    return value * rate - deduction


def cross_maintenance(ledger: Ledger, markets: Markets, dex: int) -> Fraction:
    """Return the maintenance margin of all cross positions on one dex (wire rule 150)."""
    return sum(
        (
            maintenance(market.perp, position.value(market.mark))
            for market, position in positions_of(ledger, markets, dex)
        ),
        Fraction(0),
    )


def liquidation_px(ledger: Ledger, markets: Markets, asset: int) -> int | None:
    """Return the mark, in 1e-8, at which the position would be liquidated, or None where there is none.

    Source: wire rules 90 and 151: price - side * available / size / (1 - side / maintenance leverage).
    """
    market = markets[asset]
    position = ledger.positions[asset]
    side = 1 if position.szi > 0 else -1
    if is_isolated(ledger, market.perp):
        kept = maintenance(market.perp, position.value(market.mark))
        available = isolated_margin(position, market.mark) - kept
    else:
        dex = dex_of(asset)
        kept = sum(
            (
                maintenance(other.perp, held.value(other.mark))
                for other, held in cross_positions(ledger, markets, dex)
            ),
            Fraction(0),
        )
        available = cross_value(ledger, markets, dex) - kept
    size = Fraction(abs(position.szi), E8)
    rate = Fraction(1, 2 * max_leverage_at(market.perp, position.value(market.mark)))
    px = Fraction(market.mark, E8) - side * (available / MICRO) / size / (1 - rate * side)
    return round(px * E8) if px > 0 else None


def kept_back(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return what must stay behind positions and orders when money leaves.

    That is max(initial margin, a tenth of the position value), and what orders bind. Isolated positions count
    on neither side. Source: wire rules 89 and 149.
    """
    value = sum(position.value(market.mark) for market, position in cross_positions(ledger, markets, dex))
    for_positions = cross_margin_used(ledger, markets, dex)
    for_orders = total_bound_margin(ledger, markets, dex) - for_positions
    return max(for_positions, -(-value // 10)) + for_orders


def withdrawable(ledger: Ledger, markets: Markets, dex: int) -> int:
    """Return what may leave a dex; of a pooled account, all of them."""
    return max(0, free_value(ledger, markets, dex) - kept_back(ledger, markets, dex))
