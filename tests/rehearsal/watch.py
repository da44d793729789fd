"""What an exchange saw and did: each request that arrived, what it answered, and what reached the client."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from harness.localnet import Answer, Localnet
from harness.localnet.faults import Delivery


@dataclass
class Arrival:
    """One HTTP request.

    Args:
        path: where it went.
        body: what it said.
        fault: what happened to it on the way, None if nothing did.
        answer: the exchange's own, None when it has not seen the request.
        status: what reached the client, None when no answer did.
    """

    path: str
    body: Any
    fault: str | None = None
    answer: Any = None
    status: int | None = None

    @property
    def kind(self) -> str:
        """The type of the action or query."""
        return str(self.body.get("action", self.body).get("type"))

    @property
    def is_signed(self) -> bool:
        """True for an action."""
        return self.path == "/exchange"

    @property
    def is_accepted(self) -> bool:
        """True for an action that the exchange took in; each order of it may be refused all the same."""
        return self.is_signed and isinstance(self.answer, dict) and self.answer.get("status") == "ok"


class Watch:
    """Watches a localnet from now on; the faults are those of its own script."""

    def __init__(self, net: Localnet) -> None:
        self.arrivals: list[Arrival] = []
        self._net = net
        self._deliver, self._handle = net.deliver, net.handle
        self._answered: Any = None
        net.deliver = self.deliver  # type: ignore[method-assign]
        net.handle = self.handle  # type: ignore[method-assign]

    def handle(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Answer:
        """Note what the exchange answers."""
        answer = self._handle(path, content_type, body, method)
        self._answered = _decoded(answer.body)
        return answer

    def deliver(self, path: str, content_type: str | None, body: bytes, method: str = "POST") -> Delivery:
        """Note what arrived, and what becomes of it."""
        before, self._answered = self._net.faults_fired, None
        delivery = self._deliver(path, content_type, body, method)
        fired = [one for one, times in self._net.faults_fired.items() if times > before.get(one, 0)]
        arrival = Arrival(path, _decoded(body), fired[0] if fired else None, self._answered)
        if delivery.answer is not None:
            arrival.status = delivery.answer.status
        self.arrivals.append(arrival)
        return delivery

    def as_data(self) -> list[dict[str, Any]]:
        """Return all of it as data."""
        return [asdict(one) for one in self.arrivals]


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
