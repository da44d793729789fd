"""The price of a slot, whenever one looks and whoever buys."""

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.markets.auctions import LOWEST, SECONDS, Auction

STARTS = st.integers(LOWEST, 10**6 * LOWEST)
BEGUN = st.integers(1_600_000_000, 1_900_000_000)


@given(start=STARTS, begun=BEGUN, times=st.lists(st.integers(0, SECONDS - 1), min_size=2))
def test_the_price_falls_to_500_and_never_below(start: int, begun: int, times: list[int]) -> None:
    auction = Auction(is_taken=True)
    auction.open(begun, start)
    prices = [auction.round(begun + s).price(begun + s) for s in sorted(times)]
    assert prices == sorted(prices, reverse=True)
    assert LOWEST <= prices[-1] <= prices[0] <= start
    assert auction.round(begun).price(begun) == start


@given(start=STARTS, begun=BEGUN, bought=st.integers(0, SECONDS - 1), later=st.integers(1, 10**7))
def test_a_round_begins_at_twice_what_was_paid_or_at_500(
    start: int, begun: int, bought: int, later: int
) -> None:
    auction = Auction()
    auction.open(begun, start)
    paid = auction.buy(begun + bought)
    assert auction.round(begun + SECONDS - 1).sold == paid
    now = begun + SECONDS + later
    found = auction.round(now)
    assert found.begun_s <= now < found.begun_s + SECONDS
    assert (found.begun_s - begun) % SECONDS == 0
    assert found.sold is None
    assert found.start == (2 * paid if now < begun + 2 * SECONDS else LOWEST)
