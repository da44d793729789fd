"""`createSubAccount`, `subAccountModify`, `subAccountTransfer`, `subAccountSpotTransfer`.

Source: wire rules 82, 97, 155; EPI, SHIELD, NK.
"""

from typing import Final

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.sub_accounts import SubAccount, most_sub_accounts
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.actions.transfers import refuse_unified
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.numbers import MICRO, cents, wire_usd
from harness.localnet.parsing import U64, Address
from harness.localnet.transfers.money import SPOT, carry_out, check_perp, enter, plan_send

_VOLUME_USD: Final = 100_000
_LONGEST_NAME: Final = 16


class CreateSubAccountAction(Action):
    """The name of the sub-account."""

    name: str = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "name": self.name}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for names whose answer is not known."""
        if call.account.volume >= _VOLUME_USD * MICRO:
            _refuse_name(call, self.name)


@action("createSubAccount", CreateSubAccountAction)
def create_sub_account(call: Call, asked: CreateSubAccountAction) -> dict[str, object]:
    """Make a sub-account and answer its address."""
    exchange, account = call.exchange, call.account
    if account.volume < _VOLUME_USD * MICRO:
        traded = cents(account.volume)
        raise Refused(messages.volume_gate("create sub-accounts", _VOLUME_USD, traded))
    present = exchange.sub_accounts.of(account.address)
    if len(present) >= most_sub_accounts(account.volume // MICRO):
        raise Refused(messages.TOO_MANY_SUB_ACCOUNTS)
    address = exchange.new_address(f"sub-account {len(present)} of {account.address}")
    exchange.fund(address, 0)
    exchange.sub_accounts.add(SubAccount(address, account.address, asked.name))
    return {"type": "createSubAccount", "data": address}


def _refuse_name(call: Call, name: str) -> None:
    """Refuse names whose fate is not known: empty, longer than an agent's may be, or in use."""
    names = {sub.name for sub in call.exchange.sub_accounts.of(call.account.address)}
    if not 0 < len(name) <= _LONGEST_NAME or name in names:
        raise NotCovered("a sub-account name that is empty, long, or in use")


class SubAccountModifyAction(Action):
    """A new name for a sub-account. The order of keys is that of NK."""

    subAccountUser: Address = msgspec.field()
    name: str = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "subAccountUser": str(self.subAccountUser), "name": self.name}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for names whose answer is not known."""
        sub = call.exchange.sub_accounts.get(self.subAccountUser)
        if sub is not None and sub.master == call.account.address and sub.name != self.name:
            _refuse_name(call, self.name)


@action("subAccountModify", SubAccountModifyAction)
def sub_account_modify(call: Call, asked: SubAccountModifyAction) -> dict[str, object]:
    """Rename a sub-account."""
    sub = call.exchange.sub_accounts.get(asked.subAccountUser)
    if sub is None or sub.master != call.account.address:
        raise Refused(messages.not_registered(asked.subAccountUser, call.account.address))
    sub.name = asked.name
    return OK


def _parties(call: Call, address: str, *, is_deposit: bool) -> tuple[Ledger, Ledger]:
    """Return who pays and who receives.

    Raises:
        Refused: the address is not one's sub-account.
    """
    account = call.account
    sub = call.exchange.sub_accounts.get(address)
    if sub is None or sub.master != account.address:
        raise Refused(messages.foreign_sub_account(account.address, address))
    other = call.exchange.ledgers[address]
    return (account, other) if is_deposit else (other, account)


class SubAccountTransferAction(Action):
    """Perp USDC to or from a sub-account; `usd` in millionths."""

    subAccountUser: Address = msgspec.field()
    isDeposit: bool = msgspec.field()
    usd: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed: with a lower-case address (wire rule 6)."""
        return {
            "type": self.type,
            "subAccountUser": str(self.subAccountUser),
            "isDeposit": self.isDeposit,
            "usd": int(self.usd),
        }

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for nothing to or from a sub-account."""
        sub = call.exchange.sub_accounts.get(self.subAccountUser)
        if not self.usd and sub is not None and sub.master == call.account.address:
            raise NotCovered("a sub-account transfer of nothing")


@action("subAccountTransfer", SubAccountTransferAction)
def sub_account_transfer(call: Call, asked: SubAccountTransferAction) -> dict[str, object]:
    """Move perp USDC; the row was observed on 2026-07-31 (TI:65792531932).

    Refused where the master or the payer is unified; a client has the text and uses `sendAsset` instead
    (TI:55889422291). UNVERIFIED.
    """
    payer, receiver = _parties(call, asked.subAccountUser, is_deposit=asked.isDeposit)
    for account in (call.account, payer):
        refuse_unified(account)
    check_perp(call.exchange, payer, asked.usd)
    payer.balance -= asked.usd
    receiver.balance += asked.usd
    delta: dict[str, object] = {
        "type": "subAccountTransfer",
        "usdc": wire_usd(asked.usd),
        "user": payer.address,
        "destination": receiver.address,
    }
    enter(call.exchange, delta, payer, receiver)
    return OK


class SubAccountSpotTransferAction(Action):
    """A token to or from a sub-account's spot balance."""

    subAccountUser: Address = msgspec.field()
    isDeposit: bool = msgspec.field()
    token: str = msgspec.field()
    amount: str = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {
            "type": self.type,
            "subAccountUser": str(self.subAccountUser),
            "isDeposit": self.isDeposit,
            "token": self.token,
            "amount": self.amount,
        }


@action("subAccountSpotTransfer", SubAccountSpotTransferAction)
def sub_account_spot_transfer(call: Call, asked: SubAccountSpotTransferAction) -> dict[str, object]:
    """Move a token; its refusals and its row are those of a `spotSend`: UNVERIFIED, as is the row's nonce."""
    payer, receiver = _parties(call, asked.subAccountUser, is_deposit=asked.isDeposit)
    named = (asked.token, asked.amount)
    send = plan_send(call.exchange, payer, receiver.address, (SPOT, SPOT), named, call.nonce)
    carry_out(call.exchange, send, "spotTransfer")
    return OK
