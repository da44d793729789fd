"""What one replayed request costs: `python steps.py PLAYER ANSWER TAPE [TAPE ...]` prints JSON lines.

PLAYER is `ours` (through the door, as a scenario's request goes: guard, journal, strict cursor, shape check)
or `cassetter`. Each request is `Info.user_state` of another address, so no two bodies are equal. A line holds
the tape, its number of steps, and wall and CPU microseconds: of loading, and of one step, the mean over whole
plays (garbage collection included). `nothing` is the SDK's own work: the same calls over a transport that
answers a constant, the content of the file ANSWER; `requests` is what the requests library adds to it, up to
an adapter that does so.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

URL = "https://api.hyperliquid-testnet.xyz"
SAMPLED_STEPS = 1_000
ROUNDS = 3


def main(player: str, answer: bytes, tapes: list[Path]) -> None:
    """Play each tape in turn, several rounds, and print what a step cost."""
    play = _ours(tapes) if player == "ours" else _cassetter
    lengths = {tape: _length(tape) for tape in tapes}
    for _ in range(ROUNDS):
        for name, transport in (("nothing", _constant_post), ("requests", _constant_adapter)):
            info = _info()
            transport(info, answer)
            _print(name, SAMPLED_STEPS, [_timed(info, SAMPLED_STEPS)])
        for tape, length in lengths.items():
            plays: list[tuple[int, int]] = []
            loads: list[tuple[int, int]] = []
            for _ in range(max(1, SAMPLED_STEPS // length)):
                with _stopped(loads, play(tape)) as info:
                    plays.append(_timed(info, length))
            _print(str(length), length, plays, loads)


def _timed(info: Any, steps: int) -> tuple[int, int]:
    addresses = [f"0x{number:040x}" for number in range(steps)]
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    for address in addresses:
        info.user_state(address)
    return time.perf_counter_ns() - wall, time.process_time_ns() - cpu


@contextlib.contextmanager
def _stopped(into: list[tuple[int, int]], context: Any) -> Iterator[Any]:
    """Enter `context` and note how long that took."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    entered = context.__enter__()
    into.append((time.perf_counter_ns() - wall, time.process_time_ns() - cpu))
    try:
        yield entered
    finally:
        context.__exit__(*sys.exc_info())


def _print(
    name: str, steps: int, plays: list[tuple[int, int]], loads: list[tuple[int, int]] | None = None
) -> None:
    line: dict[str, Any] = {"name": name, "steps": steps, "step": _mean(plays, steps)}
    if loads:
        line["load"] = _mean(loads, steps)
    print(json.dumps(line), flush=True)


def _mean(times: list[tuple[int, int]], steps: int) -> list[float]:
    return [sum(column) / len(times) / steps / 1_000 for column in zip(*times, strict=True)]


def _length(tape: Path) -> int:
    return int(tape.stem.partition("[")[2].rstrip("]"))


def _info() -> Any:
    from hyperliquid.info import Info

    return Info(URL, skip_ws=True, meta={"universe": []}, spot_meta={"tokens": [], "universe": []})


def _response(answer: bytes) -> Any:
    import requests

    response = requests.Response()
    response.status_code, response.encoding, response.url = 200, "utf-8", f"{URL}/info"
    response._content = answer
    return response


def _constant_post(info: Any, answer: bytes) -> None:
    response = _response(answer)
    info.session.post = lambda url, **options: response


def _constant_adapter(info: Any, answer: bytes) -> None:
    from requests.adapters import BaseAdapter

    class Constant(BaseAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            response = _response(answer)
            response.request, response.raw = request, None
            return response

        def close(self) -> None:
            pass

    info.session.mount("https://", Constant())


def _ours(tapes: list[Path]) -> Callable[[Path], Any]:
    from harness.settings import Settings
    from harness.venue import Venue

    cassettes = tapes[0].parent.parent
    cache = cassettes.parent / "parsed-tapes"
    cache.mkdir(exist_ok=True)
    venue = Venue(Settings(cassettes=cassettes, cache_dir=cache))

    @contextlib.contextmanager
    def play(tape: Path) -> Iterator[Any]:
        venue.begin(tape.stem, tape, "python benchmarks/replay.py")
        venue.underlay.lay()
        yield _info()
        venue.end()
        # `nothing` and `requests` run on the SDK as it is.
        venue.underlay.lift()

    for tape in tapes:
        venue.begin(tape.stem, tape, "")  # fills the cache of parsed tapes
        venue.end()
    return play


@contextlib.contextmanager
def _cassetter(tape: Path) -> Iterator[Any]:
    from cassetter import use_cassette

    with use_cassette(tape, record_mode="none", match_on=["method", "uri", "body"], intercept=["requests"]):
        yield _info()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).read_bytes(), [Path(argument) for argument in sys.argv[3:]])
