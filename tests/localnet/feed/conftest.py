"""Fixtures of the feed's tests."""

import pytest

from harness.localnet import Localnet
from tests.localnet.feed.line import Line


@pytest.fixture
def line(net: Localnet) -> Line:
    """A connection to the feed."""
    return Line(net)
