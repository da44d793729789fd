"""The drift of a run from its cassettes, rehearsed on loopback with a venue that was changed."""

import json

import pytest

from tests.plugin.conftest import text_of

SCENARIO = """
    @pytest.mark.coin("ETH")
    def test_rests(trader, market):
        trader.exchange.order(**market.bid(depth_bps=2_000, notional_usd=12))
        trader.info.open_orders(trader.address)

    @pytest.mark.coin("ETH")
    def test_is_refused(trader, market):
        trader.exchange.order(**market.bid(depth_bps=-300, notional_usd=12, tif="Alo"))
"""


@pytest.fixture
def recorded(project, world):
    """A project with two recorded scenarios."""
    project.write(SCENARIO)
    project.record().assert_outcomes(passed=2)
    return project


def on_testnet(project, *arguments):
    return project.run("--target=testnet", *arguments)


def alter(world, kind, change):
    """Let the venue say something else where it answers a kind of request."""

    def instead(path, body):
        if body.get("type", body.get("action", {}).get("type")) != kind:
            return None
        made = world.net.handle(path, "application/json", json.dumps(body).encode())
        changed = json.dumps(change(json.loads(made.body)))
        return made.status, {"Content-Type": made.content_type}, changed.encode()

    world.instead = instead


def of_rows(change):
    return lambda rows: [change(dict(row)) for row in rows]


def drop(row):
    del row["timestamp"]
    return row


def say(old, new):
    return lambda answer: json.loads(json.dumps(answer).replace(old, new))


def test_venue_that_answers_as_recorded_has_not_drifted(recorded, world):
    result = on_testnet(recorded, "--fail-on-drift")

    result.assert_outcomes(passed=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*= drift =*", "B  this run on testnet", "no drift: 2 scenarios compared"])


@pytest.mark.parametrize(
    ("kind", "change", "found", "passed"),
    [
        ("openOrders", of_rows(lambda row: row | {"mood": 1}), "new field: 1|info openOrders $[[]].mood", 2),
        ("openOrders", of_rows(drop), "lost field: 1|info openOrders $[[]].timestamp", 1),
        (
            "openOrders",
            of_rows(lambda row: row | {"limitPx": 2480.5}),
            "retyped: 1|info openOrders $[[]].limitPx",
            1,
        ),
        (
            "openOrders",
            of_rows(lambda row: row | {"side": "C"}),
            "new enum value: 1|info openOrders $[[]].side",
            1,
        ),
        (
            "order",
            say("would have immediately matched", "would match"),
            "other text: 1|exchange order $.response.data.statuses[[]0].error",
            2,
        ),
        (
            "order",
            say("Post only order would have", "no"),
            "other text: 1|exchange order $.response.data.statuses[[]0].error",
            2,
        ),
        (
            "order",
            say('"resting"', '"error"'),
            "other behaviour: 2|exchange order $.response.data.statuses[[]0]",
            1,
        ),
    ],
)
def test_each_change_is_found_and_classed(recorded, world, kind, change, found, passed):
    alter(world, kind, change)
    result = on_testnet(recorded)

    assert result.parseoutcomes().get("passed", 0) == passed
    title, place = found.split("|")
    result.stdout.fnmatch_lines(["*= drift =*", title, f"  {place}", "drift: *"])
    assert (result.ret == 0) == (passed == 2)

    failing = on_testnet(recorded, "--fail-on-drift")
    assert failing.ret == 1
    failing.stdout.fnmatch_lines(["hyperliquid: --fail-on-drift: * difference*, in scenarios/*::test_*"])


def test_another_status_is_another_behaviour(recorded, world):
    world.instead = lambda path, body: (
        (429, {"Content-Type": "application/json"}, b"null") if "action" in body else None
    )
    result = on_testnet(recorded)
    result.stdout.fnmatch_lines(["other behaviour: *", "  exchange order $", "    B HTTP 429 null"])


def test_venue_out_of_reach_is_told_as_such(recorded, world):
    world.instead = lambda path, body: (
        (503, {"Content-Type": "text/plain"}, b"busy") if "action" in body else None
    )
    text = text_of(on_testnet(recorded, "--fail-on-drift"))
    assert "unreachable venue: " in text
    assert "other behaviour" not in text
    assert "--fail-on-drift: " in text


def test_run_that_never_reached_the_venue_compares_nothing(recorded, world, monkeypatch):
    from functools import partial

    from harness.targets.testnet import TestnetTarget

    monkeypatch.setattr("harness.venue.TestnetTarget", partial(TestnetTarget, "http://127.0.0.1:9"))
    text = text_of(on_testnet(recorded))
    assert "unreachable venue: 2" in text
    assert "only in A: B ended before (error)" in text


def test_scenario_without_a_cassette_is_not_compared(recorded, world):
    for name in ("test_rests", "test_is_refused"):
        recorded.cassette(name).unlink()
    result = on_testnet(recorded, "--fail-on-drift")

    result.assert_outcomes(passed=2)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "  2 x it has no cassette",
            "nothing was compared, so nothing is known",
            "hyperliquid: --fail-on-drift: nothing was compared, so nothing is known",
        ]
    )


def test_damaged_cassette_is_told(recorded, world):
    recorded.cassette("test_rests").write_text("interactions: [")
    result = on_testnet(recorded)
    result.stdout.fnmatch_lines(["  1 x its cassette cannot be read: *", "no drift: 1 scenario compared"])


