"""The journal: each request before it leaves, each answer after; nothing of it secret."""

import json
import os
import stat

import pytest

from harness.journal import Entry, FrameEntry, Journal

SIGNED = '{"action":{"type":"noop"},"nonce":7,"signature":{"r":"0xdead","s":"0x2","v":27}}'


def entry(body="{}", path="/info", by="scenario"):
    return Entry(path, body, by, 5)


@pytest.fixture
def journal(tmp_path):
    """A journal on disk."""
    journal = Journal(tmp_path / "deep" / "journal.jsonl")
    yield journal
    journal.close()


def lines(tmp_path):
    return [json.loads(line) for line in (tmp_path / "deep" / "journal.jsonl").read_text().splitlines()]


def test_entries_are_kept_in_order():
    journal = Journal()
    sent = [entry(str(number)) for number in range(3)]
    for one in sent:
        journal.sent(one)

    assert list(journal) == sent
    assert [journal.entry(1), len(journal)] == [sent[1], 3]


def test_answer_belongs_to_its_entry():
    journal, one, two = Journal(), entry(), entry()
    journal.sent(one)
    journal.sent(two)
    journal.answered(one, 200, "[]", ("finding",))

    assert (one.status, one.answer, one.findings) == (200, "[]", ("finding",))
    assert (two.status, two.answer) == (None, "")


@pytest.mark.parametrize(
    ("body", "path", "action"),
    [
        (SIGNED, "/exchange", {"type": "noop"}),
        (SIGNED, "/info", None),
        ("{}", "/exchange", None),
        ("[]", "/exchange", None),
        ("no JSON", "/exchange", None),
    ],
)
def test_action_is_what_was_signed(body, path, action):
    assert entry(body, path).action == action


def test_view_grows_and_leaves_the_sweep_out():
    journal = Journal()
    journal.sent(entry("before"))
    view = journal.since(len(journal))
    assert len(view) == 0

    journal.sent(entry(SIGNED, "/exchange"))
    journal.sent(entry("sweep", by="sweep"))
    journal.sent(entry("asked", by="harness"))

    assert [one.body for one in view] == [SIGNED, "asked"]
    assert (view[1].body, view[-2].body, len(view)) == ("asked", SIGNED, 2)
    assert view.actions == [{"type": "noop"}]


def test_request_is_on_disk_before_it_is_answered(journal, tmp_path):
    journal.sent(entry('{"type":"meta"}'))

    assert lines(tmp_path) == [{"n": 1, "at": 5, "by": "scenario", "path": "/info", "sent": {"type": "meta"}}]


@pytest.mark.parametrize(("path", "times"), [("/exchange", 1), ("/info", 0)])
def test_signed_request_is_synced_to_disk(journal, monkeypatch, path, times):
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    journal.sent(entry(SIGNED, path))

    assert len(synced) == times


def test_answer_is_on_disk_with_when_it_came(journal, tmp_path, monkeypatch):
    monkeypatch.setattr("harness.journal.time.time", lambda: 1_700_000_000.5)
    one = entry()
    journal.sent(one)
    journal.answered(one, 422, "no")

    told = {"n": 1, "at": 1_700_000_000_500, "path": "/info", "status": 422, "answer": "no"}
    assert lines(tmp_path)[1] == told


def test_signature_is_not_on_disk(journal, tmp_path):
    journal.sent(entry(SIGNED, "/exchange"))

    assert lines(tmp_path)[0]["sent"] == {"action": {"type": "noop"}, "nonce": 7}
    assert "0xdead" not in (tmp_path / "deep" / "journal.jsonl").read_text()


def test_request_that_is_not_json_is_noted(journal, tmp_path):
    journal.sent(entry("no JSON"))

    assert lines(tmp_path)[0]["sent"] is None


def test_file_is_the_users_alone_and_is_appended_to(journal, tmp_path):
    path = tmp_path / "deep" / "journal.jsonl"
    journal.sent(entry())
    again = Journal(path)
    again.sent(entry())
    again.close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(lines(tmp_path)) == 2


def test_closing_twice_is_closing_once(journal):
    journal.close()
    journal.close()


def test_journal_in_memory_closes():
    Journal().close()


def test_frames_know_how_many_steps_came_before_them():
    journal = Journal()
    journal.sent(entry())
    view = journal.since(1)
    frames = [FrameEntry(1, "received", "{}", 5) for _ in range(3)]
    journal.passed(frames[0])
    journal.sent(entry())
    journal.sent(entry(by="sweep"))
    journal.passed(frames[1])
    journal.sent(entry())
    journal.passed(frames[2])

    assert view.frames == frames
    assert [view.steps_before(frame) for frame in view.frames] == [0, 1, 2]
