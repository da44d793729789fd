"""The prices of Hyperliquidity."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.markets.ladders import prices
from harness.localnet.markets.tokens import Pair, Token

TOKENS = st.builds(lambda sz: Token(9, "T", sz, sz + 5, "0x" + "0" * 32), st.integers(0, 7))


@given(token=TOKENS, ticks=st.integers(1, 10**5), number=st.integers(0, 200))
def test_prices_are_legal_and_each_is_above_the_one_before(token: Token, ticks: int, number: int) -> None:
    pair = Pair(10_009, 9, "@9", token, 0)
    start = pair.floor_px(ticks * pair.px_step)
    found = prices(pair, start, number)
    assert len(found) == number
    assert all(px % pair.tick_at(px) == 0 for px in found)
    assert all(one < other for one, other in pairwise(found))


def test_prices_are_those_of_a_testnet_book() -> None:
    """@67 of the testnet began at 0.020777 (id 54290586014 of the text index)."""
    pair = Pair(10_067, 67, "@67", Token(9, "T", 0, 5, "0x" + "0" * 32), 0)
    found = prices(pair, 2_077_700, 40)
    assert [found[place] for place in (1, 2, 19, 20, 21, 39)] == [
        2_083_900,
        2_090_200,
        2_199_400,
        2_206_000,
        2_212_600,
        2_335_200,
    ]
