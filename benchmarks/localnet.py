"""Measure localnet against floors on the same machine: `python benchmarks/localnet.py`.

Ratios, not seconds: a bare uvicorn echo for HTTP, the SDK's own client work for the in-process lifecycle,
recovery and keccak for verification, a small book for a large one. Takes about a minute and a half; exits
with 1 when a goal is missed.
"""

import gc
import json
import statistics
import sys
import time
import tracemalloc
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import coincurve
from over_http import ETH, measure, orders, signed

from harness import signing
from harness.localnet import Localnet, Rules
from harness.localnet.actions.envelope import recover_l1
from harness.localnet.world import house as house_of
from harness.settings import Settings
from harness.shapes.coverage import Coverage
from harness.targets.localnet import LocalnetTarget
from harness.typed_data import keccak256
from harness.venue import Venue

FREE = Rules(address_limits=False)


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
    action, count = orders(1), 500
    envelope = json.loads(signed(action, 1))
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
            keccak256(public.format(compressed=False)[1:])

    return best(verify) / best(floor)


def lifecycle() -> float:
    """Return an SDK lifecycle on localnet in process against the same with answers that are ready.

    By the process's own time, in short rounds of which the best quarter counts, so that other programs do
    little to it. The answers that are ready are those of the round before, each used once: what is left is
    the SDK and the door. Each round begins without coverage, as the door passes over answers that it has seen
    before, and with those of the round before it would have less to do.
    """
    venue = Venue(Settings(target="localnet"))
    venue.begin("benchmark", Path("none"), "")

    def live(trader: Any) -> float:
        venue.wire.coverage = Coverage()
        began = time.process_time()
        for _ in range(4):
            placed = trader.exchange.order("ETH", True, 0.01, 2500, {"limit": {"tif": "Gtc"}})
            oid = placed["response"]["data"]["statuses"][0]["resting"]["oid"]
            trader.info.query_order_by_oid(trader.address, oid)
            trader.exchange.cancel("ETH", oid)
            trader.info.open_orders(trader.address)
        return time.process_time() - began

    with venue.trader() as trader:
        target = venue.wire.episode.target
        assert isinstance(target, LocalnetTarget)
        answer = target.answer
        kept: deque[Any] = deque()

        def keeping(request: Any) -> Any:
            kept.append(answer(request))
            return kept[-1]

        on_localnet, alone = [], []
        gc.collect()
        gc.disable()
        for _ in range(300):
            target.answer = keeping  # type: ignore[method-assign]
            on_localnet.append(live(trader))
            target.answer = lambda _: kept.popleft()  # type: ignore[method-assign]
            alone.append(live(trader))
        gc.enable()
        del target.answer
    venue.end()
    venue.close()
    return sum(sorted(on_localnet)[:75]) / sum(sorted(alone)[:75])


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
            placed = signed(orders(1, "1900"), net.now_ms())
            began = time.perf_counter()
            answer = net.handle("/exchange", "application/json", placed)
            spent.append(time.perf_counter() - began)
            oid = json.loads(answer.body)["response"]["data"]["statuses"][0]["resting"]["oid"]
            cancel = signed({"type": "cancel", "cancels": [{"a": ETH, "o": oid}]}, net.now_ms())
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
    standard, sockets = measure()
    # Before a million orders have gone through this process.
    lived, verified = lifecycle(), verification()
    grown, size = growth()
    rows = [
        ("orders over HTTP / echo", standard.single / standard.echo, 0.5, True),
        ("orders in batches of 40 / single", standard.batched / standard.single, 10.0, True),
        ("SDK lifecycle in process / SDK alone", lived, 1.4, False),
        ("verification / recovery and keccak", verified, 1.5, False),
        ("place and cancel, 1,000,000 orders / 1,000", grown, 4.0, False),
    ]
    missed = 0
    for what, ratio, goal, is_least in rows:
        is_met = ratio >= goal if is_least else ratio <= goal
        missed += not is_met
        print(
            f"{what:44} {ratio:7.2f}   {'>=' if is_least else '<='} {goal:g}{'' if is_met else '   MISSED'}"
        )
    print(f"{size:.0f} bytes a resting order")
    for client, rates in (("http.client", standard), ("four raw sockets", sockets)):
        print(
            f"{client}: echo {rates.echo:.0f}/s, single {rates.single:.0f}/s, "
            f"in batches {rates.batched:.0f}/s; {rates.single / rates.echo:.2f} of the echo, "
            f"batches {rates.batched / rates.single:.1f} times single"
        )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
