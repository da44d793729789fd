"""Flags, environment and defaults become one frozen `Settings`, in this one place.

Precedence: flag, then environment variable, then the file named by HYPERLIQUID_CONFIG, then the default.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from harness.errors import SettingsError
from harness.signing import SigningError, address_of

TargetName = Literal["replay", "localnet", "testnet"]
TARGETS: tuple[TargetName, ...] = ("replay", "localnet", "testnet")

KEY_VARIABLE = "HYPERLIQUID_TESTNET_PRIVATE_KEY"
ADDRESS_VARIABLE = "HYPERLIQUID_TESTNET_ACCOUNT_ADDRESS"
COUNTERPARTY_VARIABLE = "HYPERLIQUID_TESTNET_COUNTERPARTY_KEY"
CONFIG_VARIABLE = "HYPERLIQUID_CONFIG"


@dataclass(frozen=True)
class Settings:
    """How one run is done. Keys are kept out of `repr`."""

    target: TargetName = "replay"
    record: bool = False
    cassettes: Path = Path("cassettes")
    max_notional_usd: Decimal = Decimal(50)
    keep_orders: bool = False
    strict_shapes: bool = True
    cache_dir: Path | None = None
    journal_path: Path | None = None
    key: str | None = field(default=None, repr=False)
    account_address: str | None = None
    counterparty_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.record and self.target == "replay":
            raise SettingsError(
                "--record was given, but the target is replay.",
                needed="A target that answers by itself: a replay would only copy the tape.",
                do="Use --target=localnet --record or --target=testnet --record.",
            )
        if self.record and self.target == "testnet":
            raise SettingsError(
                "--record was given with --target=testnet.",
                needed="To replace own addresses and signatures on the tape, which is not built yet.",
                do="Use --target=localnet --record.",
            )
        if self.target == "testnet" and self.key is None:
            raise SettingsError(
                "--target=testnet was given, but there is no key.",
                needed=f"{KEY_VARIABLE}, or a config.json of the SDK's examples named by {CONFIG_VARIABLE}.",
                do=f"Export {KEY_VARIABLE} of a testnet account; never a key that holds money on mainnet.",
            )


@dataclass(frozen=True)
class Keys:
    """What the environment says about the testnet account."""

    key: str | None = field(default=None, repr=False)
    account_address: str | None = None
    counterparty_key: str | None = field(default=None, repr=False)


def read_keys(environment: Mapping[str, str] = os.environ) -> Keys:
    """Return the testnet keys that the environment names.

    Raises:
        SettingsError: a variable or the configuration file does not hold what it should.
    """
    config = _config(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else {}
    key = environment.get(KEY_VARIABLE) or config.get("secret_key") or None
    address = environment.get(ADDRESS_VARIABLE) or config.get("account_address") or None
    counterparty = environment.get(COUNTERPARTY_VARIABLE) or None
    for name, value in ((KEY_VARIABLE, key), (COUNTERPARTY_VARIABLE, counterparty)):
        if value is not None:
            _check_key(name, value)
    if address is not None and not _is_hex(address, 20):
        raise SettingsError(
            f"{ADDRESS_VARIABLE} does not hold an address.", needed="0x and 40 hexadecimal digits."
        )
    return Keys(key, address and address.lower(), counterparty)


def _check_key(name: str, value: str) -> None:
    problem = SettingsError(
        f"{name} does not hold a private key.",
        needed="0x and 64 hexadecimal digits, above zero and below the order of the curve.",
        do="Check the variable; its value is not shown here.",
    )
    if not _is_hex(value, 32):
        raise problem
    try:
        address_of(bytes.fromhex(value.removeprefix("0x")))
    except (SigningError, ValueError):
        raise problem from None


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
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise SettingsError(
            f"{CONFIG_VARIABLE} names {path}, which is not a config.json of the SDK's examples.",
            needed="An object with secret_key (and account_address), all texts.",
        )
    return data


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
