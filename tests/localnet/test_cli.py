"""`hl-harness localnet`: as a process, and in this one."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import typer
from typer.testing import CliRunner

from harness.cli.localnet import localnet
from harness.localnet import ACCOUNTS
from harness.localnet.serving.server import bind

RUN = [sys.executable, "-c", "import typer; from harness.cli.localnet import localnet; typer.run(localnet)"]
APP = typer.Typer()
APP.command()(localnet)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    facts_path = tmp_path / "facts.json"
    flags = ["--port", "0", "--accounts", "2", "--balance-usd", "12.5", "--limits", "--json", str(facts_path)]
    with subprocess.Popen([*RUN, *flags], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Listening on http://"):
                break
        facts = json.loads(facts_path.read_text())
        assert lines[-1] == f"Listening on {facts['url']}\n"
        assert facts["accounts"] == [account._asdict() for account in ACCOUNTS[:2]]
        assert any(ACCOUNTS[1].private_key in line for line in lines)

        asked = {"type": "clearinghouseState", "user": ACCOUNTS[1].address}
        answer = requests.post(facts["url"] + "/info", json=asked, timeout=5)
        assert answer.json()["withdrawable"] == "12.5"

        role = {"type": "userRole", "user": ACCOUNTS[1].address}
        asked_again = [requests.post(facts["url"] + "/info", json=role, timeout=5) for _ in range(20)]
        assert [answer.status_code for answer in asked_again] == [200] * 19 + [429]

        process.send_signal(stop)
        assert process.wait(timeout=10) == 0


def test_in_process_it_stops_on_a_signal(tmp_path: Path) -> None:
    facts_path = tmp_path / "facts.json"
    answered: list[int] = []

    def ask_and_stop() -> None:
        while not facts_path.exists():
            time.sleep(0.01)
        url = json.loads(facts_path.read_text())["url"]
        # It answers only once it listens for signals.
        answered.append(requests.post(url + "/info", json={"type": "meta"}, timeout=5).status_code)
        os.kill(os.getpid(), signal.SIGTERM)

    stopper = threading.Thread(target=ask_and_stop)
    stopper.start()
    ended = CliRunner().invoke(APP, ["--host", "::1", "--port", "0", "--json", str(facts_path)])
    stopper.join()

    assert (ended.exit_code, answered) == (0, [200])
    assert f"(9) {ACCOUNTS[9].address}" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("Listening on http://[::1]:")


def test_a_taken_port_ends_with_two() -> None:
    with bind("127.0.0.1", 0) as listener:
        ended = CliRunner().invoke(APP, ["--port", str(listener.getsockname()[1])])
    assert ended.exit_code == 2
    assert "Use --port with another number." in ended.stderr


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--host", "0.0.0.0"], "Refusing to listen on 0.0.0.0"),
        (["--accounts", "11"], "11 accounts were asked for."),
        (["--balance-usd", "much"], "--balance-usd is 'much'."),
        (["--balance-usd", "-1"], "--balance-usd is -1."),
    ],
)
def test_wrong_use_ends_with_two(flags: list[str], text: str) -> None:
    ended = CliRunner().invoke(APP, flags)
    assert (ended.exit_code, text in ended.stderr) == (2, True), ended.stderr


def run_until(flags: list[str], requests_made: Callable[[str], None]) -> list[str]:
    """Run the command as a process, do something at its url, stop it, and return what it printed."""
    with subprocess.Popen([*RUN, "--port", "0", *flags], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Listening on http://"):
                break
        requests_made(lines[-1].split()[-1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    return lines


def command(url: str, name: str, **fields: object) -> dict[str, Any]:
    answer = requests.post(f"{url}/control/{name}", json=fields, timeout=10)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_state_outlives_the_process(tmp_path: Path) -> None:
    state = tmp_path / "state"
    stranger = "0x" + "42" * 20
    shown: list[dict[str, Any]] = []

    def change(url: str) -> None:
        command(url, "fund", address=stranger, usd="12.5")
        command(url, "setMid", coin="ETH", px="3333")
        command(url, "advance", ms=3_600_000)
        shown.append(command(url, "status"))

    def look(url: str) -> None:
        shown.append(command(url, "status"))

    flags = ["--accounts", "2", "--seed", "5", "--market", "walk", "--rate-limits"]
    run_until([*flags, "--dump-state", str(state)], change)
    lines = run_until(["--load-state", str(state)], look)

    kept = ("seed", "market", "accounts", "ipLimit", "addressLimits", "totalUsd")
    assert [shown[0][name] for name in kept] == [shown[1][name] for name in kept]
    assert shown[1]["nowMs"] >= shown[0]["nowMs"]
    assert (shown[0]["seed"], shown[0]["market"], shown[0]["ipLimit"]) == (5, "walk", 1_200)
    assert sum("0x" in line for line in lines) == 2


@pytest.mark.parametrize(
    ("name", "why"), [(".", "It is a folder, no regular file"), ("nowhere/state", "there is no folder")]
)
def test_a_state_that_could_not_be_written_is_refused_at_the_start(
    tmp_path: Path, name: str, why: str
) -> None:
    ended = CliRunner().invoke(APP, ["--port", "0", "--dump-state", str(tmp_path / name)])
    assert ended.exit_code == 2
    assert f"Cannot write {tmp_path / name}: {why}" in ended.stderr
    assert "Name another one with --dump-state." in ended.stderr
    assert "Listening" not in ended.stdout


def test_the_check_leaves_what_is_there(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("of yesterday")
    ended = CliRunner().invoke(APP, ["--port", "0", "--dump-state", str(state), "--load-state", str(state)])
    assert ended.exit_code == 2
    assert "is no state that can be loaded" in ended.stderr
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(state, "of yesterday")]


def test_a_state_that_cannot_be_written_at_the_end_ends_with_one(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    flags = ["--port", "0", "--silent", "--dump-state", str(folder / "state")]
    with subprocess.Popen(
        [*RUN, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("Listening on http://")
        folder.rmdir()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 1
        assert f"Cannot write {folder / 'state'}: No such file" in process.stderr.read()


def test_a_fault_script_may_be_yaml(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text("seed: 3\nrules:\n  - {fault: badGateway, info: meta, calls: [1]}\n")
    statuses: list[int] = []

    def ask(url: str) -> None:
        for _ in range(2):
            statuses.append(requests.post(url + "/info", json={"type": "meta"}, timeout=5).status_code)

    run_until(["--silent", "--faults", str(script)], ask)
    assert statuses == [502, 200]


@pytest.mark.parametrize(
    ("flags", "content", "text"),
    [
        (["--load-state"], "nonsense", "is no state that can be loaded; line 1 holds"),
        (["--load-state"], None, "Cannot read"),
        (["--seed", "3", "--market", "walk", "--load-state"], "", "--seed and --market cannot be had with"),
        (["--faults"], "[{fault: nope}]", "This is no fault script"),
        (["--faults"], "[{fault: lost, action: ordr}]", "could never fire: there is no action 'ordr'"),
        (["--faults"], "{", "is neither JSON nor YAML"),
        (["--faults"], None, "Cannot read"),
    ],
)
def test_a_bad_file_ends_with_two(tmp_path: Path, flags: list[str], content: str | None, text: str) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_text(content)
    ended = CliRunner().invoke(APP, ["--port", "0", *flags, str(path)])
    assert ended.exit_code == 2
    assert text in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("flag", ["--json", "--dump-state"])
def test_what_is_no_file_is_refused_before_the_start(tmp_path: Path, flag: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended = CliRunner().invoke(APP, ["--port", "0", flag, str(tmp_path / "pipe")])

    assert ended.exit_code == 2
    assert "pipe: It is a pipe, no regular file." in ended.stderr
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("flags", "text"),
    [(["--port", "70000"], "65535"), (["--port", "0", "--json", "/nowhere/facts.json"], "Cannot write")],
)
def test_a_port_or_path_that_cannot_be_is_wrong_use(flags: list[str], text: str) -> None:
    command = [sys.executable, "-m", "harness", "localnet", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert done.returncode == 2
    assert text in done.stderr
    assert "Traceback" not in done.stderr
