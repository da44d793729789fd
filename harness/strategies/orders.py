"""Orders as intents: no network, no price, so that a shrunk counterexample means something on any day."""

from decimal import Decimal

from hypothesis import strategies as st

from harness.intents import OrderIntent, Tif

MIN_NOTIONAL_USD = 10
# Above the minimum by more than a size can be rounded, and within the default --max-notional-usd.
_NOTIONALS = st.decimals(min_value=MIN_NOTIONAL_USD + 1, max_value=45, places=2)


def intents(
    *,
    depths_bps: st.SearchStrategy[int],
    tifs: tuple[Tif, ...] = ("Gtc", "Alo", "Ioc"),
    notionals_usd: st.SearchStrategy[Decimal] = _NOTIONALS,
) -> st.SearchStrategy[OrderIntent]:
    """Return intents on either side with the given distances from mid (hundredths of a percent)."""
    return st.builds(
        OrderIntent,
        is_buy=st.booleans(),
        depth_bps=depths_bps,
        notional_usd=notionals_usd,
        tif=st.sampled_from(tifs),
    )


def resting_intents() -> st.SearchStrategy[OrderIntent]:
    """Return legal orders that rest: 5 to 50 % away from mid, Gtc or Alo, worth 11 to 45 USDC."""
    return intents(depths_bps=st.integers(500, 5_000), tifs=("Gtc", "Alo"))


def crossing_intents() -> st.SearchStrategy[OrderIntent]:
    """Return legal orders that take: 1 to 4 % through the other side, Gtc or Ioc, worth 11 to 45 USDC."""
    return intents(depths_bps=st.integers(-400, -100), tifs=("Gtc", "Ioc"))
