"""Flags, environment and defaults become one frozen `Settings`, in this one place.

Precedence: flag, then environment variable, then the file named by HYPERLIQUID_CONFIG, then the default.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from harness.errors import SettingsError
from harness.signing import SigningError, address_of


class Key(str):
    """A private key that hides in `repr`: pytest prints arguments and locals of failing frames."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Key(hidden)"

    @property
    def raw(self) -> "RawKey":
        """The key's 32 bytes, as hidden."""
        return RawKey(bytes.fromhex(self.removeprefix("0x")))


class RawKey(bytes):
    """The bytes of a private key, hidden in `repr`."""

    def __repr__(self) -> str:
        return "RawKey(hidden)"


TargetName = Literal["replay", "localnet", "testnet"]
TARGETS: tuple[TargetName, ...] = ("replay", "localnet", "testnet")

KEY_VARIABLE = "HYPERLIQUID_TESTNET_PRIVATE_KEY"
ADDRESS_VARIABLE = "HYPERLIQUID_TESTNET_ACCOUNT_ADDRESS"
COUNTERPARTY_VARIABLE = "HYPERLIQUID_TESTNET_COUNTERPARTY_KEY"
CONFIG_VARIABLE = "HYPERLIQUID_CONFIG"
_CONFIG_FIELDS = ("secret_key", "keystore_path", "account_address")


@dataclass(frozen=True)
class Settings:
    """How one run is done. Keys are kept out of `repr`."""

    target: TargetName = "replay"
    record: bool = False
    cassettes: Path = Path("cassettes")
    max_notional_usd: Decimal = Decimal(50)
    max_exposure_usd: Decimal = Decimal(500)
    keep_orders: bool = False
    strict_shapes: bool = True
    run_file: Path | None = None
    report: Path | None = None
    fail_on_drift: bool = False
    max_cassette_age_days: float | None = None
    cache_dir: Path | None = None
    journal_path: Path | None = None
    key: Key | None = field(default=None, repr=False)
    account_address: str | None = None
    counterparty_key: Key | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.record and self.target == "replay":
            raise SettingsError(
                "--record was given, but the target is replay.",
                needed="Recording needs a target that answers by itself; a replay would only copy the tape.",
                do="Use --target=localnet --record.",
            )
        if self.record and self.target == "testnet":
            raise SettingsError(
                "--record was given with --target=testnet.",
                needed="Own addresses and signatures have to be replaced on the tape; that is not built yet.",
                do="Use --target=localnet --record.",
            )
        if self.fail_on_drift and self.target == "replay" and self.max_cassette_age_days is None:
            raise SettingsError(
                "--fail-on-drift was given, but the target is replay.",
                needed="A target that answers by itself: a replay's answers are those of the cassettes.",
                do="Use --target=testnet or --target=localnet; or give --max-cassette-age=DAYS with it.",
            )
        if self.key is not None and self.key == self.counterparty_key:
            raise SettingsError(
                f"{COUNTERPARTY_VARIABLE} holds the same key as the main account.",
                needed="The key of a second account: nobody can be filled by himself.",
            )
        if self.target == "testnet" and self.key is None:
            raise SettingsError(
                "--target=testnet was given, but there is no key.",
                needed=f"{KEY_VARIABLE}, or a config.json of the SDK's examples named by {CONFIG_VARIABLE}.",
                do=f"Export {KEY_VARIABLE} of a testnet account; never a key that holds money on mainnet.",
            )

    @property
    def own_addresses(self) -> frozenset[str]:
        """The addresses of the run's keys and accounts, in lower case."""
        keys = [key for key in (self.key, self.counterparty_key) if key is not None]
        named = {self.account_address.lower()} if self.account_address else set()
        return frozenset(address_of(key.raw).lower() for key in keys) | named


@dataclass(frozen=True)
class Keys:
    """What the environment says about the testnet account."""

    key: Key | None = field(default=None, repr=False)
    account_address: str | None = None
    counterparty_key: Key | None = field(default=None, repr=False)


def read_keys(environment: Mapping[str, str] = os.environ) -> Keys:
    """Return the testnet keys that the environment names.

    Raises:
        SettingsError: a variable or the configuration file does not hold what it should.
    """
    config = _config(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else {}
    key = _first_key(
        (KEY_VARIABLE, environment.get(KEY_VARIABLE)),
        (f"secret_key of the file that {CONFIG_VARIABLE} names", config.get("secret_key")),
    )
    if key is None and config.get("keystore_path"):
        raise SettingsError(
            f"The file that {CONFIG_VARIABLE} names has a keystore_path and no secret_key.",
            needed="A key; keystores cannot be opened yet, because a test run cannot ask for a password.",
            do=f"Export {KEY_VARIABLE}.",
        )
    address = _first_address(
        (ADDRESS_VARIABLE, environment.get(ADDRESS_VARIABLE)),
        (f"account_address of the file that {CONFIG_VARIABLE} names", config.get("account_address")),
    )
    return Keys(key, address, _first_key((COUNTERPARTY_VARIABLE, environment.get(COUNTERPARTY_VARIABLE))))


def _first_key(*sources: tuple[str, str | None]) -> Key | None:
    name, value = next(((name, value) for name, value in sources if value), (None, None))
    if name is None or value is None:
        return None
    key = Key(value)
    problem = SettingsError(
        f"{name} does not hold a private key.",
        needed="0x and 64 hexadecimal digits, above zero and below the order of the curve.",
        do="Check it; its value is not shown here.",
    )
    if not _is_hex(value, 32):
        raise problem
    try:
        address_of(key.raw)
    except (SigningError, ValueError):
        raise problem from None
    return key


def _first_address(*sources: tuple[str, str | None]) -> str | None:
    name, value = next(((name, value) for name, value in sources if value), (None, None))
    if name is None or value is None:
        return None
    if not _is_hex(value, 20):
        raise SettingsError(f"{name} does not hold an address.", needed="0x and 40 hexadecimal digits.")
    return "0x" + value.removeprefix("0x").lower()


def _is_hex(value: str, n_bytes: int) -> bool:
    digits = value.removeprefix("0x")
    return len(digits) == 2 * n_bytes and all(digit in "0123456789abcdefABCDEF" for digit in digits)


def _config(path: str) -> dict[str, str]:
    try:
        data = json.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{CONFIG_VARIABLE} names {path}, which cannot be read: {error.strerror}."
        ) from None
    except ValueError:
        raise SettingsError(f"{CONFIG_VARIABLE} names {path}, which is not JSON.") from None
    # The SDK's own example holds more, such as the signers under multi_sig.
    if not isinstance(data, dict) or not all(isinstance(data.get(name, ""), str) for name in _CONFIG_FIELDS):
        raise SettingsError(
            f"{CONFIG_VARIABLE} names {path}, which is not a config.json of the SDK's examples.",
            needed="An object with secret_key (and account_address), both texts.",
        )
    return data


def read_days(flag: str, text: str) -> float:
    """Return the number of days that a flag gives.

    Raises:
        SettingsError: it is not a number, or below zero.
    """
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not math.isfinite(days) or days < 0:
        raise SettingsError(f"{flag}={text} is no number of days.", needed="A number, zero or above.")
    return days


def read_usd(flag: str, text: str) -> Decimal:
    """Return the amount that a flag gives, in USDC.

    Raises:
        SettingsError: it is not a number above zero.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise SettingsError(f"{flag}={text} is not an amount.", needed="A number above zero, in USDC.")
    return amount
