"""The price of a slot, whenever one looks and whoever buys."""

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.markets.auctions import DEPLOYS, GOSSIP, Auction, GossipSlot, Terms

TERMS = st.sampled_from([DEPLOYS, GOSSIP])
PARTS = st.floats(0, 1, exclude_max=True)
BEGUN = st.integers(1_600_000_000, 1_900_000_000)


@given(terms=TERMS, more=st.integers(0, 10**16), begun=BEGUN, parts=st.lists(PARTS, min_size=2))
def test_the_price_falls_to_the_lowest_and_never_below(
    terms: Terms, more: int, begun: int, parts: list[float]
) -> None:
    auction, start = Auction(is_taken=True, terms=terms), terms.lowest + more
    auction.open(begun, start)
    times = [begun + int(part * terms.seconds) for part in sorted(parts)]
    prices = [auction.round(at).price(at) for at in times]
    assert prices == sorted(prices, reverse=True)
    assert terms.lowest <= prices[-1] <= prices[0] <= start
    assert auction.round(begun).price(begun) == start


@given(terms=TERMS, more=st.integers(0, 10**16), begun=BEGUN, part=PARTS, later=st.integers(1, 10**7))
def test_a_round_begins_at_so_many_times_what_was_paid_or_at_the_lowest(
    terms: Terms, more: int, begun: int, part: float, later: int
) -> None:
    auction = Auction(terms=terms)
    auction.open(begun, terms.lowest + more)
    paid = auction.buy(begun + int(part * terms.seconds))
    assert auction.round(begun + terms.seconds - 1).sold == paid
    now = begun + terms.seconds + later
    found = auction.round(now)
    assert found.begun_s <= now < found.begun_s + terms.seconds
    assert (found.begun_s - begun) % terms.seconds == 0
    assert found.sold is None
    assert found.start == (terms.times * paid if now < begun + 2 * terms.seconds else terms.lowest)


@given(begun=BEGUN)
def test_a_slot_is_its_winners_for_the_round_that_follows_and_no_longer(begun: int) -> None:
    slot = GossipSlot()
    slot.open(begun, GOSSIP.lowest)
    first = slot.auction.round(begun).begun_s
    assert first % GOSSIP.seconds == 0
    slot.buy(begun, "1.1.1.1")
    assert slot.winner(begun) is None
    second = first + GOSSIP.seconds
    slot.buy(second, "2.2.2.2")
    third = second + GOSSIP.seconds
    assert [slot.winner(at) for at in (second, third - 1, third, third + GOSSIP.seconds)] == [
        "1.1.1.1",
        "1.1.1.1",
        "2.2.2.2",
        None,
    ]
