"""`finalizeEvmContract`: the end of linking a token to its contract on the EVM.

Source: API docs, "HyperCore <> HyperEVM transfers"; NK test finalizeEvmContract.
"""

from typing import Literal

import msgspec

from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import Form, TypedAction
from harness.localnet.deploys import evm_contract
from harness.localnet.parsing import U32, U64


class Create(Form):
    """The nonce of the contract's creation."""

    nonce: U64


class FromCreation(Form):
    """A contract known by its creation."""

    create: Create


class FinalizeEvmContractAction(TypedAction):
    """Link a token to its contract on the EVM."""

    token: U32 = msgspec.field()
    input: Literal["firstStorageSlot", "customStorageSlot"] | FromCreation = msgspec.field()

    def nonce(self) -> int | None:
        """Return the nonce of the contract's creation, None where its storage is asked."""
        return int(self.input.create.nonce) if isinstance(self.input, FromCreation) else None

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where a contract waits that the account is not known to have made."""
        evm_contract.refuse_unknown(call.exchange, call.account, int(self.token), self.nonce())


@action("finalizeEvmContract", FinalizeEvmContractAction)
def finalize_evm_contract(call: Call, asked: FinalizeEvmContractAction) -> dict[str, object]:
    """Link it."""
    evm_contract.finalize(call.exchange, int(asked.token))
    return OK
