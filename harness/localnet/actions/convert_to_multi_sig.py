"""`convertToMultiSigUser`: let several users act for an account, or with `null` its own key again.

Source: SDK `Exchange.convert_to_multi_sig_user`; wire rule 159; TI:70873832004.
"""

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.multi_sigs import MOST_USERS, MultiSig
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import BadShape, NotCovered, Refused
from harness.localnet.parsing import U32, U64, Address, convert


class Signers(msgspec.Struct):
    """What the text of `signers` holds."""

    authorizedUsers: list[Address]
    threshold: U32


class ConvertToMultiSigUserAction(UserSignedAction):
    """`signers` is JSON in a string."""

    signers: str = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Convert; that users exist is checked before their number, the rest of the order is UNVERIFIED."""
        exchange, address = call.exchange, call.account.address
        asked = self._read()
        if asked is None:
            if address not in exchange.multi_sigs:
                raise NotCovered("turning an account back that is no multi-sig account")
            if really:
                del exchange.multi_sigs[address]
            return
        users = [str(user) for user in asked.authorizedUsers]
        if address in users:
            raise Refused(messages.MULTI_SIG_SELF)
        if not 1 <= asked.threshold <= len(users):
            raise Refused(messages.MULTI_SIG_BAD_THRESHOLD)
        if any(exchange.ledger(user) is None for user in users):
            raise Refused(messages.MULTI_SIG_SIGNER_UNKNOWN)
        if len(users) > MOST_USERS:
            raise Refused(messages.MULTI_SIG_MANY)
        if len(set(users)) < len(users):
            raise NotCovered("a multi-sig user named twice")
        if really:
            exchange.multi_sigs[address] = MultiSig(tuple(sorted(users)), int(asked.threshold))

    def _read(self) -> Signers | None:
        """Return what the text holds, None for `null`."""
        try:
            value = msgspec.json.decode(self.signers)
            return None if value is None else convert(value, Signers)
        except (msgspec.DecodeError, BadShape) as error:
            raise Refused(messages.MULTI_SIG_MALFORMED) from error


@action("convertToMultiSigUser", ConvertToMultiSigUserAction)
def convert_to_multi_sig(call: Call, asked: ConvertToMultiSigUserAction) -> dict[str, object]:
    """Carry it out."""
    asked.carry_out(call, really=True)
    return OK
