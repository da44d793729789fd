"""What deployers of perp dexes do, but for prices: dexes, coins, terms, settlement.

Source: API docs, "HIP-3" and "HIP-3 deployer actions"; the texts of refusals are NK's and those that others
met (ids 71605891028 and 7831099895 of the text index). UNVERIFIED: the order of the checks, all texts in
lower case, that a coin trades from its listing on, that a halted coin reads as a delisted one, and the rows
of a settlement.
"""

import dataclasses
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet import messages
from harness.localnet.accounts.ledger import Fill, Ledger
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.deploys import gas
from harness.localnet.events import Filled
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dex_terms import FREE, Annotation, DexTerms
from harness.localnet.markets.dexes import DEX_ASSETS, ROOM, Dex, dex_of
from harness.localnet.markets.markets import Market
from harness.localnet.markets.tokens import HYPE, USDC
from harness.localnet.numbers import E8, MICRO, notional, parse_figure
from harness.localnet.trading.funding import begin
from harness.localnet.trading.matching import end_resting
from harness.localnet.trading.slicing import stop

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# What a deployer must have staked on mainnet (docs); the testnet's figure was not found.
STAKE: Final = 500_000 * HYPE.unit
_DEX_NAME: Final = re.compile(r"[a-z0-9]{2,4}", re.ASCII)
_COIN_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_PX_DECIMALS: Final = 6
# A margin table below 51 is a leverage (wire rule 92); tables of one's own are not modelled.
_TABLES: Final = range(1, 51)
_HIGHEST_MULTIPLIER: Final = 10 * E8
_HIGHEST_SCALE: Final = 3 * E8
_GROWTH_STAYS_MS: Final = 30 * 86_400_000
_SETTLED: Final = "Settlement"
_NO_OID: Final = 0


class Wanted(NamedTuple):
    """A coin to be listed."""

    coin: str
    sz_decimals: int
    px: str
    table: int
    is_isolated: bool


class Schema(NamedTuple):
    """A dex to be made."""

    full_name: str
    collateral: int
    oracle_updater: str | None


def terms_of(exchange: "Exchange", user: Ledger, name: str, variant: str) -> tuple[Dex, DexTerms]:
    """Return a dex and its terms, for who may change them.

    Raises:
        Refused: there is no such dex, or somebody else runs it.
    """
    dex = exchange.universe.dex_named(name) if name else None
    if dex is None:
        raise Refused(messages.BAD_DEX)
    terms = exchange.universe.terms[dex.number]
    if not terms.allows(user.address, variant):
        raise Refused(messages.NOT_DEPLOYER)
    return dex, terms


def coin_of(exchange: "Exchange", user: Ledger, coin: str, variant: str) -> tuple[Perp, DexTerms]:
    """Return a coin and the terms of its dex, for who may change them.

    Raises:
        Refused: there is no such coin, or somebody else runs its dex; nobody runs the first one.
    """
    perp = exchange.universe.perp_of.get(coin)
    if perp is None:
        raise Refused(messages.unknown_coin(coin))
    terms = exchange.universe.terms.get(dex_of(perp.index))
    if terms is None or not terms.allows(user.address, variant):
        raise Refused(messages.NOT_DEPLOYER)
    return perp, terms


def register(
    exchange: "Exchange", user: Ledger, name: str, wanted: Wanted, schema: Schema | None, most: int | None
) -> None:
    """List a coin, on a new dex if there is a schema; nothing has changed if it is refused."""
    universe = exchange.universe
    if schema is None:
        dex, terms = terms_of(exchange, user, name, "registerAsset")
    else:
        dex, terms = _new_dex(exchange, user, name, schema)
    perp = _new_perp(dex, wanted)
    if perp.name in universe.perp_of:
        raise Refused(messages.perp_deploy_error("coin already exists"))
    if len(dex.perps) >= FREE:
        _pay(exchange, user, terms, most)
    universe.terms[dex.number] = terms
    universe.set_dex(Dex(dex.number, dex.name, (*dex.perps, perp)))
    exchange.market(perp)


def _new_dex(exchange: "Exchange", user: Ledger, name: str, schema: Schema) -> tuple[Dex, DexTerms]:
    universe = exchange.universe
    if universe.dex_named(name) is not None:
        raise Refused(messages.NOT_DEPLOYER)
    if not _DEX_NAME.fullmatch(name):
        raise Refused(messages.BAD_DEX)
    if any(terms.deployer == user.address for terms in universe.terms.values()):
        raise Refused(messages.perp_deploy_error("deployer already has a perp dex"))
    if schema.collateral != USDC.index:
        raise Refused(messages.perp_deploy_error("invalid collateral token"))
    stake = exchange.stakes.get(user.address)
    if stake is None or stake.total < STAKE:
        raise Refused(messages.INSUFFICIENT_STAKE)
    return Dex(len(universe.dexes), name, ()), DexTerms(schema.full_name, user.address, schema.oracle_updater)


