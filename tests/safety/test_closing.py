"""The order that takes a position back: on the right side, at a legal price near the best one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.safety.closing import only_reduces, order_at_once

SIZES = st.decimals("-5", "5", places=2)
# Above that 5 % are more than a tick, whatever the coin.
PXS = st.decimals("3", "99999", places=3)


def book(bid, ask):
    return {"levels": [[{"px": str(bid), "sz": "1", "n": 1}], [{"px": str(ask), "sz": "1", "n": 1}]]}


@given(now=SIZES, then=SIZES)
def test_position_that_only_gets_smaller_keeps_its_side(now, then):
    smaller = abs(then) <= abs(now) and now * then >= 0
    assert only_reduces(now, then) is smaller


@given(szi=SIZES.filter(bool), bid=PXS, decimals=st.integers(0, 5))
def test_order_takes_what_the_other_side_offers(szi, bid, decimals):
    ask = bid * Decimal("1.001")
    order = order_at_once(4, decimals, book(bid, ask), szi, reduce_only=True)

    px, best = Decimal(order["p"]), ask if szi > 0 else bid
    assert (order["a"], order["b"], Decimal(order["s"])) == (4, szi > 0, abs(szi))
    assert order["t"] == {"limit": {"tif": "Ioc"}}
    assert abs(px - best) <= best * Decimal("0.05")
    assert len(px.normalize().as_tuple().digits) <= 5 or px == px.to_integral_value()
    assert px >= best if szi > 0 else px <= best


@pytest.mark.parametrize(("szi", "levels"), [(1, [[{"px": "9"}], []]), (-1, [[], [{"px": "9"}]])])
def test_empty_side_fills_nothing(szi, levels):
    assert order_at_once(4, 2, {"levels": levels}, Decimal(szi), reduce_only=True) is None
