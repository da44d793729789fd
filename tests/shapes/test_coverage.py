"""What a run has seen of the shapes."""

import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.shapes.coverage import DIGITS_TELL, Coverage, Sight, sights
from harness.shapes.registry import KNOWN
from harness.shapes.unseen import (
    REASONS,
    Reason,
    group_lines,
    reason_for,
    stale_reasons,
    tallies,
    tally,
    unseen,
)
from tests.shapes.answers import FILL
from tests.shapes.every import EVERY

RESTING = b'{"status":"ok","response":{"type":"order","data":{"statuses":[{"resting":{"oid":1}}]}}}'
REFUSED = b'{"status":"err","response":"no"}'


def counts(coverage: Coverage, endpoint: str, kind: str) -> dict[str, int]:
    return coverage.as_data()[f"{endpoint} {kind}"]


def test_fields_variants_and_enum_values_are_counted() -> None:
    coverage = Coverage()
    plain = {key: value for key, value in FILL.items() if key != "builderFee"}
    fills = [plain, plain | {"side": "A" if plain["side"] == "B" else "B", "twapId": 7, "builderFee": "0.1"}]
    coverage.see("info", "userFills", json.dumps(fills).encode())
    seen = counts(coverage, "info", "userFills")
    assert seen["$ answered"] == 1
    assert seen["$[].px field"] == 2
    assert seen['$[].side "A"'] == seen['$[].side "B"'] == 1
    assert seen["$[].twapId field"] == 2
    assert seen["$[].twapId null"] == 1
    assert (seen["$[].builderFee field"], seen["$[].builderFee absent"]) == (1, 1)
    assert '$[].liquidation.method "backstop"' not in seen


def test_objects_of_a_union_keep_their_fields_apart() -> None:
    coverage = Coverage()
    coverage.see("exchange", "order", RESTING)
    coverage.see("exchange", "order", REFUSED)
    seen = counts(coverage, "exchange", "order")
    assert seen["$ OkOrder"] == seen["$ Refused"] == 1
    assert seen["$<OkOrder>.response.data.statuses[].resting.oid field"] == 1
    assert seen["$<Refused>.response field"] == 1
    assert seen["$<OkOrder>.response.data.statuses[].filled absent"] == 1


def test_the_same_answer_counts_once() -> None:
    coverage = Coverage()
    for _ in range(3):
        coverage.see("exchange", "order", RESTING)
    assert counts(coverage, "exchange", "order")["$ answered"] == 1


def test_an_answer_without_a_shape_is_passed_over() -> None:
    coverage = Coverage()
    coverage.see("info", "somethingNew", b"{}")
    assert coverage.as_data() == {}


@pytest.mark.parametrize("known", KNOWN.values(), ids=lambda known: f"{known.endpoint}-{known.kind}")
def test_sights_of_a_kind_have_different_names(known) -> None:
    names = [f"{sight.path} {sight.what}" for sight in sights(known)]
    assert len(set(names)) == len(names)


@given(st.lists(st.sampled_from([RESTING, REFUSED, b'{"status":"err","response":"other"}']), max_size=6))
def test_counts_of_two_runs_add_up(bodies) -> None:
    together, added = Coverage(), Coverage()
    for body in bodies:
        together.see("exchange", "order", body)
    for body in dict.fromkeys(bodies):
        alone = Coverage()
        alone.see("exchange", "order", body)
        added.add(alone.as_data())
    assert added.as_data() == together.as_data()


def test_counts_of_another_version_are_passed_over() -> None:
    coverage = Coverage()
    coverage.add({"info gone": {"$ answered": 1}, "info userFills": {"$[].gone field": 1, "$ answered": 2}})
    assert coverage.as_data() == {"info userFills": {"$ answered": 2}}


def test_forms_of_the_past_are_no_gap() -> None:
    past = Sight("$[].tid", "absent", "2025")
    assert past in sights(KNOWN["info", "userFills"])
    lines = [line for line, _ in unseen(Coverage())]
    assert "info userFills $[].tid" in lines
    assert "info userFills $[].tid absent" not in lines


def test_tally_grows_with_what_is_seen() -> None:
    coverage = Coverage()
    before = tally(coverage)
    assert before.kinds == sum(not known.until for known in KNOWN.values())
    assert before.sights_seen == before.kinds_seen == 0
    coverage.see("exchange", "order", REFUSED)
    after = tally(coverage)
    assert after.kinds_seen == 1
    assert after.sights_seen == 3
    assert after.sights == before.sights


def test_ways_of_knowing_add_up_to_all() -> None:
    """Each kind is recorded, documented, or in a client's schema only."""
    coverage = Coverage()
    coverage.see("exchange", "order", REFUSED)
    whole, parts = tally(coverage), tallies(coverage)
    assert list(parts) == ["recorded", "documented", "schema"]
    assert whole == tuple(map(sum, zip(*parts.values(), strict=True)))
    assert KNOWN["exchange", "order"].group == "recorded"
    assert [part.kinds_seen for part in parts.values()] == [1, 0, 0]
    assert KNOWN["info", "liquidatable"].group == "schema"
    assert KNOWN["info", "allBorrowLendReserveStates"].group == "documented"


def test_ways_of_knowing_are_told_in_a_line_each() -> None:
    coverage = Coverage()
    coverage.see("exchange", "order", REFUSED)
    found = tallies(coverage)["recorded"]
    first, second, third = group_lines(coverage)
    assert first == (
        f"kinds that are recorded: 1 of {found.kinds} answered; 3 of {found.sights} seen ({found.share:.1%})"
    )
    assert second.startswith("kinds that are documented only: 0 of ")
    assert third.startswith("kinds that a client's schema tells of only: 0 of ")


