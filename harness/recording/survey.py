"""What a tape names: addresses, hashes and names, who said them first, and lists that are sorted.

What the scenario says first is its own text, which stands in the repository and is sent again by a replay.
What the exchange says first was told of somebody: of the user, or of others.
"""

from collections.abc import Container as Collection
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from harness.recording.envelopes import envelope_of
from harness.recording.parts import Part
from harness.recording.replay_values import is_constructed, is_placeholder, is_placeholder_name
from harness.recording.spelling import whole_values
from harness.recording.strings import Container, Found, strings

# Of an object that gives somebody's name: the key, and another one that tells it from a coin's or a token's.
# Source: the shapes of extraAgents, subAccounts, subAccounts2, referral, vaultDetails, webData2.
_NAMED = (
    ("name", "validUntil"),
    ("name", "subAccountUser"),
    ("name", "leader"),
    ("description", "leader"),
    ("agentName", ""),
    ("code", "referrer"),
    ("code", "referralStates"),
)
# Buyer and seller of a trade stand in the order of their roles.
_UNSORTED = ("users",)


@dataclass
class Survey:
    """What was found on one tape; digits are in lower case, in order of appearance."""

    said: dict[str, str] = field(default_factory=dict)
    """Addresses and hashes that the scenario says first, and where."""
    told: dict[str, str] = field(default_factory=dict)
    """Addresses and hashes that the exchange says first, and where."""
    names: dict[str, str] = field(default_factory=dict)
    """Names that the exchange says first, and the key under which they stand."""
    made: set[str] = field(default_factory=set)
    """Addresses that the exchange calls the user's own: sub-accounts and vaults made, agents listed."""
    lists: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Sorted lists of addresses, as they are spelled, and where."""


def survey(parts: Iterable[Part]) -> Survey:
    """Return what stands in these texts, which come in the order of the tape."""
    found = Survey()
    sent: set[str] = set()
    for part in parts:
        _read(part, found, sent)
    return found


def _read(part: Part, survey: Survey, sent: set[str]) -> None:
    inside = strings(part.text)
    signed = _signature_values(part)
    texts = [one.value for one in inside] if inside is not None else [part.text]
    for text in texts:
        for value in whole_values(text):
            if value in signed or value in survey.said or value in survey.told:
                continue
            (survey.said if part.way == "sent" else survey.told)[value] = part.where
    if inside is None:
        return
    survey.lists += [(part.where, one) for one in _sorted_lists(inside)]
    if part.way == "sent":
        sent.update(texts)
        return
    survey.made.update(value for one in inside if _is_own(one) for value in whole_values(one.value))
    for one in inside:
        if is_name(one) and one.value not in sent and one.value and not is_placeholder_name(one.value):
            survey.names.setdefault(one.value, one.key or "name")


def _signature_values(part: Part) -> set[str]:
    """Return r and s of what was sent: they have the form of hashes, and are made anew."""
    envelope = envelope_of(part.text) if part.way == "sent" else None
    if envelope is None:
        return set()
    inner = envelope["action"].get("signatures")
    all_signatures = [envelope["signature"], *(inner if isinstance(inner, list) else ())]
    return {
        str(one[name])[2:].lower()
        for one in all_signatures
        if isinstance(one, dict)
        for name in "rs"
        if name in one
    }


def is_name(found: Found) -> bool:
    """Say whether a string is what somebody called an agent, a sub-account, a vault or a code."""
    if found.is_key or found.owner is None or not found.owner.is_object:
        return False
    return any(found.key == key and (not beside or beside in found.owner.keys) for key, beside in _NAMED)


def _is_own(found: Found) -> bool:
    """Say whether a string is the address of a sub-account, of a vault just made, or of a named agent."""
    if found.owner is None or found.is_key:
        return False
    beside = found.owner.keys
    return (
        found.key == "subAccountUser"
        or (found.key == "address" and "validUntil" in beside)
        or (found.key == "data" and beside[:1] == ["type"])
    )


def _sorted_lists(inside: list[Found]) -> Iterator[tuple[str, ...]]:
    owners: dict[int, Container] = {id(one.owner): one.owner for one in inside if one.owner}
    for owner in owners.values():
        if owner.is_object or owner.label.lstrip(".") in _UNSORTED:
            continue
        texts = [text for text in owner.values if text is not None]
        are_addresses = len(texts) == len(owner.values) > 1 and all(map(_is_address, texts))
        if are_addresses and texts == sorted(texts):
            yield tuple(texts)
    for one in inside:
        # convertToMultiSigUser carries its signers as JSON inside a string.
        nested = strings(one.value)
        if nested:
            yield from _sorted_lists(nested)


def _is_address(text: str) -> bool:
    return len(text) == 42 and [*whole_values(text)] == [text[2:].lower()]


def is_public(value: str, known: Collection[str]) -> bool:
    """Say whether lower-case digits are nobody's own, or known to be public."""
    return value in known or is_constructed(value) or is_placeholder(value)
