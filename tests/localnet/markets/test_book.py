"""The best order of a side, whatever has come and gone."""

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.markets.book import Book, Order


def resting(oid: int, px: int, *, is_buy: bool) -> Order:
    return Order(
        oid,
        "0x1",
        4,
        is_buy=is_buy,
        px=px,
        sz=1,
        tif="Gtc",
        reduce_only=False,
        cloid=None,
        timestamp_ms=0,
    )


@given(
    is_buy=st.booleans(),
    steps=st.lists(st.one_of(st.integers(1, 5), st.none()), max_size=40),
    data=st.data(),
)
def test_the_best_is_the_oldest_at_the_best_price(
    is_buy: bool, steps: list[int | None], data: st.DataObject
) -> None:
    book, there = Book(), []
    for oid, px in enumerate(steps):
        if px is not None:
            there.append(resting(oid, px, is_buy=is_buy))
            book.add(there[-1])
        elif there:
            gone = data.draw(st.sampled_from(there))
            there.remove(gone)
            book.remove(gone)
        best = min(there, key=lambda order: (-order.px if is_buy else order.px, order.oid), default=None)
        assert book.best(is_buy=is_buy) is best
        assert book.best_px(is_buy=is_buy) == (None if best is None else best.px)
        assert book.best(is_buy=not is_buy) is None
        worth = {order.px: [one for one in there if one.px == order.px] for order in there}
        pxs = sorted(worth, reverse=is_buy)
        assert list(book.levels(is_buy=is_buy)) == [(px, worth[px]) for px in pxs]
