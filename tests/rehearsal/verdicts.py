"""What has to hold of every case of the fault campaign, whatever the run itself says of it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.rehearsal.cases import Case, Evidence
from tests.rehearsal.watch import Arrival

# A run that ended by its own rules: all passed, or some failed.
_CODES = (0, 1)
# What is sent again, or only takes its time, must not fail a scenario.
HARMLESS = (None, "slow", "rateLimited", "stale")
# What has to be read in a report, by what came instead of an answer.
_REASONS = {
    "serverError": r"\b500\b",
    "badGateway": r"\b502\b",
    "reset": r"no answer|not answer|no connection",
    "outage": r"no answer|not answer|no connection",
    "lost": r"no answer|not answer|no connection",
    "late": r"Timeout",
    "truncated": r"JSON|cannot be read|says nothing",
    "sparseSpotMeta": r"spotMeta",
    "wsDrop": r"connection was lost|ended websocket \d",
    "wsGap": r"Nothing true within|no acknowledgement came",
}
# Of a signed action these tell nothing.
_SAY_NOTHING = ("serverError", "badGateway", "reset", "lost", "truncated")
# Tracebacks of the harness's own insides.
_INSIDES = re.compile(r"^(?:\S*/)?harness/[\w/]+\.py:\d+", re.MULTILINE)


def amiss(case: Case, evidence: Evidence, clean: Evidence | None) -> list[str]:
    """Return what is wrong with a case.

    Args:
        case: what was to go wrong.
        evidence: what came of it.
        clean: what comes of the scenario when nothing goes wrong; None if this is that.
    """
    arrivals = [Arrival(**one) for one in evidence.arrivals]
    found = [*_left(case, evidence), *_repeated(arrivals), *_unknown(arrivals, evidence)]
    found += _untold(arrivals, evidence)
    found += _unclear(case, arrivals, evidence)
    if clean is not None and not evidence.is_property:
        more = _placed(arrivals, evidence) - _placed([Arrival(**one) for one in clean.arrivals], clean)
        found += [f"duplicate: {times} more of order {what}" for what, times in more.items()]
    return found


def _left(case: Case, evidence: Evidence) -> Iterator[str]:
    """Nothing is left; an outage that goes on may leave what is told, and what a sweep then ends."""
    if case.fault != "outage":
        yield from (f"left: {one}" for one in evidence.left)
    elif evidence.left:
        if "LEFT" not in evidence.text:
            yield f"left and not told: {evidence.left}"
        yield from (f"left even after a sweep: {one}" for one in evidence.left_later)


def _repeated(arrivals: list[Arrival]) -> Iterator[str]:
    """No action arrives twice but after a 429, and no nonce or cloid is accepted twice."""
    may_have_come: set[str] = set()
    for one in arrivals:
        # Two noops with one nonce do what one does: use it up.
        if one.is_signed and one.kind != "noop":
            whole = json.dumps(one.body, sort_keys=True)
            if whole in may_have_come:
                yield f"repeated: {one.kind} with nonce {one.body['nonce']}"
            if one.status != 429:
                may_have_come.add(whole)
    accepted = [one for one in arrivals if one.is_accepted]
    nonces = Counter(one.body["nonce"] for one in accepted)
    yield from (f"accepted twice: nonce {nonce}" for nonce, times in nonces.items() if times > 1)
    # A modified order may keep its cloid.
    placed = [one for one in accepted if one.kind == "order"]
    cloids = Counter(order["c"] for one in placed for order, _ in _orders(one) if order.get("c"))
    yield from (f"accepted twice: cloid {cloid}" for cloid, times in cloids.items() if times > 1)


def _unknown(arrivals: list[Arrival], evidence: Evidence) -> Iterator[str]:
    """Every action that was accepted is in the run's journal."""
    known = set(_signed_lines(evidence))
    for one in arrivals:
        if one.is_accepted and one.body["nonce"] not in known:
            yield f"not in the journal: {one.kind} with nonce {one.body['nonce']}"


