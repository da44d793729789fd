"""The run file and the shape coverage of a run, from the outside."""

import json

import pytest

SCENARIOS = """
    @pytest.mark.coin("ETH")
    def test_rests(trader, market):
        trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12))

    def test_reads(trader):
        trader.info.all_mids()

    def test_fails(trader):
        assert trader.info.user_state(trader.address) == {}

    @pytest.mark.targets("testnet", reason="needs the real one")
    def test_is_skipped(trader):
        pass

    def test_of_nothing():
        pass
"""
"""Five tests: the last is no scenario."""


@pytest.fixture
def written(project):
    project.write(SCENARIOS)
    result = project.localnet("--run-file=run.json", "-v")
    return result, json.loads((project.path / "run.json").read_text())


def test_scenarios_stand_in_it_with_their_ends(written) -> None:
    _, run = written
    assert {one["id"].partition("::")[2]: one["outcome"] for one in run["scenarios"]} == {
        "test_rests": "passed",
        "test_reads": "passed",
        "test_fails": "failed",
        "test_is_skipped": "skipped",
    }
    failed = next(one for one in run["scenarios"] if one["outcome"] == "failed")
    assert "assert" in failed["reason"]
    skipped = next(one for one in run["scenarios"] if one["outcome"] == "skipped")
    assert skipped["reason"] == "needs the real one; runs with --target=testnet"


def test_what_was_exchanged_stands_in_it_without_signatures(written) -> None:
    _, run = written
    steps = next(one for one in run["scenarios"] if one["id"].endswith("test_rests"))["steps"]
    placed = next(step for step in steps if step["path"] == "/exchange")
    assert json.loads(placed["request"])["action"]["type"] == "order"
    assert "resting" in placed["answer"]
    assert "signature" not in json.dumps(run)


def test_property_is_marked_as_drawn(project) -> None:
    project.write("""
        from hypothesis import given, strategies as st

        @given(number=st.integers())
        def test_property(venue, number):
            assert venue.clock.now_ms()

        def test_plain(venue):
            pass
    """)
    for arguments in ([], ["-n2", "-p", "xdist"]):
        project.localnet("--run-file=run.json", *arguments)
        run = json.loads((project.path / "run.json").read_text())
        assert {one["id"].partition("::")[2]: one["drawn"] for one in run["scenarios"]} == {
            "test_property": True,
            "test_plain": False,
        }


def test_coverage_stands_in_it_and_in_the_summary(written) -> None:
    result, run = written
    assert run["coverage"]["info allMids"]["$ answered"] == 1
    result.stdout.fnmatch_lines(
        ["hyperliquid: shapes: * kinds answered; *", "hyperliquid: run file written: *"]
    )


def test_workers_bring_the_same_home(project) -> None:
    project.write(SCENARIOS)
    project.localnet("--run-file=alone.json")
    project.localnet("--run-file=shared.json", "-n2", "-p", "xdist")
    alone, shared = (json.loads((project.path / f"{name}.json").read_text()) for name in ("alone", "shared"))

    def told(run):
        return {one["id"]: (one["outcome"], one["steps"]) for one in run["scenarios"]}

    assert told(shared) == told(alone)
    assert shared["coverage"].keys() == alone["coverage"].keys()


def test_what_was_never_seen_is_named_on_demand(project) -> None:
    project.write(SCENARIOS)
    result = project.localnet("--shape-coverage")
    result.stdout.fnmatch_lines(["*never seen in an answer*", "info userFills $ answered*"])
    assert "info allMids $ answered" not in result.stdout.str()


@pytest.mark.parametrize("name", ["run.txt", "."])
def test_a_run_file_must_be_a_json_file(project, name) -> None:
    project.write(SCENARIOS)
    result = project.localnet(f"--run-file={name}")
    result.stderr.fnmatch_lines([f"*--run-file={name} is no file of data.*"])


@pytest.mark.parametrize("flag", ["--run-file=file/run.json", "--report=file/run.html"])
def test_path_that_cannot_be_written_is_refused_before_the_run(project, flag) -> None:
    project.write(SCENARIOS)
    (project.path / "file").write_text("")
    result = project.localnet(flag)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{flag} cannot be written: *"])


@pytest.mark.parametrize("arguments", [[], ["-n2", "-p", "xdist"]])
@pytest.mark.parametrize("flag", ["--run-file=run.json", "--report=run.html"])
def test_file_that_cannot_be_written_at_the_end_fails_the_run(project, flag, arguments) -> None:
    path = project.path / flag.partition("=")[2]
    project.write(f"""
        from pathlib import Path

        def test_that_stands_in_the_way(venue):
            Path({str(path)!r}).mkdir()
    """)
    result = project.localnet(flag, *arguments)
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["hyperliquid: The * cannot be written: It is a folder, no regular file."])


def test_nothing_is_written_unless_asked(project) -> None:
    project.write(SCENARIOS)
    result = project.localnet()
    assert "shapes:" not in result.stdout.str()
    assert not list(project.path.glob("*.json"))
