"""`hl-harness localnet`: serve the embedded exchange to any client, until it is interrupted."""

import asyncio
import json
import logging
import signal
import socket
import sys
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
import yaml

from harness.errors import HarnessError
from harness.files import check_writable, place_of, write_atomically
from harness.localnet import ACCOUNTS, EXCHANGE_LIMITS, Cadence, Localnet, LocalnetError, Rules, WallClock
from harness.localnet.control import saves
from harness.localnet.exchange import IP_WEIGHT
from harness.localnet.serving.server import Server, bind, make_loop, make_server


class MarketMode(StrEnum):
    """How prices move by themselves."""

    static = "static"
    walk = "walk"


# What a saved state brings with it.
_SAVED: Final = ("accounts", "balance_usd", "seed", "market", "rate_limits")


def localnet(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")] = 3001,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    accounts: Annotated[int, typer.Option(help="How many of the ten development accounts exist.")] = 10,
    balance_usd: Annotated[str, typer.Option(help="What each account has, in perp USDC.")] = "10000",
    seed: Annotated[int, typer.Option(help="Varies hashes, trade ids and the house's sizes.")] = 0,
    market: Annotated[
        MarketMode, typer.Option(help="Prices stay where they are put, or walk by themselves, by the seed.")
    ] = MarketMode.static,
    rate_limits: Annotated[
        bool,
        typer.Option(
            "--rate-limits", "--limits", help="Hold the documented limits of IP, address and websockets."
        ),
    ] = False,
    dump_state: Annotated[
        Path | None, typer.Option(help="Write the whole state to this file when the server stops.")
    ] = None,
    load_state: Annotated[
        Path | None, typer.Option(help="Start with the state of this file, and with its settings.")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="Let happen what this fault script says (JSON or YAML).")
    ] = None,
    silent: Annotated[
        bool, typer.Option("--silent", help="Print only the line that says it is ready.")
    ] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Write url, coins and accounts to this file as well.")
    ] = None,
) -> None:
    """Serve the embedded exchange: POST /info, POST /exchange and the feed on /ws, signed as on testnet."""
    logging.basicConfig(level=logging.ERROR if silent else logging.WARNING, format="%(message)s")
    try:
        if dump_state is not None:
            dump_state = _place(dump_state, "--dump-state")
        if json_path is not None:
            json_path = _place(json_path, "--json")
        if load_state is not None:
            _refuse_settings(context)
            net = saves.load(load_state, WallClock(), cadence=Cadence())
            accounts, balance_usd = net.began.accounts, f"{net.began.balance_usd:f}"
            if net.began.rules.ip_weight_a_minute is not None:
                net.set_limits(EXCHANGE_LIMITS)
        else:
            net = Localnet(
                WallClock(),
                accounts=accounts,
                balance_usd=_usd(balance_usd),
                seed=seed,
                rules=Rules(
                    ip_weight_a_minute=IP_WEIGHT if rate_limits else None, address_limits=rate_limits
                ),
                limits=EXCHANGE_LIMITS if rate_limits else None,
                market="walk" if market is MarketMode.walk else "static",
                keep_log=dump_state is not None,
            )
        if faults is not None:
            net.set_faults(_script(faults))
        listener = bind(host, port)
    except HarnessError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    with listener:
        url = _url(host, listener)
        coins = [perp.name for perp in net.exchange.universe.live_perps]
        if json_path is not None:
            _write_facts(json_path, url, coins, accounts)
        if not silent:
            _print_facts(url, coins, accounts, balance_usd)
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(_serve(make_server(net), listener, url))
    if dump_state is not None:
        try:
            saves.dump(net, dump_state)
        except LocalnetError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(1) from error


def _refuse_settings(context: typer.Context) -> None:
    """Refuse settings beside a saved state, which has its own.

    Raises:
        LocalnetError: one was given.
    """
    given = [name for name in _SAVED if str(context.get_parameter_source(name)).endswith("COMMANDLINE")]
    if given:
        flags = " and ".join("--" + name.replace("_", "-") for name in given)
        raise LocalnetError(
            f"{flags} cannot be had with --load-state.",
            needed="The settings that the state was saved with; it depends on them.",
            do=f"Leave {flags} out.",
        )


def _script(path: Path) -> object:
    """Return the values of a fault script; JSON is YAML too.

    Raises:
        LocalnetError: the file cannot be read, or is neither.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LocalnetError(f"Cannot read {path}: {error.strerror}.", needed="A fault script.") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        what = str(error).partition("\n")[0]
        raise LocalnetError(f"{path} is neither JSON nor YAML: {what}.", needed="A fault script.") from error


def _usd(text: str) -> Decimal:
    try:
        usd = Decimal(text)
    except InvalidOperation as error:
        raise LocalnetError(f"--balance-usd is {text!r}.", needed="A number, such as 10000.") from error
    if not (usd.is_finite() and 0 <= usd <= Decimal(10**12) and usd == round(usd, 6)):
        raise LocalnetError(
            f"--balance-usd is {text}.", needed="At least 0, at most 1e12, with at most six decimals."
        )
    return usd


def _url(host: str, listener: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"


async def _serve(server: Server, listener: socket.socket, url: str) -> None:
    loop = asyncio.get_running_loop()
    for interrupt in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(interrupt, setattr, server, "should_exit", True)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.005)
    if server.started:
        print(f"Listening on {url}", flush=True)
    await serving


def _print_facts(url: str, coins: list[str], accounts: int, balance_usd: str) -> None:
    print("Hyperliquid localnet: signs and verifies as testnet does.")
    print(f"URL: {url}")
    print(f"Coins: {' '.join(coins)}")
    print(f"Accounts, {balance_usd} USDC each. These keys are public: never use them for anything real.")
    for index, account in enumerate(ACCOUNTS[:accounts]):
        print(f"  ({index}) {account.address}  {account.private_key}")


def _place(path: Path, flag: str) -> Path:
    """Return where a file is to be written, before anybody puts work into it.

    Raises:
        LocalnetError: it cannot be written there.
    """
    found = f"there is no folder {path.parent}"
    if path.parent.is_dir():
        try:
            check_writable(path)
            return place_of(path)
        except OSError as error:
            found = str(error.strerror)
    raise LocalnetError(
        f"Cannot write {path}: {found}.",
        needed="A path for a regular file, in a folder that may be written to.",
        do=f"Name another one with {flag}.",
    )


def _write_facts(path: Path, url: str, coins: list[str], accounts: int) -> None:
    """Write what a program needs, whole or not at all."""
    facts = {
        "url": url,
        "coins": coins,
        "accounts": [account._asdict() for account in ACCOUNTS[:accounts]],
    }
    write_atomically(path, (json.dumps(facts, indent=2) + "\n").encode(), durable=False)
