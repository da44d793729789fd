"""Linking a token to its contract on the EVM: asked for by the deployer, finalized by who made the contract.

Source: API docs, "HyperCore <> HyperEVM transfers". A contract that an account of the EVM made has an address
that follows from the account and the nonce of its creation, so that way needs no EVM; the two ways that look
into the contract's storage do.
"""

from typing import TYPE_CHECKING

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.deploys.spot import deployed
from harness.localnet.markets.deployments import EvmContract
from harness.typed_data import keccak256

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Documented.
_LEAST_DECIMALS, _MOST_DECIMALS = -2, 18


def contract_made_by(account: str, nonce: int) -> str:
    """Return the address of the contract that an account of the EVM made with a transaction of this nonce.

    Source: Ethereum's Yellow Paper, section 7: the last 20 bytes of the hash of both as an RLP list.
    """
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if nonce >= 128 or not nonce:
        number = bytes([0x80 + len(number)]) + number
    items = bytes([0x80 + 20]) + bytes.fromhex(account[2:]) + number
    return "0x" + keccak256(bytes([0xC0 + len(items)]) + items)[-20:].hex()


def refuse_unknown_request(exchange: "Exchange", index: int, contract: EvmContract) -> None:
    """Raise NotCovered for decimals out of their bounds, and for a token that is linked already."""
    own = exchange.universe.deployments.get(index)
    is_linked = own is not None and own.evm is not None
    if not _LEAST_DECIMALS <= contract[1] <= _MOST_DECIMALS or is_linked:
        raise NotCovered("a second contract for a token, or decimals out of their bounds")


def request(exchange: "Exchange", deployer: Ledger, index: int, contract: EvmContract) -> None:
    """Note the contract that a token is to be linked to; a later one takes its place: UNVERIFIED.

    Raises:
        Refused: the token is somebody else's.
    """
    _, own = deployed(exchange, deployer, index)
    own.pending_evm = contract


def refuse_unknown(exchange: "Exchange", account: Ledger, index: int, nonce: int | None) -> None:
    """Raise NotCovered where a contract waits that an account is not known to have made.

    Args:
        exchange: where.
        account: who asks.
        index: the token's number.
        nonce: that of the contract's creation, or None where its storage is to tell who may.
    """
    own = exchange.universe.deployments.get(index)
    pending = None if own is None else own.pending_evm
    if pending is None:
        return
    if nonce is None or contract_made_by(account.address, nonce) != pending[0]:
        raise NotCovered("a contract on the EVM that the account is not known to have made")


def finalize(exchange: "Exchange", index: int) -> None:
    """Link a token to the contract that waits for it.

    Raises:
        Refused: none does.
    """
    own = exchange.universe.deployments.get(index)
    if own is None or own.pending_evm is None:
        raise Refused(messages.NO_EVM_CONTRACT)
    own.evm, own.pending_evm = own.pending_evm, None
    exchange.universe.changed()
