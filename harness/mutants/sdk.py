"""The SDK on changed answers and on changed websockets: code that calls it needs no change to be tried.

Its clock and its chance stand still. Account 0 signs.
"""

import contextlib
import importlib
import inspect
import json
import logging
import types
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from harness.localnet.accounts.development import ACCOUNTS
from harness.mutants.listening import FrameTrial, Listening, try_frames
from harness.mutants.recorded import Conversation, Kind
from harness.mutants.trials import Answering, Trial, try_answers

if TYPE_CHECKING:
    from hyperliquid.exchange import Exchange
    from hyperliquid.info import Info

URL = "http://127.0.0.1:3001"
"""Where the SDK believes to be; nothing is sent."""
META, SPOT_META = ("info", "meta"), ("info", "spotMeta")
_MOMENT_MS = 1_767_225_600_000


def try_sdk(call: "Callable[[Info, Exchange], Any]", answers: Mapping[Kind, str]) -> Iterator[Trial]:
    """Yield what code that calls the SDK makes of every mutant of every answer that it reads.

    Args:
        call: is given the SDK's `Info` and `Exchange`, and returns what it found or did.
        answers: recorded bodies, `meta` and `spotMeta` among them; see `answers_in`.

    Raises:
        UnsupportedError: it asks for something that was not recorded, or fails on the recorded answers.
    """

    def probe(answering: Answering) -> Any:
        with sdk_on(answering):
            exchange = built_exchange(answering)
            return call(exchange.info, exchange)

    return try_answers(probe, answers)


def try_sdk_feed(
    listen: "Callable[[Info], Any]",
    conversation: Conversation,
    answers: Mapping[Kind, str],
    *,
    known: set[str] | None = None,
) -> Iterator[FrameTrial]:
    """Yield what callbacks of the SDK's websocket make of every mutant of a recorded websocket.

    Args:
        listen: is given the SDK's `Info`, subscribes, and returns something that its callbacks fill; it is
            looked at when all frames have come.
        conversation: what was recorded; see `conversations_in`.
        answers: recorded bodies, `meta` and `spotMeta` among them, and those of requests by the callbacks.
        known: forms of frames that need no more changing; those that are changed here are added.

    Raises:
        UnsupportedError: a callback fails on what was recorded.
    """

    def probe(listening: Listening) -> Any:
        with sdk_on(listening.answering):
            info = built_info(listening.answering)
            with _fed(info, listening) as feed:
                made = listen(info)
                feed()
            return made

    return try_frames(probe, conversation, answers=answers, known=known)


def built_info(answering: Answering) -> "Info":
    """Return an `Info` that was built on the recorded metadata, so that only later answers are changed."""
    info_type = importlib.import_module("hyperliquid.info").Info
    info: Info = info_type(URL, skip_ws=True, **_metadata(info_type, answering))
    answering.asked.clear()
    return info


def built_exchange(answering: Answering) -> "Exchange":
    """Return the same with an `Exchange` around it."""
    exchange_type = importlib.import_module("hyperliquid.exchange").Exchange
    account = importlib.import_module("eth_account").Account
    given = _metadata(exchange_type, answering)
    exchange: Exchange = exchange_type(account.from_key(ACCOUNTS[0].private_key), URL, **given)
    # Early releases hand nothing on to the `Info` inside.
    if len(given) < 2:
        exchange.info = built_info(answering)
    answering.asked.clear()
    return exchange


def _metadata(of: Any, answering: Answering) -> dict[str, Any]:
    takes = inspect.signature(of.__init__).parameters
    given = {"meta": META, "spot_meta": SPOT_META}
    return {name: json.loads(answering.recorded(kind)) for name, kind in given.items() if name in takes}


@contextlib.contextmanager
def sdk_on(answering: Answering) -> Iterator[None]:
    """Let the SDK ask an `Answering`; its clock and its chance stand still."""
    api = importlib.import_module("hyperliquid.api")
    exchange = importlib.import_module("hyperliquid.exchange")
    requests = importlib.import_module("requests")

    class Session(requests.Session):  # type: ignore[misc, name-defined]
        def post(self, url: str, json: Any = None, **_: Any) -> Any:
            status, body = answering.answer("/" + url.rpartition("/")[2], json)
            response = requests.Response()
            response.status_code, response._content, response.encoding = status, body.encode(), "utf-8"
            return response

    stand = types.ModuleType("requests")
    stand.__dict__.update(requests.__dict__)
    stand.__dict__["Session"] = Session
    replaced: dict[tuple[Any, str], Any] = {
        (api, "requests"): stand,
        (exchange, "get_timestamp_ms"): lambda: _MOMENT_MS,
    }
    if hasattr(exchange, "secrets"):
        replaced[exchange, "secrets"] = types.SimpleNamespace(token_hex=lambda count: "11" * count)
    with _replaced(replaced):
        yield


@contextlib.contextmanager
def _fed(info: Any, listening: Listening) -> Iterator[Callable[[], None]]:
    """Give the `Info` an open websocket, and yield what lets the frames come.

    The websocket library's own code calls the callbacks: what they raise, it swallows.
    """
    library = importlib.import_module("websocket")

    class App(library.WebSocketApp):  # type: ignore[misc, name-defined]
        def send(self, *_: Any, **__: Any) -> None:
            """Send nothing."""

    def noted(callback: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
        def call(app: Any, text: str) -> None:
            try:
                callback(app, text)
            except Exception as error:
                listening.raised_unseen(error)
                raise

        return call

    def come() -> None:
        app = info.ws_manager.ws
        receive = noted(app.on_message)
        for text in listening.frames:
            app._callback(receive, text)
        if listening.ends:
            app._callback(app.on_error, library.WebSocketConnectionClosedException("Connection was lost."))
            app._callback(app.on_close, None, None)

    manager = importlib.import_module("hyperliquid.websocket_manager")
    stand = types.SimpleNamespace(WebSocketApp=App)
    # What is swallowed is noted here; the library would log it for each mutant.
    log = logging.getLogger("websocket")
    with _replaced({(manager, "websocket"): stand, (log, "disabled"): True}):
        info.ws_manager = manager.WebsocketManager(URL)
        info.ws_manager.ws._callback(info.ws_manager.ws.on_open)
        yield come


@contextlib.contextmanager
def _replaced(names: Mapping[tuple[Any, str], Any]) -> Iterator[None]:
    real = {place: getattr(*place) for place in names}
    for (module, name), stood in names.items():
        setattr(module, name, stood)
    try:
        yield
    finally:
        for (module, name), own in real.items():
            setattr(module, name, own)
