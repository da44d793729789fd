"""The plugin: flags, markers, fixtures, what the run says first and last, and what a failure shows."""

import pytest

from tests.plugin.conftest import text_of

ONE = """
    def test_mids(trader):
        assert "ETH" in trader.info.all_mids()
"""
TWO = """
    import contextlib

    def test_mids(trader):
        mids = trader.info.all_mids()
        trader.info.user_state(trader.address)
"""


def failed(project, *, old, new, also=(), **outcomes):
    """Change a recorded scenario, replay it, and return what the failed run printed."""
    project.edit(old, new)
    result = project.run(*also)
    result.assert_outcomes(**(outcomes or {"failed": 1}))
    return text_of(result)


# Mismatches


def test_missing_cassette_is_one_error_with_the_command(project):
    project.write(ONE)
    result = project.run()

    result.assert_outcomes(errors=1)
    assert "There is no cassette" in text_of(result)
    assert "pytest scenarios/test_s.py::test_mids --target=localnet --record" in text_of(result)
    assert project.tapes == []


def test_damaged_cassette_is_one_error_and_stays_as_it_is(project):
    project.write(ONE)
    project.record()
    path = project.cassette("test_mids")
    path.write_text(path.read_text()[:-30])
    before = project.cassettes
    result = project.run()

    result.assert_outcomes(errors=1)
    assert "test_mids.yaml, line " in text_of(result)
    assert project.cassettes == before


def test_failure_shows_the_scenarios_line_and_no_frame_of_sdk_or_harness(project):
    project.write(TWO)
    project.record()
    text = failed(project, old="user_state(trader.address)", new='user_state("0x" + "11" * 20)')

    assert '>       trader.info.user_state("0x" + "11" * 20)' in text
    assert "scenarios/test_s.py:8: ReplayMismatch" in text
    assert "Replay found no answer for request 2 of cassettes/test_s/test_mids.yaml" in text
    assert "This is a read: another read was sent, nothing is signed." in text
    assert not any(place in text for place in ("site-packages", "hyperliquid/api", "harness/", "DoorSession"))


def test_full_trace_shows_everything(project):
    project.write(TWO)
    project.record()
    text = failed(project, old="user_state(trader.address)", new='user_state("0x")', also=["--full-trace"])

    assert "hyperliquid/api.py" in text


def test_failure_inside_a_function_of_the_file_shows_its_line(project):
    project.write("""
        def mids(trader):
            return trader.info.all_mids()

        def test_mids(trader):
            mids(trader)
    """)
    project.record()
    text = failed(project, old="trader.info.all_mids()", new='trader.info.meta("x")')

    assert '>       return trader.info.meta("x")' in text


@pytest.mark.parametrize(
    "swallowing",
    [
        pytest.param("contextlib.suppress(Exception)", id="suppressed"),
        pytest.param("pytest.raises(Exception)", id="expected"),
    ],
)
def test_mismatch_that_the_scenario_swallows_still_fails_it(project, swallowing):
    project.write(TWO)
    project.record()
    text = failed(
        project,
        old="trader.info.user_state(trader.address)",
        new=f'with {swallowing}:\n        trader.info.user_state("0x")\n',
    )

    assert "Replay found no answer for request 2" in text


@pytest.mark.parametrize(
    "hiding",
    [
        "pytest.skip('nothing to see')",
        "pytest.fail('something else')",
        "raise KeyError",
        "assert False",
        "pytest.xfail('x')",
    ],
)
def test_what_follows_does_not_hide_a_mismatch(project, hiding):
    project.write(TWO)
    project.record()
    text = failed(
        project,
        old="trader.info.user_state(trader.address)",
        new=f'with contextlib.suppress(Exception):\n        trader.info.user_state("0x")\n    {hiding}',
    )

    assert "Replay found no answer for request 2" in text


def test_mismatch_in_a_fixtures_teardown_is_an_error_even_if_swallowed(project):
    project.write("""
        import contextlib

        @pytest.fixture
        def patient(trader):
            yield trader
            with contextlib.suppress(Exception):
                trader.info.all_mids()

        def test_mids(patient):
            pass
    """)
    project.record().assert_outcomes(passed=1)
    text = failed(project, old="trader.info.all_mids()", new='trader.info.meta("x")', passed=1, errors=1)

    assert "Replay found no answer for request 1" in text


def test_steps_that_are_not_played_fail_the_scenario(project):
    project.write(TWO)
    project.record()
    text = failed(project, old="trader.info.user_state(trader.address)", new="pass")

    assert "The scenario ended after step 1 of 2" in text
    assert '2. /info {"type":"clearinghouseState"' in text
    assert "_pytest/" not in text


def test_failing_scenario_is_told_its_own_failure(project):
    project.write(TWO)
    project.record()
    text = failed(project, old="trader.info.user_state", new="assert mids == {}; trader.info.user_state")

    assert "assert mids == {}" in text
    assert "Replay" not in text


def test_scenario_that_skips_itself_is_skipped(project):
    project.write(TWO)
    project.record()
    project.edit("trader.info.user_state", "pytest.skip('not today'); trader.info.user_state")

    project.run().assert_outcomes(skipped=1)