def _untold(arrivals: list[Arrival], evidence: Evidence) -> Iterator[str]:
    """Every action of the scenario whose answer did not come whole is told among the unknown outcomes."""
    lines = _signed_lines(evidence)
    for one in arrivals:
        nonce = one.body.get("nonce")
        is_scenarios = nonce in lines and lines[nonce]["by"] != "sweep"
        is_unknown = one.is_signed and is_scenarios and one.fault in _SAY_NOTHING
        if is_unknown and f"(nonce {nonce}) was sent" not in evidence.text:
            yield f"unknown and not told: {one.kind} with nonce {nonce}"


def _unclear(case: Case, arrivals: list[Arrival], evidence: Evidence) -> Iterator[str]:
    """The end is clear: passed with everything proven, or failed with what was asked and what came."""
    if evidence.code not in _CODES or "INTERNALERROR" in evidence.text:
        yield f"no clear end: pytest's exit code {evidence.code}"
    if not evidence.reports:
        yield "no clear end: no report"
        return
    failed = [one["text"] for one in evidence.reports if one["outcome"] == "failed"]
    if case.fault in HARMLESS and failed:
        yield "failed for something that is harmless"
    # A frame that is lost while an action is answered is no fault of that request.
    met = [one for one in arrivals if one.fault and not one.fault.startswith("ws")]
    if not failed:
        if case.fault not in HARMLESS:
            yield from _unproven(arrivals, evidence)
        return
    for text in failed:
        if _INSIDES.search(text):
            yield "a traceback of the harness's insides"
    reason = _REASONS.get(case.fault or "")
    text = "\n".join(failed)
    if reason and not re.search(reason, text):
        yield f"failed without saying what came (no {reason!r})"
    if met and case.fault != "outage" and met[0].kind not in text:
        yield f"failed without naming the request ({met[0].kind})"


def _unproven(arrivals: list[Arrival], evidence: Evidence) -> Iterator[str]:
    """It passed: then nothing that the scenario itself asked stayed without a whole answer."""
    answers = {line["n"]: line for line in evidence.journal if "status" in line}
    for line in evidence.journal:
        # A frame of a websocket has no such word.
        if line.get("by", "sweep") == "sweep":
            continue
        answer = answers.get(line["n"])
        what = line["sent"].get("action", line["sent"]).get("type")
        if answer is None:
            yield f"passed, and {what} was not answered"
        elif answer["status"] != 200 or not _is_json(answer["answer"]):
            yield f"passed, and {what} was answered {answer['status']} {answer['answer'][:20]!r}"


def _placed(arrivals: list[Arrival], evidence: Evidence) -> Counter[str]:
    """Count the orders that the exchange accepted from the scenario, by what they ask for but the price."""
    lines = _signed_lines(evidence)
    return Counter(
        f"{order.get('a')} {'buy' if order.get('b') else 'sell'} r={order.get('r')} {order.get('t')}"
        for one in arrivals
        if one.is_accepted and lines.get(one.body["nonce"], {}).get("by") != "sweep"
        for order, status in _orders(one)
        if not (isinstance(status, dict) and "error" in status)
    )


def _orders(arrival: Arrival) -> Iterable[tuple[dict[str, Any], Any]]:
    """Return the orders of an action with the exchange's word on each."""
    action = arrival.body["action"]
    made = {
        "order": lambda: action["orders"],
        "modify": lambda: [action["order"]],
        "batchModify": lambda: [one["order"] for one in action["modifies"]],
        "twapOrder": lambda: [action["twap"]],
    }.get(action.get("type"))
    if made is None:
        return []
    data = arrival.answer["response"].get("data", {})
    statuses = data.get("statuses", [data.get("status")])
    # One error for all of them: none was accepted.
    statuses = statuses if len(statuses) == len(made()) else statuses * len(made())
    return list(zip(made(), statuses, strict=False))


def _signed_lines(evidence: Evidence) -> dict[int, dict[str, Any]]:
    return {
        line["sent"]["nonce"]: line for line in evidence.journal if "by" in line and "nonce" in line["sent"]
    }


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
