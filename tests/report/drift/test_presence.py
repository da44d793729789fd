"""How often fields of rows stand there, over all answers."""

import pytest

from harness.report.drift.presence import Presence
from tests.report.drift.answers import ORDER, ROW, asked, read, statuses, told
from tests.shapes.answers import INFO

PAID = INFO["userFills"][0] | {"builderFee": "0.1"}
UNPAID = {key: value for key, value in PAID.items() if key != "builderFee"}


def seen(*pairs) -> Presence:
    presence = Presence()
    for a, b in pairs:
        presence.see(a, b)
    return presence


def fills(*rows):
    return read("userFills", list(rows))


def test_share_is_counted_over_all_answers() -> None:
    presence = seen((fills(PAID), fills(PAID)), (fills(PAID | {"oid": 8}), fills(UNPAID)))
    (found,) = presence.differences(set())
    assert (found.change, found.path, found.a, found.b) == (
        "lost field",
        "$[].builderFee",
        "in 2 of 2",
        "in 1 of 2",
    )
    assert (found.place.kind, found.place.scenario) == ("info userFills", "")


def test_counters_of_processes_add_up() -> None:
    first, second = seen((fills(PAID), fills(PAID))), seen((fills(PAID | {"oid": 8}), fills(UNPAID)))
    assert list(first.differences(set())) == []
    first.add(second.as_data())
    assert told(first.differences(set())) == [("lost field", "$[].builderFee")]


def test_what_single_answers_showed_is_not_told_again() -> None:
    presence = seen((fills(PAID, PAID | {"oid": 8}), fills(PAID, UNPAID)))
    assert list(presence.differences({("info userFills", "$[].builderFee")})) == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (fills(PAID), fills()),
        (fills(UNPAID), fills(PAID)),
        (read("openOrders", [ROW]), read("openOrders", "no list")),
        (read("readOfTomorrow", [{"x": 1}]), read("readOfTomorrow", [{}])),
        (asked(ORDER, statuses({"resting": {"oid": 1}})), asked(ORDER, statuses({"error": "no"}))),
    ],
)
def test_nothing_is_concluded_from_what_was_not_there(a, b) -> None:
    assert list(seen((a, b)).differences(set())) == []
