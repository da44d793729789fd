"""Tokens between HyperCore and the EVM: out by a send to a token's system address, in from outside.

Source: API docs, "HyperCore <> HyperEVM transfers" and "Activation gas fee"; Circle's docs, "Withdraw USDC
from HyperCore to HyperEVM"; web3-ethereum-defi, `eth_defi/hyperliquid/evm_escrow.py` (id 16241733492 of the
text index), for what waits: 2 to 4 seconds on mainnet, 2 to 10 on testnet, and for good where nobody has
activated the address.

UNVERIFIED: the form of the rows. A token that comes is a `spotTransfer` from its system address without a
nonce, which rows can lack (NK; SON's test `spotTransfer_null_nonce`); the fee for a new account is a row of
its own (ids 61444236440 and 55132434525 have seen such rows).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.markets.tokens import USDC, Token, system_address
from harness.localnet.numbers import wire, wire_usd
from harness.localnet.trading.spot import usd_value, watch_dust
from harness.localnet.transfers.money import FEE, RATIO, account_at, enter

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# How long a token waits; between what was met on mainnet and on testnet.
ESCROW_MS: Final = 4_000
# What opening an account costs, in wei of USDC.
OPENING: Final = FEE * RATIO


@dataclass(frozen=True, slots=True)
class Arrive:
    """The task of crediting what has waited."""

    address: str
    token: int
    wei: int
    opens: bool

    def __call__(self, exchange: "Exchange") -> None:
        """Credit it; what nobody has an account for goes on waiting."""
        is_new = exchange.ledger(self.address) is None
        if is_new and not (self.opens and self.token == USDC.index and self.wei > OPENING):
            return
        exchange.evm.release(self.address, self.token, self.wei)
        ledger, token = account_at(exchange, self.address), exchange.universe.tokens[self.token]
        if is_new:
            _open(exchange, ledger)
        balance = ledger.tokens_of(token.index)
        balance.total += self.wei
        if token is not USDC:
            balance.entry += usd_value(exchange, token, self.wei)
        enter(exchange, _row(exchange, token, self.wei, self.address), ledger)
        watch_dust(exchange, ledger, token)


def _open(exchange: "Exchange", ledger: Ledger) -> None:
    """Take the fee for a new account from what has come."""
    ledger.tokens_of(USDC.index).total -= OPENING
    exchange.add_token_fee(USDC, OPENING)
    fee: dict[str, object] = {"type": "accountActivationGas", "amount": wire_usd(FEE), "token": USDC.name}
    enter(exchange, fee, ledger)


def _row(exchange: "Exchange", token: Token, wei: int, address: str) -> dict[str, object]:
    return {
        "type": "spotTransfer",
        "token": token.name,
        "amount": wire(wei, token.wei_decimals),
        "usdcValue": wire_usd(usd_value(exchange, token, wei) // 100),
        "user": system_address(token),
        "destination": address,
        "fee": "0.0",
        "nativeTokenFee": "0.0",
        "nonce": None,
        "feeToken": "",
    }


def send_in(exchange: "Exchange", address: str, token: Token, wei: int, *, opens: bool) -> None:
    """Let a token come from the EVM; what the address is not known to have there is new.

    Args:
        exchange: where.
        address: whose it becomes, in lower case.
        token: what.
        wei: how much.
        opens: open an account for it, if there is none and it is more than 1 USDC.
    """
    exchange.evm.debit(address, token.index, wei)
    exchange.evm.hold(address, token.index, wei)
    exchange.at(exchange.now_ms() + ESCROW_MS, Arrive(address, token.index, wei, opens))


def escrow_rows(exchange: "Exchange", address: str) -> list[dict[str, object]]:
    """Return what waits for an address, as `spotClearinghouseState` shows it, by token index."""
    held = exchange.evm.escrows.get(address, {})
    tokens = [exchange.universe.tokens[index] for index in sorted(held)]
    return [
        {"coin": token.name, "token": token.index, "total": wire(held[token.index], token.wei_decimals)}
        for token in tokens
    ]
