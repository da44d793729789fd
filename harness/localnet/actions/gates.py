"""Actions that localnet can only refuse: what they need does not exist here, and the text is recorded.

`scheduleCancel` and `createSubAccount` need traded volume, `updateIsolatedMargin` an isolated position, and
`setReferrer`, `vaultTransfer` and `subAccountTransfer` something that nobody on a localnet has. What would
succeed is not covered.
"""

from typing import Final, NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.numbers import MICRO, cents
from harness.localnet.parsing import U32, U64, Address

_SCHEDULE_CANCEL_USD: Final = 1_000_000
_SUB_ACCOUNT_USD: Final = 100_000


class ScheduleCancelAction(Action):
    """Without `time` it clears."""

    time: U64 | None = None

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type} | ({} if self.time is None else {"time": int(self.time)})

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered once there is volume enough."""
        _refuse_volume(call, _SCHEDULE_CANCEL_USD)


@action("scheduleCancel", ScheduleCancelAction)
def schedule_cancel(call: Call, asked: ScheduleCancelAction) -> NoReturn:
    """Refuse for want of volume, setting and clearing alike (wire rule 66)."""
    traded = cents(call.account.volume)
    raise Refused(messages.volume_gate("set scheduled cancel time", _SCHEDULE_CANCEL_USD, traded))


class CreateSubAccountAction(Action):
    """The name of the sub-account."""

    name: str = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "name": self.name}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered once there is volume enough."""
        _refuse_volume(call, _SUB_ACCOUNT_USD)


@action("createSubAccount", CreateSubAccountAction)
def create_sub_account(call: Call, asked: CreateSubAccountAction) -> NoReturn:
    """Refuse for want of volume (wire rule 82)."""
    traded = cents(call.account.volume)
    raise Refused(messages.volume_gate("create sub-accounts", _SUB_ACCOUNT_USD, traded))


def _refuse_volume(call: Call, required_usd: int) -> None:
    if call.account.volume >= required_usd * MICRO:
        raise NotCovered("what needs traded volume, once there is enough")


class SetReferrerAction(Action):
    """A referral code."""

    code: str = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "code": self.code}


@action("setReferrer", SetReferrerAction)
def set_referrer(call: Call, asked: SetReferrerAction) -> NoReturn:
    """Refuse: there are no codes."""
    raise Refused(messages.NO_REFERRAL_CODE)


class VaultTransferAction(Action):
    """A deposit into a vault, or a withdrawal; `usd` in millionths (wire rule 97)."""

    vaultAddress: Address = msgspec.field()
    isDeposit: bool = msgspec.field()
    usd: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {
            "type": self.type,
            "vaultAddress": str(self.vaultAddress),
            "isDeposit": self.isDeposit,
            "usd": int(self.usd),
        }


@action("vaultTransfer", VaultTransferAction)
def vault_transfer(call: Call, asked: VaultTransferAction) -> NoReturn:
    """Refuse: there are no vaults."""
    raise Refused(messages.vault_unknown(asked.vaultAddress))


class SubAccountTransferAction(Action):
    """A transfer to or from a sub-account; `usd` in millionths."""

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


@action("subAccountTransfer", SubAccountTransferAction)
def sub_account_transfer(call: Call, asked: SubAccountTransferAction) -> NoReturn:
    """Refuse: nobody has a sub-account."""
    raise Refused(messages.foreign_sub_account(call.account.address, asked.subAccountUser))


class UpdateIsolatedMarginAction(Action):
    """`ntli`, in millionths of a USD, is negative when margin is taken out."""

    asset: U32 = msgspec.field()
    isBuy: bool = msgspec.field()
    ntli: int = msgspec.field()

    def __post_init__(self) -> None:
        if not -(1 << 63) <= self.ntli < 1 << 63:
            raise ValueError("not a number of 64 bits")

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type, "asset": int(self.asset), "isBuy": self.isBuy, "ntli": self.ntli}

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered without a position: the text is not known."""
        if not call.account.szi(self.asset):
            raise NotCovered("isolated positions")


@action("updateIsolatedMargin", UpdateIsolatedMarginAction)
def update_isolated_margin(call: Call, asked: UpdateIsolatedMarginAction) -> NoReturn:
    """Refuse: all positions are cross."""
    raise Refused(messages.NOT_ISOLATED)
