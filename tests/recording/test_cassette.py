"""Cassettes on disk: a whole tape or a clear error, never a part, and never a recording instead."""

import os
import stat
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import CassetteError
from harness.recording import cassette
from harness.recording.layout import canonical
from harness.recording.tape import Reply, Step, Tape
from tests.recording.tapes import COMMAND, JSON, TEXT, full_tape, provenance, read, reply, request, tape

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path):
    """A written cassette with everything on it."""
    path = tmp_path / "test_x" / "test_y.yaml"
    cassette.write(path, full_tape())
    return path


def play(path, **options):
    return cassette.read(path, record_command=COMMAND, **options)


def refused(path, content=None):
    """Read a cassette that cannot be read; the error has to say what to do, and the file stays as it is."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    before = path.read_bytes()
    with pytest.raises(CassetteError) as caught:
        play(path)
    assert str(path) in caught.value.found
    assert COMMAND in caught.value.do
    assert path.read_bytes() == before
    return caught.value


def line_named(path, error):
    """The line that the error names."""
    place = error.found.partition(", line ")[2]
    return int(place.partition(":")[0]) if place else None


def same_meaning(tape: Tape) -> object:
    """The tape without the white space in its JSON."""
    data = msgspec.to_builtins(tape)
    for step in data["steps"]:
        step["request"]["body"] = canonical(step["request"]["body"])
        step["reply"]["body"] = canonical(step["reply"]["body"])
    for frame in data["frames"]:
        frame["text"] = canonical(frame["text"])
    return data


def test_what_was_written_is_read_back(path):
    assert same_meaning(play(path)) == same_meaning(full_tape())


def test_requests_are_read_back_exactly(path):
    assert [step.request for step in play(path).steps] == [step.request for step in full_tape().steps]


def test_reading_and_writing_again_gives_the_same_bytes(path, tmp_path):
    cassette.write(tmp_path / "again.yaml", play(path))

    assert (tmp_path / "again.yaml").read_bytes() == path.read_bytes()


def test_tape_without_a_step_is_a_tape(tmp_path):
    cassette.write(tmp_path / "empty.yaml", tape())

    assert play(tmp_path / "empty.yaml") == tape()


@quick
@given(
    body=st.text(st.characters(codec="utf-8"), max_size=80) | st.text("\r\n\t \x85\u2028#:-|x", max_size=20),
    status=st.sampled_from([200, 404, 502]),
)
def test_bodies_that_are_not_json_are_read_back_exactly(body, status, tmp_path):
    written = Tape(provenance(), [Step(read("x"), Reply(status, TEXT, body), "scenario", 1)])
    cassette.write(tmp_path / "any.yaml", written)

    got = play(tmp_path / "any.yaml").steps[0].reply.body
    assert got == body or canonical(got) == canonical(body)


@pytest.mark.parametrize("text", ['{"status":"ok","resp', '[{"a": "\\', "{", '"', "{  \t", '{"a":\n "\u2028'])
def test_answer_that_a_fault_cut_off_is_read_back_exactly(text, tmp_path):
    spoiled = Step(read("meta"), Reply(200, JSON, text, unproven=True), "scenario", 1)
    written = Tape(provenance(), [spoiled])
    cassette.write(tmp_path / "cut.yaml", written)

    assert play(tmp_path / "cut.yaml") == written


def test_answer_that_no_fault_spoiled_has_to_be_json(tmp_path):
    written = Tape(provenance(), [Step(read("meta"), reply('{"status":"ok","resp'), "scenario", 1)])

    with pytest.raises(CassetteError, match="a body that is not JSON"):
        cassette.write(tmp_path / "cut.yaml", written)


def test_error_page_with_carriage_returns_is_read_back_exactly(tmp_path):
    page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n"
    written = Tape(provenance(), [Step(read("meta"), Reply(502, "text/html", page), "scenario", 1)])
    cassette.write(tmp_path / "gateway.yaml", written)

    assert play(tmp_path / "gateway.yaml").steps[0].reply.body == page


def test_bodies_are_literal_blocks_and_the_file_is_ascii(path):
    text = path.read_bytes().decode("ascii")

    assert text.count("    body: |-\n") == 6
    assert text.count("string: |-\n") == 6
    assert not any(line != line.rstrip() for line in text.split("\n"))


def test_stock_yaml_finds_what_vcr_needs(path):
    data = yaml.safe_load(path.read_text())

    assert data["version"] == 1
    assert data["interactions"][0]["request"]["uri"] == "https://api.hyperliquid-testnet.xyz/info"
    assert data["interactions"][3]["response"]["status"] == {"code": 422, "message": "Unprocessable Entity"}


# What is not there, or not whole


def test_missing_cassette_names_the_command_that_records_it(tmp_path):
    with pytest.raises(CassetteError) as caught:
        play(tmp_path / "none.yaml")

    assert "There is no cassette" in caught.value.found
    assert COMMAND in caught.value.do
    assert not list(tmp_path.iterdir())


def test_folder_in_the_place_of_a_cassette_is_refused(tmp_path):
    with pytest.raises(CassetteError, match="cannot be read: Is a directory"):
        play(tmp_path)


def test_cassette_cut_off_after_any_line_is_refused(path):
    lines = path.read_bytes().splitlines(keepends=True)
    for kept in range(len(lines)):
        refused(path, b"".join(lines[:kept]))


@quick
@given(data=st.data())
def test_cassette_cut_off_anywhere_is_refused(path, data):
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 2))
    try:
        refused(path, whole[:cut])
    finally:
        path.write_bytes(whole)


@quick
@given(data=st.data())
def test_damaged_cassette_is_refused_or_means_what_it_says(path, data):
    """Lines deleted, doubled, swapped or overwritten: a clear error, or what any YAML reader finds."""
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    where = st.integers(0, len(lines) - 1)
    for edit in data.draw(
        st.lists(st.sampled_from(["delete", "double", "swap", "garble"]), min_size=1, max_size=3)
    ):
        at = data.draw(where) % len(lines)
        if edit == "delete":
            del lines[at]
        elif edit == "double":
            lines.insert(at, lines[at])
        elif edit == "swap":
            other = data.draw(where) % len(lines)
            lines[at], lines[other] = lines[other], lines[at]
        else:
            garbage = data.draw(
                st.text(st.sampled_from("{}[]\"':-?|>&*!%@`#0x \n<=abc\t"), max_size=8)
            ).encode()
            cut = data.draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:cut] + garbage + lines[at][cut:]
    path.write_bytes(b"".join(lines))
    try:
        got = play(path)
    except CassetteError as error:
        assert str(path) in error.found  # noqa: PT017
    else:
        interactions = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["interactions"]
        assert [step.request.body for step in got.steps] == [
            canonical(one["request"]["body"]) for one in interactions
        ]
        assert [step.reply.body for step in got.steps] == [
            one["response"]["body"]["string"] for one in interactions
        ]
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  format: 2\n", "  format: 3\n", "format 3, and this harness reads format 2"),
        ("  format: 2\n", "  format: 1\n", "format 1, and this harness reads format 2"),
        ("  format: 2\n", "", "format None"),
        ("  format: 2\n", "  format: true\n", "format True"),
        ("  frames: 7\n", "  frames: 8\n", "7 frames, but 8 were recorded"),
        ("way: dropped", "way: gone", "gone"),
        ("way: closed, steps: 6", "way: closed, steps: six", "Expected `int`"),
        ("way: closed, steps: 6", "way: closed, step: 6", "step"),
        ('{"channel": "allMids", "data": {"mids": {}}}', '{"channel": "allMids"', "not JSON"),
        ("version: 1\n", "version: 2\n", "2"),
        ("harness:\n", "harmless:\n", "no `harness` part"),
        ("  sdk: 0.24.0\n", "  sdk: 0.24.0\n  sdk: 0.24.0\n", "'sdk' stands twice"),
        ("    method: POST\n", "    method: POST\n    method: GET\n", "'method' stands twice"),
        ("  sdk: 0.24.0\n", "<<<<<<< HEAD\n  sdk: 0.24.0\n=======\n  sdk: 0.25.0\n>>>>>>> other\n", ""),
        ("  sdk: 0.24.0\n", "  sdk: 0.24.0\n  mood: good\n", "mood"),
        ("  sdk: 0.24.0\n", "", "sdk"),
        ("  clock: virtual\n", "  clock: broken\n", "broken"),
        ("  target: localnet\n", "  target: mainnet\n", "mainnet"),
        ("  started_ms: 1767225600000\n", "  started_ms: soon\n", "Expected `int`"),
        ("  started_ms: 1767225600000\n", "  started_ms: 2026-99-99\n", "month"),
        ("  started_ms: 1767225600000\n", "  started_ms: 0x_\n", "invalid literal"),
        ("asked_by: harness", "asked_by: nobody", "asked_by is 'nobody'"),
        ("  - {asked_by: harness, clock_ms: 1767225600200}\n", "", "6 interactions, but 5 steps"),
        ("message: Unprocessable Entity", "message: Gone", "status 422 'Gone'"),
        ('{"type": "allMids"}', '{"type": "allMids"', "not JSON"),
        ('{"ETH": "3102.75"}', '{"ETH": 3102.75"}', "not JSON"),
        ("- " + "ab" * 32, "- " + "zz" * 32, "draw"),
        ("n: 3", "[n]: 3", ""),
        ("  sdk: 0.24.0\n", "  ? [sdk]\n  : 1\n", ""),
        ("outcome: rejected", "outcome: shrugged", "shrugged"),
        ("  sdk: 0.24.0\n", "  sdk: !!python/object:os.system 0.24.0\n", "constructor"),
        ("  sdk: 0.24.0\n", "  sdk: 0.24.0\x07\n", "control"),
        ("  sdk: 0.24.0\n", "  sdk: *nowhere\n", "alias"),
        ("  sdk: 0.24.0\n", "  sdk: &a [*a]\n", ""),
    ],
)  # fmt: skip
def test_edited_cassette_is_refused_with_its_line(path, old, new, problem):
    text = path.read_text()
    assert old in text
    error = refused(path, text.replace(old, new, 1))

    assert problem in error.found
    line, edited = line_named(path, error), text[: text.index(old)].count("\n") + 1
    # Where something is missing, the line is that of what lacks it.
    assert line is not None
    assert line == 1 or abs(line - edited) <= 16


def test_tape_without_frames_is_of_the_form_that_knows_none(tmp_path):
    path = tmp_path / "x.yaml"
    cassette.write(path, tape(read("allMids")))

    assert "\n  format: 1\n" in path.read_text()
    assert "frames" not in path.read_text()
    refused(path, path.read_text().replace("  format: 1\n", "  format: 2\n"))


def test_frames_that_nobody_counted_are_refused(path):
    error = refused(path, path.read_text().replace("  frames: 7\n", ""))

    assert "format 2, and this harness reads format 1" in error.found


def test_line_of_a_damaged_body_is_named(path):
    text = path.read_text()
    at = text[: text.index('"grouping"')].rindex("body: |-")

    error = refused(path, text.replace('"vaultAddress": null', '"vaultAddress": nul'))

    assert line_named(path, error) == text[:at].count("\n") + 1
    assert "$.interactions[1].request.body" in error.found


def test_bytes_that_are_not_text_are_refused_with_their_line(path):
    lines = path.read_bytes().split(b"\n")
    lines[4] = b"  target: \xff"

    assert line_named(path, refused(path, b"\n".join(lines))) == 5


@pytest.mark.parametrize(
    "content", ["", "# nothing\n", "just words\n", "- 1\n- 2\n", "[[[[", "interactions: []\n"]
)
def test_another_file_is_no_cassette(path, content):
    refused(path, content)


# Writing


def test_writing_makes_the_folders(tmp_path):
    cassette.write(tmp_path / "a" / "b" / "c.yaml", tape(read("meta")))

    assert len(play(tmp_path / "a" / "b" / "c.yaml").steps) == 1


def test_others_may_read_what_was_written(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_crash_while_writing_leaves_the_old_file_and_no_other(path, monkeypatch, failing):
    before = path.read_bytes()

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os if failing == "fsync" else Path, failing, crash)
    with pytest.raises(KeyboardInterrupt):
        cassette.write(path, tape(read("meta")))

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_full_disk_is_told_and_leaves_the_old_file(path, monkeypatch):
    before = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CassetteError, match="No space left"):
        cassette.write(path, tape(read("meta")))

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CassetteError, match=r"cannot be written: (Not a directory|File exists)"):
        cassette.write(tmp_path / "file" / "c.yaml", tape())


def test_reader_finds_the_old_file_or_the_new_one(path, monkeypatch):
    """The new content is whole on disk before it takes the old one's name."""
    seen = []
    replace = Path.replace

    def watched(self, target):
        seen.append((play(self), play(target)))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    cassette.write(path, tape(read("meta")))

    ((new, old),) = seen
    assert (len(new.steps), len(old.steps)) == (1, 6)


