"""Trouble that a run on testnet meets: look-ups that lag, answers and frames that do not come, TWAPs."""

import re

import pytest

from tests.plugin.conftest import text_of

LAG_MS = 300
LEFT = """
    @pytest.mark.coin("ETH")
    def test_left(trader, market):
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
        trader.exchange.order(**market.ask(depth_bps=-300, notional_usd=12, tif="Ioc"))
"""


@pytest.fixture(autouse=True)
def short_lag(monkeypatch):
    """Scaled with the exchange's, which these tests set."""
    monkeypatch.setattr("harness.safety.cleaner.LAG_MS", LAG_MS)
    monkeypatch.setattr("harness.safety.cleaner.AGAIN_S", 0.1)


def on_testnet(project, stage, *arguments, faults=()):
    stage.alone(lambda: stage.net.set_faults(list(faults)))
    result = project.run("--target=testnet", *arguments)
    stage.alone(lambda: stage.net.set_faults([]))
    return result


def stale(seconds):
    return {"fault": "stale", "seconds": seconds}


@pytest.mark.parametrize("answer_s", [0, 0.5])
@pytest.mark.parametrize("order", ["bid(depth_bps=1_000", 'ask(depth_bps=-300, tif="Ioc"'])
def test_sweep_leaves_nothing_when_look_ups_are_stale(project, stage, order, answer_s):
    """The lag counts from when the exchange has acted, which is when its answer came at the latest."""
    project.write(f"""
        @pytest.mark.coin("ETH")
        def test_left(trader, market):
            trader.exchange.order(**market.{order}, notional_usd=12))
    """)
    slow = {"fault": "delay", "path": "/exchange", "seconds": answer_s}
    faults = [slow, stale(answer_s + LAG_MS / 1000)]

    on_testnet(project, stage, faults=faults).assert_outcomes(passed=1)

    assert (stage.orders(), stage.positions()) == (set(), {})


def test_scenario_is_not_shown_what_is_stale(project, stage):
    project.write("""
        @pytest.mark.coin("ETH")
        def test_seen(trader, market):
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
            (row,) = trader.info.open_orders(trader.address)
            trader.exchange.cancel("ETH", row["oid"])
            assert trader.info.open_orders(trader.address) == []
    """)
    on_testnet(project, stage, faults=[stale(0.25)]).assert_outcomes(passed=1)


@pytest.mark.parametrize("fault", ["reset", "lost"])
def test_read_without_an_answer_is_named(project, stage, fault):
    project.write("def test_read(trader): trader.info.open_orders(trader.address)\n")
    result = on_testnet(project, stage, faults=[{"fault": fault, "info": "openOrders"}])

    result.assert_outcomes(failed=1)
    text = text_of(result)
    assert "https://api.hyperliquid-testnet.xyz/info gave no answer to info openOrders." in text
    assert "ConnectionError" in text
    assert "urllib3/" not in text


def test_read_without_an_answer_is_named_when_no_line_of_the_scenario_asked(project, stage):
    conftest = project.path / "conftest.py"
    conftest.write_text(f"""{conftest.read_text()}
import pytest

@pytest.fixture
def rows(trader):
    return trader.info.open_orders(trader.address)
""")
    project.write("def test_read(rows): pass\n")
    result = on_testnet(project, stage, faults=[{"fault": "reset", "info": "openOrders"}])

    result.assert_outcomes(errors=1)
    assert "/info gave no answer to info openOrders." in text_of(result)
    assert "urllib3/" not in text_of(result)


def test_book_that_is_not_answered_is_named(project, stage):
    project.write(LEFT)
    result = on_testnet(project, stage, faults=[{"fault": "serverError", "info": "l2Book", "calls": [1]}])

    result.assert_outcomes(failed=1)
    assert "asked for the l2Book of ETH and was answered HTTP 500" in text_of(result)


