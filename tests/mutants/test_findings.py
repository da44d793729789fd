"""The SDK on changed answers and frames: what is known to fail is found without being looked for."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CALLS = ("Info()", "info.all_mids", "exchange.order")
# The tools are scripts, not a package.
sys.path.append(str(ROOT / "tools"))

from answer_mutants import Found, Row, heard, page, tried  # noqa: E402
from sdk_probes import probes  # noqa: E402

from harness.mutants import Answering, answers_in  # noqa: E402


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], str]:
    return answers_in(ROOT / "cassettes")


@pytest.fixture(scope="module")
def rows(answers) -> list[Row]:
    found, missing = tried({call: probes()[call] for call in CALLS}, answers)
    assert missing == []
    return found


@pytest.fixture(scope="module")
def frames(answers) -> list[Row]:
    return heard(answers, ROOT / "cassettes" / "test_market_feeds")


@pytest.mark.parametrize("call", sorted(probes()))
def test_what_each_method_reads_is_recorded(answers, call) -> None:
    probes()[call](Answering(answers))


def told(rows: list[Row], call: str, kind: str, place: str, change: str) -> set[str]:
    return {row.outcome for row in rows if row[:4] == (call, kind, place, change)}


def test_a_pair_whose_token_is_absent_breaks_the_sdk(rows) -> None:
    """What works is the absence of a token that no pair names."""
    assert told(rows, "Info()", "spotMeta", "$.tokens[]", "drop") == {"raises KeyError", "works"}


def test_the_null_of_a_limit_has_no_code(rows) -> None:
    (outcome,) = told(rows, "info.all_mids", "allMids", "HTTP 429 null", "spoil")
    assert outcome.startswith("raises `ClientError((429, None, 'null', None,")


def test_half_an_answer_is_returned_as_an_object(rows) -> None:
    (outcome,) = told(rows, "exchange.order", "order", "HTTP 200 cut off", "spoil")
    assert outcome == "silently wrong: returns an object with the key `error`"


def test_a_coin_that_is_missing_shifts_all_others_and_nobody_says_so(rows) -> None:
    assert told(rows, "Info()", "meta", "$.universe[]", "drop") == {"silently wrong: other tables of assets"}


def test_a_frame_without_its_coin_is_lost_in_the_websockets_thread(frames) -> None:
    for channel in ("l2Book", "bbo", "activeAssetCtx"):
        assert told(frames, "", channel, "$.data.coin", "drop") == {"raises unseen KeyError"}


def test_an_error_in_a_frames_stead_and_a_lost_frame_are_dropped_without_a_word(frames) -> None:
    for place, change in [("an error", "spoil"), ("frame", "drop"), ("connection", "end")]:
        assert told(frames, "", "trades", place, change) == {"drops"}


def test_a_missing_acknowledgement_is_not_missed(frames) -> None:
    assert told(frames, "", "subscriptionResponse", "frame", "drop") == {"unheard"}


def test_a_candle_of_another_width_is_printed_and_dropped(frames) -> None:
    assert told(frames, "", "candle", "$.data.i", "retype") == {"drops: and prints it"}


def test_frames_of_other_subscriptions_are_kept_apart(frames) -> None:
    foreign = {(row.kind, row.outcome) for row in frames if row.change == "foreign"}
    assert ("l2Book", "works") in foreign
    assert {outcome for _, outcome in foreign} == {"works"}


def test_the_page_has_a_row_for_each(rows, frames) -> None:
    text = page({"0.24.0": Found(rows, frames, [])})
    assert "| spotMeta | `$.tokens[]` | drop | `Info()`" in text
    assert f"| 0.24.0 | {len(rows)} |" in text
    assert f"| 0.24.0 | {len(frames)} |" in text
    assert "| `$.data.s` | drop | candle | raises unseen KeyError | notices |" in text
