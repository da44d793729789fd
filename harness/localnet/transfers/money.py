"""Money that moves: between accounts, between perpetuals and spot, and out of the exchange.

Source: wire rules 21, 96 to 98; RIFT, observations, "Transfers and ledger" and "Activation gas selection".
The order of the checks of a send is UNVERIFIED.

What goes to a token's system address goes to the EVM, where the sender has it then: API docs, "HyperCore <>
HyperEVM transfers". It needs HYPE for gas; that the gas of those who have none is taken from what they send
is likely, but not known. The form of the row is UNVERIFIED.
"""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from harness.localnet import messages
from harness.localnet.accounts import risk
from harness.localnet.accounts.balances import LedgerUpdate
from harness.localnet.accounts.ledger import DUSTER, HOUSE, Ledger
from harness.localnet.accounts.modes import DEX
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.events import LedgerUpdated
from harness.localnet.markets.tokens import HYPE, USDC, Token, is_system_address, system_address
from harness.localnet.numbers import MICRO, wire, wire_usd
from harness.localnet.trading.spot import sendable, usd_value, watch_dust

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

PERP: Final = ""
SPOT: Final = "spot"
# What the first transfer to an address costs, and a withdrawal, in 1e-6 USD (wire rule 96).
FEE: Final = MICRO
# A unit of perp USDC in units of spot USDC.
RATIO: Final = USDC.unit // MICRO

# Exact scientific notation is accepted (wire rule 9).
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
# What a transfer to the EVM costs (docs, "HyperCore <> HyperEVM transfers"); its price of gas is that of the
# EVM's next block, of which there is none here: 0.1 gwei is UNVERIFIED.
EVM_GAS: Final = 200_000
_GAS_A_WEI: Final = 100
_LIQUIDATOR: Final = re.compile(r"0x40{31}[0-9a-f]{8}", re.ASCII)


def parse_amount(text: str, decimals: int, *, zero: str = messages.SEND_ZERO) -> int:
    """Return an amount as an integer of 10**-decimals.

    Raises:
        Refused: it is no decimal, zero, negative, or has more decimals.
    """
    if not _AMOUNT.fullmatch(text):
        raise Refused(messages.NO_DECIMAL)
    value = Decimal(text)
    if not value:
        raise Refused(zero)
    shifted = value.scaleb(decimals)
    if value < 0 or shifted != int(shifted):
        raise Refused(messages.BAD_DECIMALS)
    return int(shifted)


def withdrawable(exchange: "Exchange", ledger: Ledger, dex: int = 0) -> int:
    """Return what may leave the perpetuals of a dex, in 1e-6 USD (wire rules 89 and 149).

    With portfolio margin it leaves the one balance.
    """
    if ledger.has_portfolio_margin:
        return sendable(exchange, ledger, USDC) // RATIO
    return risk.withdrawable(ledger, exchange.markets, dex)


def check_perp(exchange: "Exchange", ledger: Ledger, micro: int, dex: int = 0) -> None:
    """Refuse to take out more than may leave.

    The text is recorded for `usdSend` (TI:71485011122, testnet 2026-10); for the others it is UNVERIFIED.
    """
    if withdrawable(exchange, ledger, dex) < micro:
        raise Refused(messages.NOT_WITHDRAWABLE)


def liquidator_address(dex: int) -> str:
    """Return the address of the liquidator of a builder's dex (docs, "HIP-3")."""
    return f"0x4{dex:039x}"


def refuse_destination(exchange: "Exchange", destination: str) -> None:
    """Raise NotCovered for addresses that are more than an account."""
    if destination in (HOUSE, DUSTER) or _LIQUIDATOR.fullmatch(destination) or is_system_address(destination):
        raise NotCovered("sending USDC of perpetuals to the EVM, or to an address of the exchange itself")
    if exchange.vaults.get(destination) is not None:
        raise NotCovered("sending to a vault")


def enter(exchange: "Exchange", delta: dict[str, object], *ledgers: Ledger) -> None:
    """Keep a row in the ledger updates of all that are concerned (wire rule 98)."""
    update = LedgerUpdate(exchange.now_ms(), exchange.tx_hash, delta)
    # An account that is on both sides gets one row: UNVERIFIED.
    for ledger in {ledger.address: ledger for ledger in ledgers}.values():
        ledger.updates.append(update)
        exchange.tell(LedgerUpdated(ledger.address, update))


