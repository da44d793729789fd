"""Re-keying: a tape of somebody's own accounts becomes one of the public replay accounts.

Own addresses become those of the replay's accounts, draws those of localnet, all else that the exchange told
of people becomes placeholders, and what own keys signed is signed anew. Nonces, oids, tids, times and figures
stay. What the scenario said first is its own text and stays too. See docs/cassettes.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from harness.errors import RecordingError
from harness.localnet.accounts.development import ACCOUNTS
from harness.recording.envelopes import Signed, envelope_of, resigned, signatures
from harness.recording.leaks import Leaks
from harness.recording.parts import Part, changed, parts
from harness.recording.replay_values import (
    PUBLIC_KEYS,
    key_address,
    placeholder,
    placeholder_name,
    public_draw,
)
from harness.recording.spelling import Table
from harness.recording.strings import Found, rewritten, strings
from harness.recording.survey import Survey, is_name, is_public, survey
from harness.recording.tape import Tape

_KEY_BYTES = 32
# A cloid's; what is shorter could stand anywhere by chance.
_MIN_DRAW = 16
_ATTEMPTS = 2_000
# A shorter name, such as ETH, may be a word of the exchange too.
_TELLING = 8
_KINDS = {40: "an address", 64: "a key or a hash"}


@dataclass(frozen=True)
class Keyring:
    """Whose tape it is: own addresses by digits, with the number of the replay account each becomes.

    Args:
        accounts: digits of own addresses, in lower case, and the replay account's number.
        secrets: digits of own keys: they must stand nowhere.
    """

    accounts: Mapping[str, int] = field(repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def is_public(self) -> bool:
        """Whether the accounts are the replay's own."""
        return all(ACCOUNTS[number].address[2:].lower() == one for one, number in self.accounts.items())

    @classmethod
    def of(
        cls, key: bytes, account_address: str | None = None, counterparty_key: bytes | None = None
    ) -> "Keyring":
        """Return the ring of a run.

        An agent's key and the account that it trades for both become the replay's first account, for a replay
        has no agent there.

        Args:
            key: the trader's, or the agent's that trades for `account_address`.
            account_address: the account, when the key is an agent's.
            counterparty_key: the second account's.
        """
        accounts: dict[str, int] = {}
        for raw, number in ((key, 0), (counterparty_key, 1)):
            address = raw and key_address(raw)
            if address:
                accounts[address] = number
        if account_address:
            accounts[account_address.removeprefix("0x").lower()] = 0
        return cls(accounts, frozenset(raw.hex() for raw in (key, counterparty_key) if raw))


PUBLIC_RING = Keyring({digits: number for number, digits in enumerate(PUBLIC_KEYS) if number < 2})
"""The ring of a tape that was recorded with the replay's own accounts."""


def rekey(
    tape: Tape, ring: Keyring, *, public: frozenset[str] = frozenset(), earlier: frozenset[str] = frozenset()
) -> Tape:
    """Return the tape as the public replay accounts would have recorded it.

    Args:
        tape: as recorded.
        ring: whose it is.
        public: digits of addresses that are known to all, such as those in the metadata.
        earlier: digits of the user's accounts that other tapes of this run told of (`accounts_on`). The
            scenario may say them first, and they are not its own text.

    Raises:
        RecordingError: something of the user's would remain, or a replay could not be what was recorded.
    """
    return _Rekeying(tape, ring, public, earlier).result()


def accounts_on(tape: Tape) -> set[str]:
    """Return the digits of the user's accounts that the exchange tells of on a tape as recorded."""
    return survey(parts(tape)).made


