"""The one door: everything that the SDK sends passes here, whatever target is behind it.

One policy for all: guard, journal, target, shape check, tape. The door lies below the SDK, at the two places
where it reaches for the network: its HTTP session and its websocket.
"""

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from requests.exceptions import RequestException

from harness.errors import (
    HarnessError,
    OutlivedError,
    RecordingError,
    ShapeError,
    TargetUnavailable,
    UnsupportedError,
)
from harness.journal import Entry, FrameEntry, Journal, JournalView
from harness.recording.recorder import Recorder
from harness.recording.tape import TESTNET_URL, Asker, FrameWay, Reply, Request, Step
from harness.safety.guard import check_host, check_websocket
from harness.safety.leash import Leash
from harness.safety.secrets import Secrets
from harness.safety.threads import Threads
from harness.settings import Settings
from harness.shapes import Finding, check, kind_of
from harness.shapes.coverage import Coverage
from harness.targets import DrawStream, Target

if TYPE_CHECKING:
    from harness.safety.keeper import Keeper
    from harness.safety.stakes import Stakes
    from harness.websocket import Sockets

JSON_HEADERS = (("content-type", "application/json"),)
_SHOWN_FINDINGS = 6
# How long a request of another thread may go on when its scenario ends.
_VISIT_S, _LOOK_S = 5.0, 0.01
_Result = TypeVar("_Result")


@dataclass
class Episode:
    """One scenario's time at the door.

    `problems` are what the harness raised into the scenario: they fail it even if the scenario caught them.
    `sockets` is there once the scenario has built a websocket. `permits` are the actions that its marker
    `moves_money` names. `thread` drives the scenario; `visitors` are others that are at the door just now.
    """

    scenario: str
    target: Target
    journal: JournalView
    recorder: Recorder | None = None
    problems: list[HarnessError] = field(default_factory=list)
    sockets: "Sockets | None" = None
    permits: frozenset[str] = frozenset()
    thread: int = field(default_factory=threading.get_ident)
    visitors: list[threading.Thread] = field(default_factory=list)

    def before(self) -> None:
        """Open the websockets that were built since the scenario last came to the door."""
        if self.sockets is not None:
            self.sockets.come_up()

    def after(self) -> None:
        """Hand over what came over websockets, when something has happened."""
        if self.sockets is not None:
            self.sockets.hand_over()