def test_skipped_scenario_is_listed_with_its_reason(project, world):
    project.write('@pytest.mark.targets("localnet", reason="moves the price")\ndef test_moves(venue): pass\n')
    project.record().assert_outcomes(passed=1)
    result = on_testnet(project)
    result.stdout.fnmatch_lines(["  1 x skipped in B: moves the price; runs with --target=localnet"])


def test_localnet_is_compared_on_demand(recorded):
    path = recorded.cassette("test_rests")
    path.write_text(path.read_text().replace('"origSz"', '"oldSz"'))
    assert "drift" not in text_of(recorded.localnet())

    result = recorded.localnet("--fail-on-drift")
    result.assert_outcomes(passed=2)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["lost field: 1", "new field: 1"])


def test_recording_is_compared_with_what_it_replaces(recorded):
    path = recorded.cassette("test_rests")
    path.write_text(path.read_text().replace('"origSz"', '"oldSz"'))
    assert recorded.record("--fail-on-drift").ret == 1
    assert recorded.record("--fail-on-drift").ret == 0


def test_worker_tells_the_same(recorded, world):
    # One worker: two would share the account, and their sweeps and nonces would meet.
    alter(world, "openOrders", of_rows(lambda row: row | {"mood": 1}))
    conftest = recorded.path / "conftest.py"
    conftest.write_text(
        conftest.read_text()
        + "\nfrom functools import partial\nimport harness.venue\n"
        + "from harness.targets.testnet import TestnetTarget\n"
        + f"harness.venue.TestnetTarget = partial(TestnetTarget, {world.url!r})\n"
    )
    result = on_testnet(recorded, "--fail-on-drift", "--run-file=run.json", "-n1", "-p", "xdist")

    result.assert_outcomes(passed=2)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["new field: 1", "drift: 1 difference in 1 scenario; 2 scenarios compared"])
    drift = json.loads((recorded.path / "run.json").read_text())["drift"]
    assert [(one["change"], one["path"]) for one in drift["differences"]] == [("new field", "$[].mood")]
    assert drift["compared"] == 2


def test_workers_add_up(recorded):
    path = recorded.cassette("test_rests")
    path.write_text(path.read_text().replace('"origSz"', '"oldSz"'))
    result = recorded.localnet("--fail-on-drift", "-n2", "-p", "xdist")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["drift: 2 differences in 1 scenario; 2 scenarios compared"])


def test_page_is_written_with_the_drift_in_it(recorded):
    path = recorded.cassette("test_rests")
    path.write_text(path.read_text().replace('"origSz"', '"oldSz"'))
    result = recorded.localnet("--fail-on-drift", "--report=deep/run.html")
    result.stdout.fnmatch_lines(["hyperliquid: page written: *deep/run.html"])
    page = (recorded.path / "deep" / "run.html").read_text()
    assert "oldSz" in page
    assert "signature" not in page.replace("Signatures", "")


@pytest.mark.parametrize("name", ["run.txt", "."])
def test_a_page_must_be_an_html_file(project, name):
    project.write("def test_nothing(): pass")
    assert f"--report={name} is no page." in text_of(project.run(f"--report={name}"))


def test_property_is_compared_by_its_forms(project, world):
    project.write("""
        from hypothesis import given
        from harness.strategies import resting_intents

        @given(intent=resting_intents())
        def test_property(venue, intent):
            with venue.trader() as trader:
                trader.exchange.order(**venue.market("ETH").ticket(intent))
    """)
    project.record().assert_outcomes(passed=1)
    result = on_testnet(project, "--fail-on-drift")
    assert result.ret == 0, text_of(result)
    result.stdout.fnmatch_lines(["  1 x step by step: its examples are drawn*", "no drift: 1 *"])


def of_testnet(project, name, day):
    """Let a cassette say that it was recorded on testnet."""
    path = project.cassette(name)
    text = (
        path.read_text()
        .replace("target: localnet", "target: testnet")
        .replace("clock: virtual", "clock: wall")
    )
    started = text.partition("started_ms: ")[2].partition("\n")[0]
    path.write_text(text.replace(f"started_ms: {started}", f"started_ms: {day}"))


@pytest.mark.parametrize("target", ["replay", "localnet", "testnet"])
def test_old_cassettes_of_testnet_are_told(recorded, world, target):
    of_testnet(recorded, "test_rests", 86_400_000)
    result = recorded.run(f"--target={target}", "--max-cassette-age=30")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*age of cassettes (--max-cassette-age)*",
            "scenarios/test_s.py::test_rests: its cassette was recorded on testnet * days ago",
            "1 cassettes were recorded on localnet: they have no age",
        ]
    )
    failing = recorded.run(f"--target={target}", "--max-cassette-age=30", "--fail-on-drift")
    assert failing.ret == 1
    failing.stdout.fnmatch_lines(["*1 cassettes are older than --max-cassette-age allows"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fail-on-drift"], "--fail-on-drift was given, but the target is replay."),
        (["--max-cassette-age=old"], "--max-cassette-age=old is no number of days."),
        (["--max-cassette-age=-1"], "--max-cassette-age=-1 is no number of days."),
        (["--max-cassette-age=nan"], "--max-cassette-age=nan is no number of days."),
    ],
)
def test_wrong_use_is_refused_before_anything_runs(project, arguments, words):
    project.write("def test_nothing(): pass")
    result = project.run(*arguments)
    assert result.ret == 4
    assert words in text_of(result)


def test_failed_run_keeps_its_exit_status(recorded, world):
    recorded.edit("trader.info.open_orders(trader.address)", "pytest.exit('stop', returncode=7)")
    assert on_testnet(recorded, "--fail-on-drift").ret == 7
