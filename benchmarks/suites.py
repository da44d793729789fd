"""The same 60 life cycles as test suites for each player, and the long tapes.

Ours is recorded on localnet by `--record`. The suites of the others are written from those tapes: the same
interactions, less the harness's own read of the book (they get its result as a literal), with the recorded
nonces pinned, and the same SDK objects built for each test.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec

from harness.recording import cassette
from harness.recording.tape import Tape

FILES, TESTS_A_FILE = 6, 10
LENGTHS = (10, 1_000, 10_000)
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"

_INI = "[pytest]\naddopts = --import-mode=importlib\n"
_PLUGIN = 'pytest_plugins = ["harness.plugin"]\n'

_EMPTY_HEAD = """\
import eth_account
import hypothesis
import hyperliquid.exchange
import hyperliquid.info
import pytest
"""
_EMPTY_TEST = """

def test_life_{number:02}():
    pass
"""

_OURS_HEAD = """\
import hypothesis
import pytest

from harness.shapes import CancelResponse, ClearinghouseState, OrderResponse, OrderStatus

pytestmark = pytest.mark.coin("ETH")
"""
_OURS_TEST = """

def test_life_{number:02}(trader, market):
    ticket = market.bid(depth_bps={depth_bps}, notional_usd=12)
    ClearinghouseState.parse(trader.info.user_state(trader.address))
    oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
    placed = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert placed.state == "open"
    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome == "success"
    gone = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    assert gone.state == "canceled"
    ClearinghouseState.parse(trader.info.user_state(trader.address))
"""

_PLAIN_HEAD = f"""\
import hypothesis
import pytest

ADDRESS = "{ADDRESS}"
"""
_PLAIN_TEST = """

@pytest.mark.vcr
def test_life_{number:02}(exchange_at):
    exchange = exchange_at({nonces})
    assert "marginSummary" in exchange.info.user_state(ADDRESS)
    answer = exchange.order("ETH", True, {sz}, {px}, {{"limit": {{"tif": "Gtc"}}}})
    oid = answer["response"]["data"]["statuses"][0]["resting"]["oid"]
    assert exchange.info.query_order_by_oid(ADDRESS, oid)["order"]["status"] == "open"
    assert exchange.cancel("ETH", oid)["response"]["data"]["statuses"] == ["success"]
    assert exchange.info.query_order_by_oid(ADDRESS, oid)["order"]["status"] == "canceled"
    assert "marginSummary" in exchange.info.user_state(ADDRESS)
"""
_PLAIN_CONFTEST = f"""\
import json
from pathlib import Path

import eth_account
import pytest
from hyperliquid.exchange import Exchange

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def wallet():
    return eth_account.Account.from_key("{KEY}")


@pytest.fixture(scope="session")
def metadata():
    return [json.loads((HERE / name).read_text()) for name in ("meta.json", "spot_meta.json")]


@pytest.fixture
def exchange_at(monkeypatch, wallet, metadata):
    def build(*nonces):
        monkeypatch.setattr("hyperliquid.exchange.get_timestamp_ms", iter(nonces).__next__)
        url = "https://api.hyperliquid-testnet.xyz"
        return Exchange(wallet, url, meta=metadata[0], spot_meta=metadata[1])

    return build


@pytest.fixture(scope="session")
def vcr_config():
    return {{"match_on": ["method", "uri", "body"], "record_mode": "none"}}
"""
_LONG = f"""\
import pytest


@pytest.mark.parametrize("steps", {list(LENGTHS)})
def test_reads(trader, steps):
    for number in range(steps):
        trader.info.user_state(f"0x{{number:040x}}")
"""


def write_all(work: Path, record: Callable[[Path], None]) -> None:
    """Write every suite below `work`.

    Args:
        work: an empty folder.
        record: records the suite in a folder on localnet.
    """
    _write_suite(work / "ours", _PLUGIN, _OURS_HEAD, _OURS_TEST)
    _write_suite(work / "empty", _PLUGIN, _EMPTY_HEAD, _EMPTY_TEST)
    _write_suite(work / "bare", "", _EMPTY_HEAD, _EMPTY_TEST)
    record(work / "ours")
    long = work / "long"
    (long / "scenarios").mkdir(parents=True)
    (long / "conftest.py").write_text(_PLUGIN)
    (long / "pytest.ini").write_text(_INI)
    (long / "scenarios" / "test_long.py").write_text(_LONG)
    record(long)
    first = scenario_steps(long_tape(work, LENGTHS[0])).steps[0]
    answer_of_long_tapes(work).write_text(first.reply.body)
    for player in ("stock", "cassetter"):
        _write_plain(work / player, work / "ours")


def convert(work: Path, cassetter: Path) -> None:
    """Write cassetter's cassettes in its own form, by its own converter, less its scrubbing."""
    long = work / "cassetter-long"
    long.mkdir()
    for steps in LENGTHS[:2]:
        shutil.copy(long_tape(work, steps), long)
    for folder in (work / "cassetter" / "cassettes", long):
        command = [cassetter, "-m", "cassetter.cli", "convert", folder, folder, "--force", "--no-scrub"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(
                f"cassetter could not convert {folder}:\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}"
            )


def long_tape(work: Path, steps: int) -> Path:
    """Return the cassette of the scenario with that many steps."""
    return work / "long" / "cassettes" / "test_long" / f"test_reads[{steps}].yaml"


def _write_suite(folder: Path, conftest: str, head: str, test: str) -> None:
    (folder / "scenarios").mkdir(parents=True)
    (folder / "conftest.py").write_text(conftest)
    (folder / "pytest.ini").write_text(_INI)
    for file in range(FILES):
        tests = (
            test.format(number=number, depth_bps=1_000 + 10 * number + file) for number in range(TESTS_A_FILE)
        )
        (folder / "scenarios" / f"test_{file}.py").write_text(head + "".join(tests))


def _write_plain(folder: Path, ours: Path) -> None:
    folder.mkdir()
    (folder / "conftest.py").write_text(_PLAIN_CONFTEST)
    (folder / "pytest.ini").write_text(_INI + "markers =\n    vcr: played from a cassette\n")
    for kind, name in (("meta", "meta.json"), ("spotMeta", "spot_meta.json")):
        (source,) = (ours / "cassettes" / "universe").glob(f"{kind}-*.json")
        shutil.copy(source, folder / name)
    for file in range(FILES):
        module = _PLAIN_HEAD
        for number in range(TESTS_A_FILE):
            name = f"test_life_{number:02}"
            tape = scenario_steps(ours / "cassettes" / f"test_{file}" / f"{name}.yaml")
            cassette.write(folder / "cassettes" / f"test_{file}" / f"{name}.yaml", tape)
            module += _plain_test(number, tape)
        (folder / f"test_{file}.py").write_text(module)


def answer_of_long_tapes(work: Path) -> Path:
    """Return the file with the first answer on the long tapes."""
    return work / "long" / "answer.json"


def scenario_steps(path: Path) -> Tape:
    """Return the tape at `path` without the harness's own reads."""
    tape = cassette.read(path, record_command="python benchmarks/replay.py")
    steps = [step for step in tape.steps if step.asked_by == "scenario"]
    return msgspec.structs.replace(tape, steps=steps)


def _plain_test(number: int, tape: Tape) -> str:
    sent = [json.loads(step.request.body) for step in tape.steps if step.request.path == "/exchange"]
    order = sent[0]["action"]["orders"][0]
    nonces = ", ".join(str(envelope["nonce"]) for envelope in sent)
    return _PLAIN_TEST.format(number=number, nonces=nonces, sz=float(order["s"]), px=float(order["p"]))
