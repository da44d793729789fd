"""A client of the feed for tests: speaks JSON, needs no socket."""

import json
from typing import Any

from harness.localnet import Localnet


class Line:
    """One connection."""

    def __init__(self, net: Localnet) -> None:
        self.connection = net.connect()

    @property
    def is_open(self) -> bool:
        """Whether the exchange still holds the line."""
        return self.connection.is_open

    def send(self, message: object) -> list[Any]:
        """Send a frame and return what came."""
        self.connection.send(message if isinstance(message, str) else json.dumps(message))
        return self.heard()

    def heard(self) -> list[Any]:
        """Return what has come since this was last asked."""
        return [json.loads(text) for text in self.connection.take()]

    def subscribe(self, kind: str, **fields: Any) -> list[Any]:
        """Subscribe, and return what came after the acknowledgement."""
        acknowledged, *first = self.send({"method": "subscribe", "subscription": {"type": kind, **fields}})
        assert acknowledged["channel"] == "subscriptionResponse", acknowledged
        return first

    def on(self, channel: str) -> list[Any]:
        """Return the data of what has come on one channel; what came on others is lost."""
        return [message["data"] for message in self.heard() if message["channel"] == channel]

    def post(self, kind: str, payload: object, number: int = 1) -> Any:
        """Post a request and return what answers it."""
        heard = self.send({"method": "post", "id": number, "request": {"type": kind, "payload": payload}})
        (answer,) = (message for message in heard if message["channel"] in ("post", "error"))
        return answer
