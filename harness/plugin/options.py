"""Flags and markers, and the one `Settings` made from them."""

import argparse
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import SettingsError
from harness.files import check_writable
from harness.settings import TARGETS, Keys, Settings, ask_on_terminal, read_days, read_keys, read_usd

MARKERS = (
    "coin(name): the coin that the `market` fixture trades",
    "property: a scenario whose orders Hypothesis generates",
    "spends: takes liquidity, so it costs fees on testnet",
    "ws: needs a websocket",
    "targets(*names, reason): run on these targets only; the reason says why not on the others",
    "moves_money(*actions): may send these actions to testnet, which move money out or bind the account",
    "slow: takes longer than a second",
)
SETTINGS = pytest.StashKey[Settings]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hyperliquid", "Hyperliquid scenarios")
    group.addoption(
        "--target",
        choices=TARGETS,
        default="replay",
        help="what answers: cassettes, offline and without a key (default), the embedded exchange, testnet",
    )
    group.addoption(
        "--record",
        action="store_true",
        help="write the cassettes of what is run; a file is replaced whole, only when its scenario passed",
    )
    group.addoption(
        "--cassettes",
        metavar="DIR",
        default=None,
        help="the cassette folder (default: cassettes/ in rootdir)",
    )
    group.addoption(
        "--max-notional-usd",
        metavar="USD",
        default="50",
        help="the largest order that is let through to testnet, at its limit price (default: 50)",
    )
    group.addoption(
        "--max-exposure-usd",
        metavar="USD",
        default=None,
        help="what open orders and positions of a run on testnet may be worth together "
        "(default: ten times --max-notional-usd)",
    )
    group.addoption(
        "--keep-orders",
        action="store_true",
        help="leave orders and positions for inspection; the summary lists them",
    )
    group.addoption(
        "--strict-shapes",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="fail on unknown fields in answers (default on replay, localnet), or report them (on testnet)",
    )
    group.addoption(
        "--shape-coverage",
        action="store_true",
        help="name the fields, variants and enum values of the answers' shapes that the run has not seen",
    )
    group.addoption(
        "--run-file",
        metavar="PATH.json",
        default=None,
        help="write the run as data: outcomes, what was asked and answered, and what of the shapes was seen",
    )
    group.addoption(
        "--report",
        metavar="PATH.html",
        default=None,
        help="write the run as one page that needs nothing else",
    )
    group.addoption(
        "--fail-on-drift",
        action="store_true",
        help="fail the run if it answers differently from its cassettes, beyond values (testnet, localnet)",
    )
    group.addoption(
        "--max-cassette-age",
        metavar="DAYS",
        default=None,
        help="warn of cassettes recorded on testnet longer ago; with --fail-on-drift, fail the run",
    )


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    try:
        config.stash[SETTINGS] = _settings(config)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None


def _settings(config: pytest.Config) -> Settings:
    option = config.option
    on_testnet = option.target == "testnet"
    keys = _keys(config) if on_testnet else None
    max_notional_usd = read_usd("--max-notional-usd", option.max_notional_usd)
    return Settings(
        target=option.target,
        record=option.record,
        cassettes=_cassettes(config),
        max_notional_usd=max_notional_usd,
        max_exposure_usd=_exposure(option.max_exposure_usd, max_notional_usd),
        keep_orders=option.keep_orders,
        strict_shapes=not on_testnet if option.strict_shapes is None else option.strict_shapes,
        run_file=_written(config, "--run-file", ".json", "file of data"),
        report=_written(config, "--report", ".html", "page"),
        fail_on_drift=option.fail_on_drift,
        max_cassette_age_days=_days(option.max_cassette_age),
        cache_dir=None if on_testnet else _cache_folder(config),
        journal_path=config.rootpath / ".hl-harness" / "journal.jsonl" if on_testnet else None,
        run_name=getattr(config, "workerinput", {}).get("testrunuid"),
        key=keys.key if keys else None,
        account_address=keys.account_address if keys else None,
        counterparty_key=keys.counterparty_key if keys else None,
    )


def _keys(config: pytest.Config) -> Keys:
    """Read the keys; workers of pytest-xdist share no terminal, so then nobody is asked for a password."""
    is_alone = not hasattr(config, "workerinput") and not config.getoption("numprocesses", None)

    def ask(prompt: str) -> str | None:
        capture = config.pluginmanager.getplugin("capturemanager")
        if capture is None:
            return ask_on_terminal(prompt)
        # Its stand-in for the standard input is never a terminal.
        capture.suspend_global_capture(in_=True)
        try:
            return ask_on_terminal(prompt)
        finally:
            capture.resume_global_capture()

    return read_keys(dotenv=config.rootpath / ".env", ask_password=ask if is_alone else None)


def _exposure(text: str | None, max_notional_usd: Decimal) -> Decimal:
    return 10 * max_notional_usd if text is None else read_usd("--max-exposure-usd", text)


def _written(config: pytest.Config, flag: str, suffix: str, what: str) -> Path | None:
    """Return the path that a flag gives for a file to be written, if it can be."""
    name = config.getoption(flag)
    if name is None:
        return None
    path = Path(config.invocation_params.dir, name)
    if path.suffix != suffix or path.is_dir():
        raise SettingsError(f"{flag}={name} is no {what}.", needed=f"A path that ends in {suffix}.")
    if not hasattr(config, "workerinput"):
        try:
            check_writable(path)
        except OSError as error:
            raise SettingsError(
                f"{flag}={name} cannot be written: {error.strerror}.",
                needed="A path for a regular file, in a folder that may be written to.",
            ) from None
    return path


def _days(text: str | None) -> float | None:
    return None if text is None else read_days("--max-cassette-age", text)


def _cache_folder(config: pytest.Config) -> Path | None:
    """Return the folder for parsed tapes, None where pytest keeps no cache or cannot write to it."""
    cache = getattr(config, "cache", None)
    try:
        return Path(cache.mkdir("hl-tapes")) if cache else None
    except OSError:
        return None


def _cassettes(config: pytest.Config) -> Path:
    if config.option.cassettes is None:
        return config.rootpath / "cassettes"
    folder = Path(config.invocation_params.dir, config.option.cassettes)
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"--cassettes={config.option.cassettes} is no folder.")
    if config.option.target == "replay" and not folder.exists():
        raise SettingsError(
            f"--cassettes={config.option.cassettes}: there is no such folder.",
            needed="The folder with the cassettes to replay.",
            do=f"Record them there: --target=localnet --record --cassettes={config.option.cassettes}",
        )
    return folder
