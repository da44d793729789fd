"""`hl-harness localnet`, as a process."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from harness.localnet import ACCOUNTS
from harness.localnet.server import bind

RUN = [sys.executable, "-c", "import typer; from harness.cli.localnet import localnet; typer.run(localnet)"]


def run(*flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *flags], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    facts_path = tmp_path / "facts.json"
    flags = ["--port", "0", "--accounts", "2", "--balance-usd", "12.5", "--json", str(facts_path)]
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

        process.send_signal(stop)
        assert process.wait(timeout=10) == 0


def test_a_taken_port_ends_with_two() -> None:
    with bind("127.0.0.1", 0) as listener:
        ended = run("--port", str(listener.getsockname()[1]))
    assert ended.returncode == 2
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
    ended = run(*flags)
    assert (ended.returncode, text in ended.stderr) == (2, True), ended
