"""What --record writes, when it does not, and what is played of it."""

import pytest
import yaml

from tests.plugin.conftest import text_of

ONE = """
    def test_mids(trader):
        assert "ETH" in trader.info.all_mids()
"""
ORDER = """
    @pytest.mark.coin("ETH")
    def test_order(trader, market, venue):
        ticket = market.bid(depth_bps=1_000, notional_usd=12, cloid=venue.cloid())
        oid = trader.exchange.order(**ticket)["response"]["data"]["statuses"][0]["resting"]["oid"]
        assert trader.exchange.cancel("ETH", oid)["status"] == "ok"
"""
PROPERTY = """
    from hypothesis import assume, given, strategies as st
    from harness.strategies import resting_intents

    @pytest.mark.property
    @given(intent=resting_intents())
    def test_property(venue, intent):
        assume(intent.is_buy)
        with venue.trader() as trader:
            ticket = venue.market("ETH").ticket(intent)
            assert trader.exchange.order(**ticket)["status"] == "ok"
"""


@pytest.mark.parametrize("arguments", [(), ("--target=replay",)])
def test_recording_a_replay_is_a_usage_error(project, arguments):
    project.write(ONE)
    result = project.run("--record", *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--record was given, but the target is replay.*"])
    assert project.tapes == []


def test_recorded_scenario_replays(project):
    project.write(ONE + ORDER)
    project.record().assert_outcomes(passed=2)

    project.run().assert_outcomes(passed=2)
    assert project.tapes == ["test_s/test_mids.yaml", "test_s/test_order.yaml"]


def test_replay_writes_nothing_among_the_cassettes(project):
    project.write(ONE + ORDER)
    project.record()
    before = project.cassettes
    project.run()

    assert project.cassettes == before


def test_localnet_without_record_writes_nothing(project):
    project.write(ONE)
    project.localnet().assert_outcomes(passed=1)

    assert project.cassettes == {}


def test_recording_twice_gives_the_same_bytes(project):
    project.write(ONE + ORDER + PROPERTY + COMMANDS)
    project.record().assert_outcomes(passed=4)
    before = project.cassettes
    for path in (project.path / "cassettes").rglob("*.yaml"):
        path.unlink()
    project.record("-p", "pytest_randomly").assert_outcomes(passed=4)

    assert project.cassettes == before


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param("assert False", id="assertion"),
        pytest.param("pytest.fail('no')", id="fail"),
        pytest.param("pytest.skip('no')", id="skip"),
        pytest.param("raise KeyError", id="exception"),
    ],
)
def test_scenario_that_did_not_pass_leaves_the_old_cassette(project, failing):
    project.write(ONE)
    project.record().assert_outcomes(passed=1)
    before = project.cassettes
    project.write(f"{ONE}        trader.info.all_mids()\n        {failing}\n")
    project.record()

    assert project.cassettes == before


def test_scenario_whose_teardown_fails_is_not_recorded(project):
    project.write("""
        @pytest.fixture
        def broken(venue):
            yield
            raise RuntimeError("late")

        def test_mids(broken, trader):
            trader.info.all_mids()
    """)
    project.record().assert_outcomes(passed=1, errors=1)

    assert project.tapes == []


def test_expected_failure_is_not_recorded(project):
    project.write("""
        @pytest.mark.xfail(strict=True)
        def test_mids(trader):
            trader.info.all_mids()
            assert False
    """)
    project.record().assert_outcomes(xfailed=1)

    assert project.tapes == []


def test_what_fixtures_send_when_they_are_torn_down_is_recorded_and_replayed(project):
    project.write("""
        @pytest.fixture
        def patient(trader):
            yield trader
            trader.info.all_mids()

        def test_mids(patient):
            patient.info.user_state(patient.address)
    """)
    project.record().assert_outcomes(passed=1)
    facts = yaml.safe_load(project.cassette("test_mids").read_text())["harness"]
    assert (facts["body_steps"], len(facts["steps"])) == (1, 2)

    project.run().assert_outcomes(passed=1)

    project.edit("trader.info.all_mids()", "pass")
    result = project.run()
    result.assert_outcomes(passed=1, errors=1)
    assert "The scenario ended after step 1 of 2" in text_of(result)


def test_what_the_body_leaves_out_is_not_owed_to_the_teardown(project):
    project.write("""
        @pytest.fixture
        def patient(trader):
            yield trader
            trader.info.all_mids()

        def test_mids(patient):
            patient.info.user_state(patient.address)
            patient.info.open_orders(patient.address)
    """)
    project.record().assert_outcomes(passed=1)

    project.edit("patient.info.open_orders(patient.address)", "pass")
    result = project.run()

    result.assert_outcomes(failed=1, errors=1)
    assert "The scenario ended after step 1 of 3" in text_of(result)


def test_provenance_is_told(project):
    project.write(ORDER)
    project.record()
    facts = yaml.safe_load(project.cassette("test_order").read_text())["harness"]

    assert facts["scenario"] == "scenarios/test_s.py::test_order"
    assert (facts["target"], facts["clock"], facts["unproven"]) == ("localnet", "virtual", 0)
    assert [step["asked_by"] for step in facts["steps"]] == ["harness", "scenario", "scenario"]
    assert len(facts["venue_draws"]) == 1


def test_sweep_is_not_on_tape(project):
    project.write("""
        @pytest.mark.coin("ETH")
        def test_left_open(trader, market):
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    """)
    project.record()

    assert "cancel" not in project.cassette("test_left_open").read_text()