def test_next_scenario_is_not_touched_by_a_failed_one(project):
    project.write(TWO + "\n    def test_z(trader):\n        trader.info.all_mids()\n")
    project.record().assert_outcomes(passed=2)

    failed(project, old="user_state(trader.address)", new='user_state("0x")', failed=1, passed=1)


# Shapes


def odd_answer(project):
    """Record a scenario, and let its first answer have a field that nobody knows."""
    project.write("""
        def test_role(trader):
            trader.info.user_role(trader.address)
    """)
    project.record().assert_outcomes(passed=1)
    path = project.cassette("test_role")
    path.write_text(path.read_text().replace('{"role": "user"}', '{"role": "user", "mood": "good"}'))


def test_unknown_field_fails_a_replay(project):
    odd_answer(project)
    result = project.run()

    result.assert_outcomes(failed=1)
    assert "mood" in text_of(result)


def test_unknown_field_is_reported_on_request(project):
    odd_answer(project)
    result = project.run("--no-strict-shapes")

    result.assert_outcomes(passed=1)
    assert "answers of unknown form" in text_of(result)
    assert "test_role: $.mood: found" in text_of(result)


def test_unknown_field_fails_on_localnet(project):
    project.write("""
        def test_role(trader, monkeypatch):
            from harness.localnet import Localnet
            handle = Localnet.handle

            def moody(self, path, content_type, body, method="POST"):
                answer = handle(self, path, content_type, body, method)
                body = answer.body.replace(b"}", b',"mood":1}')
                return type(answer)(answer.status, body, answer.content_type)

            monkeypatch.setattr(Localnet, "handle", moody)
            trader.info.user_role(trader.address)
    """)
    result = project.localnet("--strict-shapes")

    result.assert_outcomes(failed=1)
    assert "mood" in text_of(result)


# Flags and what the run says


def test_flags_stand_in_the_help(project):
    text = text_of(project.run("--help"))

    for flag in (
        "--target",
        "--record",
        "--cassettes",
        "--max-notional-usd",
        "--keep-orders",
        "--no-strict-shapes",
    ):
        assert flag in text
    assert "Hyperliquid scenarios:" in text


def test_markers_are_known(project):
    text = text_of(project.run("--markers"))

    for marker in ("coin(name)", "property", "spends", "ws", "targets(*names, reason)", "slow"):
        assert f"@pytest.mark.{marker}" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--max-notional-usd=lots"], "--max-notional-usd=lots is not an amount"),
        (["--target=testnet"], "there is no key"),
        (["--target=mainnet"], "invalid choice: 'mainnet'"),
    ],
)
def test_wrong_use_ends_the_run_before_the_first_test(project, monkeypatch, arguments, told):
    for name in ("PRIVATE_KEY", "ACCOUNT_ADDRESS", "COUNTERPARTY_KEY"):
        monkeypatch.delenv(f"HYPERLIQUID_TESTNET_{name}", raising=False)
    monkeypatch.delenv("HYPERLIQUID_CONFIG", raising=False)
    project.write(ONE)
    result = project.run(*arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in text_of(result)
    assert "collected" not in text_of(result)


UNKNOWN = """
    def test_unknown(trader):
        question = {"type": "tokenDetails", "tokenId": trader.address}
        trader.info.session.post(trader.info.base_url + "/info", json=question)
"""


def test_header_tells_target_and_where_the_tapes_come_from(project):
    project.write(ONE + UNKNOWN)
    project.record().assert_outcomes(passed=2)
    (project.path / "cassettes" / "test_s" / "broken.yaml").write_text("nonsense")
    replayed = text_of(project.run())

    assert "hyperliquid: target replay (cassettes only, no network), SDK 0." in replayed
    assert "3 cassettes: 2 recorded on localnet, 0 on testnet, 1 unreadable; 1 step unproven (" in replayed
    assert "(localnet does not implement what was asked, or a fault spoiled the answer)" in replayed
    assert "seed" not in replayed
    assert "api.hyperliquid" not in replayed


def test_header_on_localnet_tells_profile_and_seed_and_never_says_testnet(project):
    project.write(ONE)
    text = text_of(project.localnet("--hypothesis-seed=7"))

    assert "target localnet (embedded exchange in this process, no network)" in text
    assert "Hypothesis profile default, seed 7" in text
    assert "api.hyperliquid-testnet.xyz" not in text


def test_unproven_answers_are_counted_at_the_end(project):
    project.write(UNKNOWN)

    assert "1 answer is unproven: localnet" in text_of(project.localnet())


def test_what_is_kept_is_listed(project):
    project.write("""
        @pytest.mark.coin("ETH")
        def test_left_open(trader, market):
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
            trader.exchange.market_open("BTC", True, 0.001)
    """)
    result = project.localnet("--keep-orders")

    result.assert_outcomes(passed=1)
    assert "left open (--keep-orders)" in text_of(result)
    result.stdout.re_match_lines([r"0xf39F.*: order 6\d+ on ETH", r"0xf39F.*: position 0\.001\d* BTC"])


def test_without_the_flag_nothing_is_kept_or_listed(project):
    project.write("""
        import json

        @pytest.mark.coin("ETH")
        def test_swept(venue):
            with venue.trader() as trader:
                trader.exchange.order(**venue.market("ETH").bid(depth_bps=1_000, notional_usd=12))
                trader.exchange.market_open("BTC", True, 0.001)
            with venue.trader() as trader:
                assert trader.info.open_orders(trader.address) == []
                assert trader.info.user_state(trader.address)["assetPositions"] == []
    """)
    result = project.localnet()

    result.assert_outcomes(passed=1)
    assert "left open" not in text_of(result)


# Markers and fixtures


def test_scenario_of_other_targets_is_skipped_with_the_reason(project):
    project.write("""
        @pytest.mark.targets("localnet", "replay", reason="moves the price")
        def test_here(venue):
            pass

        @pytest.mark.targets("testnet", reason="asks the real one")
        def test_there(venue):
            pass
    """)
    result = project.localnet()

    result.assert_outcomes(passed=1, skipped=1)
    assert "asks the real one; runs with --target=testnet" in text_of(project.localnet("-rs"))


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ('targets("localnet")', "the reason None"),
        ('targets("mainnet", reason="x")', "'mainnet'"),
        ('targets(reason="x")', "names ()"),
    ],
)
def test_marker_that_is_not_complete_is_told(project, marker, told):
    project.write(f"""
        @pytest.mark.{marker}
        def test_here(venue):
            pass
    """)
    result = project.localnet()

    result.assert_outcomes(errors=1)
    assert told in text_of(result)


