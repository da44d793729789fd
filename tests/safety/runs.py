"""A run on testnet without pytest: its keeper, its journal, and an exchange that loses what it is told to."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from harness.journal import Entry
from harness.localnet import Localnet, WallClock
from harness.recording.tape import Reply, Request
from harness.safety import journals
from harness.safety.channel import Owner
from harness.safety.keeper import Keeper
from harness.safety.recovery import Recovered, recover
from harness.settings import Key
from harness.targets.localnet import localnet_universe
from tests.localnet.desk import Desk, cancel, order, orders

FAR, ABOVE, BELOW = "2000", "3500", "2700"


class Killed(BaseException):
    """Stands for SIGKILL: nothing handles it."""


def lost() -> None:
    """Raise what the network raises when an answer is lost."""
    raise requests.ConnectionError("reset")


class Exchange:
    """A localnet; `after` and `instead` hear of each request and may raise, or answer in its place."""

    def __init__(self) -> None:
        self.net = Localnet(WallClock())
        self.seen: list[Any] = []
        self.instead: Callable[[str, Any], Reply | None] = lambda path, body: None
        self.after: Callable[[str, Any], Reply | None] = lambda path, body: None

    @property
    def kinds(self) -> list[str]:
        """The types of what was asked and done."""
        return [one.get("action", one)["type"] for one in self.seen]

    @property
    def actions(self) -> list[str]:
        """The types of what was done."""
        return [one["action"]["type"] for one in self.seen if "action" in one]

    def send(self, request: Request) -> Reply:
        """Carry a request."""
        body = json.loads(request.body)
        self.seen.append(body)
        answer = self.instead(request.path, body)
        if answer is None:
            made = self.net.handle(request.path, "application/json", request.body.encode())
            answer = self.after(request.path, body) or Reply(
                made.status, made.content_type, made.body.decode()
            )
        return answer


class Run:
    """One run."""

    def __init__(self, exchange: Exchange, desk: Desk, folder: Path, *, keep_orders: bool = False) -> None:
        self.exchange = exchange
        self.desk = desk
        self.folder = folder
        self.owner = Owner(Key("0x" + desk.key.hex()), desk.address)
        self.file = journals.start(folder, keep_orders=keep_orders)
        self.keeper = Keeper(
            self.file.journal,
            exchange.send,
            desk.nonce,
            localnet_universe,
            [self.owner],
            sleep=lambda seconds: None,
        )

    def act(self, action: dict[str, Any], *, by: Desk | None = None, **envelope: Any) -> Any:
        """Send an action as the door does."""
        return self.post((by or self.desk).envelope(action, **envelope))

    def post(self, payload: dict[str, Any]) -> Any:
        """Send a signed request as the door does."""
        entry = Entry("/exchange", json.dumps(payload), "scenario", int(time.time() * 1000))
        self.keeper.prepare(entry, payload)
        self.file.journal.sent(entry)
        try:
            reply = self.exchange.send(Request("POST", "http://x/exchange", (), entry.body))
        except requests.RequestException as error:
            raise self.keeper.reconcile(entry, "no answer came") from error
        self.file.journal.answered(entry, reply.status, reply.body)
        if not self.keeper.is_whole(entry, reply.status, reply.body):
            raise self.keeper.reconcile(entry, f"HTTP {reply.status}")
        return json.loads(reply.body)

    def rest(self, px: str = FAR, **made: Any) -> int:
        """Let an order rest, and return its oid."""
        (status,) = self.act(orders(order(p=px, **made)))["response"]["data"]["statuses"]
        oid: int = status["resting"]["oid"]
        return oid

    def take(self, sz: str, *, is_buy: bool = True, **envelope: Any) -> None:
        """Buy or sell at once."""
        answer = self.act(orders(order(b=is_buy, p=ABOVE if is_buy else BELOW, s=sz, tif="Ioc")), **envelope)
        assert "filled" in str(answer)

    def die(self) -> None:
        """Let the system take back what a killed process held."""
        self.file.journal.close()
        self.file.lock.release()

    def recover(self, *owners: Owner, **options: Any) -> list[Recovered]:
        """Do what the next run does first."""
        return recover(
            self.folder,
            owners or [self.owner],
            self.exchange.send,
            self.desk.nonce,
            localnet_universe,
            sleep=lambda seconds: None,
            **options,
        )


__all__ = ["ABOVE", "BELOW", "FAR", "Exchange", "Killed", "Run", "cancel", "lost", "order", "orders"]
