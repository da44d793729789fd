"""The fixtures that scenarios ask for."""

from collections.abc import Iterator

import pytest

from harness.journal import JournalView
from harness.localnet_control import LocalnetControl
from harness.market import Market
from harness.plugin.options import SETTINGS
from harness.trader import Trader
from harness.venue import Venue

VENUE = pytest.StashKey[Venue]()


def venue_of(config: pytest.Config) -> Venue:
    """Return the session's venue; the first call starts it."""
    if VENUE not in config.stash:
        config.stash[VENUE] = Venue(config.stash[SETTINGS])
    return config.stash[VENUE]


def pytest_unconfigure(config: pytest.Config) -> None:
    if VENUE in config.stash:
        config.stash[VENUE].close()


@pytest.fixture(scope="session")
def venue(request: pytest.FixtureRequest) -> Venue:
    """The target: `.trader()`, `.market(coin)`, `.until(...)`, `.clock`, `.cloid()`, `.stranger()`."""
    return venue_of(request.config)


@pytest.fixture
def trader(venue: Venue) -> Iterator[Trader]:
    """A funded account with the SDK's `.exchange` and `.info`; swept when the scenario ends."""
    with venue.trader() as trader:
        yield trader


@pytest.fixture
def counterparty(venue: Venue) -> Iterator[Trader]:
    """A second funded account."""
    with venue.trader("counterparty") as counterparty:
        yield counterparty


@pytest.fixture
def market(request: pytest.FixtureRequest, venue: Venue) -> Market:
    """The market that the `coin` marker names."""
    marker = request.node.get_closest_marker("coin")
    if marker is None or len(marker.args) != 1:
        raise pytest.UsageError(
            f"{request.node.nodeid} asks for `market` without naming a coin.\n"
            'Mark the test or its module: pytestmark = pytest.mark.coin("ETH")'
        )
    return venue.market(marker.args[0])


@pytest.fixture
def localnet(venue: Venue) -> LocalnetControl:
    """Control of the embedded exchange: move a price, advance the clock, fund, delay an answer."""
    if venue.target == "testnet":
        pytest.skip("commands the exchange, which the testnet does not allow; runs with --target=localnet")
    return LocalnetControl(venue.wire)


@pytest.fixture
def journal(venue: Venue) -> JournalView:
    """What this scenario sent and was answered; read-only."""
    return venue.wire.episode.journal
