"""The venue: a started target, its accounts, its waiting, and what only it can draw."""

import pytest

from harness import venue as venue_module
from harness.errors import HarnessError, ReplayMismatch, SettingsError, UnexpectedAnswer, UnsupportedError
from harness.recording import cassette
from harness.settings import Key, Settings
from harness.targets.localnet import LocalnetTarget, localnet_universe
from harness.targets.replay import ReplayTarget
from harness.venue import Venue, sdk_version
from tests.doors import Scripted
from tests.recording.tapes import COMMAND, provenance, read, tape


@pytest.fixture
def start(tmp_path):
    """Starts venues and closes them."""
    started = []

    def make(**settings):
        started.append(Venue(Settings(cassettes=tmp_path, **settings)))
        return started[-1]

    yield make
    for one in started:
        one.close()


def test_localnet_begins_with_a_fresh_exchange(start, tmp_path):
    venue = start(target="localnet")
    first = venue.begin("a", tmp_path / "a.yaml", COMMAND).target
    second = venue.begin("b", tmp_path / "b.yaml", COMMAND).target

    assert isinstance(first, LocalnetTarget)
    assert first is not second


def test_replay_begins_with_the_tape_and_the_universe_it_names(start, tmp_path):
    names = localnet_universe().names
    localnet_universe().write(tmp_path)
    recorded = tape(read("allMids"))
    cassette.write(tmp_path / "a.yaml", type(recorded)(provenance(universe=names), recorded.steps))
    venue = start()
    target = venue.begin("a", tmp_path / "a.yaml", COMMAND).target

    assert isinstance(target, ReplayTarget)
    assert target.universe.names == names
    assert venue.recorded_examples() == []
    with pytest.raises(ReplayMismatch):
        venue.finish(torn_down=False)


def test_localnet_has_no_recorded_examples(start, tmp_path):
    venue = start(target="localnet")
    venue.begin("a", tmp_path / "a.yaml", COMMAND)

    assert venue.recorded_examples() == []


def test_replay_records_nothing(start, tmp_path):
    venue = start()
    venue.wire.begin("a", Scripted())
    venue.record(tmp_path / "a.yaml")

    assert list(tmp_path.iterdir()) == []


def test_problem_that_was_caught_is_raised_at_the_end(start):
    venue = start(target="localnet")
    episode = venue.wire.begin("a", Scripted())
    venue.finish(torn_down=False)
    episode.problems.append(HarnessError("hidden"))

    with pytest.raises(HarnessError, match="hidden"):
        venue.finish(torn_down=False)


def test_ended_scenario_has_no_target(start):
    venue = start(target="localnet")
    venue.wire.begin("a", Scripted())
    venue.end()

    with pytest.raises(UnsupportedError, match="No scenario is running"):
        venue.clock.now_ms()


def test_waiting_ends_with_the_first_true_answer(start):
    venue = start(target="localnet")
    venue.wire.begin("a", target := Scripted())
    answers = iter([0, "", [], "there"])

    assert venue.until(lambda: next(answers)) == "there"
    assert target.waited == 1.5


def test_waiting_in_vain_tells_the_last_answer(start):
    venue = start(target="localnet")
    venue.wire.begin("a", Scripted())

    with pytest.raises(UnexpectedAnswer, match=r"within 1 s \(4 tries\); the last was \[\]"):
        venue.until(list, timeout_s=1, every_s=0.25)


def test_draws_are_hexadecimal_of_the_right_length(start):
    venue = start(target="localnet")
    venue.wire.begin("a", Scripted())

    assert venue.cloid().to_raw() == "0x" + "07" * 16
    assert venue.stranger() == "0x" + "07" * 20


def test_market_knows_its_coin(start):
    venue = start(target="localnet")
    venue.wire.begin("a", Scripted())

    assert venue.market("BTC").asset == localnet_universe().perp("BTC")[0]


def test_second_account_on_testnet_needs_a_key(start):
    venue = start(target="testnet", key=Key("ab" * 32))
    venue.wire.begin("a", Scripted())

    with pytest.raises(SettingsError, match="needs a counterparty"), venue.trader("counterparty"):
        pass


def test_version_of_the_sdk_is_the_installed_one():
    assert sdk_version()[0].isdigit()


def test_sdk_that_is_not_installed_is_told(monkeypatch):
    from importlib import metadata

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)

    with pytest.raises(HarnessError, match="is not installed"):
        sdk_version.__wrapped__()


def test_names_of_the_sdk_are_given_back_at_the_end(tmp_path):
    from hyperliquid import api

    before = api.requests
    venue = Venue(Settings(target="localnet", cassettes=tmp_path))
    venue.underlay.lay()
    assert api.requests is not before
    venue.close()

    assert api.requests is before
    assert venue_module.sdk_version() == sdk_version()