def account_at(exchange: "Exchange", address: str) -> Ledger:
    """Return an account, which is made if it does not exist."""
    exchange.fund(address, 0)
    return exchange.ledgers[address]


class Send(NamedTuple):
    """A checked `sendAsset` or its like; `wei` in units of the token."""

    source: Ledger
    destination: str
    source_dex: str
    destination_dex: str
    token: Token
    wei: int
    nonce: int
    # Whether the first transfer to an address has to be paid for.
    opens: bool
    # What crossing to the EVM costs, in wei of HYPE; nothing for what stays.
    gas: int = 0

    def delta(self, exchange: "Exchange", kind: str) -> dict[str, object]:
        """Return the row of both sides; a value is cut to six decimals (RIFT, observations)."""
        dexes = {"sourceDex": self.source_dex, "destinationDex": self.destination_dex}
        parties = {"user": self.source.address, "destination": self.destination}
        moved = {
            "token": self.token.name,
            "amount": wire(self.wei, self.token.wei_decimals),
            "usdcValue": wire_usd(usd_value(exchange, self.token, self.wei) // 100),
        }
        paid = {
            "fee": wire_usd(FEE if self.opens else 0),
            "nativeTokenFee": wire(self.gas, HYPE.wei_decimals),
            "nonce": self.nonce,
            "feeToken": USDC.name if self.opens else "",
        }
        if kind == "send":
            return {"type": kind, **parties, **dexes, **moved, **paid}
        return {"type": kind, **moved, **parties, **paid}


def plan_send(
    exchange: "Exchange",
    source: Ledger,
    destination: str,
    dexes: tuple[str, str],
    named: tuple[str, str],
    nonce: int,
    gas_limit: int = EVM_GAS,
) -> Send:
    """Check a send.

    Args:
        exchange: where.
        source: who sends.
        destination: who receives, a lower-case address.
        dexes: the source's and the destination's: "spot", or the name of a perp dex.
        named: the token and the amount as they are written.
        nonce: the action's.
        gas_limit: how much gas there is for it, if it goes to the EVM.

    Raises:
        Refused: it is not possible.
        NotCovered: the exchange's answer is not known.
    """
    if any(dex != SPOT and exchange.universe.dex_named(dex) is None for dex in dexes):
        raise Refused(messages.BAD_DEX)
    token = exchange.universe.token_named(named[0])
    if token is None:
        raise Refused(messages.unknown_token(named[0]))
    wei = parse_amount(named[1], token.wei_decimals)
    if exchange.universe.frozen(token, source.address, destination):
        raise Refused(messages.FROZEN)
    if destination == source.address and dexes[0] == dexes[1]:
        raise Refused(messages.INVALID_SEND)
    if dexes != (SPOT, SPOT):
        if token is not USDC:
            raise NotCovered("a token other than USDC on perpetuals")
        if wei % RATIO:
            raise Refused(messages.INVALID_SEND)
    crosses = is_system_address(destination)
    if crosses:
        _refuse_crossing(exchange, destination, dexes[1], token)
    else:
        refuse_destination(exchange, destination)
    receiver = exchange.ledger(destination)
    for account, dex in ((source, dexes[0]), (receiver, dexes[1])):
        if account is not None and account.mode == DEX and perp_dex_of(exchange, dex):
            raise NotCovered("money of its own on a builder's dex with dex abstraction")
    opens = receiver is None and not crosses
    _check_balance(exchange, source, dexes[0], token, wei, opens=opens)
    gas = -(-gas_limit // _GAS_A_WEI) if crosses else 0
    if sendable(exchange, source, HYPE) < gas + (wei if token is HYPE and gas else 0):
        raise NotCovered("a transfer to the EVM without the HYPE to pay for its gas")
    return Send(source, destination, *dexes, token, wei, nonce, opens, gas)


def _refuse_crossing(exchange: "Exchange", destination: str, dex: str, token: Token) -> None:
    """Raise NotCovered for what cannot cross to the EVM; the exchange's texts are not known."""
    if destination != system_address(token) or exchange.universe.contract_of(token) is None:
        raise NotCovered("sending to the EVM what has no contract there, or another address")
    if dex != SPOT:
        raise NotCovered("sending to the EVM elsewhere than to spot")


def _check_balance(
    exchange: "Exchange", source: Ledger, dex: str, token: Token, wei: int, *, opens: bool
) -> None:
    perp_dex = perp_dex_of(exchange, dex)
    if perp_dex is not None:
        # The fee comes from where the money comes from: UNVERIFIED, and so is the text if only it is lacking.
        check_perp(exchange, source, wei // RATIO + (FEE if opens else 0), perp_dex)
        return
    has = sendable(exchange, source, token)
    if has < wei:
        raise Refused(messages.NO_BALANCE)
    if opens and token is USDC and has < wei + FEE * RATIO:
        raise Refused(messages.no_gas(token.name))
    if opens and sendable(exchange, source, USDC) < FEE * RATIO:
        raise Refused(messages.NO_QUOTE_GAS)


def carry_out(exchange: "Exchange", send: Send, kind: str = "send") -> None:
    """Move what a checked send moves."""
    if send.gas:
        leave(exchange, send, send.source.address, kind)
        return
    if send.opens:
        pay_fee(exchange, send.source, send.source_dex)
    destination = account_at(exchange, send.destination)
    delta = send.delta(exchange, kind)
    if (send.source_dex, send.destination_dex) != (SPOT, SPOT):
        for ledger, dex, sign in ((send.source, send.source_dex, -1), (destination, send.destination_dex, 1)):
            perp_dex = perp_dex_of(exchange, dex)
            if perp_dex is not None:
                move_usd(exchange, ledger, perp_dex, sign * (send.wei // RATIO))
            else:
                ledger.tokens_of(USDC.index).total += sign * send.wei
    else:
        move_token(exchange, send.source, destination, send.token, send.wei)
    enter(exchange, delta, send.source, destination)


def leave(exchange: "Exchange", send: Send, owner: str, kind: str = "send") -> None:
    """Let a checked send cross to the EVM, where `owner` has it then."""
    source, delta = send.source, send.delta(exchange, kind)
    source.tokens_of(HYPE.index).take(send.gas)
    exchange.add_token_fee(HYPE, send.gas)
    perp_dex = perp_dex_of(exchange, send.source_dex)
    if perp_dex is not None:
        move_usd(exchange, source, perp_dex, -(send.wei // RATIO))
    else:
        source.tokens_of(send.token.index).take(send.wei)
    exchange.evm.credit(owner, send.token.index, send.wei)
    enter(exchange, delta, source)
    for token in (send.token, HYPE):
        watch_dust(exchange, source, token)


def perp_dex_of(exchange: "Exchange", name: str) -> int | None:
    """Return the number of a perp dex, None for spot."""
    dex = exchange.universe.dex_named(name)
    return None if dex is None else dex.number


def move_usd(exchange: "Exchange", ledger: Ledger, dex: int, micro: int) -> None:
    """Change the balance on a perp dex by what comes or goes; of a builder's dex it is counted."""
    ledger.add_usd(dex, micro)
    if dex:
        exchange.dex_deposits[dex] = exchange.dex_deposits.get(dex, 0) + micro


def move_token(exchange: "Exchange", source: Ledger, destination: Ledger, token: Token, wei: int) -> None:
    """Move spot balance; the receiver's entry is the value at the mark (RIFT, observations)."""
    source.tokens_of(token.index).take(wei)
    received = destination.tokens_of(token.index)
    received.total += wei
    if token is not USDC:
        received.entry += usd_value(exchange, token, wei)
    for ledger in (source, destination):
        watch_dust(exchange, ledger, token)


def pay_fee(exchange: "Exchange", ledger: Ledger, dex: str) -> None:
    """Take 1 USDC."""
    perp_dex = perp_dex_of(exchange, dex)
    if perp_dex is not None:
        move_usd(exchange, ledger, perp_dex, -FEE)
        exchange.fees += FEE
    else:
        ledger.tokens_of(USDC.index).total -= FEE * RATIO
        exchange.add_token_fee(USDC, FEE * RATIO)