def test_what_the_exchange_has_given_up_is_of_the_past() -> None:
    """A channel, and one subscription of several."""
    assert {sight.before for sight in sights(KNOWN["ws", "webData2"])} == {"2026-08"}
    assert not any(sight.before for sight in sights(KNOWN["info", "webData2"]) if sight.path == "$.user")
    told = sights(KNOWN["ws", "subscriptionResponse"])
    assert {sight.what for sight in told if sight.before == "2026-08"} == {"ToWebData2", "field"}
    assert {sight.path for sight in told if sight.what == "ToTrades" and not sight.before}
    assert not next(sight for sight in told if sight.what == "ToWebData3").before


def test_reason_covers_what_it_names_alone() -> None:
    reason = Reason("info user*", "$[].liquidation*", "nobody is liquidated")
    known = KNOWN["info", "userFills"]
    assert reason.covers(known, Sight("$[].liquidation.method", "field"))
    assert not reason.covers(known, Sight("$[].px", "field"))
    assert not reason.covers(KNOWN["info", "meta"], Sight("$[].liquidation", "field"))


def test_every_reason_is_for_a_sight_that_there_is() -> None:
    every = [(known, sight) for known in KNOWN.values() for sight in sights(known)]
    for reason in REASONS:
        assert any(reason.covers(known, sight) for known, sight in every), reason


def test_sights_of_the_past_have_their_reason() -> None:
    assert (
        reason_for(KNOWN["info", "userFills"], Sight("$[].tid", "absent", "2025")) == "a form of before 2025"
    )


def test_all_of_a_retired_kind_is_a_form_of_the_past() -> None:
    known = KNOWN["info", "alignedQuoteTokenInfo"]
    assert {one.before for one in sights(known)} == {"2026-10"}
    assert reason_for(known, sights(known)[0]) == "a form of before 2026-10"


def test_a_retired_field_and_all_below_it_are_forms_of_the_past() -> None:
    rows = {str(one): one.before for one in sights(KNOWN["info", "clearinghouseState"])}
    path = "$.assetPositions[].position.maxTradeSzs"

    assert rows[path] == "2023"
    assert rows[f"{path} absent"] == ""
    assert rows["$.time absent"] == "2024"
    assert rows["$.time"] == ""


def test_digits_tell_sights_apart_in_the_listed_kinds_alone() -> None:
    """Elsewhere answers that differ in digits are counted as one form."""

    def folded(text: str) -> str:
        # The number of a place in a list is none of the answer's digits.
        return re.sub(r"[0-9]", "0", re.sub(r"\[([0-9]+)\]", lambda found: f"[{'x' * int(found[1])}]", text))

    found = set()
    for key, known in KNOWN.items():
        forms = {(folded(sight.path), folded(sight.what)) for sight in sights(known)}
        if len(forms) < len({(sight.path, sight.what) for sight in sights(known)}):
            found.add(key)
    assert found == DIGITS_TELL


def walked_one_by_one(endpoint: str, kind: str, bodies: list[bytes]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for body in dict.fromkeys(bodies):
        one = Coverage()
        one.see(endpoint, kind, body)
        total.update(counts(one, endpoint, kind))
    return dict(total)


@given(
    oids=st.lists(st.integers(0, 10**6), min_size=1, max_size=8),
    cloids=st.lists(st.sampled_from([None, "0x" + "1" * 32, "0x" + "a1" * 16]), min_size=8, max_size=8),
)
def test_answers_that_are_counted_together_count_as_if_alone(oids, cloids) -> None:
    bodies = [
        json.dumps(
            {
                "status": "ok",
                "response": {
                    "type": "order",
                    "data": {
                        "statuses": [{"resting": {"oid": oid} | ({"cloid": cloid} if cloid else {})}]
                        * (oid % 3)
                    },
                },
            }
        ).encode()
        for oid, cloid in zip(oids, cloids, strict=False)
    ]
    together = Coverage()
    for body in bodies:
        together.see("exchange", "order", body)

    assert counts(together, "exchange", "order") == walked_one_by_one("exchange", "order", bodies)


def test_intervals_that_differ_in_a_digit_are_counted_apart() -> None:
    coverage = Coverage()
    for interval in ("1m", "5m"):
        coverage.see("ws", "candle", json.dumps(EVERY["ws", "candle"] | {"i": interval}).encode())

    seen = counts(coverage, "ws", "candle")
    assert seen['$.i "1m"'] == seen['$.i "5m"'] == 1


def test_little_is_kept_of_many_answers() -> None:
    coverage = Coverage()
    for number in range(200):
        coverage.see("exchange", "order", REFUSED.replace(b"no", b"no " + b"a" * 10_000 + b"b" * number))

    assert sum(len(body) for body, _ in coverage._waiting.values()) <= 1_000_000
    assert counts(coverage, "exchange", "order")["$ Refused"] == 200


def test_a_kind_that_is_no_longer_answered_is_no_gap() -> None:
    known = KNOWN["ws", "webData2"]
    assert known.until == "2026-08"
    assert {sight.before for sight in sights(known)} == {"2026-08"}
    assert not [line for line, _ in unseen(Coverage()) if line.startswith("ws webData2")]


def test_a_reason_goes_stale_when_its_sight_is_seen() -> None:
    assert stale_reasons(Coverage()) == []
    reason = next(one for one in REASONS if "*" not in one.kinds and "*" not in one.sights)
    seen = Coverage()
    seen.add({reason.kinds: {reason.sights: 1}})
    assert reason in stale_reasons(seen)
