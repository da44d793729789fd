"""The clients of `soak.py`: raw connections, frames and bodies of any kind, a trader that signs."""

import asyncio
import base64
import json
import os
import random
import struct
import time
from decimal import Decimal
from typing import Any, Final

from harness import signing
from harness.localnet import ACCOUNTS
from harness.localnet.serving.server import FRAME_BYTES

MIB: Final = 1024 * 1024
TRADERS: Final = 5
# What is traded, at about which price, how much at a time: ETH, BTC, PURR/USDC.
PXS: Final = {4: Decimal(3_100), 3: Decimal(80_000), 10_000: Decimal("0.05")}
SZS: Final = {4: "0.01", 3: "0.0005", 10_000: "300"}


class Peer:
    """One raw connection: HTTP or, after `upgrade`, a websocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def dial(cls, port: int) -> "Peer":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    @classmethod
    async def socket(cls, port: int) -> "Peer":
        """Connect and upgrade."""
        peer = await cls.dial(port)
        key = base64.b64encode(os.urandom(16)).decode()
        peer.writer.write(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        await peer.reader.readuntil(b"\r\n\r\n")
        return peer

    async def send(self, data: bytes, opcode: int = 1, *, fin: bool = True) -> None:
        """Send one masked frame."""
        head = bytes([(0x80 if fin else 0) | opcode])
        size = len(data)
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65_536:
            head += struct.pack(">BH", 0x80 | 126, size)
        else:
            head += struct.pack(">BQ", 0x80 | 127, size)
        # A mask of zeros is a mask.
        self.writer.write(head + bytes(4) + data)
        await self.writer.drain()

    async def hear(self) -> bytes:
        """Return the payload of one frame of the server."""
        size = (await self.reader.readexactly(2))[1]
        if size >= 126:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return await self.reader.readexactly(size)

    async def post(self, path: str, body: bytes, headers: str = "Host: 127.0.0.1\r\n") -> tuple[int, bytes]:
        """Send a POST and return status and body."""
        self.writer.write(
            f"POST {path} HTTP/1.1\r\n{headers}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await self.writer.drain()
        head = await self.reader.readuntil(b"\r\n\r\n")
        size = next(
            int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        return int(head.split(b" ", 2)[1]), await self.reader.readexactly(size)

    def close(self) -> None:
        """Hang up at once."""
        self.writer.transport.abort()


class Trader:
    """One development account, which does anything that traders do."""

    def __init__(self, number: int) -> None:
        self.key = bytes.fromhex(ACCOUNTS[number].private_key[2:])
        self.address = ACCOUNTS[number].address.lower()
        self.draw = random.Random(f"trader {number}")
        # Oid, asset and side of what rests.
        self.resting: list[tuple[int, int, bool]] = []
        self.last = (4, True)
        self.nonce = 0
        self.other = ACCOUNTS[(number + 1) % TRADERS].address.lower()

    def next_action(self) -> bytes:
        """Return the next signed body."""
        self.nonce = max(self.nonce + 1, time.time_ns() // 1_000_000)
        draw = self.draw.random()
        if draw < 0.05:
            return self._sent(
                {"type": "usdSend", "destination": self.other, "amount": "1.5", "time": self.nonce}
            )
        if draw < 0.08:
            to_perp = self.draw.random() < 0.5
            return self._sent(
                {"type": "usdClassTransfer", "amount": "2", "toPerp": to_perp, "nonce": self.nonce}
            )
        if draw < 0.35 and self.resting:
            oid, asset, _ = self.resting.pop(self.draw.randrange(len(self.resting)))
            return self._signed({"type": "cancel", "cancels": [{"a": asset, "o": oid}]})
        if draw < 0.45 and self.resting:
            oid, asset, is_buy = self.resting.pop(0)
            modifies = [{"oid": oid, "order": self._order(asset, is_buy=is_buy)}]
            return self._signed({"type": "batchModify", "modifies": modifies})
        made = self._order(self.draw.choice([*PXS, 4]), is_buy=self.draw.random() < 0.5)
        return self._signed({"type": "order", "orders": [made], "grouping": "na"})

    def _order(self, asset: int, *, is_buy: bool) -> dict[str, Any]:
        self.last = asset, is_buy
        away = self.draw.choice([Decimal("0.9"), Decimal("0.99"), Decimal("1.01"), Decimal("1.1")])
        # Five figures at most.
        px = f"{PXS[asset] * away:.4g}" if PXS[asset] < 1 else f"{PXS[asset] * away:.0f}"
        tif = self.draw.choice(["Gtc", "Ioc", "Alo"])
        sz = SZS[asset]
        return {"a": asset, "b": is_buy, "p": px, "s": sz, "r": False, "t": {"limit": {"tif": tif}}}

    def learn(self, answer: bytes) -> None:
        """Keep what rests."""
        for part in answer.split(b'"resting":{"oid":')[1:]:
            self.resting.append((int(part.partition(b"}")[0]), *self.last))
        del self.resting[:-300]

    def _signed(self, action: dict[str, Any]) -> bytes:
        signature = signing.sign_l1_action(action, self.key, self.nonce, None, None)
        return self._body(action, signature.as_wire())

    def _sent(self, fields: dict[str, Any]) -> bytes:
        action = {
            "type": fields["type"],
            "signatureChainId": "0x66eee",
            "hyperliquidChain": "Testnet",
        } | fields
        return self._body(action, signing.sign_user_signed_action(action, self.key).as_wire())

    def _body(self, action: dict[str, Any], signature: object) -> bytes:
        envelope = {"action": action, "nonce": self.nonce, "signature": signature}
        return json.dumps(envelope | {"vaultAddress": None, "expiresAfter": None}).encode()


def subscription(kind: str, **fields: Any) -> bytes:
    return json.dumps({"method": "subscribe", "subscription": {"type": kind, **fields}}).encode()


def post(kind: str, payload: object, number: int) -> bytes:
    return json.dumps(
        {"method": "post", "id": number, "request": {"type": kind, "payload": payload}}
    ).encode()


def frame_of_any_kind(draw: random.Random) -> tuple[bytes, int, bool]:
    """Return data, opcode and whether it is the last part of a message."""
    kind = draw.randrange(10)
    if kind == 0:
        return (
            draw.randbytes(draw.randrange(300)),
            draw.choice([0, 1, 2, 3, 8, 9, 10, 15]),
            draw.random() < 0.9,
        )
    if kind == 1:
        return b"[" * draw.randrange(1, 200_000), 1, True
    if kind == 2:
        return b"x" * draw.choice([FRAME_BYTES // 4, FRAME_BYTES + 1]), 1, draw.random() < 0.5
    if kind == 3:
        return b"9" * draw.randrange(1, 50_000), 1, True
    return body_of_any_kind(draw, in_frame=True), draw.choice([1, 1, 1, 2]), True


def body_of_any_kind(draw: random.Random, *, in_frame: bool = False) -> bytes:
    """Return JSON, nearly JSON, or something else."""
    kind = draw.randrange(8)
    if kind == 0:
        return draw.randbytes(draw.randrange(200))
    if kind == 1 and not in_frame:
        return draw.choice([b"[", b'{"a":']) * draw.randrange(1, 100_000)
    if kind == 2 and not in_frame:
        return b" " * draw.choice([70_000, 2 * MIB, 3 * MIB])
    coins = ["ETH", "BTC", "PURR/USDC", "@1", "nope", "", 7, None]
    users = [ACCOUNTS[0].address, "0x12", "", None]
    types = ["l2Book", "meta", "webData2", "userFills", "order", "cancel", "trades", "candle", "nope", 3]
    fields = {
        "type": draw.choice(types),
        "coin": draw.choice(coins),
        "user": draw.choice(users),
        "interval": draw.choice(["1m", "x", 1]),
        "nSigFigs": draw.choice([None, 2, 5, 9, "5"]),
        "orders": [{"a": draw.randrange(-1, 9), "p": str(draw.random()), "s": "1"}] * draw.randrange(3),
    }
    value: object = {key: fields[key] for key in fields if draw.random() < 0.7}
    if in_frame:
        method = draw.choice(["subscribe", "unsubscribe", "post", "ping", "x"])
        inner = {"type": draw.choice(["info", "action", "x"]), "payload": value}
        value = {"method": method, "subscription": value, "id": draw.randrange(9), "request": inner}
    elif draw.random() < 0.3:
        value = {
            "action": value,
            "nonce": draw.randrange(2**64),
            "signature": {"r": "0x1", "s": "0x2", "v": 27},
        }
    text = json.dumps(value).encode()
    return text[: draw.randrange(len(text))] if kind == 3 else text
