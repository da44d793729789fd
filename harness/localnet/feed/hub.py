"""The feed: who is connected, who subscribed to what, and what each of them is sent.

After each block, everything that subscribers should hear goes to their outboxes, stream by stream, the oldest
first; the answer to a post follows what its block pushed (the exchange promises no order).
"""

from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet import messages
from harness.localnet.answers import BadShape, NotCovered, Unservable
from harness.localnet.faults import Delivery
from harness.localnet.feed.connection import Backlog, Connection
from harness.localnet.feed.frames import Ping, Post, Subscribe, parse
from harness.localnet.feed.settings import KEPT_CHARS, OUTBOXES_CHARS, Cadence, Limits
from harness.localnet.feed.streams import STREAMS, HangUp, OfUser, Stream, Subscription, View, frame, printed

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_PONG: Final = '{"channel":"pong"}'
_MINUTE_MS: Final = 60_000

Serve = Callable[[str, object], Delivery]


class Feed:
    """All websockets of one localnet.

    Args:
        cadence: how often states are pushed.
        limits: what clients may do.
    """

    def __init__(self, cadence: Cadence, limits: Limits) -> None:
        self._cadence = cadence
        self.limits = limits
        self._connections: list[Connection] = []
        self._streams: dict[Subscription, tuple[Stream, list[Connection]]] = {}
        self.is_listening = False
        self._backlog = Backlog()
        self._opened: deque[int] = deque()
        self._heard: deque[int] = deque()

    def connect(self, exchange: "Exchange", hear: Callable[[Connection, str], None]) -> Connection:
        """Return a new connection; beyond the limits it is closed already."""
        connection = Connection(hear, self._forget, self._backlog)
        limits = self.limits
        if _is_over(self._opened, limits.new_connections_a_minute, exchange.now_ms()) or (
            limits.connections is not None and len(self._connections) >= limits.connections
        ):
            connection.drop()
        else:
            self._connections.append(connection)
            self._listen(exchange)
        return connection

    def _listen(self, exchange: "Exchange") -> None:
        """Let the exchange tell what happens, or no longer when nobody is left to hear it."""
        exchange.is_heard = self.is_listening = bool(self._connections)

    def _forget(self, connection: Connection) -> None:
        """Let go of a connection that has ended."""
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        for asked in [asked for asked, (_, readers) in self._streams.items() if connection in readers]:
            self._leave(asked, connection)

    @property
    def connected(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    def hang_up(self) -> None:
        """End all connections."""
        for connection in tuple(self._connections):
            connection.drop()

    def _leave(self, asked: Subscription, connection: Connection) -> None:
        readers = self._streams[asked][1]
        readers.remove(connection)
        if not readers:
            del self._streams[asked]

    def hear(self, exchange: "Exchange", connection: Connection, text: str, serve: Serve) -> None:
        """Answer one frame of a client."""
        if _is_over(self._heard, self.limits.messages_a_minute, exchange.now_ms()):
            connection.drop()
            return
        self._hear(exchange, connection, text, serve)
        self._shed()

    def _hear(self, exchange: "Exchange", connection: Connection, text: str, serve: Serve) -> None:
        try:
            message = parse(text)
        except (BadShape, NotCovered) as fault:
            _not_understood(connection, text, fault)
            return
        try:
            if isinstance(message, Ping):
                connection.push(_PONG)
            elif isinstance(message, Post):
                self._post(connection, message, text, serve)
            elif message.method == "subscribe":
                self._subscribe(exchange, connection, message)
            else:
                self._unsubscribe(connection, message)
        except NotCovered as missing:
            _not_understood(connection, text, missing)
        except (HangUp, Unservable):
            connection.drop()

    def _shed(self) -> None:
        """Drop those who are owed most, when too much is kept for all together."""
        while self._backlog.chars > OUTBOXES_CHARS and self._connections:
            slowest = max(self._connections, key=lambda one: one.waiting_chars)
            if slowest.waiting_chars <= KEPT_CHARS:
                return
            slowest.forsake()

    def _subscribe(self, exchange: "Exchange", connection: Connection, message: Subscribe) -> None:
        """Acknowledge, then send what there is (wire rule 112)."""
        asked = message.asked
        served = self._streams.get(asked)
        if served is not None and connection in served[1]:
            connection.push(frame("error", messages.already("subscribed", printed(asked.echo()))))
            return
        refused = self._over_limit(asked)
        if refused is not None:
            connection.push(frame("error", refused))
            return
        stream = served[0] if served is not None else STREAMS[asked.kind].stream(asked, self._cadence)
        first = stream.first(View(exchange, []))
        self._streams.setdefault(asked, (stream, []))[1].append(connection)
        for text in [_acknowledged(message), *first]:
            connection.push(text)

    def _over_limit(self, asked: Subscription) -> str | None:
        """Return why a further subscription is refused, or None.

        Raises:
            HangUp: there are too many of them; what the exchange answers is not known.
        """
        limits = self.limits
        if (
            limits.subscriptions is not None
            and sum(len(readers) for _, readers in self._streams.values()) >= limits.subscriptions
        ):
            raise HangUp("too many subscriptions")
        if limits.users is None or not isinstance(asked, OfUser):
            return None
        users = {one.user for one in self._streams if isinstance(one, OfUser)}
        if asked.user not in users and len(users) >= limits.users:
            return messages.too_many_users(limits.users)
        return None

    def _unsubscribe(self, connection: Connection, message: Subscribe) -> None:
        asked = message.asked
        served = self._streams.get(asked)
        if served is None or connection not in served[1]:
            connection.push(frame("error", messages.already("unsubscribed", printed(asked.echo()))))
            return
        self._leave(asked, connection)
        connection.push(_acknowledged(message))

    def _post(self, connection: Connection, post: Post, text: str, serve: Serve) -> None:
        """Answer a request as over HTTP; one of a wrong shape is not understood at all (TI:68955515377)."""
        limit = self.limits.posts_in_flight
        if limit is not None and sum(one.posts_in_flight for one in self._connections) >= limit:
            connection.push(frame("error", messages.too_many_posts(post.id)))
            return
        is_info = post.request.type == "info"
        payload = post.request.payload
        delivery = serve("/info" if is_info else "/exchange", payload)
        answer = delivery.answer
        if answer is None:
            connection.drop()
            return
        if answer.not_implemented:
            _not_understood(connection, text, NotCovered(answer.headers["x-localnet-missing"]))
            return
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            _not_understood(connection, text, None)
            return
        body: object = msgspec.Raw(answer.body)
        if answer.status != HTTPStatus.OK:
            # Status and description, the docs say; the exact form is UNVERIFIED.
            response: dict[str, object] = {
                "type": "error",
                "payload": f"{answer.status} {HTTPStatus(answer.status).phrase}",
            }
        elif is_info:
            kind = (
                payload["type"]
                if isinstance(payload, dict)
                else payload[0]
                if isinstance(payload, list)
                else ""
            )
            response = {"type": "info", "payload": {"type": kind, "data": body}}
        else:
            response = {"type": "action", "payload": body}
        connection.posts_in_flight += 1
        connection.push_late(frame("post", {"id": int(post.id), "response": response}), delivery.delay_s)

    def publish(self, exchange: "Exchange") -> None:
        """Push what the last blocks and the passing of time have to tell, to those who listen."""
        self._listen(exchange)
        view = View(exchange, exchange.take_blocks())
        for stream, readers in list(self._streams.values()):
            for text in stream.later(view):
                for connection in tuple(readers):
                    connection.push(text)
        self._shed()


def _is_over(times: deque[int], a_minute: int | None, now_ms: int) -> bool:
    """Count something that happens now; say whether that is more than may happen in a minute."""
    if a_minute is None:
        return False
    while times and times[0] <= now_ms - _MINUTE_MS:
        times.popleft()
    if len(times) >= a_minute:
        return True
    times.append(now_ms)
    return False


def _not_understood(connection: Connection, text: str, fault: Exception | None) -> None:
    """Answer a frame that the exchange does not understand, or localnet does not serve."""
    if isinstance(fault, NotCovered):
        connection.missing.append(fault.what)
    connection.push(frame("error", messages.bad_frame(text)))


def _acknowledged(message: Subscribe) -> str:
    return frame("subscriptionResponse", {"method": message.method, "subscription": message.asked.echo()})
