"""A localnet's state in a file, and back: settings and all inputs with their block times, as JSON lines.

Loading does it all again: requests with their signatures, commands with their checks. So a file can do no
more than a client and the control API can; nothing in it is ever run. The last line holds a seal, by which a
file shows itself that was cut off, edited, or written by a localnet that works otherwise.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal, NoReturn, TypeVar

import msgspec

from harness.localnet.asks import LocalnetError
from harness.localnet.clock import VirtualClock, WallClock
from harness.localnet.control.commands import COMMANDS, carry_out
from harness.localnet.control.front import Beginning
from harness.localnet.control.localnet import Localnet
from harness.localnet.control.logbook import POLL, REQUEST, TOUCH, Entry
from harness.localnet.exchange import Exchange

VERSION: Final = 1
# Ten years; longer ones would take hours to do again.
_LONGEST_MS: Final = 10 * 365 * 86_400_000
_MOST_IDLE: Final = 10**12
_Line = TypeVar("_Line")


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    began: Beginning
    form: Literal["hl-harness localnet state"] = "hl-harness localnet state"
    version: int = VERSION


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line: the exchange's time, blocks since the last input, and what the state comes to."""

    end: int
    idle: int
    seal: str


def dump(net: Localnet, path: Path) -> None:
    """Write the state to a file, whole or not at all.

    Raises:
        LocalnetError: the localnet keeps no log, or the file cannot be written.
    """
    if not net.log.is_kept:
        raise LocalnetError(
            "This localnet keeps no log, so its state cannot be written.",
            needed="A localnet that was started with keep_log=True.",
        )
    lines = [msgspec.json.encode(line) for line in (Header(net.began), *net.log.entries)]
    lines.append(msgspec.json.encode(End(net.now_ms(), net.log.idle, seal(net.exchange))))
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(b"\n".join(lines) + b"\n")
        part.replace(path)
    except OSError as error:
        raise LocalnetError(
            f"Cannot write {path}: {error.strerror}.",
            needed="A file, there already or not, in a folder that can be written to.",
        ) from error


def load(path: Path, clock: VirtualClock | WallClock | None = None, **options: Any) -> Localnet:
    """Return a localnet in the state of a file.

    Args:
        path: what `dump` wrote.
        clock: what it goes on with, a `VirtualClock` unless given; one that is behind is set forward.
        options: more arguments of `Localnet`, such as `limits`.

    Raises:
        LocalnetError: the file cannot be read, is damaged, or does not lead to the state it was written from.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise LocalnetError(f"Cannot read {path}: {error.strerror}.", needed="A saved state.") from error
    header, end = _read(path, lines, 0, Header), _read(path, lines, -1, End)
    if len(lines) < 2 or header.version != VERSION:
        _refuse(path, 1, f"version {header.version}")
    began = header.began
    if not 0 <= began.start_ms <= end.end <= began.start_ms + _LONGEST_MS or not 0 <= end.idle <= _MOST_IDLE:
        _refuse(path, len(lines), "times that do not fit")
    try:
        net = Localnet(
            VirtualClock(began.start_ms, step_ms=0),
            accounts=began.accounts,
            balance_usd=began.balance_usd,
            seed=began.seed,
            rules=began.rules,
            market=began.market,
            keep_log=True,
            **options,
        )
    # A file may hold anything; whatever that provokes is the file's fault.
    except Exception as error:  # noqa: BLE001
        _refuse(path, 1, _first_line(error))
    for number, _ in enumerate(lines[1:-1], start=1):
        entry = _read(path, lines, number, Entry)
        if not net.now_ms() <= entry.at <= end.end or not 0 <= entry.idle <= _MOST_IDLE:
            _refuse(path, number + 1, "times that do not fit")
        net.clock.advance(entry.at - net.now_ms())
        net.skip_blocks(entry.idle)
        try:
            _do(net, entry)
        except Exception as error:  # noqa: BLE001
            _refuse(path, number + 1, f"what cannot be done: {_first_line(error)}")
    net.clock.advance(end.end - net.now_ms())
    net.skip_blocks(end.idle)
    if seal(net.exchange) != end.seal:
        _refuse(path, len(lines), "a seal that its inputs do not lead to")
    net.set_clock(VirtualClock(end.end) if clock is None else clock)
    return net


def _do(net: Localnet, entry: Entry) -> None:
    """Carry out one line.

    Raises:
        LocalnetError: it cannot be.
    """
    if entry.do == REQUEST:
        net.repeat(str(entry.fields["body"]).encode())
    elif entry.do == POLL:
        net.advance(0)
    elif entry.do == TOUCH:
        net.touch(int(entry.fields["asset"]))
    elif entry.do in COMMANDS and COMMANDS[entry.do].is_input:
        carry_out(net, entry.do, entry.fields)
    else:
        raise LocalnetError(f"{entry.do!r} is no input")


def _read(path: Path, lines: list[bytes], number: int, form: type[_Line]) -> _Line:
    try:
        return msgspec.json.decode(lines[number], type=form)
    except (IndexError, ValueError, msgspec.MsgspecError) as error:
        _refuse(path, number % max(len(lines), 1) + 1, str(error))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


def _refuse(path: Path, line: int, what: str) -> NoReturn:
    raise LocalnetError(
        f"{path} is no state that can be loaded; line {line} holds {what}.",
        needed="A file that this version of `hl-harness localnet --dump-state` wrote, whole and unchanged.",
        do="Start without --load-state.",
    )


def seal(exchange: Exchange) -> str:
    """Return a digest of what accounts have, of their open orders, and of the exchange's counters."""
    state: list[object] = [exchange.blocks, exchange.trades, exchange.fees, exchange.total_usd()]
    for ledger in exchange.everyone():
        positions = sorted((asset, held.szi, held.cost) for asset, held in ledger.positions.items())
        orders = [(oid, order.px, order.sz, order.status) for oid, order in ledger.open.items()]
        tokens = sorted((index, balance.total) for index, balance in ledger.tokens.items())
        usd = [ledger.balance, *sorted(ledger.dex_balances.items())]
        state.append(
            [ledger.address, ledger.mode, ledger.unified_actions, *usd, ledger.volume, ledger.requests_used]
        )
        state.append([positions, orders, tokens, ledger.keeps_dust])
    state += [exchange.builders, exchange.referrals, exchange.stakes, exchange.multi_sigs]
    state += [exchange.staking_links, exchange.validators, exchange.restrictions]
    universe = exchange.universe
    state += [universe.deployments, universe.registered, universe.terms, exchange.auctions]
    state += [universe.quote_roles, universe.labels, universe.routes]
    state += [exchange.outcomes, exchange.told, exchange.lending, exchange.evm, exchange.vaults]
    state += [exchange.backstops, exchange.fee_trials]
    state += [perp for dex in universe.dexes[1:] for perp in dex.perps]
    state += [[ladder.sz, ladder.money, ladder.seen] for ladder in exchange.ladders.values()]
    state += [[market.listing.name, market.target_mid, market.mark] for market in exchange.all_markets()]
    return blake2b(repr(state).encode(), digest_size=16).hexdigest()
