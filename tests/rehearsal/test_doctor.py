"""`hl-harness doctor` before the rehearsal's testnet: each thing that can be amiss has its line."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.cli import app_for
from harness.settings import ADDRESS_VARIABLE, KEY_VARIABLE
from tests.localnet.desk import Desk, order
from tests.rehearsal.stage import Stage

Run = Callable[..., tuple[int, dict[str, tuple[str, str, str]]]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs doctor in an empty folder; returns its exit code, and state, find and advice by check."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Any:
        with pytest.raises(SystemExit) as ended:
            app_for(["doctor"])(["doctor", "--json", *arguments], prog_name="hl-harness")
        told = json.loads(capsys.readouterr().out)
        assert told["ok"] == (ended.value.code == 0)
        return ended.value.code, {
            one["what"]: (one["state"], one["found"], one["do"]) for one in told["checks"]
        }

    return call


def test_healthy_account_is_all_ok(stage: Stage, run: Run) -> None:
    code, told = run()

    assert code == 0
    assert [what for what, (state, _, _) in told.items() if state != "ok" and what != "versions"] == []
    assert told["key"][1] == f"{stage.desk.address} is a user."
    assert told["funds"][1].startswith("10000.00 USDC in perpetuals")
    assert {"reach", "clock", "orders", "twaps", "positions", "budget", "mode", "journals"} <= told.keys()


def test_what_is_there_already_is_told(stage: Stage, run: Run) -> None:
    stage.alone(lambda: stage.desk.statuses(order(p="2500")))
    stage.alone(lambda: stage.desk.statuses(order(p="3200", s="0.02", tif="Ioc")))
    code, told = run()

    assert code == 0
    assert told["orders"][:2] == ("warn", "1 orders and 0 triggers are open.")
    assert told["positions"][:2] == ("warn", "0.02 ETH")


def test_unknown_key_fails(stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "0x" + secrets.token_hex(32))
    code, told = run()

    assert code == 1
    assert told["key"][0] == "fail"
    assert "is unknown here" in told["key"][1]
    assert told["funds"][0] == "fail"


def test_agent_wants_its_master_named(stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = Desk(stage.net, "0x" + secrets.token_hex(32))
    stage.alone(lambda: stage.desk.approve(agent.address))
    monkeypatch.setenv(KEY_VARIABLE, "0x" + agent.key.hex())
    code, told = run()
    assert code == 1
    assert told["key"][2] == f"Export {ADDRESS_VARIABLE}={stage.desk.address}."

    monkeypatch.setenv(ADDRESS_VARIABLE, stage.desk.address)
    assert run()[0] == 0

    monkeypatch.setenv(KEY_VARIABLE, str(stage.counterparty_key))
    assert "no agent of" in run()[1]["key"][1]


def test_development_account_is_refused(stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.localnet import ACCOUNTS

    monkeypatch.setenv(KEY_VARIABLE, ACCOUNTS[0].private_key)
    assert "everybody has its key" in run()[1]["key"][1]


def test_wrong_settings_and_no_key_fail(stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "0x12")
    code, told = run()
    assert (code, told["settings"][0], told["key"][0]) == (1, "fail", "fail")
    assert "0x12" not in json.dumps(told)

    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.delenv("HYPERLIQUID_TESTNET_COUNTERPARTY_KEY")
    assert run()[1]["key"][1] == "There is no key."


def test_key_in_dotenv_is_found(
    stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(KEY_VARIABLE)
    (tmp_path / ".env").write_text(f"{KEY_VARIABLE}={stage.key!s}\n")

    assert run()[1]["key"][0] == "ok"


def test_exchange_that_cannot_be_reached_ends_it(stage: Stage, run: Run) -> None:
    stage.front.end()
    code, told = run()

    assert code == 1
    assert told["reach"][0] == "fail"
    assert "funds" not in told


def test_certificate_that_is_not_trusted_is_told(
    stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)

    assert "certificate is not trusted" in run()[1]["reach"][1]


def test_clock_that_is_off_is_told(stage: Stage, run: Run) -> None:
    stage.alone(lambda: stage.net.advance(60_000))
    told = run()[1]

    assert told["clock"][0] == "warn"
    assert "60.0 s behind" in told["clock"][1]


def test_killed_run_is_told(stage: Stage, run: Run, tmp_path: Path) -> None:
    (tmp_path / ".hl-harness").mkdir()
    (tmp_path / ".hl-harness" / "journal.jsonl").write_text('{"status": 200}\n{"path": "/x", "sent": {}}\n')

    assert run()[1]["journals"][0] == "warn"


def test_project_is_examined_from_any_folder_in_it(
    stage: Stage, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".hl-harness").mkdir()
    (tmp_path / ".hl-harness" / "journal.jsonl").write_text('{"path": "/x", "sent": {}}\n')
    (tmp_path / "cassettes" / "test_x").mkdir(parents=True)
    (tmp_path / "cassettes" / "test_x" / "test_y.yaml").write_text("")
    (tmp_path / ".env").write_text(f"{KEY_VARIABLE}={stage.key!s}\n")
    (tmp_path / "scenarios").mkdir()
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.chdir(tmp_path / "scenarios")
    told = run()[1]

    assert told["key"][0] == "ok"
    assert told["journals"][0] == "warn"
    assert told["cassettes"][1].startswith(f"1 in {tmp_path / 'cassettes'}")


@pytest.mark.parametrize(
    "arguments",
    [["--url=http://127.0.0.1:1"], ["--target=localnet", "--url=http://x"], ["--cassettes=nowhere"]],
)
def test_other_urls_and_absent_folders_are_wrong_use(arguments: list[str]) -> None:
    from harness.errors import SettingsError

    with pytest.raises(SettingsError, match=r"--url=|--cassettes=nowhere"):
        app_for(["doctor"])(["doctor", *arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("2.32.0", "requests 2.32.0 is known to break: it was withdrawn"),
        ("1.0", "requests 1.0 is installed, >=2.32 is asked for"),
        (None, "requests is not installed"),
    ],
)
def test_versions_that_break_are_told(
    stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch, found: str | None, told: str
) -> None:
    from importlib.metadata import PackageNotFoundError, version

    def installed(name: str) -> str:
        if name != "requests":
            return version(name)
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr("harness.cli.doctor.version", installed)

    assert told in run()[1]["versions"][1]


def test_harness_that_is_not_installed_is_told(
    stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.metadata import PackageNotFoundError

    def missing(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("harness.cli.doctor.requires", missing)

    assert run()[1]["versions"][0] == "warn"


def test_screen_fits_its_width(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    with pytest.raises(SystemExit):
        app_for(["doctor"])(["doctor"], prog_name="hl-harness")
    lines = capsys.readouterr().out.splitlines()

    assert max(map(len, lines)) <= 60
    assert lines[-1].startswith("A run can start")
