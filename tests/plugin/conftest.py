"""A project of a user's own: a root with the plugin, scenarios, and cassettes to be recorded."""

import json
import re
import textwrap
from functools import partial
from pathlib import Path

import pytest

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.clock import WallClock
from harness.safety.pacing import Backoff
from harness.shapes.registry import KNOWN
from harness.targets.testnet import TestnetTarget
from tests.localnet.desk import Desk

KEY = ACCOUNTS[4].private_key

# A run inside this process ends with the modules that were there before: shapes that came with it would be
# imported again, as other classes than those that are kept.
for known in KNOWN.values():
    assert known.shape

CONFTEST = 'pytest_plugins = ["harness.plugin"]\n'
INI = """
[pytest]
addopts = --strict-markers --strict-config --import-mode=importlib -p _hypothesis_pytestplugin
filterwarnings =
    error
    ignore:websockets.legacy is deprecated:DeprecationWarning
"""


class Project:
    """The project's folder, and pytest in it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.path = pytester.path
        pytester.makefile(".ini", pytest=INI)
        pytester.makeconftest(CONFTEST)

    @property
    def cassettes(self) -> dict[str, bytes]:
        """All files of the cassette folder, by their names below it."""
        root = self.path / "cassettes"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    @property
    def tapes(self) -> list[str]:
        """The names of the cassettes alone."""
        return [name for name in self.cassettes if name.endswith(".yaml")]

    def cassette(self, name: str) -> Path:
        """The path of one cassette."""
        return self.path / "cassettes" / "test_s" / f"{name}.yaml"

    def write(self, text: str, name: str = "test_s") -> None:
        """Write the file of scenarios."""
        folder = self.path / "scenarios"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text("import pytest\n\n" + textwrap.dedent(text))

    def edit(self, old: str, new: str, name: str = "test_s") -> None:
        """Change the scenarios."""
        path = self.path / "scenarios" / f"{name}.py"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process."""
        return self._pytester.runpytest_inprocess(*arguments)

    def localnet(self, *arguments: str) -> pytest.RunResult:
        """Run on the embedded exchange."""
        return self.run("--target=localnet", *arguments)

    def record(self, *arguments: str) -> pytest.RunResult:
        """Run on the embedded exchange and record."""
        return self.run("--target=localnet", "--record", *arguments)


@pytest.fixture(scope="session")
def sdk_imported() -> None:
    """Pytester forgets what a run in this process imports; so what is slow is imported once."""

    import hyperliquid.exchange
    import hyperliquid.info
    import hyperliquid.utils.types  # noqa: F401

    import harness.recording.document
    import harness.strategies
    import harness.targets.localnet  # noqa: F401


@pytest.fixture
def project(pytester: pytest.Pytester, sdk_imported: None, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project, without the plugins that happen to be installed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return Project(pytester)


class World:
    """A localnet in the testnet's place, with one desk of the user's."""

    def __init__(self, serve):
        self.net = Localnet(WallClock())
        self.seen = []
        self.instead = lambda path, body: None
        self.desk = Desk(self.net, KEY)
        self.url = serve(self._handle)

    def _handle(self, path, content_type, body):
        self.seen.append(json.loads(body))
        answer = self.instead(path, self.seen[-1])
        if answer is not None:
            return answer
        made = self.net.handle(path, content_type, body)
        return made.status, {"Content-Type": made.content_type}, made.body

    @property
    def actions(self):
        return [one["action"]["type"] for one in self.seen if "action" in one]

    def orders(self):
        """The open orders of the user's account."""
        return {one["oid"] for one in self.ask("openOrders")}

    def positions(self):
        """The positions of the user's account."""
        state = self.ask("clearinghouseState")
        return {one["position"]["coin"]: one["position"]["szi"] for one in state["assetPositions"]}

    def ask(self, kind):
        answer = self.desk.send({"type": kind, "user": self.desk.address}, "/info")
        return json.loads(answer.body)


@pytest.fixture
def world(serve, monkeypatch, tmp_path):
    """What a run with --target=testnet meets."""
    world = World(serve)
    monkeypatch.setattr("harness.venue.TestnetTarget", partial(TestnetTarget, world.url))
    # This exchange knows at once what it has acknowledged.
    monkeypatch.setattr("harness.safety.cleaner.LAG_MS", 0)
    monkeypatch.setattr("harness.safety.cleaner.AGAIN_S", 0.01)
    monkeypatch.setattr("harness.targets.testnet.Backoff", partial(Backoff, 2.0))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", KEY)
    for name in ("TESTNET_ACCOUNT_ADDRESS", "TESTNET_COUNTERPARTY_KEY", "CONFIG"):
        monkeypatch.delenv(f"HYPERLIQUID_{name}", raising=False)
    return world


def text_of(result: pytest.RunResult) -> str:
    """What a run printed, without colours."""
    return re.sub(r"\x1b\[\d+m", "", result.stdout.str() + result.stderr.str())
