"""`finalizeEvmContract`: no contract is ever pending here.

Source: NK test finalizeEvmContract.
"""

from typing import Literal, NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.typed import Form, TypedAction
from harness.localnet.answers import Refused
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


@action("finalizeEvmContract", FinalizeEvmContractAction, only_refuses=True)
def finalize_evm_contract(call: Call, asked: FinalizeEvmContractAction) -> NoReturn:
    """Refuse: no contract is pending."""
    raise Refused(messages.NO_EVM_CONTRACT)