@pytest.mark.parametrize("marker", ["", "@pytest.mark.coin()", '@pytest.mark.coin("ETH", "BTC")'])
def test_market_needs_one_coin(project, marker):
    project.write(f"""
        {marker or "# no marker"}
        def test_market(market):
            pass
    """)
    result = project.localnet()

    result.assert_outcomes(errors=1)
    assert "asks for `market` without naming a coin" in text_of(result)


def test_test_of_a_module_wins_over_the_module(project):
    project.write("""
        pytestmark = pytest.mark.coin("ETH")

        @pytest.mark.coin("BTC")
        def test_market(market, journal, counterparty, trader, venue):
            assert market.coin == "BTC"
            assert market.mid > 10_000
            assert [entry.request for entry in journal] == [{"type": "l2Book", "coin": "BTC"}]
            assert counterparty.address != trader.address
            assert venue.target == "localnet"
            assert venue.clock.now_ms() > 0
    """)
    project.localnet().assert_outcomes(passed=1)


def test_test_that_is_no_scenario_is_left_alone(project):
    project.write("""
        @pytest.mark.targets("replay", "localnet", reason="nothing is sent")
        def test_alone():
            pass
    """)
    project.run().assert_outcomes(passed=1)

    assert project.tapes == []


def test_sdk_that_lacks_a_name_ends_the_run(project, monkeypatch):
    from hyperliquid import exchange

    project.write(ONE)
    monkeypatch.delattr(exchange, "secrets")
    result = project.localnet()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "This SDK's hyperliquid.exchange does not use `secrets`." in text_of(result)
    assert "INTERNALERROR" not in text_of(result)


def test_names_of_the_sdk_are_its_own_after_the_run(project):
    from hyperliquid import api, exchange
    from hyperliquid.utils import signing

    before = (api.requests, exchange.secrets, signing.time)
    project.write(ONE)
    project.localnet().assert_outcomes(passed=1)

    assert (api.requests, exchange.secrets, signing.time) == before


def test_cache_folder_is_made_only_for_replays_of_tapes(project):
    project.write(ONE)
    project.record()
    project.run("-p", "no:cacheprovider").assert_outcomes(passed=1)
    project.run().assert_outcomes(passed=1)

    assert len(list((project.path / ".pytest_cache" / "d" / "hl-tapes").iterdir())) == 1


def test_cache_folder_that_cannot_be_made_is_done_without(project):
    project.write(ONE)
    project.record()
    (project.path / "file").write_text("")

    project.run("-o", "cache_dir=file/cache", "-W", "ignore::pytest.PytestCacheWarning").assert_outcomes(
        passed=1
    )


def test_until_waits_in_the_targets_time(project):
    project.write("""
        def test_waiting(trader, venue):
            start = venue.clock.now_ms()
            reached = venue.until(lambda: venue.clock.now_ms() > start + 3_000 and "late", every_s=1)
            assert reached == "late"

        def test_in_vain(trader, venue):
            from harness.errors import UnexpectedAnswer
            with pytest.raises(UnexpectedAnswer, match="Nothing true within 2 s .4 tries.; the last was 0"):
                venue.until(lambda: 0, timeout_s=2)
    """)
    project.localnet().assert_outcomes(passed=2)


def test_exception_before_a_request_names_the_request_that_was_recorded(project):
    project.write(ONE)
    project.record().assert_outcomes(passed=1)
    project.edit('assert "ETH"', "raise TypeError('lost') or \"ETH\"")
    result = project.run()

    result.assert_outcomes(failed=1)
    assert 'The next recorded request was: /info {"type":"allMids","dex":""}' in text_of(result)