# The compiled cache


def test_second_reading_comes_from_the_cache(path, tmp_path, monkeypatch):
    first = play(path, cache_dir=tmp_path / "cache")
    monkeypatch.setattr(yaml, "CSafeLoader", None)

    assert play(path, cache_dir=tmp_path / "cache") == first


def test_changed_cassette_is_not_taken_from_the_cache(path, tmp_path):
    play(path, cache_dir=tmp_path / "cache")
    path.write_text(path.read_text().replace("3102.75", "3102.76"))

    assert play(path, cache_dir=tmp_path / "cache").steps[2].reply.body == '{"ETH": "3102.76"}'


@quick
@given(garbage=st.binary(max_size=40))
def test_corrupted_cache_is_read_again_from_the_cassette(path, tmp_path, garbage):
    cache = tmp_path / "cache"
    whole = play(path, cache_dir=cache)
    (entry,) = cache.iterdir()
    entry.write_bytes(garbage)

    assert play(path, cache_dir=cache) == whole
    assert play(path, cache_dir=cache) == whole


def test_cache_cut_off_is_read_again(path, tmp_path):
    cache = tmp_path / "cache"
    whole = play(path, cache_dir=cache)
    (entry,) = cache.iterdir()
    entry.write_bytes(entry.read_bytes()[:-9])

    assert play(path, cache_dir=cache) == whole


