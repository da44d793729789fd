"""Whatever is done with websockets on localnet: its replay hands over the same frames at the same places."""

import json
import threading
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from websocket import WebSocketConnectionClosedException

from harness.journal import Journal
from harness.localnet_control import LocalnetControl
from harness.recording import document
from harness.recording.layout import canonical
from harness.settings import Settings
from harness.targets.localnet import LocalnetTarget, localnet_universe
from harness.targets.replay import ReplayTarget
from harness.websocket import WebSocketApp
from harness.wire import Wire
from tests.recording.tapes import COMMAND, provenance, read

URL = "wss://api.hyperliquid-testnet.xyz/ws"
KINDS = st.sampled_from(["allMids", "bbo", "l2Book", "trades", "activeAssetCtx", "noSuchType"])
COINS = st.sampled_from(["ETH", "BTC", "NOPE"])
SOCKETS = st.integers(0, 1)
METHODS = st.sampled_from(["subscribe", "unsubscribe"])

steps = st.one_of(
    st.just(("open",)),
    st.tuples(st.just("close"), SOCKETS),
    st.tuples(st.just("send"), SOCKETS, METHODS, KINDS, COINS),
    st.tuples(st.just("ask"), st.sampled_from(["allMids", "meta"])),
    st.tuples(st.just("move"), COINS.filter(lambda coin: coin != "NOPE"), st.integers(-500, 500)),
    st.tuples(st.just("advance"), st.integers(1, 4_000_000)),
    st.just(("wait",)),
)


class Script:
    """Carries out steps at a door, and notes what it hears."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.apps: list[WebSocketApp] = []
        self.heard: list[tuple[int, str]] = []

    def run(self, script: list[tuple[object, ...]]) -> None:
        for name, *arguments in script:
            getattr(self, str(name))(*arguments)

    def open(self) -> None:
        number = len(self.apps)

        def hear(app: WebSocketApp, text: str) -> None:
            self.heard.append((number, canonical(text)))
            # A callback that asks in turn: what it sends comes before the next frame is handed over.
            if json.loads(text)["channel"] == "bbo":
                self.send(0, "subscribe", "trades", "BTC")
                self.wire.send(read("meta"))

        app = WebSocketApp(self.wire.sockets, URL, on_message=hear)
        threading.Thread(target=app.run_forever).start()
        self.apps.append(app)

    def close(self, number: int) -> None:
        if number < len(self.apps):
            self.apps[number].close()

    def send(self, number: int, method: str, kind: str, coin: str) -> None:
        frame = {"method": method, "subscription": {"type": kind, "coin": coin}}
        try:
            if number < len(self.apps):
                self.apps[number].send(json.dumps(frame))
        except WebSocketConnectionClosedException:
            self.heard.append((number, "closed"))

    def ask(self, kind: str) -> None:
        self.wire.send(read(kind))

    def move(self, coin: str, bps: int) -> None:
        LocalnetControl(self.wire).move(coin, bps)

    def advance(self, ms: int) -> None:
        LocalnetControl(self.wire).advance(ms / 1000)

    def wait(self) -> None:
        self.wire.wait(0.5)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=14).map(lambda script: [("open",), *script]))
def test_replay_hands_over_what_was_recorded(script):
    wire = Wire(Settings(target="localnet", record=True), Journal())
    wire.begin("x", LocalnetTarget("x"))
    recorded = Script(wire)
    recorded.run(script)
    recorder = wire.episode.recorder
    wire.end()
    tape = document.parse(
        document.dump(recorder.tape(provenance())), path=Path("x.yaml"), record_command=COMMAND
    )

    wire = Wire(Settings(target="replay"), Journal())
    wire.begin("x", ReplayTarget(tape, Path("x.yaml"), COMMAND, localnet_universe(), "0.24.0"))
    replayed = Script(wire)
    replayed.run(script)
    wire.episode.target.finish(torn_down=True)
    problems = wire.episode.problems
    wire.end()

    assert replayed.heard == recorded.heard
    assert problems == []