class Wire:
    """The door of one session. Outside an episode it lets nothing pass but loopback."""

    def __init__(self, settings: Settings, journal: Journal, stakes: "Stakes | None" = None) -> None:
        self._settings = settings
        self._journal = journal
        self._episode: Episode | None = None
        self.threads: Threads[Episode] = Threads(self._starting)
        self.outlived: Counter[str] = Counter()
        self.leash = self._leash(settings, stakes)
        self.secrets = _secrets(settings)
        self.keeper: Keeper | None = None
        self.unproven = 0
        self.coverage = Coverage()
        self.drift: list[tuple[str, Finding]] = []

    def _leash(self, settings: Settings, stakes: "Stakes | None") -> Leash | None:
        if settings.target != "testnet":
            return None
        limits = settings.max_notional_usd, settings.max_exposure_usd
        return Leash(*limits, settings.own_addresses, self._mid_of, stakes)

    def _mid_of(self, asset: int) -> Decimal | None:
        return None if self.keeper is None else self.keeper.mid_of(asset)

    @property
    def episode(self) -> Episode:
        """The running episode.

        Raises:
            UnsupportedError: no scenario is running.
            GuardError: the current thread is of a scenario that has ended.
        """
        episode = self._episode
        if episode is not None and threading.get_ident() == episode.thread:
            return episode
        self.turn_away()
        if episode is None:
            raise UnsupportedError(
                "No scenario is running, so there is no target to talk to.",
                needed="A test that asks for `venue`, `trader` or `market`.",
            )
        return episode

    def _starting(self) -> Episode | None:
        """Return the running episode to the thread that drives it."""
        episode = self._episode
        return episode if episode is not None and threading.get_ident() == episode.thread else None

    def _ended(self) -> Episode | None:
        """Return the episode of the current thread when it has ended."""
        owner = self.threads.owner()
        return None if owner is self._episode else owner

    def turn_away(self) -> None:
        """Refuse a thread that goes on after its scenario, whether another one runs or none.

        The running scenario is not to blame, so it hears nothing of it; the end of the run tells.

        Raises:
            GuardError: the current thread is one.
        """
        ended = self._ended()
        if ended is None:
            return
        self.outlived[ended.scenario] += 1
        name = threading.current_thread().name
        raise OutlivedError(
            f"Refusing to send for {name}: its scenario {ended.scenario} has ended.",
            needed="Threads that end with the scenario that started them.",
            do="Let the scenario, or its fixture, stop the thread and join it.",
        )

    @contextlib.contextmanager
    def _visit(self, episode: Episode) -> Iterator[None]:
        """Let another thread than the scenario's own be seen as long as it is at the door."""
        visitor = threading.current_thread()
        episode.visitors.append(visitor)
        try:
            # Only now: who is seen is waited for, and who is not has to see that the scenario has ended.
            if self.episode is not episode:
                raise UnsupportedError(
                    f"{visitor.name} asked for something just as {episode.scenario} ended.",
                    needed="Threads that have done by the end of the scenario.",
                )
            yield
        finally:
            episode.visitors.remove(visitor)

    def _visiting(self, episode: Episode) -> contextlib.AbstractContextManager[None]:
        is_own = threading.get_ident() == episode.thread
        return contextlib.nullcontext() if is_own else self._visit(episode)

    @property
    def is_open(self) -> bool:
        """True while a scenario is running."""
        return self._episode is not None

    def begin(self, scenario: str, target: Target) -> Episode:
        """Start an episode."""
        recorder = Recorder() if self._settings.record else None
        self._episode = Episode(scenario, target, self._journal.since(len(self._journal)), recorder)
        return self._episode

    def end(self) -> None:
        """End the episode, and its websockets with it.

        Raises:
            GuardError: a thread of it was still asking for something.
            UnexpectedAnswer: the thread of a websocket does not end.
        """
        episode, self._episode = self._episode, None
        if episode is None:
            return
        try:
            _see_out(episode)
        finally:
            if episode.sockets is not None:
                episode.sockets.end()

    def fresh(self) -> None:
        """Start over for the next Hypothesis example; websockets end with the last one."""
        if self.episode.sockets is not None:
            self.episode.sockets.end()
        self.episode.target.fresh()

    def send(self, request: Request, *, asked_by: Asker = "scenario", payload: Any = None) -> Reply:
        """Carry one request to the target and its answer back.

        Args:
            request: as the SDK made it; its taped form is what is compared and recorded.
            asked_by: `scenario`, or `harness` for the harness's own reads.
            payload: the decoded body, when the caller has it.

        Raises:
            HarnessError: the guard, the replay or the shapes object.
        """
        episode = self.episode
        with self._visiting(episode):
            try:
                return self._carry(episode, request.as_taped(), asked_by, payload)
            except HarnessError as problem:
                self.object(problem)
                raise

    def ask(self, payload: str) -> Reply:
        """Read something for the harness itself, in fixed JSON; it is taped as the harness's."""
        request = Request("POST", f"{TESTNET_URL}/info", JSON_HEADERS, payload)
        return _or_unavailable(request, lambda: self.send(request, asked_by="harness"))

    def post_untaped(self, path: str, body: str) -> Reply:
        """Send something that belongs to no tape: the sweep. Journalled and guarded all the same."""
        request = Request("POST", f"{TESTNET_URL}{path}", JSON_HEADERS, body)
        return _or_unavailable(request, lambda: self._carry(self.episode, request.as_taped(), "sweep", None))

    def _carry(
        self, episode: Episode, request: Request, asked_by: Asker | Literal["sweep"], payload: Any
    ) -> Reply:
        check_host(request.uri)
        if asked_by != "sweep":
            episode.before()
        if payload is None:
            payload = request.decoded()
        if self.secrets:
            self.secrets.add_signatures(payload)
        leash = self.leash if asked_by != "sweep" else None
        placed = leash.let_go(payload, episode.permits) if leash else []
        clock_ms = episode.target.now_ms()
        entry = Entry(request.path, request.body, asked_by, clock_ms)
        if self.keeper is not None:
            self.keeper.prepare(entry, payload)
        self._journal.sent(entry)
        try:
            target = episode.target
            reply = (target.answer if asked_by == "scenario" else target.answer_harness)(request)
        except RequestException as lost:
            episode.after()
            keeper = self.keeper if entry.account is not None else None
            if keeper is not None and not keeper.has_not_left(entry, lost):
                raise keeper.reconcile(entry, f"no answer came ({type(lost).__name__})") from lost
            if episode.recorder and asked_by != "sweep":
                raise RecordingError(
                    f"No answer came to {request.path}: {lost}",
                    needed="An answer: a tape holds what was answered, and a replay could not fail this way.",
                    do="Run this scenario without --record.",
                ) from lost
            lost.add_note(f"{request.uri} gave no answer to {' '.join(kind_of(request.path, payload))}.")
            raise
        findings = () if reply.unproven else self._check(request, payload, reply)
        entry.unproven = reply.unproven
        self._journal.answered(entry, reply.status, reply.body, findings)
        if self.keeper is not None and not self.keeper.is_whole(entry, reply.status, reply.body):
            raise self.keeper.reconcile(entry, f"HTTP {reply.status} says nothing of it")
        # What cannot be read counts on; so does what is not heard of because it was reconciled.
        if leash:
            leash.exposure.answered(payload, placed, reply.body)
        if episode.recorder and asked_by != "sweep":
            episode.recorder.step(Step(request, reply, asked_by, clock_ms))
        self.unproven += reply.unproven
        # An answer of another form must not keep the sweep from cancelling an order.
        if findings and asked_by == "sweep":
            self.drift += [(f"{episode.scenario} (sweep)", finding) for finding in findings]
        elif findings:
            self._judge(episode, f"The answer to {request.path} {request.body[:120]}", findings)
        if asked_by != "sweep":
            episode.after()
        return reply

    def _check(self, request: Request, payload: Any, reply: Reply) -> tuple[Finding, ...]:
        body = reply.body.encode()
        found = check(request.path, payload, reply.status, body, strict=self._settings.strict_shapes)
        if not found and reply.status == 200:
            self.coverage.see(*kind_of(request.path, payload), body)
        return tuple(finding for finding in found if finding.kind != "no-shape")

    def _judge(self, episode: Episode, what: str, findings: tuple[Finding, ...]) -> None:
        if not self._settings.strict_shapes:
            self.drift += [(episode.scenario, finding) for finding in findings]
            findings = tuple(finding for finding in findings if finding.kind != "unknown-field")
            if not findings:
                return
        lines = [
            f"  {one.path}: found {one.found}, expected {one.expected}" for one in findings[:_SHOWN_FINDINGS]
        ]
        if len(findings) > _SHOWN_FINDINGS:
            lines.append(f"  … and {len(findings) - _SHOWN_FINDINGS} more")
        shape = f" (shape {findings[0].shape})" if findings[0].shape else ""
        raise ShapeError(
            f"{what} has another form than the exchange is known to give{shape}:\n" + "\n".join(lines),
            needed="The form that is recorded or documented.",
            do="If the exchange has changed, the shape in harness/shapes has to learn it.",
        )

    @property
    def sockets(self) -> "Sockets":
        """The websockets of the running scenario."""
        from harness.websocket import Sockets  # delayed: most scenarios open none

        episode = self.episode
        if episode.sockets is None:
            episode.sockets = Sockets(episode.target, self._pass_frame, self.object, self.wait)
        return episode.sockets

    def _pass_frame(self, socket: int, way: FrameWay, text: str, *, unproven: bool = False) -> None:
        """Let pass what happens on a websocket: guard, journal, shape check, tape."""
        episode = self.episode
        if way == "opened":
            check_websocket(text)
        elif way == "sent" and self.leash and self.secrets:
            posted = _posted(text)
            self.secrets.add_signatures(posted)
            # Its answer comes some time later, so what it places counts until the sweep.
            self.leash.let_go(posted, episode.permits)
            self._prepare_posted(posted)
        findings = self._check_frame(text) if way == "received" and not unproven else ()
        self._journal.passed(FrameEntry(socket, way, text, episode.target.now_ms(), findings, unproven))
        if episode.recorder:
            episode.recorder.frame(socket, way, text, unproven=unproven)
        self.unproven += unproven
        if findings:
            self._judge(episode, f"The websocket frame {text[:120]}", findings)

    def _prepare_posted(self, payload: Any) -> None:
        """Journal a signed action that leaves over a websocket as one that leaves over HTTP.

        Its answer is a frame that the sweep does not wait for: it looks for what came of the action.
        """
        if self.keeper is None or not isinstance(payload, dict) or "action" not in payload:
            return
        body = json.dumps(payload, separators=(",", ":"))
        entry = Entry("/exchange", body, "sweep", self.episode.target.now_ms())
        self.keeper.prepare(entry, payload)
        self._journal.sent(entry)

    def _check_frame(self, text: str) -> tuple[Finding, ...]:
        from harness.shapes.frames import check_message, parts  # delayed: most scenarios hear none

        frame = text.encode()
        found = check_message(frame, strict=self._settings.strict_shapes)
        if not found:
            for part in parts(frame):
                self.coverage.see(part.endpoint, part.kind, part.body)
        return tuple(finding for finding in found if finding.kind != "no-shape")

    def wait(self, seconds: float) -> None:
        """Let the target's time pass between two looks at something that takes time."""
        self._noting(lambda episode: self._wait(episode, seconds))

    @staticmethod
    def _wait(episode: Episode, seconds: float) -> None:
        episode.before()
        episode.target.wait(seconds)
        if episode.recorder:
            episode.recorder.wait()
        episode.after()

    def draw(self, stream: DrawStream, n_bytes: int) -> bytes:
        """Return random bytes from the target, and note them on the tape."""
        return self._noting(lambda episode: self._draw(episode, stream, n_bytes))

    @staticmethod
    def _draw(episode: Episode, stream: DrawStream, n_bytes: int) -> bytes:
        drawn = episode.target.draw(stream, n_bytes)
        if episode.recorder:
            episode.recorder.draw(stream, drawn)
        return drawn

    def nonce_ms(self) -> int:
        """Return what the SDK is to read from its clock, in ms."""
        return self.episode.target.nonce_ms()

    def command(self, name: str, *arguments: str) -> None:
        """Command the localnet, and note it on the tape."""
        self._noting(lambda episode: self._command(episode, name, list(arguments)))

    @staticmethod
    def _command(episode: Episode, name: str, arguments: list[str]) -> None:
        episode.before()
        episode.target.command(name, arguments)
        if episode.recorder:
            episode.recorder.command(name, arguments)
        episode.after()

    def _noting(self, act: Callable[[Episode], _Result]) -> _Result:
        episode = self.episode
        with self._visiting(episode):
            try:
                return act(episode)
            except HarnessError as problem:
                self.object(problem)
                raise

    def object(self, problem: HarnessError) -> None:
        """Let a problem fail the running scenario, even if it catches it; not one of another's thread."""
        ended = self._ended()
        if ended is not None:
            self.outlived[ended.scenario] += 1
        elif self._episode and problem not in self._episode.problems:
            self._episode.problems.append(problem)

    def refuse_websocket(self, url: str) -> UnsupportedError:
        """Return the error for a websocket that the door does not carry."""
        problem = UnsupportedError(
            f"A websocket to {url} was about to be opened.",
            needed="A running scenario, and websocket.WebSocketApp, which is what the SDK uses.",
            do="Ask for the `trader` fixture and use trader.feed(), or build Info with skip_ws=True.",
        )
        self.object(problem)
        return problem


