"""Runs with --target=testnet that are interrupted, killed or not answered; a localnet is the testnet."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from typer.testing import CliRunner

import harness.cli.sweep as command_module
from harness.cli import app_for
from harness.journal import Entry
from harness.recording.tape import TESTNET_URL, Request
from harness.safety import journals
from harness.safety.channel import Owner
from harness.safety.keeper import Keeper
from harness.settings import Key, Settings
from harness.targets.testnet import TestnetTarget
from harness.venue import Venue
from tests.localnet.desk import Desk, order, orders
from tests.plugin.conftest import KEY, text_of
from tests.plugin.test_rehearsal import LEFT, on_testnet

IN_ITS_PLACE = """
import os
from functools import partial
import harness.safety.cleaner
import harness.venue
from harness.targets.testnet import TestnetTarget
harness.venue.TestnetTarget = partial(TestnetTarget, os.environ["WORLD_URL"])
harness.safety.cleaner.LAG_MS = 0
pytest_plugins = ["harness.plugin"]
"""


@pytest.fixture
def killed(world, project):
    """A run that was killed after an order and a fill."""
    file = journals.start(project.path / ".hl-harness", keep_orders=False)
    target = TestnetTarget(world.url)
    owner = Owner(Key(KEY), world.desk.address)
    keeper = Keeper(file.journal, target.answer, world.desk.nonce, lambda: target.universe, [owner])
    for wish in (order(p="2000"), order(p="3500", tif="Ioc")):
        envelope = world.desk.envelope(orders(wish))
        entry = Entry("/exchange", json.dumps(envelope), "scenario", int(time.time() * 1000))
        keeper.prepare(entry, envelope)
        file.journal.sent(entry)
        headers = (("content-type", "application/json"),)
        target.answer(Request("POST", f"{TESTNET_URL}/exchange", headers, entry.body))
    file.journal.close()
    file.lock.release()
    assert (len(world.orders()), world.positions()) == (1, {"ETH": "0.01"})
    return file.path


def sweep(*arguments):
    return CliRunner().invoke(app_for(["sweep"]), ["sweep", *arguments])


@pytest.fixture
def command(world, project, monkeypatch):
    """`hl-harness sweep`, in the project's folder."""
    monkeypatch.chdir(project.path)
    monkeypatch.setattr(command_module, "TestnetTarget", partial(TestnetTarget, world.url))
    return sweep


def test_next_run_sweeps_first_and_says_so(project, world, killed):
    project.write("def test_nothing(venue): pass")
    result = on_testnet(project)

    result.assert_outcomes(passed=1)
    assert (world.orders(), world.positions()) == (set(), {})
    assert "swept of earlier runs" in text_of(result)
    assert "sold 0.01 ETH" in text_of(result)


def test_run_that_is_offline_sweeps_nothing(project, world, killed):
    project.write("def test_nothing(): pass")
    seen = len(world.seen)
    project.run().assert_outcomes(passed=1)

    assert len(world.seen) == seen


def test_command_sweeps(world, killed, command):
    result = command()

    assert result.exit_code == 0, result.output
    assert "cancelled order" in result.output
    assert (world.orders(), world.positions()) == (set(), {})
    assert "Nothing to sweep" in command().output


def test_command_only_looks_on_request(world, killed, command):
    result = command("--dry-run", "--json")
    data = json.loads(result.output)

    assert result.exit_code == 1
    assert (data["left"], data["dry_run"]) == (True, True)
    assert "position 0.01 ETH" in data["runs"][0]["accounts"][0]["left"]
    assert len(world.orders()) == 1
    assert KEY.removeprefix("0x") not in result.output


def test_command_wants_the_key(world, killed, command, monkeypatch):
    monkeypatch.delenv("HYPERLIQUID_TESTNET_PRIVATE_KEY")

    assert command().exit_code == 2


def test_command_says_what_is_left(world, killed, command):
    world.instead = lambda path, body: (500, {}, b"null") if path == "/exchange" else None
    result = command()

    assert result.exit_code == 1
    assert "LEFT" in result.output


def test_lost_answer_is_an_error_of_its_own_and_is_swept(project, world):
    def lose(path, body):
        if body.get("action", {}).get("type") != "order" or len(world.actions) > 1:
            return None
        world.net.handle(path, "application/json", json.dumps(body).encode())
        return 502, {"Content-Type": "text/html"}, b"<html>"

    world.instead = lose
    project.write(LEFT)
    result = on_testnet(project)

    result.assert_outcomes(failed=1)
    assert "UnknownOutcome: order for" in text_of(result)
    assert "unknown outcomes" in text_of(result)
    assert world.orders() == set()
    assert world.actions.count("order") == 1