def _new_perp(dex: Dex, wanted: Wanted) -> Perp:
    prefix, colon, name = wanted.coin.partition(":")
    if prefix != dex.name or not colon or not _COIN_NAME.fullmatch(name):
        raise Refused(messages.perp_deploy_error("invalid coin name"))
    px = parse_figure(wanted.px)
    if wanted.sz_decimals > _PX_DECIMALS or wanted.table not in _TABLES:
        raise Refused(messages.perp_deploy_error("invalid size decimals or margin table"))
    index = DEX_ASSETS + (dex.number - 1) * ROOM + ROOM + len(dex.perps)
    perp = Perp(
        index,
        wanted.coin,
        wanted.sz_decimals,
        wanted.table,
        wanted.table,
        px or 0,
        strict_isolated=wanted.is_isolated,
        is_deployed=True,
    )
    if not px or not perp.nearest_px(px):
        raise Refused(messages.perp_deploy_error("invalid oracle price"))
    return perp


def _pay(exchange: "Exchange", user: Ledger, terms: DexTerms, most: int | None) -> None:
    """Pay for a listing: in the auction, or with a most of 0 past it, from the reserve."""
    auction, now_s = exchange.auctions.perp, exchange.now_ms() // 1000
    if most != 0:
        gas.buy_slot(exchange, user, auction, most, messages.perp_deploy_error)
        return
    if not terms.reserves:
        raise Refused(messages.perp_deploy_error("no reserve deployments left"))
    now = auction.round(now_s)
    gas.pay(exchange, user, now.price(now_s) if now.sold is None else now.sold, messages.perp_deploy_error)
    terms.reserves -= 1


def set_sub_deployers(
    exchange: "Exchange", user: Ledger, name: str, changes: list[tuple[str, str, bool]]
) -> None:
    """Let others do single things, or no longer; only the deployer may."""
    _, terms = terms_of(exchange, user, name, "setSubDeployers")
    for variant, other, is_allowed in changes:
        if is_allowed:
            terms.sub_deployers.setdefault(variant, {})[other] = None
        else:
            terms.sub_deployers.get(variant, {}).pop(other, None)


def set_fee_recipient(exchange: "Exchange", user: Ledger, name: str, recipient: str) -> None:
    """Say who gets the deployer's part of fees."""
    terms_of(exchange, user, name, "setFeeRecipient")[1].fee_recipient = recipient


def set_fee_scale(exchange: "Exchange", user: Ledger, name: str, scale: str) -> None:
    """Set what the deployer takes, from nothing to three times the exchange's own fee."""
    _, terms = terms_of(exchange, user, name, "setFeeScale")
    value = parse_figure(scale)
    if value is None or value > _HIGHEST_SCALE:
        raise Refused(messages.perp_deploy_error("invalid fee scale"))
    terms.fee_scale, terms.scaled_ms = value, exchange.now_ms()


def set_multipliers(exchange: "Exchange", user: Ledger, asked: list[tuple[str, str]]) -> None:
    """Scale coins' funding rates, by 0 to 10."""
    found = [
        (coin_of(exchange, user, coin, "setFundingMultipliers"), parse_figure(text)) for coin, text in asked
    ]
    if any(value is None or value > _HIGHEST_MULTIPLIER for _, value in found):
        raise Refused(messages.perp_deploy_error("invalid funding multiplier"))
    # Hours that are not counted are taken for plain ones.
    begin(exchange)
    for (perp, terms), value in found:
        terms.multipliers[perp.name] = value or 0


