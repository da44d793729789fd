"""The tape as a target: a strict cursor. Request k must equal recorded request k, whole."""

from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import ReplayMismatch
from harness.recording import compare
from harness.recording.tape import Command, Example, Place, Reply, Request, Tape
from harness.recording.universe import Universe
from harness.targets import DrawStream

if TYPE_CHECKING:
    from harness.targets.replayed_frames import ReplayedFrames, ReplayLine

_SHOWN_STEPS = 5


class ReplayTarget:
    """Answers from a tape, at the same cost however long the tape is.

    Args:
        tape: what was recorded.
        path: where it lies, for messages.
        record_command: the command that records it again.
        universe: the metadata it was recorded with.
        sdk: version of the SDK that runs now.
    """

    def __init__(self, tape: Tape, path: Path, record_command: str, universe: Universe, sdk: str) -> None:
        self._tape = tape
        self._sdk = sdk
        self._path = _from_here(path)
        self._record_command = record_command
        self._universe = universe
        self._cursor = 0
        self._commands = 0
        self._waits = 0
        self._frames: ReplayedFrames | None = None
        self._draws = {"sdk": 0, "venue": 0}
        self._next_nonces = tape.next_nonces()

    @property
    def universe(self) -> Universe:
        """The metadata the tape was recorded with."""
        return self._universe

    @property
    def cursor(self) -> int:
        """The number of steps that were played."""
        return self._cursor

    @property
    def awaited(self) -> str | None:
        """The request that is recorded next, as one line; None at the end."""
        steps = self._tape.steps
        return compare.summary(steps[self._cursor].request) if self._cursor < len(steps) else None

    @property
    def examples(self) -> list[Example]:
        """The Hypothesis examples that were recorded."""
        return self._tape.examples or []

    def answer(self, request: Request) -> Reply:
        """Return the recorded answer.

        Raises:
            ReplayMismatch: the request is not the recorded one.
        """
        steps = self._tape.steps
        if self._cursor < len(steps):
            step = steps[self._cursor]
            if step.request == request:
                self._cursor += 1
                return step.reply
        raise self._mismatch(request)

    def answer_harness(self, request: Request) -> Reply:
        """Return the recorded answer, as to the scenario."""
        return self.answer(request)

    def now_ms(self) -> int:
        """Return the recorded time of the next step, of the last one after the end."""
        steps = self._tape.steps
        if not steps:
            return self._tape.provenance.started_ms
        return steps[min(self._cursor, len(steps) - 1)].clock_ms

    def nonce_ms(self) -> int:
        """Return the nonce of the next recorded action; a peek, so one read too many shifts nothing."""
        nonce = self._next_nonces[self._cursor]
        posted = self._played_frames().next_nonce() if self._tape.frames else None
        # The same action follows there as here, so none stands before the post.
        if posted is not None and self._next_nonces[posted.steps] == nonce:
            return posted.nonce
        return self.now_ms() if nonce is None else nonce

    def draw(self, stream: DrawStream, n_bytes: int) -> bytes:
        """Return the recorded draw.

        Raises:
            ReplayMismatch: more is drawn than was recorded, or another number of bytes.
        """
        draws = self._tape.sdk_draws if stream == "sdk" else self._tape.venue_draws
        position = self._draws[stream]
        who = "The SDK draws" if stream == "sdk" else "The scenario draws"
        if position >= len(draws):
            raise self._error(
                f"{who} random bytes for the {position + 1}. time; {len(draws)} draws are recorded."
            )
        self._draws[stream] += 1
        drawn = bytes.fromhex(draws[position])
        if len(drawn) != n_bytes:
            raise self._error(f"{who} {n_bytes} random bytes where {len(drawn)} are recorded.")
        return drawn

    def wait(self, seconds: float) -> None:
        """Return at once: the tape knows what came after the wait."""
        self._waits += 1

    def connect(self, url: str) -> "ReplayLine":
        """Open the recorded websocket.

        Raises:
            ReplayMismatch: none was opened here when this was recorded, or to another URL.
        """
        return self._played_frames().connect(url)

    def _played_frames(self) -> "ReplayedFrames":
        if self._frames is None:
            from harness.targets.replayed_frames import ReplayedFrames  # delayed: most tapes hold no frame

            self._frames = ReplayedFrames(self._tape, self._place, self._error)
        return self._frames

    def _place(self) -> Place:
        return Place(self._cursor, self._commands, self._waits)

    def command(self, name: str, arguments: list[str]) -> None:
        """Compare with the recorded command; its consequences are on the tape.

        Raises:
            ReplayMismatch: another command was recorded here.
        """
        sent = Command(self._cursor, name, arguments)
        recorded = self._tape.commands
        expected = recorded[self._commands] if self._commands < len(recorded) else None
        if sent != expected:
            was = f"{expected.name}({', '.join(expected.arguments)})" if expected else "no further command"
            when = f" before step {expected.before_step + 1}" if expected else ""
            raise self._error(
                f"Before step {self._cursor + 1} the scenario commands {name}({', '.join(arguments)}); "
                f"recorded is {was}{when}."
            )
        self._commands += 1

    def fresh(self) -> None:
        """Do nothing: the tape goes on."""

    def finish(self, *, torn_down: bool) -> None:
        """Raise if recorded steps, commands or frames were not played.

        Args:
            torn_down: False as long as the scenario's fixtures may still send what they sent when recorded.

        Raises:
            ReplayMismatch: names the first of them.
        """
        if self._tape.frames:
            self._played_frames().finish(torn_down=torn_down)
        if not torn_down and self._tape.body_steps == self._cursor:
            return
        steps = self._tape.steps[self._cursor : None if torn_down else self._tape.body_steps]
        if steps:
            shown = "\n".join(
                f"  {self._cursor + 1 + number}. {compare.summary(step.request)}"
                for number, step in enumerate(steps[:_SHOWN_STEPS])
            )
            more = f"\n  … and {len(steps) - _SHOWN_STEPS} more" if len(steps) > _SHOWN_STEPS else ""
            raise self._error(
                f"The scenario ended after step {self._cursor} of {len(self._tape.steps)}; "
                f"these were recorded and not sent now:\n{shown}{more}"
            )
        if self._commands < len(self._tape.commands):
            name = self._tape.commands[self._commands].name
            raise self._error(f"The scenario ended without the recorded localnet command {name}.")

    def _mismatch(self, sent: Request) -> ReplayMismatch:
        steps, number = self._tape.steps, self._cursor + 1
        if not steps:
            return self._error(f"The cassette holds no step at all.\n  sent now: {compare.summary(sent)}")
        near = compare.nearest(steps, self._cursor, sent)
        found = compare.differences(steps[near].request, sent)
        if not found:
            expected = (
                f"  recorded: {compare.summary(steps[self._cursor].request)}\n"
                if self._cursor < len(steps)
                else f"  recorded: nothing after step {len(steps)}\n"
            )
            order = "comes later" if near >= self._cursor else "was played before"
            return self._error(
                f"{expected}  sent now: {compare.summary(sent)}\n"
                f"That is recorded step {near + 1}, which {order}: requests were lost, repeated or swapped."
            )
        if self._cursor >= len(steps):
            return self._error(
                f"  recorded: nothing after step {len(steps)}\n  sent now: {compare.summary(sent)}\n"
                "The SDK or the scenario sends one request more than was recorded."
            )
        if compare.kind(sent) != compare.kind(steps[near].request):
            return self._error(
                f"  recorded: {compare.summary(steps[near].request)}\n"
                f"  sent now: {compare.summary(sent)}\n"
                f"Another kind of request was sent: {compare.kind(sent)} instead of "
                f"{compare.kind(steps[near].request)}.",
                number,
            )
        remedy = compare.remedy(found)
        swapped = compare.under_other_nonce(steps, self._cursor, sent)
        if swapped is not None:
            near, found = swapped, compare.differences(steps[swapped].request, sent)
            remedy = compare.OTHER_ORDER
        beside = "" if near == self._cursor else f" (compared with step {near + 1}, the most similar)"
        return self._error(
            f"  recorded: {compare.summary(steps[near].request)}\n"
            f"  sent now: {compare.summary(sent)}\n"
            f"Differences{beside}:\n{compare.table(found)}\n{compare.meaning(found, sent)}",
            number,
            remedy,
        )

    def _who(self) -> str:
        recorded = self._tape.provenance.sdk
        if recorded == self._sdk:
            return "The SDK"
        return f"The SDK (recorded with {recorded}, now {self._sdk})"

    def _error(self, what: str, number: int | None = None, remedy: str = "") -> ReplayMismatch:
        number = number or self._cursor + 1
        needed = f"{self._who()} or the scenario changed what it sends."
        when = "Then, or if that is intended" if remedy else "If that is intended"
        return ReplayMismatch(
            f"Replay found no answer for request {number} of {self._path}.\n{what}"
            if what.startswith("  ")
            else f"Replay of {self._path} stopped at step {number}.\n{what}",
            needed=f"{needed}\n{remedy}" if remedy else needed,
            do=f"{when}, record again:\n  {self._record_command}",
        )


def _from_here(path: Path) -> Path:
    """Return the path as a person in the current folder would write it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
