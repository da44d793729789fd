"""Measure localnet against floors on the same machine: `python benchmarks/localnet.py`.

Ratios, not seconds: a bare uvicorn echo for HTTP, the SDK's own client work for the in-process lifecycle,
recovery and keccak for verification, a small book for a large one. Takes about a minute; exits with 1 when
a goal is missed.
"""

import asyncio
import gc
import http.client
import json
import statistics
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import coincurve
import uvicorn
from Crypto.Hash import keccak

from harness import signing
from harness.localnet import ACCOUNTS, Localnet, Rules
from harness.localnet import house as house_of
from harness.localnet.actions.envelope import recover_l1
from harness.localnet.server import bind, make_loop, make_server

ETH = 4
FREE = Rules(address_limits=False)


def order(px: str = "1200", tif: str = "Gtc") -> dict[str, Any]:
    return {"a": ETH, "b": True, "p": px, "s": "0.01", "r": False, "t": {"limit": {"tif": tif}}}


def key_of(account: int) -> bytes:
    """Return the key of one of the development accounts, or of one of the benchmark's own."""
    if account < len(ACCOUNTS):
        return bytes.fromhex(ACCOUNTS[account].private_key[2:])
    return (account + 1).to_bytes(32, "big")


def signed(net: Localnet, action: dict[str, Any], number: int, account: int = 0) -> bytes:
    nonce = net.now_ms() + number
    key = key_of(account)
    signature = signing.sign_l1_action(action, key, nonce, None, None)
    return json.dumps(
        {
            "action": action,
            "nonce": nonce,
            "signature": signature.as_wire(),
            "vaultAddress": None,
            "expiresAfter": None,
        }
    ).encode()


def orders(count: int, px: str = "1200", tif: str = "Gtc") -> dict[str, Any]:
    return {"type": "order", "orders": [order(px, tif)] * count, "grouping": "na"}


@contextmanager
def running(server: uvicorn.Server) -> Iterator[int]:
    listener = bind("127.0.0.1", 0)

    def run() -> None:
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(server.serve(sockets=[listener]))

    thread = threading.Thread(target=run)
    thread.start()
    while not server.started:
        time.sleep(0.001)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body that was sent."""
    body = (await receive())["body"]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def rate(port: int, bodies: list[bytes]) -> float:
    """Return requests a second over one connection that is kept alive."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"content-type": "application/json"}
    began = time.perf_counter()
    for body in bodies:
        connection.request("POST", "/exchange", body, headers)
        answer = connection.getresponse().read()
    spent = time.perf_counter() - began
    connection.close()
    assert b"error" not in answer, answer
    return len(bodies) / spent


