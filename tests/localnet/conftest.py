"""Fixtures of the localnet tests: a fresh exchange, and desks at it."""

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk


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