def test_cache_that_cannot_be_written_is_done_without(path, tmp_path):
    (tmp_path / "cache").write_text("a file, not a folder")

    assert len(play(path, cache_dir=tmp_path / "cache").steps) == 6


def test_cassette_that_cannot_be_read_is_not_cached(path, tmp_path):
    path.write_text("nonsense")
    with pytest.raises(CassetteError):
        play(path, cache_dir=tmp_path / "cache")

    assert not (tmp_path / "cache").exists()


# At a glance


def test_glance_tells_target_and_unproven_steps(path):
    assert cassette.glance(path) == cassette.Glance("localnet", 2)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"version: 1\n"])
def test_glance_at_something_else_tells_nothing(tmp_path, content):
    if content is not None:
        (tmp_path / "c.yaml").write_bytes(content)

    assert cassette.glance(tmp_path / "c.yaml") is None


def test_steps_keep_their_order(tmp_path):
    kinds = [f"kind{number}" for number in range(50)]
    cassette.write(tmp_path / "long.yaml", tape(*(read(kind) for kind in kinds)))
    steps = play(tmp_path / "long.yaml").steps

    assert [step.request.decoded()["type"] for step in steps] == kinds
    assert all(one.clock_ms < two.clock_ms for one, two in pairwise(steps))


def test_request_with_an_empty_body_and_a_query_is_read_back(tmp_path):
    one = request("", "/info?a=b", method="GET")
    cassette.write(tmp_path / "get.yaml", Tape(provenance(), [Step(one, reply("", 404, ""), "scenario", 1)]))

    got = play(tmp_path / "get.yaml").steps[0]
    assert (got.request.uri, got.request.body, got.reply) == (one.uri, "", reply("", 404, ""))


@pytest.mark.parametrize("broken", [Reply(200, JSON, '{"cut off": '), Reply(500, JSON, "<html>")])
def test_what_could_not_be_read_back_is_not_written(path, broken):
    before = path.read_bytes()

    with pytest.raises(CassetteError, match="could not be read back"):
        cassette.write(path, Tape(provenance(), [Step(read("meta"), broken, "scenario", 1)]))

    assert path.read_bytes() == before


@pytest.mark.parametrize("status", [400, 404, 405, 415])
def test_request_that_was_refused_unread_need_not_be_json(tmp_path, status):
    steps = [Step(request("{no JSON"), Reply(status, TEXT, "no"), "scenario", 1)]
    cassette.write(tmp_path / "c.yaml", Tape(provenance(), steps))

    assert play(tmp_path / "c.yaml").steps == steps
