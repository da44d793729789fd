"""`sendToEvmWithData`: tokens with a message to a contract of another chain; there is no EVM here.

Source: API docs, "Exchange endpoint"; NK's test of the same name.
"""

from typing import Annotated, Literal, NoReturn

import msgspec

from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import NotCovered
from harness.localnet.parsing import U32, U64

_Hex = Annotated[str, msgspec.Meta(pattern=r"^0[xX]([0-9a-fA-F]{2})*\Z")]


class SendToEvmAction(UserSignedAction):
    """What is sent from where, and to whom on which chain."""

    token: str = msgspec.field()
    amount: str = msgspec.field()
    sourceDex: str = msgspec.field()
    destinationRecipient: str = msgspec.field()
    addressEncoding: Literal["hex", "base58"] = msgspec.field()
    destinationChainId: U32 = msgspec.field()
    gasLimit: U64 = msgspec.field()
    data: _Hex = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Raise NotCovered: all that is served is what refuses any action, such as an unknown signer."""
        raise NotCovered("tokens sent to the EVM with data")


@action("sendToEvmWithData", SendToEvmAction, only_refuses=True)
def send_to_evm(call: Call, asked: SendToEvmAction) -> NoReturn:
    """Stand for the action; see `SendToEvmAction.carry_out`."""
    raise AssertionError("refuse_uncovered has not been asked")
