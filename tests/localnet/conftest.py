"""Fixtures of the localnet tests: a fresh exchange, and desks at it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, leverage
from tests.localnet.unified import unify


@pytest.fixture
def net() -> Localnet:
    """A fresh exchange on a virtual clock."""
    return Localnet()


@pytest.fixture
def desk(net: Localnet) -> Desk:
    """The desk of account 0."""
    return Desk(net)


@pytest.fixture
def fresh(net: Localnet) -> Desk:
    """The desk of account 5, which has neither volume nor tokens."""
    return Desk(net, ACCOUNTS[5].private_key)


@pytest.fixture
def other(net: Localnet) -> Desk:
    """The desk of account 1."""
    return Desk(net, ACCOUNTS[1].private_key)


@pytest.fixture
def unified(net: Localnet) -> Iterator[Desk]:
    """A unified account with 1,000 USDC, on ETH at 10 times leverage."""
    net.fund(ACCOUNTS[9].address, Decimal(1_000 - 10_000))
    desk = Desk(net, ACCOUNTS[9].private_key)
    unify(desk)
    desk.act(leverage(10))
    before = net.total_token("USDC")
    yield desk
    assert net.total_token("USDC") == before