def test_cassettes_go_to_another_folder_on_request(project):
    project.write(ONE)
    project.record("--cassettes=elsewhere").assert_outcomes(passed=1)

    assert (project.path / "elsewhere" / "test_s" / "test_mids.yaml").is_file()
    assert project.cassettes == {}
    project.run("--cassettes=elsewhere").assert_outcomes(passed=1)


def test_folder_that_is_not_there_is_wrong_usage(project):
    project.write(ONE)
    result = project.run("--cassettes=nowhere")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--target=localnet --record --cassettes=nowhere" in result.stderr.str()


def test_cassette_of_another_folder_is_recorded_there_again(project):
    project.write(ONE)
    (project.path / "elsewhere").mkdir()
    result = project.run("--cassettes=elsewhere")

    result.assert_outcomes(errors=1)
    assert "--target=localnet --record --cassettes=elsewhere" in text_of(result)


def test_file_in_place_of_the_folder_is_wrong_usage(project):
    project.write(ONE)
    (project.path / "file").write_text("")
    result = project.record("--cassettes=file")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--cassettes=file is no folder" in result.stderr.str()


def test_folder_that_cannot_be_written_fails_the_scenario(project):
    project.write(ONE)
    (project.path / "elsewhere").mkdir()
    (project.path / "elsewhere" / "test_s").write_text("")
    result = project.record("--cassettes=elsewhere")

    result.assert_outcomes(passed=1, errors=1)
    assert "cannot be written" in text_of(result)


def test_what_was_written_is_told(project):
    project.write(ONE)

    assert "1 new, 0 changed, 0 as before" in text_of(project.record())
    assert "0 new, 0 changed, 1 as before" in text_of(project.record())

    project.write(ONE.replace("assert", "trader.info.meta()\n        assert"))
    assert "0 new, 1 changed, 0 as before" in text_of(project.record())


def test_names_that_are_no_file_names_and_names_that_look_alike(project):
    project.write("""
        ids = ["a::b", "a.b", "a/b", "a%2fb", "a b", "..", "x" * 300, "x" * 301]

        @pytest.mark.parametrize("value", range(8), ids=ids)
        def test_value(venue, value):
            venue.stranger()

        class TestDesk:
            def test_value(self, venue):
                venue.stranger()
    """)
    project.record().assert_outcomes(passed=9)

    assert len(set(project.tapes)) == 9
    assert all(name.startswith("test_s/") and len(name.encode()) < 250 for name in project.tapes)
    assert "test_s/TestDesk.test_value.yaml" in project.tapes
    project.run().assert_outcomes(passed=9)


# Commands to the localnet

COMMANDS = """
    def test_moved(trader, localnet):
        localnet.set_mid("ETH", "2000")
        localnet.set_liquidity("BTC", bids=[("80000", "1")])
        localnet.fund(trader.address, 5)
        localnet.advance(1.5)
        assert trader.info.all_mids()["ETH"].startswith("2000")
        localnet.delay(1)
        trader.info.all_mids()
"""


def test_commands_are_compared_on_replay(project):
    project.write(COMMANDS)
    project.record().assert_outcomes(passed=1)
    project.run().assert_outcomes(passed=1)

    project.edit('"ETH", "2000"', '"ETH", "2001"')
    result = project.run()

    result.assert_outcomes(failed=1)
    assert 'recorded is setMid({"coin":"ETH","px":"2000"}) before step 1' in text_of(result)


FAULTS = """
    import pytest, requests

    @pytest.mark.coin("ETH")
    def test_late(trader, market, localnet):
        trader.exchange.timeout = 1
        localnet.delay(2)
        bid = market.bid(depth_bps=2_000, notional_usd=12)
        with pytest.raises(requests.exceptions.Timeout):
            trader.exchange.order(**bid)
        assert len(trader.info.open_orders(trader.address)) == 1

    @pytest.mark.parametrize("fault", ["badGateway", "serverError", "rateLimited"])
    def test_reads_fail(trader, localnet, fault):
        trader.exchange.order("ETH", True, 0.01, 2000, {"limit": {"tif": "Gtc"}})
        localnet.faults({"fault": fault, "path": "/info"})
        with pytest.raises(Exception, match="50[02]|429"):
            trader.info.open_orders(trader.address)
"""


def test_trouble_is_for_the_scenario_not_for_what_the_harness_asks_and_sweeps(project):
    project.write(FAULTS)
    project.record().assert_outcomes(passed=4)
    project.run().assert_outcomes(passed=4)


def test_command_that_is_left_out_fails(project):
    project.write(COMMANDS)
    project.record()
    project.edit("localnet.advance(1.5)", "pass")
    result = project.run()

    result.assert_outcomes(failed=1)
    assert 'recorded is advance({"ms":1500})' in text_of(result)


@pytest.mark.parametrize(
    ("fault", "answer"),
    [("truncated", '{"status":"ok","resp'), ("badGateway", "<html>\\r\\n<head><title>502")],
)
def test_what_a_fault_spoiled_is_recorded_and_replayed(project, fault, answer):
    project.write(f"""
        BID = "ETH", True, 0.01, 2000, {{"limit": {{"tif": "Gtc"}}}}

        def test_spoiled(trader, localnet, journal):
            localnet.faults({{"fault": "{fault}", "action": "order"}})
            try:
                trader.exchange.order(*BID)
            except Exception as error:
                assert "502" in str(error)
            assert journal[-1].answer.startswith('{answer}')
    """)
    recorded = project.record()
    recorded.assert_outcomes(passed=1)
    assert "1 answer is unproven: localnet does not implement what was asked, or a fault" in text_of(recorded)
    first = project.cassettes

    project.run().assert_outcomes(passed=1)
    project.record().assert_outcomes(passed=1)
    assert project.cassettes == first
