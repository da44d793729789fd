"""Flags, environment and defaults become one frozen `Settings`, in this one place.

Precedence: flag, then environment variable, then `.env` in rootdir, then the file named by
HYPERLIQUID_CONFIG, then the default. An empty value is as good as none.
"""

import getpass
import io
import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from harness.errors import SettingsError
from harness.signing import SigningError, address_of


class Secret(str):
    """A text that hides in `repr`: pytest prints arguments and locals of failing frames."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"


class Key(Secret):
    """A private key."""

    __slots__ = ()

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
PASSWORD_FILE_VARIABLE = "HYPERLIQUID_KEYSTORE_PASSWORD_FILE"
_VARIABLES = (
    KEY_VARIABLE,
    ADDRESS_VARIABLE,
    COUNTERPARTY_VARIABLE,
    CONFIG_VARIABLE,
    PASSWORD_FILE_VARIABLE,
)
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
    run_name: str | None = None
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


def read_keys(
    environment: Mapping[str, str] = os.environ,
    *,
    dotenv: Path | None = None,
    ask_password: Callable[[str], str | None] | None = None,
) -> Keys:
    """Return the testnet keys that the environment names.

    Args:
        environment: variables; they win over those of `dotenv`.
        dotenv: a file of variables, which need not exist. Nothing of it gets into the environment.
        ask_password: asks the user for the password of a keystore; None, or giving None, where nobody can be.

    Raises:
        SettingsError: a variable or a file does not hold what it should.
    """
    variables = read_dotenv(dotenv) if dotenv else {}
    variables |= {name: environment[name] for name in _VARIABLES if environment.get(name)}
    config = _config(variables[CONFIG_VARIABLE]) if variables.get(CONFIG_VARIABLE) else {}
    key = _first_key(
        (KEY_VARIABLE, variables.get(KEY_VARIABLE)),
        (f"secret_key of the file that {CONFIG_VARIABLE} names", config.get("secret_key")),
    )
    if key is None and config.get("keystore_path"):
        key = _of_keystore(config["keystore_path"], variables.get(PASSWORD_FILE_VARIABLE), ask_password)
    address = _first_address(
        (ADDRESS_VARIABLE, variables.get(ADDRESS_VARIABLE)),
        (f"account_address of the file that {CONFIG_VARIABLE} names", config.get("account_address")),
    )
    counterparty = _first_key((COUNTERPARTY_VARIABLE, variables.get(COUNTERPARTY_VARIABLE)))
    if counterparty is not None and address == address_of(counterparty.raw).lower():
        raise SettingsError(
            f"{COUNTERPARTY_VARIABLE} is the key of the account that {ADDRESS_VARIABLE} names.",
            needed="The key of a second account: nobody can be filled by himself.",
        )
    return Keys(key, address, counterparty)


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the harness's variables in a `.env` file, {} when there is none.

    Raises:
        SettingsError: it cannot be read.
    """
    if not path.exists():
        return {}
    from dotenv import dotenv_values  # delayed: few runs have such a file

    try:
        found = dotenv_values(stream=io.StringIO(path.read_text(encoding="utf-8")), interpolate=False)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text.") from None
    return {name: value for name in _VARIABLES if (value := found.get(name))}


def _of_keystore(path: str, password_file: str | None, ask: Callable[[str], str | None] | None) -> Key:
    """Return the key in an encrypted keystore, as the SDK's examples open it.

    Raises:
        SettingsError: there is none, there is no password, or it is the wrong one.
    """
    named = f"keystore_path of the file that {CONFIG_VARIABLE} names is {path}"
    try:
        keystore = json.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{named}, which cannot be read: {error.strerror}.") from None
    except ValueError:
        raise SettingsError(f"{named}, which is not JSON.") from None
    if not isinstance(keystore, dict) or not isinstance(keystore.get("crypto", keystore.get("Crypto")), dict):
        raise SettingsError(f"{named}, which is no keystore.", needed="A JSON file with the field crypto.")
    password = _password(path, password_file, ask)
    from eth_account import Account  # delayed: it is most of the start-up time

    try:
        return Key("0x" + bytes(Account.decrypt(keystore, password)).hex())
    # eth_keyfile tells a wrong password by ValueError, and a strange file by whatever it meets.
    except Exception:  # noqa: BLE001
        raise SettingsError(
            f"{named}, which does not open.",
            needed="The keystore's password.",
            do=f"Check the password ({PASSWORD_FILE_VARIABLE} names a file with it); it is not shown here.",
        ) from None


def _password(path: str, password_file: str | None, ask: Callable[[str], str | None] | None) -> Secret:
    if password_file:
        try:
            text = Path(password_file).expanduser().read_text(encoding="utf-8")
        except OSError as error:
            raise SettingsError(
                f"{PASSWORD_FILE_VARIABLE} names {password_file}, which cannot be read: {error.strerror}."
            ) from None
        except UnicodeDecodeError:
            raise SettingsError(
                f"{PASSWORD_FILE_VARIABLE} names {password_file}, which is not UTF-8 text."
            ) from None
        return Secret(text.removesuffix("\n").removesuffix("\r"))
    answer = None if ask is None else ask(f"Password of the keystore {path}: ")
    if answer is None:
        raise SettingsError(
            f"The keystore {path} needs a password, and there is no terminal to ask on.",
            needed=f"{PASSWORD_FILE_VARIABLE}: the path of a file that holds nothing but the password.",
        )
    return Secret(answer)


def ask_on_terminal(prompt: str) -> str | None:
    """Ask for a password, which is not shown; None where the standard input is no terminal."""
    return getpass.getpass(prompt) if sys.stdin is not None and sys.stdin.isatty() else None


def _first_key(*sources: tuple[str, str | None]) -> Key | None:
    name, value = next(((name, value) for name, value in sources if value), (None, None))
    if name is None or value is None:
        return None
    key = Key(value)
    problem = SettingsError(
        f"{name} does not hold a private key.",
        needed="0x and 64 hexadecimal digits, above zero and below the order of the curve.",
        do="That is an address, which is public; the key belongs here."
        if _is_hex(value, 20)
        else "Check it; its value is not shown here.",
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
