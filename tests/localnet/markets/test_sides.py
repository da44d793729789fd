"""The one book of two sides, against all orders sorted by merged price, side and time."""

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.markets.book import Order
from harness.localnet.markets.sides import SideBook, markets_of, sides_of
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import E8

YES, NO = 100_000_000, 100_000_001


def made(oid: int, asset: int, *, is_buy: bool, tenths: int) -> Order:
    """Return an order of one share."""
    return Order(
        oid,
        "0x0",
        asset,
        is_buy=is_buy,
        px=tenths * 10**7,
        sz=E8,
        tif="Gtc",
        reduce_only=False,
        cloid=None,
        timestamp_ms=0,
    )


def books() -> dict[int, SideBook]:
    """Return two empty books that share their orders."""
    found = {asset: SideBook(asset) for asset in (YES, NO)}
    found[YES].join(found[NO])
    return found


@given(
    st.lists(st.tuples(st.sampled_from([YES, NO]), st.booleans(), st.integers(1, 9)), max_size=30), st.data()
)
def test_shows_all_orders_in_merged_order(asked: list[tuple[int, bool, int]], data: st.DataObject) -> None:
    """On both sides, also after some have gone; price first, then offers before bids, then time."""
    pair = books()
    orders = [
        made(oid, asset, is_buy=is_buy, tenths=tenths) for oid, (asset, is_buy, tenths) in enumerate(asked)
    ]
    for order in orders:
        pair[order.asset].add(order)
    gone = data.draw(st.sets(st.sampled_from(orders)) if orders else st.just(set()))
    for order in sorted(gone, key=lambda one: one.oid):
        pair[order.asset].remove(order)
    left = [order for order in orders if order not in gone]
    for asset, book in pair.items():
        for is_buy in (True, False):
            shown = [
                (order.px if order.asset == asset else E8 - order.px, order.is_buy, order.oid, order)
                for order in left
                if (order.is_buy == is_buy) == (order.asset == asset)
            ]
            shown.sort(key=lambda row: (-row[0] if is_buy else row[0], row[1], row[2]))
            level_rows = [(px, one.oid) for px, level in book.levels(is_buy=is_buy) for one in level]
            assert level_rows == [(px, oid) for px, _, oid, _ in shown]
            first = shown[0] if shown else None
            assert book.best(is_buy=is_buy) is (first[3] if first else None)
            assert book.best_px(is_buy=is_buy) == (first[0] if first else None)
            for px in range(0, E8, 10**7):
                meets = first is not None and (first[0] >= px if is_buy else first[0] <= px)
                found = book.opposite(is_buy=not is_buy, px=px)
                assert found is (first[3] if first is not None and meets else None)


def test_numbers_and_names() -> None:
    """Wire rule 19."""
    first, second = sides_of(1, USDC)
    assert (first.index, first.name, first.base.name, first.twin) == (100_000_010, "#10", "+10", 100_000_011)
    assert (second.index, second.name, second.base.name, second.twin) == (
        100_000_011,
        "#11",
        "+11",
        100_000_010,
    )
    assert [market.pair for market in markets_of((first, second))] == [first, second]
    assert first.nearest_px(12_345_678) == 12_346_000
