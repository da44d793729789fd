"""The websocket's side of the door: what stands where the SDK expects `websocket.WebSocketApp`.

No thread of the SDK's ever moves a frame. Frames are sent and handed over in the thread that drives the
scenario, at the places where it talks to the door: around an HTTP step, a command to the localnet, a wait,
and after a frame that it sends. So their order is the scenario's and stands on the tape.
"""

import contextlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from websocket import WebSocketConnectionClosedException

from harness.errors import HarnessError, UnexpectedAnswer, UnsupportedError
from harness.recording.tape import FrameWay
from harness.targets import Arrival, Line, Target

# How long the thread that runs a websocket, or ends it, may take; both are a matter of microseconds.
_THREAD_S = 5.0
_TEXT_OPCODE = 1
# An acknowledgement comes at once (WSP); these look for it, and bound the wait.
_EVERY_S = 0.1
_TRIES = 100
# Options of the websocket library that change no text frame.
_PING_OPTIONS = frozenset({"ping_interval", "ping_timeout", "ping_payload", "skip_utf8_validation"})


class Passing(Protocol):
    """What the door does with whatever happens on a websocket: guard, check, journal, tape."""

    def __call__(self, socket: int, way: FrameWay, text: str, *, unproven: bool = False) -> None:
        """Let it pass, or raise."""


class WebSocketApp:
    """Stands in for `websocket.WebSocketApp`; callbacks are called in the scenario's own thread.

    Args:
        sockets: the websockets of the running scenario.
        url: where it leads; the target of the run answers.
        on_open: called when it is open.
        on_message: called with each text that comes.
        on_error: called when the exchange ends the connection, or a callback raised.
        on_close: called when it has ended.
        options: others of the websocket library; none is supported.
    """

    def __init__(
        self,
        sockets: "Sockets",
        url: str,
        *,
        on_open: Callable[..., Any] | None = None,
        on_message: Callable[..., Any] | None = None,
        on_error: Callable[..., Any] | None = None,
        on_close: Callable[..., Any] | None = None,
        **options: Any,
    ) -> None:
        self.url = url
        self.on_open = on_open
        self.on_message = on_message
        self.on_error = on_error
        self.on_close = on_close
        self.keep_running = False
        self.heard: list[Callable[[Any], None]] = []
        """Called with each message as Python data, before `on_message`; None for a text that is not JSON."""
        self._sockets = sockets
        self._runs = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._was_dropped = False
        self._acknowledged = 0
        self._objection = ""
        sockets.add(self, options)

    def run_forever(self, **options: Any) -> bool:
        """Wait until the websocket has ended; say whether the exchange ended it."""
        self._sockets.check_options({k: v for k, v in options.items() if k not in _PING_OPTIONS})
        self._thread = threading.current_thread()
        self.keep_running = not self._ended.is_set()
        self._runs.set()
        self._ended.wait()
        return self._was_dropped

    def send(self, data: str | bytes, opcode: int = _TEXT_OPCODE) -> None:
        """Send a text.

        Raises:
            WebSocketConnectionClosedException: the websocket is not open.
            UnsupportedError: it is no text.
        """
        self._sockets.send(self, data if isinstance(data, str) else data.decode(), opcode)

    def close(self, **_: Any) -> None:
        """End the websocket."""
        self._sockets.close(self)

    def come_up(self) -> None:
        """Open the websocket now, and not only when the scenario next talks to its target."""
        self._sockets.come_up()

    def hear(self, message: Any) -> None:
        """Take notice of a message before anybody else."""
        channel = message.get("channel") if isinstance(message, dict) else None
        if channel == "subscriptionResponse":
            self._acknowledged += 1
        elif channel == "error":
            self._objection = str(message.get("data"))
        for hear in tuple(self.heard):
            hear(message)

    def await_acknowledged(self, number: int, subscription: Any) -> None:
        """Let time pass until so many subscriptions are acknowledged.

        Args:
            number: how many.
            subscription: the last of them, for what is raised.

        Raises:
            UnexpectedAnswer: the exchange refuses it, ends the connection, or says nothing.
        """
        for _ in range(_TRIES):
            if self._acknowledged >= number or self._objection or not self.keep_running:
                break
            self._sockets.wait(_EVERY_S)
        if self._acknowledged >= number:
            return
        found = self._objection or (
            f"no acknowledgement came within {_TRIES * _EVERY_S:g} s"
            if self.keep_running
            else "the connection was lost before it was acknowledged"
        )
        raise self._sockets.object(
            UnexpectedAnswer(
                f"{self.url} was asked for the feed {json.dumps(subscription)}: {found}.",
                needed="An acknowledgement: what happens before it may never be told.",
                do="Try again; if it stays, look whether the exchange still has this feed.",
            )
        )

    def await_run(self) -> bool:
        """Wait for the thread that runs this; say whether it has come."""
        return self._runs.wait(_THREAD_S)

    def finish(self, *, was_dropped: bool = False) -> None:
        """Let `run_forever` return."""
        self.keep_running = False
        self._was_dropped = was_dropped
        self._ended.set()

    def let_go(self) -> bool:
        """End the threads around this websocket, the SDK's ping thread too; say whether they have ended."""
        manager = getattr(self.on_message, "__self__", None)
        stop = getattr(manager, "stop", None)
        if isinstance(manager, threading.Thread) and manager.is_alive():
            # Just started: its ping thread is there only when it runs this.
            self.await_run()
        if self._thread is not None and callable(stop):
            stop()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_THREAD_S)
            return not self._thread.is_alive()
        return True