class _Rekeying:
    """One tape on its way."""

    def __init__(self, tape: Tape, ring: Keyring, public: frozenset[str], earlier: frozenset[str]) -> None:
        self._tape = tape
        self._ring = ring
        self._earlier = earlier
        self._survey: Survey = survey(parts(tape))
        self._new: dict[str, str] = {}
        self._keys: dict[str, bytes] = {}
        self._draws: dict[str, list[str]] = {}
        self._own = {*ring.accounts, *ring.secrets}
        self._taken = {*self._survey.said, *self._survey.told}
        drawn = {*tape.sdk_draws, *tape.venue_draws}
        agents = {key_address(bytes.fromhex(draw)) for draw in tape.sdk_draws if len(draw) == 2 * _KEY_BYTES}
        # What stands for the user's own accounts was a stranger's on the tape of another.
        known = {*public, *PUBLIC_KEYS} - self._images
        self._told = [
            value
            for value in self._survey.told
            if not (value in ring.accounts or value in drawn or value in agents)
            and (value in self._images or not is_public(value, known))
        ]
        self._to_come = {*self._told, *drawn, *agents}
        self._lists_of: dict[str, list[tuple[str, ...]]] = {}
        for _, listed in self._survey.lists:
            for text in listed:
                self._lists_of.setdefault(text[2:].lower(), []).append(listed)

    def result(self) -> Tape:
        self._map_accounts()
        self._map_draws()
        self._refuse_public_homonyms()
        self._map_told()
        self._refuse_lost_order()
        names = self._new_names()
        table = Table(self._new)
        old_signatures: set[str] = set()

        def change(part: Part) -> str:
            new = self._with_new_values(part, table, names)
            return self._with_new_signatures(part, new, old_signatures)

        made = msgspec.structs.replace(
            changed(self._tape, change),
            sdk_draws=self._draws["sdk"],
            venue_draws=self._draws["venue"],
        )
        self._leaks(names, old_signatures).refuse(_all_parts(made))
        return made

    def _map_accounts(self) -> None:
        for digits, number in self._ring.accounts.items():
            self._new[digits] = ACCOUNTS[number].address[2:].lower()
            self._keys[digits] = bytes.fromhex(ACCOUNTS[number].private_key[2:])
        for digits, key in PUBLIC_KEYS.items():
            self._keys.setdefault(digits, key)

    def _map_draws(self) -> None:
        scenario = self._tape.provenance.scenario
        for stream, drawn in (("sdk", self._tape.sdk_draws), ("venue", self._tape.venue_draws)):
            self._draws[stream] = [
                self._new_draw(stream, number, bytes.fromhex(draw), scenario)
                for number, draw in enumerate(drawn, start=1)
            ]

    def _new_draw(self, stream: str, number: int, drawn: bytes, scenario: str) -> str:
        """Return the public draw for the same place, such that sorted addresses stay sorted."""
        if len(drawn) < _MIN_DRAW:
            return drawn.hex()
        agent = key_address(drawn) if stream == "sdk" and len(drawn) == _KEY_BYTES else None
        for attempt in range(_ATTEMPTS):
            new = public_draw(scenario, stream, number, len(drawn), attempt)
            new_agent = key_address(new) if agent else None
            old_value, new_value = (agent, new_agent) if agent and new_agent else (drawn.hex(), new.hex())
            if agent and new_agent is None:
                continue
            if self._keeps_order(old_value, new_value):
                break
        else:
            raise self._no_order(old_value)
        self._new[drawn.hex()] = new.hex()
        self._own.add(drawn.hex())
        if agent and new_agent:
            self._new[agent] = new_agent
            self._keys[agent] = new
            self._own.add(agent)
        return new.hex()

    def _map_told(self) -> None:
        """Give what the exchange says first, of whomever, a placeholder."""
        numbers = {"address": 0, "hash": 0}
        for value in self._told:
            kind = "hash" if len(value) == 64 else "address"
            self._new[value] = self._free_placeholder(kind, value, numbers)

    @property
    def _images(self) -> set[str]:
        """What stands for the user's own accounts: on the tape of another it was a stranger's."""
        return {ACCOUNTS[number].address[2:].lower() for number in self._ring.accounts.values()}

    def _free_placeholder(self, kind: str, value: str, numbers: dict[str, int]) -> str:
        numbers[kind] += 1
        while placeholder(kind, numbers[kind], len(value)) in self._taken:
            numbers[kind] += 1
        for attempt in range(_ATTEMPTS):
            new = placeholder(kind, numbers[kind], len(value), attempt)
            if new not in self._taken and self._keeps_order(value, new):
                return new
        raise self._no_order(value)

    def _refuse_public_homonyms(self) -> None:
        """Two different addresses must not become one."""
        for value, where in self._survey.said.items():
            if value in self._images and value not in self._ring.accounts:
                raise RecordingError(
                    f"{where[0].upper()}{where[1:]}: the scenario names 0x{value}, a public account that "
                    "stands for your own in a replay.",
                    needed="Two accounts that stay two on tape.",
                    do="Let the scenario name another account, or mark it targets('localnet', reason=...).",
                )

    def _keeps_order(self, value: str, new: str) -> bool:
        """Say whether each sorted list with `value` is still sorted, as far as its values are mapped."""
        listed = self._lists_of.get(value)
        return not listed or all(self._is_sorted(one, {**self._new, value: new}) for one in listed)

    def _is_sorted(self, listed: tuple[str, ...], new: Mapping[str, str]) -> bool:
        waiting = self._to_come - new.keys()
        settled = [text for text in listed if text[2:].lower() not in waiting]
        respelled = [Table(new).replaced(text)[0] for text in settled]
        return respelled == sorted(respelled)

    def _refuse_lost_order(self) -> None:
        for where, listed in self._survey.lists:
            if not self._is_sorted(listed, self._new):
                accounts = {self._ring.accounts.get(text[2:].lower()) for text in listed} - {None}
                raise RecordingError(
                    f"{where[0].upper()}{where[1:]} holds a sorted list of addresses, which would not be "
                    "sorted any more with those of the replay's accounts.",
                    needed="Addresses that stand to each other as the replay's accounts do: the trader's "
                    "above the counterparty's.",
                    do="Exchange the two keys: let HYPERLIQUID_TESTNET_PRIVATE_KEY be what "
                    "HYPERLIQUID_TESTNET_COUNTERPARTY_KEY is, and the other way round."
                    if len(accounts) > 1
                    else "Record this scenario on localnet.",
                )

    def _no_order(self, value: str) -> RecordingError:
        where = next(
            (where for where, listed in self._survey.lists if any(value in t.lower() for t in listed)),
            "a list",
        )
        return RecordingError(
            f"{where[0].upper()}{where[1:]} holds a sorted list of addresses, and no public value was found "
            f"that keeps its place in it ({_ATTEMPTS} were tried).",
            needed="Addresses with room between them.",
            do="Record the scenario again; what it draws will be other addresses.",
        )

    def _new_names(self) -> dict[str, str]:
        return {
            name: placeholder_name(key, number)
            for number, (name, key) in enumerate(self._survey.names.items(), start=1)
        }

    def _with_new_values(self, part: Part, table: Table, names: Mapping[str, str]) -> str:
        def changed_text(text: str) -> str:
            new, odd = table.replaced(text)
            if any(value in self._own for value in odd):
                raise RecordingError(
                    f"{part.where[0].upper()}{part.where[1:]}: one of your addresses stands there with "
                    "capital letters that are not those of its checksum.",
                    needed="Lower case, upper case, or the checksum's capitals: only these can be re-keyed.",
                    do="Let the scenario send the address as the SDK gives it.",
                )
            return new

        def change(found: Found) -> str:
            if found.value in names and _is_name_here(part, found):
                return names[found.value]
            return changed_text(found.value)

        return changed_text(part.text) if strings(part.text) is None else rewritten(part.text, change)

    def _with_new_signatures(self, part: Part, text: str, old: set[str]) -> str:
        if part.way != "sent":
            return text
        recorded = envelope_of(part.text)
        if recorded is None:
            return text
        for one in signatures(recorded, self._keys):
            if one.signer is None:
                continue
            if one.signer not in self._keys:
                self._refuse_unknown_signer(part, one, text)
                continue
            new = resigned(text, one, self._keys[one.signer])
            if new != text:
                old.update(one.signature[name][2:].lower() for name in "rs")
            text = new
        return text

    def _refuse_unknown_signer(self, part: Part, one: Signed, text: str) -> None:
        """Leave somebody else's signature as it is, if a replay can send it again.

        Raises:
            RecordingError: it could be one of the user's keys that signed something else, or what was signed
                has changed.
        """
        place = f"{part.where[0].upper()}{part.where[1:]}, {one.where}"
        if one.signer not in self._survey.said:
            if self._ring.is_public:
                return
            raise RecordingError(
                f"{place}: nobody known on this tape made this signature over what was sent.",
                needed="A signature of one of your accounts, of an agent that the SDK made, or of an address "
                "that the scenario names. One of your keys may have signed something else; then it would "
                "give your address away, and a replay could not make it again.",
                do="Mark the scenario targets('localnet', reason=...), or run it without --record.",
            )
        envelope, recorded = envelope_of(text), envelope_of(part.text)
        if envelope and recorded and one.digest(envelope) != one.digest(recorded):
            raise RecordingError(
                f"{place}: it was made by somebody whose key is not known, over something that names you.",
                needed="The key, to sign anew what stands on the tape in its place.",
                do="Let agents and accounts of the harness sign, or record the scenario on localnet.",
            )

    def _leaks(self, names: Mapping[str, str], old_signatures: set[str]) -> Leaks:
        public = {*self._new.values(), *(key.hex() for key in PUBLIC_KEYS.values())}
        digits = {one: "a private key of yours" for one in self._ring.secrets if one not in public}
        digits |= dict.fromkeys(self._earlier - public, "an account of yours from another scenario")
        digits |= {f"{value:0>64}": "a signature of yours" for value in old_signatures}
        for old, new in self._new.items():
            if old != new and old not in public:
                digits[old] = (
                    f"{_KINDS.get(len(old), 'a draw')} {'of yours' if old in self._own else 'of somebody'}"
                )
        telling = {
            name: "a name of yours"
            for name in self._survey.names
            if name not in names.values() and (" " in name or len(name) >= _TELLING)
        }
        return Leaks(digits, telling)


def _is_name_here(part: Part, found: Found) -> bool:
    return found.key in ("name", "agentName", "code") if part.way == "sent" else is_name(found)


def _all_parts(tape: Tape) -> list[Part]:
    draws = (("sdk", tape.sdk_draws), ("venue", tape.venue_draws))
    return [
        *parts(tape),
        *(
            Part(f"{stream} draw {number}", "sent", draw)
            for stream, drawn in draws
            for number, draw in enumerate(drawn, start=1)
        ),
        Part("the scenario's name", "sent", tape.provenance.scenario),
    ]
