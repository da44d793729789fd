"""`sendToEvmWithData`: a token to its contract on the EVM, with a message.

Source: API docs, "Exchange endpoint": the contract is called with the message in place of a transfer, so what
is sent is the contract's then. What it does with it, such as Circle's on another chain, is not known here.
NK's test of the same name. UNVERIFIED: the gas, which is that of the limit that is asked for, at the price of
any transfer to the EVM; and the row, which is that of a `sendAsset`.
"""

from typing import Annotated, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.tokens import HYPE, system_address
from harness.localnet.parsing import U32, U64
from harness.localnet.transfers.money import SPOT, leave, plan_send

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
        """Send it.

        Raises:
            Refused: as a `sendAsset` from the same place.
            NotCovered: the token has no contract, or there is no gas for it.
        """
        exchange, account = call.exchange, call.account
        if account.is_unified and self.sourceDex != SPOT:
            raise Refused(messages.UNIFIED_SPOT_ONLY)
        token = exchange.universe.token_named(self.token)
        if token is None:
            raise Refused(messages.unknown_token(self.token))
        contract = exchange.universe.contract_of(token)
        if contract is None or token is HYPE or not self.gasLimit:
            raise NotCovered("data for a token without a contract, or without gas")
        send = plan_send(
            exchange,
            account,
            system_address(token),
            (self.sourceDex, SPOT),
            (self.token, self.amount),
            int(self.nonce),
            int(self.gasLimit),
        )
        if really:
            leave(exchange, send, contract[0])


@action("sendToEvmWithData", SendToEvmAction)
def send_to_evm(call: Call, asked: SendToEvmAction) -> dict[str, object]:
    """Send it."""
    asked.carry_out(call, really=True)
    return OK
