"""Kill runs at random instants, and see what one normal run after them leaves.

`python -m tests.safety.kills [--runs 200] [--seed 0]`

Real runs of pytest with --target=testnet trade on a localnet in the testnet's place. The account has orders,
a trigger, a TWAP and a position of its own, its sub-account too; another client trades meanwhile, on the same
account through an agent and on an account of its own. Each run is killed with SIGKILL at a random instant:
while it starts, while it sweeps what those before it left, in a scenario, in the sweep after one, in the
sweep at its end. One that ended before its instant counts for nothing, and is done again with an earlier one.
Then one run ends by itself. Exits with 1 when it fails, when anything is left that a run made, or anything
is touched that no run made.

Look-ups need no time to catch up with what was acknowledged, and an agent's request of a dead run may be on
its way for half a second only: otherwise 200 runs take hours.
"""

import argparse
import itertools
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.safety.kill_world import KEY, OWN_WEIGHT, World, served, trading
from tests.safety.killed_runs import NAMES, START, Aim, Run, Spread, Step, aimed, write_project

# In which phase the runs are killed, again and again; a sweep of what was left after what leaves something.
PHASES = (
    "scenario",
    "recovery",
    "sweep",
    "recovery",
    "end",
    "scenario",
    "recovery",
    "scenario",
    START,
    "sweep",
    "scenario",
    "recovery",
    "scenario",
    "setup",
    "sweep",
    "recovery",
    "scenario",
    "end",
    "sweep",
    START,
)
# How a phase goes that has not been passed yet: the end of a run.
UNKNOWN = [Step(0.02, is_acting=False)] * 16
# How often one run is done again that ended too early; its last instant is half its start-up.
TRIES = 10


class Campaign:
    """Kills runs.

    Args:
        folder: an empty one.
        world: what they trade on.
        url: where it is served.
        seed: of the instants.
        say: hears how it goes.
    """

    def __init__(self, folder: Path, world: World, url: str, seed: int, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._world = world
        self._chance = Random(seed)
        self._say = say
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HYPERLIQUID_")},
            "HYPERLIQUID_TESTNET_PRIVATE_KEY": KEY,
            "WORLD_URL": url,
            "WORLD_SUB": world.sub,
            "WORLD_WEIGHT": str(OWN_WEIGHT),
            "XDG_STATE_HOME": str(folder / "state"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        self._phases: dict[str, list[Step]] = {}
        self.spread = Spread()
        self.by_itself = 0
        self.dirty = 0
        self.left: Counter[str] = Counter()
        write_project(folder)

    def whole_run(self, what: str) -> list[str]:
        """Let a run with all scenarios end by itself, and return what is amiss."""
        started = time.monotonic()
        run = Run(self._folder, self._environment, [])
        code = run.end(300)
        self._phases.update(run.phases())
        self._say(f"{what}: {time.monotonic() - started:.1f} s")
        amiss = self._world.amiss()
        return [f"{what}: exit code {code}", run.output, *amiss] if code or amiss else []

    def kill(self, runs: int) -> list[str]:
        """Kill as many runs, and return what was taken that is not theirs."""
        started = time.monotonic()
        names = self._names()
        for number, phase in zip(range(1, runs + 1), itertools.cycle(PHASES), strict=False):
            code = self._kill_one(phase, next(names))
            if code != -signal.SIGKILL:
                return [f"run {number} could not be killed: exit code {code}"]
            # The others may be at it while this looks.
            left = self._world.amiss()
            self.dirty += bool(left)
            self.left.update(line.split()[1] for line in left)
            if gone := [line for line in left if line.endswith("is gone")]:
                return [f"after kill {number}", *gone]
            if number % 20 == 0:
                self._say(f"{number} killed, {self.dirty} left something, {time.monotonic() - started:.0f} s")
        return []

    def _names(self) -> Iterator[str]:
        """Yield scenarios, each as often as the others."""
        while True:
            yield from self._chance.sample(NAMES, len(NAMES))

    def _kill_one(self, phase: str, name: str) -> int:
        """Kill one run, or another one like it that does not end too early; return its exit code."""
        before = self._chance.sample(NAMES, self._chance.choice((0, 0, 1)))
        where = f"{phase} {name}" if phase in ("setup", "scenario", "sweep") else phase
        aim = aimed(where, self._phases.get(where, UNKNOWN), self._chance)
        for _ in range(TRIES):
            run = Run(self._folder, self._environment, [*before, name], spoilt=phase == "end")
            code = run.kill(aim)
            self._phases.update(run.phases())
            if code < 0:
                self.spread.note(run, self._world.arrived)
                return code
            self.by_itself += 1
            aim = Aim(START, 0, aim.delay_s / 2) if aim.phase == START else aim.earlier()
        return code


def campaign(folder: Path, runs: int, seed: int, say: Callable[[str], None]) -> list[str]:
    """Kill `runs` runs, let one end by itself, and return what is amiss."""
    world = World(seed)
    with served(world) as url, trading(world):
        made = Campaign(folder, world, url, seed, say)
        amiss = made.whole_run("a run that was not killed") or made.kill(runs)
        if amiss:
            return amiss
        # An agent that was replaced a moment ago is refused (wire rule 79).
        time.sleep(6)
        amiss = made.whole_run("the last run")
    spread = made.spread
    say(str(spread))
    say(f"left something at the kill: {made.dirty} ({dict(made.left)})")
    say(f"ended before their instant, and were done again: {made.by_itself}")
    late = len(spread.pending & world.arrived)
    say(f"actions awaiting an answer at the kill: {dict(spread.kinds)}")
    say(f"of these had arrived: {spread.arrived}, arrived later: {late}, never: {len(spread.pending) - late}")
    say(f"signed actions of all runs: {dict(world.actions)}; other statuses than 200: {dict(+world.refused)}")
    say(f"others' orders open: {len(world.bots)}, their BTC: {world.traded['BTC']}")
    journals = (folder / ".hl-harness").glob("journal-*.jsonl")
    open_ones = [path.name for path in journals if '"done"' not in path.read_text()]
    return [*amiss, *(f"{name} is not done" for name in open_ones)]


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory() as folder:
        amiss = campaign(Path(folder), given.runs, given.seed, say)
    sys.stdout.write("\n".join(amiss) + "\n" if amiss else "nothing is left, and nothing else was touched\n")
    raise SystemExit(1 if amiss else 0)


if __name__ == "__main__":
    main()
