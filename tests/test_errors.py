"""One family of errors, in three parts."""

import pytest

from harness import errors
from harness.errors import HarnessError


def test_message_has_what_was_found_what_is_needed_and_what_to_do():
    error = HarnessError("Found.", needed="Needed.", do="Do.")

    assert (error.found, error.needed, error.do, str(error)) == (
        "Found.",
        "Needed.",
        "Do.",
        "Found.\nNeeded.\nDo.",
    )


def test_parts_that_are_empty_leave_no_line():
    assert str(HarnessError("Found.", do="Do.")) == "Found.\nDo."


@pytest.mark.parametrize("error", [one for one in vars(errors).values() if isinstance(one, type)])
def test_all_errors_are_of_the_family(error):
    assert issubclass(error, HarnessError)


def test_answer_that_says_something_else_is_a_failed_assertion():
    assert issubclass(errors.UnexpectedAnswer, AssertionError)