class _Up:
    """A websocket that is open, by its number and its line to the target."""

    def __init__(self, number: int, app: WebSocketApp, line: Line) -> None:
        self.number = number
        self.app = app
        self.line = line


class Sockets:
    """All websockets of one scenario.

    Args:
        target: what answers.
        passing: what the door does with each frame, before it goes on.
        objected: hears of problems, so that a scenario that swallows them fails all the same.
        wait: lets the target's time pass.
    """

    def __init__(
        self,
        target: Target,
        passing: Passing,
        objected: Callable[[HarnessError], None],
        wait: Callable[[float], None],
    ) -> None:
        self._target = target
        self._passing = passing
        self._objected = objected
        self.wait = wait
        self._thread = threading.get_ident()
        self._all: list[WebSocketApp] = []
        self._waiting: list[WebSocketApp] = []
        self._up: list[_Up] = []
        self._opened = 0
        # What has come and was not handed over; None is the end of the line.
        self._arrived: deque[tuple[_Up, Arrival | None]] = deque()
        self._is_handing_over = False

    def object(self, problem: HarnessError) -> HarnessError:
        """Let a problem fail the scenario even if it is caught; return it, to be raised."""
        self._objected(problem)
        return problem

    @contextlib.contextmanager
    def _objecting(self) -> Iterator[None]:
        try:
            yield
        except HarnessError as problem:
            self._objected(problem)
            raise

    def check_options(self, options: dict[str, Any]) -> None:
        """Refuse options of the websocket library that nobody here obeys.

        Raises:
            UnsupportedError: there is one.
        """
        with self._objecting():
            asked = sorted(name for name, value in options.items() if value)
            if asked:
                raise UnsupportedError(
                    f"A websocket was about to be opened with {', '.join(asked)}.",
                    needed="No more than a URL and the callbacks for open, message, error and close.",
                )

    def add(self, app: WebSocketApp, options: dict[str, Any]) -> None:
        """Take a new websocket in; it is opened when the scenario next talks to its target."""
        self.check_options(options)
        self._all.append(app)
        self._waiting.append(app)

    def come_up(self) -> None:
        """Open what was built since the last time.

        Raises:
            HarnessError: nobody runs it, or the door or the target objects.
        """
        while self._waiting:
            app = self._waiting.pop(0)
            with self._objecting():
                self._open(app)
            # Only now: between two events of the tape there is one place at which frames may come.
            self.hand_over()

    def _open(self, app: WebSocketApp) -> None:
        if not app.await_run():
            raise UnsupportedError(
                f"A websocket to {app.url} was built, and nobody runs it.",
                needed="A call of its `run_forever`, as the SDK's WebsocketManager makes it in a thread.",
            )
        self._opened += 1
        number = self._opened
        self._passing(number, "opened", app.url)
        self._up.append(_Up(number, app, self._target.connect(app.url)))
        self._call(app, app.on_open)

    def send(self, app: WebSocketApp, text: str, opcode: int) -> None:
        """Send a frame, and hand over what it causes.

        Raises:
            WebSocketConnectionClosedException: the websocket is not open.
            HarnessError: the door or the target objects.
        """
        up = next((one for one in self._up if one.app is app), None)
        if threading.get_ident() != self._thread and _is_ping(text):
            # The SDK's sign of life, every 50 s of real time: when it falls is chance, so no tape holds it.
            if up is not None:
                up.line.keep_alive(text)
            return
        if up is None:
            raise WebSocketConnectionClosedException("Connection is already closed.")
        with self._objecting():
            if opcode != _TEXT_OPCODE:
                raise UnsupportedError(
                    f"A frame with opcode {opcode} was about to be sent.", needed="Texts alone."
                )
            self._passing(up.number, "sent", text)
            up.line.send(text)
            self.hand_over()

    def close(self, app: WebSocketApp) -> None:
        """End a websocket as a client does."""
        up = next((one for one in self._up if one.app is app), None)
        if up is not None:
            with self._objecting():
                self._passing(up.number, "closed", "")
                self._up.remove(up)
                up.line.close()
                self._call(app, app.on_close, None, None)
        elif app in self._waiting:
            self._waiting.remove(app)
        app.finish()

    def hand_over(self) -> None:
        """Hand over what has come, oldest first; a callback that sends something waits for no answer here.

        Raises:
            HarnessError: a frame has another form than the exchange is known to give.
        """
        if self._is_handing_over:
            return
        self._is_handing_over = True
        try:
            with self._objecting():
                while self._collect():
                    self._deliver(*self._arrived.popleft())
        finally:
            self._is_handing_over = False

    def _collect(self) -> bool:
        for up in self._up:
            self._arrived += [(up, arrival) for arrival in up.line.take()]
            if not up.line.is_open and (up, None) not in self._arrived:
                self._arrived.append((up, None))
        return bool(self._arrived)

    def _deliver(self, up: _Up, arrival: Arrival | None) -> None:
        if up not in self._up:
            return
        if arrival is not None:
            self._passing(up.number, "received", arrival.text, unproven=arrival.unproven)
            message = _decoded(arrival.text)
            up.app.hear(message)
            # The bare lists of the explorer's host are for those who hear them: the SDK cannot route them.
            if not (isinstance(message, list) and up.app.heard):
                self._call(up.app, up.app.on_message, arrival.text)
            return
        self._passing(up.number, "dropped", "")
        self._up.remove(up)
        lost = WebSocketConnectionClosedException("Connection to remote host was lost.")
        self._call(up.app, up.app.on_error, lost)
        self._call(up.app, up.app.on_close, None, None)
        up.app.finish(was_dropped=True)

    def _call(self, app: WebSocketApp, callback: Callable[..., Any] | None, *arguments: Any) -> None:
        """Call a callback; the websocket library swallows what it raises, so the scenario fails for it."""
        if callback is None:
            return
        try:
            callback(app, *arguments)
        except HarnessError:
            raise
        except Exception as error:  # noqa: BLE001
            problem = UnexpectedAnswer(
                f"A callback of the websocket raised {type(error).__name__}: {error}",
                needed="Callbacks that return; the websocket library hides what they raise.",
                do=f"It was called with: {arguments[0][:500]}"
                if arguments and callback is app.on_message
                else "",
            )
            problem.__cause__ = error
            self._objected(problem)
            if callback is not app.on_error:
                self._call(app, app.on_error, error)

    def end(self) -> None:
        """End all of them with the scenario, and the threads around them; nothing of that is taped.

        Raises:
            UnexpectedAnswer: a thread goes on.
        """
        self._waiting.clear()
        for up in self._up:
            up.line.abandon()
        self._up.clear()
        self._arrived.clear()
        for app in self._all:
            app.finish()
        # Not a generator: each of them has to be let go.
        left = [app.url for app in self._all if not app.let_go()]
        self._all.clear()
        if left:
            raise UnexpectedAnswer(
                f"The thread of a websocket to {left[0]} goes on after its scenario.",
                needed="A thread that ends when the websocket has ended.",
            )


def _is_ping(text: str) -> bool:
    return bool(_decoded(text) == {"method": "ping"})


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
