"""Who gains on the other side pays for whom a move has left with less than nothing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, leverage, quiet


def desk_of(net: Localnet, who: int, usd: int) -> Desk:
    """Return an account with so much."""
    net.fund(
        ACCOUNTS[who].address,
        usd - Decimal(net.exchange.ledgers[ACCOUNTS[who].address.lower()].balance) / 10**6,
    )
    return Desk(net, ACCOUNTS[who].private_key)


def opposed(net: Localnet, debtor: Desk, *others: tuple[Desk, str], is_buy: bool = True) -> None:
    """Let a debtor take positions against others, who quote, at 3000."""
    quiet(net)
    net.set_mark("ETH", Decimal(3000))
    for other, sz in others:
        other.rest(b=not is_buy, p="3000", s=sz)
    total = sum(Decimal(sz) for _, sz in others)
    debtor.act(leverage(25))
    assert "filled" in debtor.place(b=is_buy, p="3000", s=f"{total.normalize():f}", tif="Ioc")


@pytest.fixture
def net() -> Localnet:
    """An exchange with ten accounts, at 3000."""
    net = Localnet()
    net.set_mid("ETH", Decimal(3000))
    return net


def deleveraged(desk: Desk) -> list[dict[str, Any]]:
    """Return the account's fills of that kind."""
    return [fill for fill in desk.info("userFills") if fill["dir"] == "Auto-Deleveraging"]


@pytest.mark.parametrize(("is_buy", "mark"), [(True, "2000"), (False, "4000")])
def test_a_position_is_closed_against_who_gains(net: Localnet, *, is_buy: bool, mark: str) -> None:
    debtor, other = desk_of(net, 8, 500), desk_of(net, 9, 10_000)
    opposed(net, debtor, (other, "1"), is_buy=is_buy)
    total = net.total_usd()
    net.set_mark("ETH", Decimal(mark))
    assert (debtor.position(), other.position()) == ("0.0", "0.0")
    (fill,) = deleveraged(other)
    (own, *_) = debtor.info("userFills")
    assert (
        (fill["px"], fill["sz"], fill["fee"])
        == (own["px"], own["sz"], own["fee"])
        == ("3000.0", "1.0", "0.0")
    )
    assert own["dir"] == f"Liquidated Cross {'Long' if is_buy else 'Short'}"
    assert fill["liquidation"] == own["liquidation"]
    assert fill["liquidation"]["liquidatedUser"] == debtor.address
    assert (fill["tid"], fill["crossed"]) == (own["tid"], False)
    assert net.total_usd() == total
    assert Decimal(debtor.info("clearinghouseState")["marginSummary"]["accountValue"]) >= 0


def test_the_higher_leverage_is_asked_first(net: Localnet) -> None:
    debtor, poor, rich = desk_of(net, 7, 400), desk_of(net, 8, 1_000), desk_of(net, 9, 50_000)
    opposed(net, debtor, (poor, "0.5"), (rich, "0.5"))
    quiet(net, bid="2999")
    assert "filled" in debtor.place(b=False, p="2999", s="0.5", tif="Ioc")
    quiet(net)
    net.set_mark("ETH", Decimal(2000))
    assert (debtor.position(), poor.position(), rich.position()) == ("0.0", "0.0", "-0.5")
    assert (len(deleveraged(poor)), len(deleveraged(rich))) == (1, 0)


def test_who_loses_is_not_asked(net: Localnet) -> None:
    debtor, other = desk_of(net, 8, 500), desk_of(net, 9, 10_000)
    net.set_mid("ETH", Decimal(2000))
    quiet(net, bid="2000")
    assert "filled" in other.place(b=False, p="2000", s="1", tif="Ioc")
    net.set_mid("ETH", Decimal(3000))
    opposed(net, debtor, (other, "0.1"))
    quiet(net, ask="3000")
    assert "filled" in debtor.place(p="3000", s="0.9", tif="Ioc")
    quiet(net)
    net.set_mark("ETH", Decimal(2400))
    assert debtor.position() == "0.0"
    assert deleveraged(other) == []


def test_a_position_that_is_worth_something_goes_to_the_backstop(net: Localnet) -> None:
    debtor, other = desk_of(net, 8, 500), desk_of(net, 9, 10_000)
    opposed(net, debtor, (other, "1"))
    net.set_mark("ETH", Decimal(2510))
    assert debtor.position() == "0.0"
    assert (deleveraged(other), other.position()) == ([], "-1.0")


@given(
    usd=st.lists(st.integers(200, 5_000), min_size=3, max_size=3),
    sizes=st.lists(st.integers(1, 40), min_size=2, max_size=2),
    marks=st.lists(st.integers(1_500, 5_000), min_size=1, max_size=4),
    is_buy=st.booleans(),
)
def test_nothing_is_lost_or_made(usd: list[int], sizes: list[int], marks: list[int], *, is_buy: bool) -> None:
    net = Localnet()
    net.set_mid("ETH", Decimal(3000))
    debtor, *others = (desk_of(net, 7 + number, each) for number, each in enumerate(usd))
    quiet(net)
    net.set_mark("ETH", Decimal(3000))
    for other, sz in zip(others, sizes, strict=True):
        other.place(b=not is_buy, p="3000", s=f"{Decimal(sz) / 100:f}")
    debtor.place(b=is_buy, p="3000", s=f"{Decimal(sum(sizes)) / 100:f}", tif="Ioc")
    total = net.total_usd()
    for mark in marks:
        net.set_mark("ETH", Decimal(mark))
        net.advance(200)
        assert net.total_usd() == total
        assert sum(net.exchange.open_interest().values()) >= 0
        held = [ledger.szi(4) for ledger in net.exchange.everyone()]
        assert sum(held) == 0
