"""What can be subscribed to: the register of feeds, and the two ways in which most of them work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from harness.localnet import queries
from harness.localnet.events import Event
from harness.localnet.feed.settings import Cadence
from harness.localnet.parsing import Address

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


# Channels of what answers a client's own frames.
_OF_THE_CONNECTION: Final = frozenset({"error", "pong", "post", "subscriptionResponse"})
# Keys under which a state says when it was taken.
_TIMES: Final = frozenset({"time", "serverTime"})


class HangUp(Exception):
    """The exchange ends the connection without a word: a bad coin, a bad aggregation (wire rule 113)."""


class Subscription(msgspec.Struct, frozen=True):
    """What a client subscribes to; fields stand in the order in which the exchange echoes them.

    Unknown keys are ignored, and the echo fills in the defaults (wire rule 112).
    """

    kind: ClassVar[str]
    # Keys that the echo leaves out when nobody named them.
    silent: ClassVar[frozenset[str]] = frozenset()
    # What its frames name as their channel, where that is not the kind alone.
    channels: ClassVar[tuple[str, ...] | None] = None

    def echo(self) -> dict[str, object]:
        """Return the subscription as acknowledgements and errors print it."""
        named = {name: getattr(self, name) for name in self.__struct_fields__}
        return {"type": self.kind} | {
            name: value for name, value in named.items() if value is not None or name not in self.silent
        }


class OfUser(Subscription, frozen=True):
    """A feed of one account."""

    user: Address


class View:
    """The exchange as it stands after some blocks; what several feeds ask for is asked once."""

    def __init__(self, exchange: "Exchange", blocks: list[list[Event]]) -> None:
        self.exchange = exchange
        self.blocks = blocks
        self.now_ms = exchange.now_ms()
        self._found: dict[str, Any] = {}

    def ask(self, kind: str, **fields: object) -> Any:
        """Return what an info query answers.

        Raises:
            NotCovered: localnet does not serve the query.
            Unservable: the exchange answers 500.
        """
        body = msgspec.to_builtins({"type": kind, **fields}, enc_hook=_plain)
        key = repr(body)
        if key not in self._found:
            entry, asked = queries.read(body)
            self._found[key] = entry.handler(self.exchange, asked)
        return self._found[key]


class Stream:
    """One feed, shared by all who subscribed to it alike.

    A stream that cannot be subscribed to raises HangUp, NotCovered or Unservable from `first`.
    """

    def __init__(self, asked: Any, cadence: Cadence) -> None:
        self.asked = asked
        self.cadence = cadence

    def first(self, view: View) -> list[str]:
        """Return what a new subscriber gets after the acknowledgement."""
        return []

    def later(self, view: View) -> list[str]:
        """Return what all subscribers get after some blocks, or when some time has passed."""
        return []


class StateStream(Stream):
    """A feed that shows a state: in whole, at first and again and again."""

    def __init__(self, asked: Any, cadence: Cadence) -> None:
        super().__init__(asked, cadence)
        self._shown: object = None
        self._slot = 0

    def interval_ms(self) -> int:
        """Return the time between pushes; 0 for each block with a change."""
        raise NotImplementedError

    def channel(self) -> str:
        """Return the channel's name."""
        name: str = self.asked.kind
        return name

    def state(self, view: View) -> Any:
        """Return what is shown; times in it are no change."""
        raise NotImplementedError

    def first(self, view: View) -> list[str]:
        """Return the state."""
        state = self.state(view)
        if self._shown is None:
            self._is_due(view)
            self._shown = _timeless(state)
        return [frame(self.channel(), state)]

    def later(self, view: View) -> list[str]:
        """Return the state when it is time to, or when it has changed."""
        if self.interval_ms():
            return [frame(self.channel(), self.state(view))] if self._is_due(view) else []
        state = self.state(view)
        if _timeless(state) == self._shown:
            return []
        self._shown = _timeless(state)
        return [frame(self.channel(), state)]

    def _is_due(self, view: View) -> bool:
        """Say whether a push falls due; one clock drives all feeds of one interval (WSP, section 4)."""
        slot = view.now_ms // (self.interval_ms() or 1)
        is_due, self._slot = slot != self._slot, slot
        return is_due


def _timeless(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _timeless(value) for key, value in state.items() if key not in _TIMES}
    return [_timeless(value) for value in state] if isinstance(state, list) else state


def frame(channel: str, data: object) -> str:
    """Return a frame of one channel."""
    return printed({"channel": channel, "data": data})


def printed(value: object) -> str:
    """Return JSON as the exchange prints it."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: object) -> object:
    """Return a typed figure or text, such as an address, as what it is printed as."""
    if isinstance(value, int):
        return int(value)
    assert isinstance(value, str), value
    return str(value)


@dataclass(frozen=True, slots=True)
class Entry:
    """A feed's form, and what serves it."""

    form: type[Subscription]
    stream: type[Stream]


STREAMS: Final[dict[str, Entry]] = {}


def stream(form: type[Subscription]) -> Callable[[type[Stream]], type[Stream]]:
    """Register what serves one kind of subscription."""

    def register(served: type[Stream]) -> type[Stream]:
        STREAMS[form.kind] = Entry(form, served)
        return served

    return register


def channels() -> frozenset[str]:
    """Return all that a frame may name as its channel; the explorer's lists name none."""
    found = set(_OF_THE_CONNECTION)
    for entry in STREAMS.values():
        own = entry.form.channels
        found.update([entry.form.kind] if own is None else own)
    return frozenset(found)
