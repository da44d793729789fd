"""Metadata on disk: once per content, named by its hash, and never another content under that name."""

import pytest

from harness.errors import CassetteError
from harness.recording import universe
from harness.recording.universe import Universe
from harness.targets.localnet import localnet_universe

META = '{"universe": [{"name": "BTC", "szDecimals": 5}, {"name": "ETH", "szDecimals": 4}]}'


@pytest.fixture
def written(tmp_path):
    """A small universe and the folder it was written to."""
    made = Universe({"meta": META, "spotMeta": '{"tokens": []}'})
    made.write(tmp_path)
    return made, tmp_path


def test_what_was_written_is_read_back(written):
    made, folder = written
    back = universe.read(folder, made.names)

    assert (back.meta, back.spot_meta, back.names) == (made.meta, made.spot_meta, made.names)


def test_white_space_does_not_change_the_name():
    assert (
        Universe({"meta": META, "spotMeta": "{}"}).names
        == Universe({"meta": META.replace(" ", "\n"), "spotMeta": "{ }"}).names
    )


def test_one_content_is_written_once(written):
    made, folder = written
    before = {path: path.stat().st_mtime_ns for path in (folder / "universe").iterdir()}
    made.write(folder)

    assert {path: path.stat().st_mtime_ns for path in (folder / "universe").iterdir()} == before


def test_universes_of_different_dates_live_together(written):
    made, folder = written
    Universe({"meta": META.replace("BTC", "SOL"), "spotMeta": "{}"}).write(folder)

    assert len(list((folder / "universe").iterdir())) == 4
    assert universe.read(folder, made.names).perp("BTC") == (0, {"name": "BTC", "szDecimals": 5})


def test_coins_are_found_by_name():
    made = Universe({"meta": META, "spotMeta": "{}"})

    assert made.perp("ETH") == (1, {"name": "ETH", "szDecimals": 4})
    assert made.perp("eth") is None


def test_missing_file_is_named(written):
    made, folder = written
    path = folder / "universe" / f"{made.names['meta']}.json"
    path.unlink()

    with pytest.raises(CassetteError, match="cannot be read") as caught:
        universe.read(folder, made.names)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1"])
def test_other_content_under_the_name_is_refused(written, content):
    made, folder = written
    path = folder / "universe" / f"{made.names['spotMeta']}.json"
    path.write_bytes(content)

    with pytest.raises(CassetteError) as caught:
        universe.read(folder, made.names)
    assert str(path) in str(caught.value)


def test_tape_that_names_no_metadata_is_refused(written):
    with pytest.raises(CassetteError, match="not named"):
        universe.read(written[1], {})


def test_localnet_has_one_universe():
    assert localnet_universe() is localnet_universe()
    assert set(localnet_universe().names) == {"meta", "spotMeta"}
