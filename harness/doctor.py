"""Whether a run against an exchange can start: each check gives a line with what was found and what to do.

It only reads, and it reads without the SDK, as the sweep does.
"""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import requests

from harness.errors import HarnessError
from harness.localnet.accounts.development import ACCOUNTS
from harness.recording.tape import TESTNET_URL, Request
from harness.settings import ADDRESS_VARIABLE, KEY_VARIABLE, Keys
from harness.signing import address_of
from harness.targets.testnet import TestnetTarget

State = Literal["ok", "warn", "fail"]
_HEADERS = (("content-type", "application/json"),)
_TIMEOUT_S = 10.0
_ASKS = 3
_SLOW_MS = 1_000
# The exchange takes nonces from two days before to one day after its own time (wire rule 67).
_SKEW_WARN_MS = 5_000
_SKEW_FAIL_MS = 12 * 3_600_000
_FEW_REQUESTS = 500
_PLAIN_MODES = frozenset({"default", "disabled"})


class Line(NamedTuple):
    """One check: what was looked at, how it stands, what was found, and what to do about it."""

    what: str
    state: State
    found: str
    do: str = ""


class _Unreadable(Exception):
    """An answer that says nothing."""


class Doctor:
    """Examines one account on one exchange.

    Args:
        keys: what the environment says.
        url: where the exchange is; another one than the testnet's is for localnet.
    """

    def __init__(self, keys: Keys, url: str = TESTNET_URL) -> None:
        self._keys = keys
        self._url = url
        self._target = TestnetTarget(url)
        self._address = keys.account_address or (address_of(keys.key.raw).lower() if keys.key else "")

    def examine(self) -> Iterator[Line]:
        """Yield a line for each check; without an answer or a key the rest is left out."""
        reach = self._reach()
        yield from reach
        if any(line.state == "fail" for line in reach):
            return
        if self._keys.key is None:
            yield Line("key", "fail", "There is no key.", f"Export {KEY_VARIABLE}, or write it to .env.")
            return
        checks: tuple[Callable[[], Line], ...] = (
            self._key,
            self._funds,
            self._orders,
            self._twaps,
            self._positions,
            self._budget,
            self._mode,
        )
        for check in checks:
            try:
                yield check()
            except (_Unreadable, LookupError, TypeError, ValueError, ArithmeticError) as error:
                what = check.__name__.removeprefix("_")
                yield Line(what, "warn", f"The answer cannot be read ({error!r}).", "Look at it by hand.")
            except requests.RequestException as error:
                what = check.__name__.removeprefix("_")
                yield Line(what, "fail", f"No answer came ({type(error).__name__}).", "Try again.")

    def _ask(self, kind: str, **more: str) -> Any:
        body = json.dumps({"type": kind, **more})
        reply = self._target.answer(Request("POST", f"{TESTNET_URL}/info", _HEADERS, body, _TIMEOUT_S))
        if reply.status != 200:
            raise _Unreadable(f"{kind}: HTTP {reply.status}")
        return json.loads(reply.body)

    def _reach(self) -> list[Line]:
        host = self._url
        took: list[float] = []
        skew_ms = 0.0
        status: Any = None
        for _ in range(_ASKS):
            began, began_ms = time.perf_counter(), time.time() * 1000
            try:
                status = self._ask("exchangeStatus")
                took.append((time.perf_counter() - began) * 1000)
                skew_ms = (began_ms + time.time() * 1000) / 2 - int(status["time"])
            except requests.exceptions.SSLError:
                return [
                    Line(
                        "reach",
                        "fail",
                        f"{host}: its certificate is not trusted.",
                        "Behind a firewall that re-encrypts, name its authority in REQUESTS_CA_BUNDLE.",
                    )
                ]
            except requests.RequestException as error:
                return [
                    Line(
                        "reach",
                        "fail",
                        f"{host} did not answer ({type(error).__name__}).",
                        "Check the network and the firewall; proxies are not used.",
                    )
                ]
            except (_Unreadable, LookupError, TypeError, ValueError) as error:
                return [Line("reach", "fail", f"{host} answered nonsense ({error}).", "Try again later.")]
        slow = min(took) > _SLOW_MS
        found = f"{host} answers in {min(took):.0f} ms."
        lines = [Line("reach", "warn" if slow else "ok", found, "Expect timeouts." if slow else "")]
        lines.append(_clock(skew_ms))
        if status.get("specialStatuses"):
            special = json.dumps(status["specialStatuses"])[:80]
            lines.append(Line("exchange", "warn", f"It says: {special}", "Wait until that is over."))
        return lines

    def _key(self) -> Line:
        assert self._keys.key is not None
        own = address_of(self._keys.key.raw).lower()
        if self._url == TESTNET_URL and own in {one.address.lower() for one in ACCOUNTS}:
            return Line("key", "fail", f"{own} is a development account: everybody has its key.", "Make one.")
        answer = self._ask("userRole", user=own)
        role = answer["role"]
        if role == "missing":
            return Line("key", "fail", f"{own} is unknown here.", "Fund it with testnet USDC first.")
        if role == "agent":
            master = answer["data"]["user"].lower()
            if master == self._address:
                return Line("key", "ok", f"{own} is an agent of {master}.")
            return Line(
                "key", "fail", f"{own} is an agent of {master}.", f"Export {ADDRESS_VARIABLE}={master}."
            )
        if self._address != own:
            return Line(
                "key",
                "fail",
                f"{own} is a {role}, no agent of {self._address}.",
                f"Approve it as an agent there, or leave {ADDRESS_VARIABLE} out.",
            )
        if role != "user":
            return Line("key", "warn", f"{own} is a {role}.", "Scenarios are written for a user.")
        return Line("key", "ok", f"{own} is a user.")

    def _funds(self) -> Line:
        state = self._ask("clearinghouseState", user=self._address)
        spot = self._ask("spotClearinghouseState", user=self._address)
        perp, free = Decimal(state["marginSummary"]["accountValue"]), Decimal(state["withdrawable"])
        usdc = sum((Decimal(one["total"]) for one in spot["balances"] if one["coin"] == "USDC"), Decimal(0))
        found = f"{perp:.2f} USDC in perpetuals, {free:.2f} of it free; {usdc:.2f} on spot."
        if not perp + usdc:
            return Line("funds", "fail", found, "Get testnet USDC; an order takes 10 at least.")
        return Line("funds", "ok" if free or usdc else "warn", found, "" if free or usdc else "Free some.")

    def _orders(self) -> Line:
        rows = self._ask("frontendOpenOrders", user=self._address)
        triggers = sum(bool(row["isTrigger"]) for row in rows)
        found = f"{len(rows) - triggers} orders and {triggers} triggers are open."
        return Line("orders", "warn" if rows else "ok", found, "They are left alone." if rows else "")

    def _twaps(self) -> Line:
        rows = self._ask("twapHistory", user=self._address)
        # The newest row of a TWAP says how it stands; a source says neither how many rows there are.
        ended = {row.get("twapId") for row in rows if row["status"]["status"] != "activated"}
        running = [
            row for row in rows if row["status"]["status"] == "activated" and row.get("twapId") not in ended
        ]
        found = f"{len(running)} TWAPs are running."
        return Line("twaps", "warn" if running else "ok", found, "They are left alone." if running else "")

    def _positions(self) -> Line:
        rows = self._ask("clearinghouseState", user=self._address)["assetPositions"]
        held = ", ".join(f"{row['position']['szi']} {row['position']['coin']}" for row in rows)
        do = "They are left alone; a scenario that closes positions finds them." if rows else ""
        return Line("positions", "warn" if rows else "ok", held or "None is open.", do)

    def _budget(self) -> Line:
        limit = self._ask("userRateLimit", user=self._address)
        left = int(limit["nRequestsCap"]) - int(limit["nRequestsUsed"])
        found = f"{limit['nRequestsUsed']} of {limit['nRequestsCap']} requests are used."
        do = "One more for each USDC that the account trades."
        return Line(
            "budget",
            "fail" if left <= 0 else "warn" if left < _FEW_REQUESTS else "ok",
            found,
            do if left < _FEW_REQUESTS else "",
        )

    def _mode(self) -> Line:
        mode = str(self._ask("userAbstraction", user=self._address))
        if mode in _PLAIN_MODES:
            return Line("mode", "ok", f"Standard ({mode}).")
        return Line("mode", "warn", f"The account is in mode {mode}.", "Scenarios are written for standard.")


def _clock(skew_ms: float) -> Line:
    way = "ahead of" if skew_ms > 0 else "behind"
    off = abs(skew_ms)
    found = f"This machine's is {off / 1000:.1f} s {way} the exchange's."
    if off > _SKEW_FAIL_MS:
        return Line("clock", "fail", found, "Set it: nonces are times, and theirs would be refused.")
    do = "Set it: nonces are times." if off > _SKEW_WARN_MS else ""
    return Line("clock", "warn" if do else "ok", found, do)


def unreadable_settings(error: HarnessError) -> Line:
    """Return the line for settings that are wrong."""
    return Line("settings", "fail", error.found, " ".join(part for part in (error.needed, error.do) if part))