def set_caps(exchange: "Exchange", user: Ledger, asked: list[tuple[str, int]]) -> None:
    """Cap open interest: at a million units at least, and at half of what it is.

    That the figures are millionths of the collateral, so that the least is one USDC, is UNVERIFIED.
    """
    found = [(coin_of(exchange, user, coin, "setOpenInterestCaps"), cap) for coin, cap in asked]
    interest = exchange.open_interest()
    for (perp, _), cap in found:
        held = notional(exchange.mark(perp), interest.get(perp.index, 0))
        if cap < max(MICRO, held // 2):
            raise Refused(messages.perp_deploy_error("open interest cap too low"))
    for (perp, terms), cap in found:
        terms.caps[perp.name] = cap
        exchange.universe.has_capped = True


def annotate(exchange: "Exchange", user: Ledger, coin: str, words: Annotation) -> None:
    """Say of a coin what pages show; later words take the place of earlier ones.

    UNVERIFIED: that this holds for a name that is null, too; the docs call that "to ignore".
    """
    perp, terms = coin_of(exchange, user, coin, "setPerpAnnotation")
    terms.annotations[perp.name] = words


def set_tables(exchange: "Exchange", user: Ledger, asked: list[tuple[str, int]]) -> None:
    """Give coins another margin table; positions keep their leverage."""
    found = [(coin_of(exchange, user, coin, "setMarginTableIds")[0], table) for coin, table in asked]
    if any(table not in _TABLES for _, table in found):
        raise Refused(messages.perp_deploy_error("invalid margin table"))
    for perp, table in found:
        _replace(exchange, dataclasses.replace(perp, max_leverage=table, margin_table=table))


def set_margin_modes(exchange: "Exchange", user: Ledger, asked: list[tuple[str, str]]) -> None:
    """Let coins be only isolated; in the strict mode margin stays until a position is reduced."""
    found = [(coin_of(exchange, user, coin, "setMarginModes")[0], mode) for coin, mode in asked]
    for perp, mode in found:
        changed = dataclasses.replace(perp, strict_isolated=True, lets_margin_go=mode == "noCross")
        _replace(exchange, changed)


def set_growth_modes(exchange: "Exchange", user: Ledger, asked: list[tuple[str, bool]]) -> None:
    """Turn coins' growth mode on or off. What a coin needs for it is not looked at: UNVERIFIED."""
    found = [(coin_of(exchange, user, coin, "setGrowthModes")[0], grows) for coin, grows in asked]
    for perp, grows in found:
        _replace(exchange, dataclasses.replace(perp, grows=grows, growth_ms=exchange.now_ms()))


def refuse_unknown_change(exchange: "Exchange", variant: str, coin: str) -> None:
    """Refuse a change of mode of which is not known how it is refused, or what becomes of those who trade.

    Raises:
        NotCovered: growth mode twice in 30 days (docs); isolation of a coin that somebody holds or bids for.
    """
    perp = exchange.universe.perp_of.get(coin)
    if perp is None:
        return
    if variant == "setGrowthModes":
        if perp.growth_ms is not None and exchange.now_ms() < perp.growth_ms + _GROWTH_STAYS_MS:
            raise NotCovered("a growth mode that was set within 30 days")
    elif not perp.strict_isolated:
        asset = perp.index
        if any(asset in ledger.positions or ledger.open_on.get(asset) for ledger in exchange.everyone()):
            raise NotCovered("isolating a coin that is held or in the book")


def halt(exchange: "Exchange", user: Ledger, coin: str, *, is_halted: bool) -> None:
    """Cancel all orders on a coin and settle all positions at the mark; or let it trade again."""
    perp, _ = coin_of(exchange, user, coin, "haltTrading")
    market = exchange.market(perp)
    begin(exchange)
    if is_halted:
        for ledger in exchange.everyone():
            _settle(exchange, market, ledger)
    market.house_is_manual = is_halted or perp.is_deployed
    market.needs_quotes = not market.house_is_manual
    _replace(exchange, dataclasses.replace(perp, delisted=is_halted))


def _replace(exchange: "Exchange", perp: Perp) -> None:
    """Put a changed coin in the place of what it was."""
    dex = exchange.universe.dexes[dex_of(perp.index)]
    perps = tuple(perp if one.index == perp.index else one for one in dex.perps)
    exchange.universe.set_dex(dataclasses.replace(dex, perps=perps))
    exchange.market(perp).perp = perp


def _settle(exchange: "Exchange", market: Market, ledger: Ledger) -> None:
    asset = market.perp.index
    for twap in [twap for twap in ledger.twaps.running.values() if twap.asset == asset]:
        stop(exchange, ledger, twap, "error", "asset halted")
    for order in [*ledger.resting_on(asset), *ledger.waiting_on(asset)]:
        if order.oid in ledger.open:
            end_resting(exchange, market, order, "delistedCanceled")
    position = ledger.positions.get(asset)
    if position is None:
        return
    szi = position.szi
    booked = ledger.book_fill(asset, is_buy=szi < 0, px=market.mark, sz=abs(szi), fee=0)
    if ledger.is_house:
        return
    fill = Fill(
        market.perp.name,
        market.mark,
        abs(szi),
        szi < 0,
        exchange.now_ms(),
        booked.start_position,
        _SETTLED,
        booked.closed_pnl,
        exchange.tx_hash,
        _NO_OID,
        False,
        0,
        0,
        None,
        exchange.trades,
    )
    ledger.fills.appendleft(fill)
    exchange.tell(Filled(ledger.address, fill))