def test_scenario_cannot_swallow_an_unknown_outcome(project, world):
    world.instead = lambda path, body: (
        (502, {}, b"") if body.get("action", {}).get("type") == "order" else None
    )
    project.write("""
        import contextlib

        @pytest.mark.coin("ETH")
        def test_swallows(trader, market):
            with contextlib.suppress(Exception):
                trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    """)
    on_testnet(project).assert_outcomes(failed=1)


def test_rate_limited_order_is_sent_again_and_once_only(project, world):
    refused = [1]

    def limit(path, body):
        if body.get("action", {}).get("type") == "order" and refused:
            refused.pop()
            return 429, {"Content-Type": "application/json"}, b"null"
        return None

    world.instead = limit
    project.write("""
        @pytest.mark.coin("ETH")
        def test_rests(trader, market):
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
            assert len(trader.info.open_orders(trader.address)) == 1
    """)
    on_testnet(project).assert_outcomes(passed=1)

    assert world.actions == ["order", "order", "cancel"]


def test_sub_account_is_swept(project, world):
    sub = world.desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    usd = {"subAccountUser": sub, "isDeposit": True, "usd": 500_000_000}
    world.desk.act({"type": "subAccountTransfer", **usd})
    project.write(f"""
        @pytest.mark.coin("ETH")
        def test_sub(trader, market):
            sub = trader.acting_for("{sub}")
            sub.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
            sub.exchange.order(**market.ask(depth_bps=-300, notional_usd=12, tif="Ioc"))
    """)
    on_testnet(project).assert_outcomes(passed=1)

    asked = {"type": "openOrders", "user": sub}
    assert json.loads(world.desk.send(asked, "/info").body) == []
    state = json.loads(world.desk.send({**asked, "type": "clearinghouseState"}, "/info").body)
    assert state["assetPositions"] == []


def test_order_posted_over_a_websocket_is_in_the_journal_before_it_leaves(project, world):
    """What comes of it is looked for, as of one whose answer is lost."""
    agent = Desk(world.net, KEY)
    path = project.path / ".hl-harness" / "journal.jsonl"
    venue = Venue(Settings(target="testnet", key=Key(KEY), journal_path=path))
    venue.begin("scenario", path, "")
    post = {
        "method": "post",
        "id": 1,
        "request": {"type": "action", "payload": agent.envelope(orders(order(p="2000")))},
    }
    venue.wire._pass_frame(1, "sent", json.dumps(post))
    world.desk.send(post["request"]["payload"])
    assert len(world.orders()) == 1

    venue.testnet.sweep()
    venue.close()

    assert (venue.testnet.left, world.orders()) == ([], set())


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_lets_the_run_sweep(project, world, number):
    (project.path / "conftest.py").write_text(IN_ITS_PLACE)
    project.write(LEFT + "        import time; time.sleep(60)\n")
    process = start(world, project)
    wait_for(lambda: world.orders() and world.positions())
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)

    assert process.returncode == 2, output
    assert (world.orders(), world.positions()) == (set(), {})
    assert journals.open_ones(project.path / ".hl-harness") == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_second_interruption_says_what_is_left_and_how_to_sweep(project, world):
    (project.path / "conftest.py").write_text(IN_ITS_PLACE)
    project.write(LEFT + "        import time; time.sleep(60)\n")
    slow = []

    def hang(path, body):
        if body.get("action", {}).get("type") == "cancel":
            slow.append(1)
            time.sleep(5 if len(slow) == 1 else 0)

    world.instead = hang
    process = start(world, project)
    wait_for(lambda: world.orders() and world.positions())
    process.send_signal(signal.SIGINT)
    wait_for(lambda: slow)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)

    assert "interrupted while sweeping" in output
    assert world.desk.address in output
    assert "hl-harness sweep" in output
    assert len(journals.open_ones(project.path / ".hl-harness")) == 1


def start(world, project, *arguments):
    environment = {**os.environ, "WORLD_URL": world.url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--target=testnet", "-p", "no:cacheprovider", *arguments],
        cwd=project.path,
        env=environment,
        # A shell's background jobs ignore SIGINT, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(condition):
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_workers_of_xdist_share_one_account(project, world):
    """They take turns, draw different nonces, and leave nothing."""
    (project.path / "conftest.py").write_text(IN_ITS_PLACE)
    for name in ("test_a", "test_b"):
        project.write(LEFT, name)
    process = start(world, project, "-p", "xdist", "-n", "2")
    output, _ = process.communicate(timeout=60)

    assert "2 passed" in output, output
    assert (world.orders(), world.positions()) == (set(), {})
    nonces = [one["nonce"] for one in world.seen if "action" in one]
    assert len(nonces) == len(set(nonces)) == 8