def _see_out(episode: Episode) -> None:
    """Wait until no other thread is at the door of an episode that has ended.

    Raises:
        GuardError: one was.
    """
    late = {visitor.name for visitor in episode.visitors}
    for _ in range(round(_VISIT_S / _LOOK_S)):
        if not episode.visitors:
            break
        threading.Event().wait(_LOOK_S)
    if late:
        raise OutlivedError(
            f"{', '.join(sorted(late))} still asked for something when {episode.scenario} ended.",
            needed="Threads that end with the scenario that started them.",
            do="Let the scenario, or its fixture, stop the thread and join it.",
        )


def _secrets(settings: Settings) -> Secrets | None:
    """Return what must not be shown; the keys of the other targets are public."""
    if settings.target != "testnet":
        return None
    return Secrets(key for key in (settings.key, settings.counterparty_key) if key is not None)


def _posted(text: str) -> Any:
    """Return the request that a websocket frame posts, None when it posts none."""
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    request = frame.get("request") if isinstance(frame, dict) else None
    return request.get("payload") if isinstance(request, dict) else None


def _or_unavailable(request: Request, send: Callable[[], Reply]) -> Reply:
    """Send something for the harness itself; what the network raises then is the harness's to explain."""
    try:
        return send()
    except OSError as error:
        raise TargetUnavailable(
            f"{request.uri} did not answer {request.body[:80]} ({type(error).__name__}).",
            needed="The target within reach of this machine.",
            do="Check the network; `pytest scenarios/` without --target needs none.",
        ) from None