def test_outage_is_told_with_what_failed_first_and_what_is_left(project, stage):
    project.write("""
        def test_outage(venue):
            with venue.trader() as trader:
                trader.exchange.order(**venue.market("ETH").bid(depth_bps=1_000, notional_usd=12))
                venue.market("ETH").mid
    """)
    ended = [{"fault": "reset", "calls": list(range(7, 500))}]
    result = on_testnet(project, stage, faults=ended)

    result.assert_outcomes(failed=1)
    text = text_of(result)
    assert 'did not answer {"type": "l2Book", "coin": "ETH"} (ConnectionError)' in text
    assert "LEFT by this run" in text
    assert "harness/wire.py" not in text
    assert len(stage.orders()) == 1

    project.write("def test_nothing(trader): pass")
    on_testnet(project, stage).assert_outcomes(passed=1)
    assert stage.orders() == set()


def test_outage_that_goes_on_ends_the_run_for_all_later_scenarios(project, stage):
    project.write("""
        @pytest.mark.coin("ETH")
        @pytest.mark.parametrize("number", range(5))
        def test_many(trader, market, number):
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    """)
    ended = [{"fault": "reset", "calls": list(range(7, 2_000))}]
    result = on_testnet(project, stage, faults=ended)

    outcomes = result.parseoutcomes()
    assert outcomes == {"passed": 1, "failed": 1, "errors": 5}, text_of(result)
    assert len(re.findall(r"^TargetUnavailable: .*so no more scenarios", text_of(result), re.MULTILINE)) == 3
    on_testnet(project, stage, "-k", "0").assert_outcomes(passed=1, deselected=4)
    assert stage.orders() == set()


def test_websocket_that_is_lost_is_told_with_what_fails(project, stage):
    project.write("""
        def test_heard(trader, venue):
            with trader.subscribed({"type": "bbo", "coin": "ETH"}) as frames:
                venue.until(lambda: len(frames) > 5, timeout_s=1)
    """)
    result = on_testnet(project, stage, faults=[{"fault": "wsDrop", "channel": "bbo"}])

    result.assert_outcomes(failed=1)
    assert "The exchange ended websocket 1 during this scenario." in text_of(result)


def test_spot_metadata_that_the_sdk_cannot_read_is_told(project, stage):
    project.write("def test_built(trader): pass\n")
    result = on_testnet(project, stage, faults=[{"fault": "sparseSpotMeta"}])

    result.assert_outcomes(errors=1)
    assert "The SDK cannot be built with the exchange's meta and spotMeta" in text_of(result)


def test_agent_is_approved_although_another_was_just_replaced(project, stage):
    project.write("""
        def test_agents(trader):
            first, second, third = (trader.agent("night desk") for _ in range(3))
            (row,) = trader.info.extra_agents(trader.address)
            assert row["address"] == third.exchange.wallet.address.lower()
    """)
    on_testnet(project, stage).assert_outcomes(passed=1)


TWAP = """
    @pytest.mark.coin("ETH")
    def test_twap(trader, market):
        form = {"a": market.asset, "b": True, "s": "0.04", "r": False, "m": 5, "t": False}
        answer = trader.post_l1_action({"type": "twapOrder", "twap": form})
        assert answer["response"]["data"]["status"]["running"]
"""


def test_twap_is_held_to_the_limit_by_the_mid_and_swept(project, stage):
    project.write(TWAP)
    refused = on_testnet(project, stage)
    refused.assert_outcomes(failed=1)
    assert "Refusing to send a TWAP worth 12" in text_of(refused)
    assert b"twapOrder" not in stage.front.heard

    on_testnet(project, stage, "--max-notional-usd=150").assert_outcomes(passed=1)
    rows = stage.ask("twapHistory")
    assert {row["status"]["status"] for row in rows} == {"activated", "terminated"}
    assert (stage.orders(), stage.positions()) == (set(), {})


def test_twap_counts_for_the_exposure(project, stage):
    project.write(TWAP)
    result = on_testnet(project, stage, "--max-notional-usd=150", "--max-exposure-usd=100")

    result.assert_outcomes(failed=1)
    assert "and 12" in text_of(result)
