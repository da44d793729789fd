"""Accounts that lend and borrow."""

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk
from tests.localnet.lending.bank import margin


@pytest.fixture
def lender(net: Localnet) -> Desk:
    """Return an account in standard mode with 10,000 USDC and 100 HYPE on spot."""
    return Desk(net, ACCOUNTS[1].private_key)


@pytest.fixture
def owner(net: Localnet) -> Desk:
    """Return an account with portfolio margin, which has 20,000 USDC and 100 HYPE."""
    desk = Desk(net)
    margin(desk)
    return desk
