"""Whatever fails, and however much is shown: nothing that a run leaves has a key, password or signature."""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rehearsal.stage import cleared, staged

ROOT = Path(__file__).parents[2]
PASSWORD = "Rather-Long-Pass-Word-7193"
FAILING = """
import logging

import pytest

pytestmark = pytest.mark.coin("ETH")


def test_assertion(trader, market, journal):
    answer = trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    entries = list(journal)
    bodies = [one.body for one in entries]
    logging.getLogger("mine").error("sent %s", bodies)
    print("printed", bodies)
    assert bodies == [], bodies


def test_inside_the_sdk(trader, market, monkeypatch):
    def fail(self, url, payload):
        raise RuntimeError(f"broken with {payload}")

    from hyperliquid.api import API
    monkeypatch.setattr(API, "post", fail)
    trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))


def test_inside_the_signing(trader, market, monkeypatch):
    import hyperliquid.utils.signing as signing
    real = signing.sign_inner

    def fail(wallet, data):
        signed = real(wallet, data)
        key = wallet.key
        logging.getLogger("mine").exception("no")
        raise ValueError(f"cannot sign {signed} with {wallet.key.hex()} {int(wallet.key.hex(), 16)}")

    monkeypatch.setattr(signing, "sign_inner", fail)
    trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))


def test_own_signature(trader):
    from hyperliquid.utils.signing import sign_l1_action
    signature = sign_l1_action(trader.exchange.wallet, {"type": "noop"}, None, 1, None, False)
    key = trader.exchange.wallet.key
    raw = bytes(key)
    number = int.from_bytes(raw, "big")
    assert 0


def test_refused(trader):
    trader.exchange.usd_transfer(1, "0x" + "11" * 20)


@pytest.fixture
def broken(trader):
    yield
    wallet, everything = trader.exchange.wallet, vars(trader.exchange)
    raise OSError("in the tear-down")


def test_tear_down(broken):
    pass
"""


# A signature that was made and not sent.
UNSENT = rb"""['"]?\b[rs]['"]?\s*[:=]\s*['"]?(0x[0-9a-f]{60,64}|[0-9]{70,78})"""


def forms(key: str) -> set[bytes]:
    """Every way in which a key could stand somewhere."""
    raw = bytes.fromhex(key.removeprefix("0x"))
    texts = {
        raw.hex(),
        raw.hex().upper(),
        str(int(raw.hex(), 16)),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        repr(raw)[2:-1],
        str(list(raw))[1:-1],
        # Half of it would be too much too.
        raw.hex()[:40],
        raw.hex()[-40:],
    }
    return {raw, *(text.encode() for text in texts)}


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")], ids=["alone", "xdist"])
def test_nothing_secret_is_left(tmp_path: Path, workers: tuple[str, ...]) -> None:
    import eth_account

    project = tmp_path / "project"
    (project / "scenarios").mkdir(parents=True)
    (project / "conftest.py").write_text('pytest_plugins = ["harness.plugin"]\n')
    (project / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\nlog_cli = true\n")
    (project / "scenarios" / "test_s.py").write_text(FAILING)
    with staged(tmp_path, limits=False) as stage:
        (tmp_path / "keystore").write_text(
            json.dumps(eth_account.Account.encrypt(str(stage.key), PASSWORD, kdf="pbkdf2", iterations=2))
        )
        (tmp_path / "password").write_text(PASSWORD + "\n")
        (tmp_path / "config.json").write_text(json.dumps({"keystore_path": str(tmp_path / "keystore")}))
        environment = cleared(stage.environment) | {
            "HYPERLIQUID_CONFIG": str(tmp_path / "config.json"),
            "HYPERLIQUID_KEYSTORE_PASSWORD_FILE": str(tmp_path / "password"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "PYTHONFAULTHANDLER": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        del environment["HYPERLIQUID_TESTNET_PRIVATE_KEY"]
        base = ["-p", "tests.rehearsal.redirect", "--target=testnet"]
        shown = ["--showlocals", "--tb=long", "--full-trace", "-vv", "-rA", "--log-level=DEBUG"]
        written = ["--log-file=debug.log", "--junitxml=j.xml", "--run-file=r.json", "--report=r.html"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *base, *shown, *written, *workers],
            cwd=project,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
        sent = [(one[b"r"], one[b"s"]) for one in signatures(bytes(stage.front.heard))]
        keys = (str(stage.key), str(stage.counterparty_key))

    out = done.stdout + done.stderr
    assert b"5 failed" in out
    assert b"1 error" in out
    assert b"printed" in out
    assert sent
    files = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    files[Path("streams")] = out
    for path, content in files.items():
        for key in keys:
            assert not [form for form in forms(key) if form in content], path
        assert PASSWORD.encode() not in content, path
        halves = {half.lower() for pair in sent for half in pair}
        assert not [half for half in halves if half in content.lower()], path
        assert not [half for half in halves if str(int(half, 16)).encode() in content], path
        assert not re.search(
            rb"""['"]?\b[rs]['"]?\s*[:=]\s*['"]?(0x[0-9a-f]{60,64}|[0-9]{70,78})""", content
        ), path


def signatures(heard: bytes) -> list[dict[bytes, bytes]]:
    """The signatures that came out of the encryption."""
    found = re.finditer(rb'"r": ?"0x([0-9a-f]+)", ?"s": ?"0x([0-9a-f]+)"', heard)
    return [{b"r": one[1], b"s": one[2]} for one in found]
