"""Signatures in what was sent: who made them, and the same ones made with other keys.

Source: wire rules 72 to 77; multi-sig payloads: SDK 0.24.0, `signing.py` and `exchange.py` (`multi_sig`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from typing import Any, NamedTuple

from harness.errors import RecordingError
from harness.signing import (
    USER_SIGNED,
    SigningError,
    UnrecoverableSignature,
    action_hash,
    l1_digest,
    multi_sig_digest,
    recover,
    sign_digest,
    user_signed_action_digest,
)

Digest = Callable[[dict[str, Any]], bytes]
_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,64}")
# The SDK signs the word and sends the letter (`_multi_sig_payload_action`).
_MODES = {"i": "disabled", "u": "unifiedAccount", "p": "portfolioMargin"}


class Signed(NamedTuple):
    """One signature of an envelope.

    Args:
        where: its place below the envelope, such as `signature` or `action.signatures[0]`.
        signer: digits of the address that it recovers to; None when it belongs to none.
        how: the scheme, in words.
        digest: what was signed, as a function of the envelope.
        signature: as it stands there.
    """

    where: str
    signer: str | None
    how: str
    digest: Digest
    signature: dict[str, Any]


def envelope_of(text: str) -> dict[str, Any] | None:
    """Return the envelope that a body, or a frame that posts an action, holds; None when there is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict) and data.get("method") == "post" and isinstance(data.get("request"), dict):
        data = data["request"].get("payload")
    is_envelope = isinstance(data, dict) and isinstance(data.get("action"), dict) and "signature" in data
    return data if is_envelope else None


def signatures(envelope: dict[str, Any], own: Mapping[str, object]) -> list[Signed]:
    """Return all signatures of an envelope, inner ones first.

    Args:
        envelope: as sent.
        own: the digits of known addresses: a signature that recovers to one of them, over anything that this
            envelope could have been signed as, is theirs.
    """
    action = envelope["action"]
    is_multi_sig = action.get("type") == "multiSig"
    found = []
    if is_multi_sig and isinstance(action.get("signatures"), list):
        for number, one in enumerate(action["signatures"]):
            found.append(_signed(f"action.signatures[{number}]", one, envelope, _of_inner, own))
    outer = _of_outer if is_multi_sig else _of_whole
    found.append(_signed("signature", envelope["signature"], envelope, outer, own))
    return [one for one in found if one is not None]


def _signed(
    where: str,
    signature: Any,
    envelope: dict[str, Any],
    digests: Callable[[dict[str, Any]], "Digests"],
    own: Mapping[str, object],
) -> Signed | None:
    if not _is_signature(signature):
        return None
    first: Signed | None = None
    for how, digest in digests(envelope):
        try:
            signer = recover(
                digest(envelope), int(signature["r"], 16), int(signature["s"], 16), signature["v"]
            )[2:]
        except UnrecoverableSignature:
            signer = None
        except (SigningError, TypeError, KeyError, AttributeError):
            continue
        found = Signed(where, signer, how, digest, signature)
        if signer in own:
            return found
        first = first or found
    return first


def _is_signature(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(isinstance(value.get(name), str) and _HEX.fullmatch(value[name]) for name in "rs")
        and isinstance(value.get("v"), int)
    )


# What a signature covers of the envelope around the action. The SDK signs some actions for no vault and sends
# the vault all the same (0.24.0: createSubAccount, setReferrer, spotDeploy and others).
_COVERED = {
    (True, True): "",
    (False, True): ", signed for no vault",
    (True, False): ", signed without expiry",
    (False, False): ", signed for no vault and without expiry",
}
_NETWORKS = {False: "", True: ", signed for mainnet"}
Digests = Iterator[tuple[str, Digest]]


def _around(envelope: dict[str, Any], covered: tuple[bool, bool]) -> tuple[int, str | None, int | None]:
    vault = envelope.get("vaultAddress") if covered[0] else None
    return envelope["nonce"], vault, envelope.get("expiresAfter") if covered[1] else None


def _l1(what: Callable[[dict[str, Any]], object], name: str) -> Digests:
    for is_mainnet, network in _NETWORKS.items():
        for covered, so in _COVERED.items():
            yield (
                f"{name}{so}{network}",
                lambda given, main=is_mainnet, covered=covered: l1_digest(  # type: ignore[misc]
                    action_hash(what(given), *_around(given, covered)), is_mainnet=main
                ),
            )


def _of_whole(envelope: dict[str, Any]) -> Digests:
    if envelope["action"].get("type") in USER_SIGNED:
        for is_mainnet, network in _NETWORKS.items():
            yield (
                f"a user-signed action{network}",
                lambda given, main=is_mainnet: user_signed_action_digest(  # type: ignore[misc]
                    given["action"], is_mainnet=main
                ),
            )
    yield from _l1(lambda given: given["action"], "an L1 action")


def _of_outer(_: dict[str, Any]) -> Digests:
    for is_mainnet, network in _NETWORKS.items():
        for covered, so in _COVERED.items():
            yield (
                f"a multi-sig action as its outer signer{so}{network}",
                lambda given, main=is_mainnet, covered=covered: multi_sig_digest(  # type: ignore[misc]
                    given["action"], *_around(given, covered), is_mainnet=main
                ),
            )


def _of_inner(_: dict[str, Any]) -> Digests:
    for is_mainnet, network in _NETWORKS.items():
        yield (
            f"a multi-sig payload, user-signed{network}",
            lambda given, main=is_mainnet: user_signed_action_digest(  # type: ignore[misc]
                _inner_action(given), is_mainnet=main, multi_sig=True
            ),
        )
    yield from _l1(_inner_l1, "a multi-sig payload, an L1 action")


def _inner_action(envelope: dict[str, Any]) -> dict[str, Any]:
    payload = envelope["action"]["payload"]
    action = dict(payload["action"])
    if action.get("type") == "userSetAbstraction":
        action["abstraction"] = _MODES.get(action["abstraction"], action["abstraction"])
    return action | {
        "payloadMultiSigUser": payload["multiSigUser"].lower(),
        "outerSigner": payload["outerSigner"].lower(),
    }


def _inner_l1(envelope: dict[str, Any]) -> object:
    payload = envelope["action"]["payload"]
    return [payload["multiSigUser"].lower(), payload["outerSigner"].lower(), payload["action"]]


def resigned(text: str, one: Signed, key: bytes) -> str:
    """Return the text with one signature made anew over what now stands in it.

    Raises:
        RecordingError: the signature stands there in a form that cannot be replaced.
    """
    envelope = envelope_of(text)
    old = one.signature
    if envelope is None:
        raise RecordingError("An action changed its form while it was re-keyed.")
    new = sign_digest(one.digest(envelope), key)
    values = {"r": _like(old["r"], new.r), "s": _like(old["s"], new.s)}
    v = new.v if old["v"] >= 27 else new.v - 27
    for order in permutations(("r", "s", "v")):
        before = _object(order, old)
        if text.count(before) == 1:
            return text.replace(before, _object(order, {**values, "v": v}))
    raise RecordingError(
        "A signature stands in a request in a form that cannot be signed anew.",
        needed='An object of "r", "s" and "v", once in the request.',
    )


def _object(order: tuple[str, ...], values: Mapping[str, object]) -> str:
    return "{" + ",".join(f'"{name}":{json.dumps(values[name])}' for name in order) + "}"


def _like(old: str, new: int) -> str:
    """Return a number in hex; with leading zeros only where the old one was so written."""
    return f"0x{new:064x}" if old[2:].startswith("0") else hex(new)
