"""Holds a fault script's conditions against what there is: a rule that nothing meets would test nothing."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from harness.localnet.actions import ACTIONS, KNOWN
from harness.localnet.asks import LocalnetError
from harness.localnet.door import PATHS
from harness.localnet.faults import Script
from harness.localnet.feed.streams import STREAMS, channels
from harness.localnet.queries import QUERIES

_LIKE: Final = 3


def refuse_unmet(script: Script) -> None:
    """Refuse a script with a condition that names nothing known.

    Raises:
        LocalnetError: no request or frame could meet one of its rules.
    """
    for number, rule in enumerate(script.rules, start=1):
        for name, value, known in (
            ("path", rule.path, PATHS),
            ("action", rule.action, ACTIONS.keys() | KNOWN),
            ("info", rule.info, QUERIES.keys()),
            ("channel", rule.channel, channels()),
        ):
            if value is not None and value not in known:
                raise LocalnetError(
                    f"Rule {number} of the fault script could never fire: there is no {name} {value!r}.",
                    needed=_needed(name, value, known),
                    do="The rules are in docs/localnet.md, section Faults.",
                )


def _needed(name: str, value: str, known: Collection[str]) -> str:
    if name == "channel" and value in STREAMS:
        named = STREAMS[value].form.channels
        return f"What the frames of {value} name: {' or '.join(named or ()) or 'no channel'}."
    by_lower = {each.lower(): each for each in known}
    like = [by_lower[each] for each in get_close_matches(value.lower(), by_lower, n=_LIKE)]
    if like:
        return f"A known {name}, such as {' or '.join(like)}; case counts."
    return f"One of {', '.join(sorted(known, key=str.lower))}."
