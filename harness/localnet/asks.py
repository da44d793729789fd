"""Reads what tests and people ask of a localnet, in their units, or says why it cannot be had."""

from decimal import Decimal

from harness.errors import HarnessError
from harness.localnet.markets.listings import Listing
from harness.localnet.markets.tokens import Token
from harness.localnet.markets.universe import Universe
from harness.localnet.numbers import LARGEST, scaled, to_decimal


class LocalnetError(HarnessError):
    """The localnet was asked for something that its universe or its rules do not allow."""


def figure_of(value: Decimal, decimals: int) -> int:
    """Return a figure as an integer of 10**-decimals.

    Raises:
        LocalnetError: it has more decimals, is not finite, or needs more than 64 bits.
    """
    refuse_large(value, decimals)
    try:
        return scaled(value, decimals)
    except ValueError as error:
        raise LocalnetError(str(error), needed=f"A figure of at most {decimals} decimals.") from error


def refuse_large(value: Decimal, decimals: int) -> None:
    """Refuse a figure of which an integer of 10**-decimals has more than 64 bits.

    Raises:
        LocalnetError: it has.
    """
    largest = to_decimal(LARGEST, decimals)
    if value.is_finite() and value.copy_abs() > largest:
        raise LocalnetError(f"{value} is too large.", needed=f"At most {largest:f}.")


def address_of(text: str) -> str:
    """Return an address in lower case.

    Raises:
        LocalnetError: it is none.
    """
    digits = text.removeprefix("0x").lower()
    if len(digits) != 40 or set(digits) - set("0123456789abcdef"):
        raise LocalnetError(f"{text!r} is no address.", needed="0x and 40 hex digits.")
    return "0x" + digits


def token_of(universe: Universe, name: str) -> Token:
    """Return a token by its name.

    Raises:
        LocalnetError: there is none.
    """
    token = next((token for token in universe.tokens.values() if token.name == name), None)
    if token is None:
        raise LocalnetError(f"Localnet has no token {name!r}.", needed="A token of its `spotMeta`.")
    return token


def listing_of(universe: Universe, coin: str) -> Listing:
    """Return what a coin's book trades.

    Raises:
        LocalnetError: there is no such market.
    """
    perp = universe.perp_of.get(coin)
    if perp is not None and not perp.delisted:
        return perp
    pair = universe.pair_of.get(coin)
    if pair is None:
        raise LocalnetError(
            f"Localnet has no market {coin!r}.",
            needed="A live perpetual of its `meta`, or a pair of its `spotMeta`.",
        )
    return pair


def level_of(listing: Listing, px: Decimal, sz: Decimal) -> tuple[int, int]:
    """Return a price and a size in 1e-8.

    Raises:
        LocalnetError: one of them is not legal there.
    """
    level = figure_of(px, 8), figure_of(sz, 8)
    if level[0] <= 0 or level[0] % listing.tick_at(level[0]) or level[1] <= 0 or level[1] % listing.sz_step:
        tick, lot = to_decimal(listing.tick_at(abs(level[0]))), to_decimal(listing.sz_step)
        raise LocalnetError(
            f"{sz} at {px} is not legal on {listing.name}.",
            needed=f"A price in steps of {tick} and a size in steps of {lot}, both above zero.",
        )
    return level