def over_http() -> tuple[float, float, float]:
    """Return orders a second: echoed, one a request, forty a request; bids far below the price."""
    # Many accounts with at most 40 open orders each: margin is summed over an account's open orders.
    net = Localnet(rules=FREE)
    single = [signed(net, orders(1), number, number // 40) for number in range(2_400)]
    for account in range(60):
        net.fund(signing.address_of(key_of(account)), Decimal(10_000))
    config = uvicorn.Config(
        echo, http="httptools", loop="auto", lifespan="off", access_log=False, log_level="error"
    )
    with running(uvicorn.Server(config)) as port:
        echoed = max(rate(port, single) for _ in range(2))
    with running(make_server(net)) as port:
        one = rate(port, single)
    net = Localnet(rules=FREE)
    many = [signed(net, orders(40), number, number) for number in range(60)]
    for account in range(60):
        net.fund(signing.address_of(key_of(account)), Decimal(10_000))
    with running(make_server(net)) as port:
        forty = rate(port, many) * 40
    return echoed, one, forty


def best(task: Callable[[], None], times: int = 5) -> float:
    """Return the shortest of some runs, in seconds."""
    found = []
    for _ in range(times):
        gc.collect()
        began = time.perf_counter()
        task()
        found.append(time.perf_counter() - began)
    return min(found)


def verification() -> float:
    """Return verifying an order's signature against recovery and keccak alone."""
    net = Localnet()
    action, count = orders(1), 500
    envelope = json.loads(signed(net, action, 0))
    signature = signing.Signature(
        *(int(envelope["signature"][part], 16) for part in "rs"), envelope["signature"]["v"]
    )
    nonce = envelope["nonce"]
    digest = signing.l1_digest(signing.action_hash(action, nonce, None, None))
    raw = signature.r.to_bytes(32, "big") + signature.s.to_bytes(32, "big") + bytes([signature.v - 27])

    def verify() -> None:
        for _ in range(count):
            recover_l1(action, nonce, None, None, signature)

    def floor() -> None:
        for _ in range(count):
            public = coincurve.PublicKey.from_signature_and_message(raw, digest, hasher=None)
            keccak.new(digest_bits=256, data=public.format(compressed=False)[1:]).digest()

    return best(verify) / best(floor)


def lifecycle() -> float:
    """Return an SDK lifecycle on localnet in process against the same with answers that are ready."""
    from harness.settings import Settings
    from harness.targets.localnet import LocalnetTarget
    from harness.venue import Venue

    venue = Venue(Settings(target="localnet"))
    venue.begin("benchmark", __import__("pathlib").Path("none"), "")

    def live(trader: Any) -> None:
        for _ in range(20):
            placed = trader.exchange.order("ETH", True, 0.01, 2500, {"limit": {"tif": "Gtc"}})
            oid = placed["response"]["data"]["statuses"][0]["resting"]["oid"]
            trader.info.query_order_by_oid(trader.address, oid)
            trader.exchange.cancel("ETH", oid)
            trader.info.open_orders(trader.address)

    with venue.trader() as trader:
        target = venue.wire.episode.target
        assert isinstance(target, LocalnetTarget)
        live(trader)
        spent = best(lambda: live(trader))
        # The same requests, with answers at hand: what is left is the SDK and the door.
        replies: dict[str, Any] = {}
        answer = target.answer

        def remembered(request: Any) -> Any:
            kind = request.path + request.body[:28]
            if kind not in replies:
                replies[kind] = answer(request)
            return replies[kind]

        target.answer = remembered  # type: ignore[method-assign]
        live(trader)
        alone = best(lambda: live(trader))
        del target.answer
    venue.end()
    venue.close()
    return spent / alone


def growth() -> tuple[float, float]:
    """Return placing and cancelling beside a million orders against a thousand, and bytes an order.

    No account may have so many: these are the house's, on 5,000 price levels, put there as `set_liquidity`
    does. What is timed is an account's order that joins them, and its cancel.
    """

    def fill(net: Localnet, count: int) -> None:
        market = net.exchange.market_at(ETH)
        assert market is not None
        for number in range(count):
            px = (200_000 - number % 5_000 * 10) * 10**6
            house_of.rest(net.exchange, market, is_buy=True, px=px, sz=10**6)

    def timed(net: Localnet) -> float:
        spent = []
        for _ in range(300):
            placed = signed(net, orders(1, "1900"), 0)
            began = time.perf_counter()
            answer = net.handle("/exchange", "application/json", placed)
            spent.append(time.perf_counter() - began)
            oid = json.loads(answer.body)["response"]["data"]["statuses"][0]["resting"]["oid"]
            cancel = signed(net, {"type": "cancel", "cancels": [{"a": ETH, "o": oid}]}, 0)
            began = time.perf_counter()
            net.handle("/exchange", "application/json", cancel)
            spent[-1] += time.perf_counter() - began
        return statistics.median(spent)

    small, large = Localnet(rules=FREE), Localnet(rules=FREE)
    for net in (small, large):
        net.set_liquidity("ETH", [], [])
    fill(small, 1_000)
    tracemalloc.start()
    fill(large, 20_000)
    size = tracemalloc.get_traced_memory()[0] / 20_000
    tracemalloc.stop()
    fill(large, 980_000)
    # A collector that walks a million orders would be timed instead.
    gc.collect()
    gc.freeze()
    found = timed(large) / timed(small), size
    gc.unfreeze()
    return found


def main() -> int:
    """Measure everything and print it."""
    echoed, one, forty = over_http()
    grown, size = growth()
    rows = [
        ("orders over HTTP / echo", one / echoed, 0.5, True),
        ("orders in batches of 40 / single", forty / one, 10.0, True),
        ("SDK lifecycle in process / SDK alone", lifecycle(), 1.4, False),
        ("verification / recovery and keccak", verification(), 1.5, False),
        ("place and cancel, 1,000,000 orders / 1,000", grown, 4.0, False),
    ]
    missed = 0
    for what, ratio, goal, is_least in rows:
        is_met = ratio >= goal if is_least else ratio <= goal
        missed += not is_met
        print(
            f"{what:44} {ratio:7.2f}   {'>=' if is_least else '<='} {goal:g}{'' if is_met else '   MISSED'}"
        )
    print(f"echo {echoed:.0f}/s, single {one:.0f}/s, in batches {forty:.0f}/s, {size:.0f} bytes an order")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
