"""What --record keeps of a property: its examples; and how they are replayed."""

import pytest
import yaml

from tests.plugin.conftest import text_of
from tests.plugin.test_recording import PROPERTY


def examples(project, name="test_property"):
    return yaml.safe_load(project.cassette(name).read_text())["harness"]["examples"]


def test_property_records_its_examples_the_rejected_ones_too(project):
    project.write(PROPERTY)
    project.record().assert_outcomes(passed=1)
    outcomes = [one["outcome"] for one in examples(project)]

    assert outcomes.count("passed") == 10
    assert "rejected" in outcomes
    spans = [(one["first"], one["last"]) for one in examples(project) if one["outcome"] == "passed"]
    assert spans == [(2 * number, 2 * number + 2) for number in range(10)]


def test_mismatch_in_an_example_names_that_example_and_ends_the_replay(project):
    project.write(PROPERTY)
    project.record().assert_outcomes(passed=1)
    third = [one for one in examples(project) if one["outcome"] == "passed"][2]
    sz = third["arguments"]["intent"]["OrderIntent"]["notional_usd"]["Decimal"]
    project.edit("ticket =", f"str(intent.notional_usd) == '{sz}' and trader.info.meta(); ticket =")
    result = project.run()

    result.assert_outcomes(failed=1)
    told = text_of(result)
    assert f"Replay found no answer for request {third['first'] + 1} of" in told
    assert "meta instead of l2Book" in told
    assert "other explicit examples" not in told


def test_examples_of_other_arguments_are_told_as_such(project):
    project.write(PROPERTY)
    project.record().assert_outcomes(passed=1)
    project.write(PROPERTY.replace("intent", "wish").replace("resting_wishs", "resting_intents"))
    result = project.run()

    result.assert_outcomes(failed=1)
    assert "example 1, gives intent." in text_of(result)
    assert "--target=localnet --record" in text_of(result)


def test_replay_runs_the_recorded_examples_and_generates_none(project):
    project.write(PROPERTY)
    project.edit("assume(intent.is_buy)", "print('ran', intent); assume(intent.is_buy)")
    recorded = project.record("-s")
    played = project.run("-s", "--hypothesis-seed=5")
    played.assert_outcomes(passed=1)

    def ran(result):
        return [line.lstrip(".") for line in result.outlines if "ran OrderIntent" in line]

    assert len(ran(played)) == len(examples(project))
    assert [line.partition("ran")[2] for line in ran(played)] == [
        line.partition("ran")[2] for line in ran(recorded)
    ]


def test_replay_of_an_example_that_behaves_otherwise_fails(project):
    project.write(PROPERTY)
    project.record()
    project.edit("assume(intent.is_buy)", "assume(not intent.is_buy)")

    project.run().assert_outcomes(failed=1)


def test_settings_of_the_scenario_limit_what_is_recorded(project):
    project.write(
        PROPERTY.replace("@given", "@settings(max_examples=3)\n    @given").replace(
            "assume,", "assume, settings,"
        )
    )
    project.record().assert_outcomes(passed=1)

    assert [one["outcome"] for one in examples(project)].count("passed") == 3


def test_pinned_example_is_recorded_and_replayed(project):
    project.write("""
        from hypothesis import example, given, strategies as st

        @given(number=st.integers(0, 5))
        @example(number=1_000_003)
        def test_property(venue, number):
            print("number", number)
            venue.stranger()
    """)
    project.record().assert_outcomes(passed=1)

    assert examples(project)[0]["arguments"] == {"number": 1_000_003}
    result = project.run("-s")
    result.assert_outcomes(passed=1)
    assert result.stdout.str().count("number 1000003") == 1


def test_positional_strategies_are_recorded_by_name(project):
    project.write("""
        from decimal import Decimal
        from hypothesis import given, strategies as st

        class TestDesk:
            @given(st.decimals(1, 9, places=2))
            def test_property(self, venue, px):
                assert isinstance(px, Decimal)
                venue.stranger()
    """)
    project.record().assert_outcomes(passed=1)

    assert list(examples(project, "TestDesk.test_property")[0]["arguments"]) == ["px"]
    project.run().assert_outcomes(passed=1)


def test_value_that_cannot_be_recorded_fails_the_recording(project):
    project.write("""
        from hypothesis import given, strategies as st

        @given(value=st.binary())
        def test_property(venue, value):
            venue.stranger()
    """)
    result = project.record()

    result.assert_outcomes(failed=1)
    assert "value is a bytes, which cannot be recorded" in text_of(result)
    assert project.tapes == []
    project.localnet().assert_outcomes(passed=1)


def test_swallowed_refusal_of_a_value_still_fails_the_recording(project):
    project.write("""
        from hypothesis import given, settings, strategies as st

        @given(data=st.data())
        def test_property(venue, data):
            venue.stranger()
    """)
    result = project.record()

    result.assert_outcomes(failed=1)
    assert "which cannot be recorded" in text_of(result)


@pytest.mark.parametrize("left", ["null", "[]"])
def test_replay_without_examples_fails_and_is_not_skipped(project, left):
    project.write("""
        from hypothesis import given, strategies as st

        @given(number=st.integers())
        def test_property(venue, number):
            pass
    """)
    project.record()
    path = project.cassette("test_property")
    text = path.read_text()
    start, end = text.index("  examples:"), text.index("  steps:")
    path.write_text(f"{text[:start]}  examples: {left}\n{text[end:]}")
    result = project.run()

    result.assert_outcomes(failed=1)
    assert "holds no example, so nothing would be run" in text_of(result)
    assert "--target=localnet --record" in text_of(result)


@pytest.mark.parametrize("nonsense", ["{Decimal: '1,5'}", "{Nowhere: {}}", "{tuple: 5}"])
def test_example_that_was_edited_into_nonsense_is_told(project, nonsense):
    project.write("""
        from hypothesis import given, strategies as st

        @given(number=st.just(7))
        def test_property(venue, number):
            pass
    """)
    project.record().assert_outcomes(passed=1)
    path = project.cassette("test_property")
    path.write_text(path.read_text().replace("number: 7", f"number: {nonsense}"))
    result = project.run()

    result.assert_outcomes(failed=1)
    assert "test_property, example 1: An example on tape" in text_of(result)


def test_property_explores_freely_on_localnet(project):
    project.write("""
        from hypothesis import given, strategies as st

        seen = set()

        @given(number=st.integers())
        def test_property(venue, number):
            seen.add(number)
            venue.stranger()

        def test_after(venue):
            assert len(seen) > 40
    """)
    project.localnet().assert_outcomes(passed=2)


def test_failing_property_shows_its_counterexample(project):
    project.write("""
        from hypothesis import given, strategies as st

        @given(number=st.integers(0, 1000))
        def test_property(venue, number):
            assert number < 10
    """)
    result = project.localnet("-p", "no:cacheprovider")

    result.assert_outcomes(failed=1)
    assert "number=10," in text_of(result)


def test_each_example_has_a_fresh_exchange(project):
    project.write("""
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=5)
        @given(number=st.integers())
        def test_property(venue, number):
            with venue.trader() as trader:
                book = trader.info.l2_snapshot("ETH")
                trader.exchange.market_open("ETH", True, 0.1)
            assert book["levels"][1][0]["n"] == 1 and book["time"] == 1767225600200
    """)
    project.localnet().assert_outcomes(passed=1)
