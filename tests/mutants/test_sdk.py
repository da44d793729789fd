"""The SDK on changed answers: what is known to fail is found without being looked for."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The tools are scripts, not a package.
sys.path.append(str(ROOT / "tools"))

from answer_mutants import Row, page, richest, tried  # noqa: E402


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    found, missing = tried(richest(ROOT / "cassettes"))
    assert missing == []
    return found


def told(rows: list[Row], call: str, kind: str, place: str, change: str) -> set[str]:
    return {row.outcome for row in rows if row[:4] == (call, kind, place, change)}


def test_a_pair_whose_token_is_absent_breaks_the_sdk(rows) -> None:
    assert told(rows, "Info()", "spotMeta", "$.tokens[]", "drop") == {"raises KeyError"}


def test_the_null_of_a_limit_has_no_code(rows) -> None:
    (outcome,) = told(rows, "info.all_mids", "allMids", "HTTP 429 null", "spoil")
    assert outcome.startswith("raises `ClientError((429, None, 'null', None,")


def test_half_an_answer_is_returned_as_an_object(rows) -> None:
    (outcome,) = told(rows, "exchange.order", "order", "HTTP 200 cut off", "spoil")
    assert outcome == "silently wrong: returns an object with the key `error`"


def test_a_coin_that_is_missing_shifts_all_others_and_nobody_says_so(rows) -> None:
    assert told(rows, "Info()", "meta", "$.universe[]", "drop") == {"silently wrong: other tables of assets"}


def test_the_page_has_a_row_for_each(rows) -> None:
    text = page({"0.24.0": rows})
    assert "| spotMeta | `$.tokens[]` | drop | `Info()`" in text
    assert f"| 0.24.0 | {len(rows)} |" in text
