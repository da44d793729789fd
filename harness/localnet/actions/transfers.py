"""User-signed transfers: `usdSend`, `spotSend`, `sendAsset`, `usdClassTransfer`, `withdraw3`.

They act on the signer's own account (wire rule 74), or on one of its sub-accounts that the action itself
names (rule 76).

Their `destination` is signed as text. That the exchange hashes the letters that were sent is UNVERIFIED. For
it: the SDK lower-cases what has to be, its maintainers say (hyperliquid-python-sdk issue 103), and not this;
its examples `basic_withdraw` and `basic_spot_to_builder_deployed_perp_dex` sign one with capitals; the Rust
SDK of the exchange has it as a `String` beside addresses as bytes (`src/exchange/actions.rs`). Against it:
rule 6, measured for other actions; with `Rules.lower_case_destinations` it holds here too.
"""

import re
from typing import ClassVar, Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.actions.registry import OK, Action, Call, action
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.markets.tokens import USDC
from harness.localnet.numbers import wire_usd
from harness.localnet.parsing import U64, Address, ChainId, Spelt
from harness.localnet.trading.spot import available
from harness.localnet.transfers.money import (
    FEE,
    PERP,
    RATIO,
    SPOT,
    Send,
    account_at,
    carry_out,
    check_perp,
    enter,
    parse_amount,
    pay_fee,
    plan_send,
    refuse_destination,
)
from harness.signing import USER_SIGNED

_USD_DECIMALS: Final = 6
_FOR_SUB_ACCOUNT: Final = re.compile(r"(.*) subaccount:(0x[0-9a-fA-F]{40})", re.ASCII)


class UserSignedAction(Action):
    """The base of what is signed as typed data; the fields that are signed are those of its type."""

    user_signed: ClassVar[bool] = True
    signatureChainId: ChainId = msgspec.field()
    hyperliquidChain: Literal["Mainnet", "Testnet"] = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the message that is signed."""
        message: dict[str, object] = {"type": self.type, "signatureChainId": str(self.signatureChainId)}
        for name, _ in USER_SIGNED[self.type].fields:
            value = getattr(self, name)
            spelt = value.sent if isinstance(value, Spelt) else value
            message[name] = str(spelt) if isinstance(spelt, str) else spelt
        return message

    def spell_lower(self) -> None:
        """Forget how addresses were spelt; what is hashed then are their lower-case letters."""
        for name, _ in USER_SIGNED[self.type].fields:
            value = getattr(self, name)
            if isinstance(value, Spelt):
                value.sent = str(value)

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Do what is asked, or only check it."""
        raise NotImplementedError

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        try:
            self.carry_out(call, really=False)
        except Refused:
            return


def own_account(call: Call, address: str) -> Ledger:
    """Return the sub-account that a transfer is for.

    Raises:
        Refused: it is not one of the signer's.
    """
    sub = call.exchange.sub_accounts.get(address)
    if sub is None or sub.master != call.account.address:
        raise Refused(messages.not_registered(address, call.account.address))
    return call.exchange.ledgers[address]


def refuse_unified(account: Ledger) -> None:
    """Refuse what moves USDC of one kind, of which a unified account has none (wire rule 102).

    That it is the account the money leaves that counts, not its master, is UNVERIFIED.

    Raises:
        NotCovered: it has portfolio margin, of which nobody has told.
    """
    if account.has_portfolio_margin:
        raise NotCovered("USDC of one kind with portfolio margin")
    if account.is_unified:
        raise Refused(messages.UNIFIED_DISABLED)


class UsdSendAction(UserSignedAction):
    """Perp USDC to another account."""

    destination: Spelt = msgspec.field()
    amount: str = msgspec.field()
    time: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Move the amount; the first transfer to an address costs 1 USDC on top (wire rule 96)."""
        exchange, account = call.exchange, call.account
        refuse_unified(account)
        micro = parse_amount(self.amount, _USD_DECIMALS)
        refuse_destination(exchange, self.destination)
        if self.destination == account.address:
            raise NotCovered("a usdSend to oneself")
        fee = 0 if exchange.ledger(self.destination) is not None else FEE
        check_perp(exchange, account, micro + fee)
        if not really:
            return
        if fee:
            pay_fee(exchange, account, PERP)
        receiver = account_at(exchange, str(self.destination))
        account.balance -= micro
        receiver.balance += micro
        # Observed 2026-07-31 (TI:65792531932): 40.0 with a fee of 1.0.
        delta: dict[str, object] = {
            "type": "internalTransfer",
            "usdc": wire_usd(micro),
            "user": account.address,
            "destination": str(self.destination),
            "fee": wire_usd(fee),
        }
        enter(exchange, delta, account, receiver)


class SpotSendAction(UserSignedAction):
    """A token to another account."""

    destination: Spelt = msgspec.field()
    token: str = msgspec.field()
    amount: str = msgspec.field()
    time: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Send from spot to spot. That its row is still a `spotTransfer`, as in 2024, is UNVERIFIED."""
        refuse_unified(call.account)
        send = plan_send(
            call.exchange,
            call.account,
            str(self.destination),
            (SPOT, SPOT),
            (self.token, self.amount),
            int(self.time),
        )
        if really:
            carry_out(call.exchange, send, "spotTransfer")


def _plan_asset(call: Call, asked: "SendAssetAction | AgentSendAssetAction") -> Send:
    """Check a send of an asset, which both of its actions ask for in the same fields."""
    source = own_account(call, asked.fromSubAccount.lower()) if asked.fromSubAccount else call.account
    if source.is_unified and (asked.sourceDex, asked.destinationDex) != (SPOT, SPOT):
        if source.has_portfolio_margin:
            raise NotCovered("sending between dexes with portfolio margin")
        raise Refused(messages.UNIFIED_SPOT_ONLY)
    return plan_send(
        call.exchange,
        source,
        str(asked.destination),
        (asked.sourceDex, asked.destinationDex),
        (asked.token, asked.amount),
        int(asked.nonce),
    )


class SendAssetAction(UserSignedAction):
    """A token to another account or to another part of one's own."""

    destination: Spelt = msgspec.field()
    sourceDex: str = msgspec.field()
    destinationDex: str = msgspec.field()
    token: str = msgspec.field()
    amount: str = msgspec.field()
    fromSubAccount: str = msgspec.field()
    nonce: U64 = msgspec.field()

    def plan(self, call: Call) -> Send:
        """Check what is asked."""
        return _plan_asset(call, self)

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Send it."""
        send = self.plan(call)
        if really:
            carry_out(call.exchange, send)


class UsdClassTransferAction(UserSignedAction):
    """USDC between perpetuals and spot; the amount may end in ` subaccount:0x..` (wire rule 76)."""

    amount: str = msgspec.field()
    toPerp: bool = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Move it. That spot lacks it is told as for a send: UNVERIFIED."""
        match = _FOR_SUB_ACCOUNT.fullmatch(self.amount)
        account = call.account if match is None else own_account(call, match[2].lower())
        refuse_unified(account)
        micro = parse_amount(self.amount if match is None else match[1], _USD_DECIMALS)
        if not self.toPerp:
            check_perp(call.exchange, account, micro)
        elif available(call.exchange, account, USDC) < micro * RATIO:
            raise Refused(messages.NO_BALANCE)
        if not really:
            return
        sign = 1 if self.toPerp else -1
        account.balance += sign * micro
        account.tokens_of(USDC.index).total -= sign * micro * RATIO
        delta: dict[str, object] = {
            "type": "accountClassTransfer",
            "usdc": wire_usd(micro),
            "toPerp": self.toPerp,
        }
        enter(call.exchange, delta, account)


class WithdrawAction(UserSignedAction):
    """USDC out of the exchange."""

    destination: Spelt = msgspec.field()
    amount: str = msgspec.field()
    time: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Take it out for a fee of 1 USDC (wire rule 96), from the one balance of a unified account.

        The latter was measured (GH metamask-mobile 29303).

        UNVERIFIED: that the fee is part of the amount and the row shows what arrives.
        """
        exchange, account = call.exchange, call.account
        micro = parse_amount(self.amount, _USD_DECIMALS, zero=messages.WITHDRAW_ZERO)
        if micro <= FEE:
            raise NotCovered("a withdrawal that does not exceed its fee")
        check_perp(exchange, account, micro)
        if not really:
            return
        account.balance -= micro
        exchange.fees += FEE
        exchange.tokens_gone[USDC.index] = exchange.tokens_gone.get(USDC.index, 0) + (micro - FEE) * RATIO
        delta: dict[str, object] = {
            "type": "withdraw",
            "usdc": wire_usd(micro - FEE),
            "nonce": int(self.time),
            "fee": wire_usd(FEE),
        }
        enter(exchange, delta, account)


@action("usdSend", UsdSendAction)
@action("spotSend", SpotSendAction)
@action("sendAsset", SendAssetAction)
@action("usdClassTransfer", UsdClassTransferAction)
@action("withdraw3", WithdrawAction)
def transfer(call: Call, asked: UserSignedAction) -> dict[str, object]:
    """Carry out a transfer."""
    asked.carry_out(call, really=True)
    return OK


class AgentSendAssetAction(Action):
    """The same as `sendAsset`, signed as an L1 action, so an agent can."""

    destination: Address = msgspec.field()
    sourceDex: str = msgspec.field()
    destinationDex: str = msgspec.field()
    token: str = msgspec.field()
    amount: str = msgspec.field()
    fromSubAccount: str = msgspec.field()
    nonce: U64 = msgspec.field()

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed, in the order of the recorded request."""
        return {
            "type": self.type,
            "destination": str(self.destination),
            "sourceDex": self.sourceDex,
            "destinationDex": self.destinationDex,
            "token": self.token,
            "amount": self.amount,
            "fromSubAccount": self.fromSubAccount,
            "nonce": int(self.nonce),
        }

    def plan(self, call: Call) -> Send:
        """Check what is asked; that the receiver is looked at first is UNVERIFIED."""
        sub = call.exchange.sub_accounts.get(self.destination)
        if self.destination != call.account.address and (sub is None or sub.master != call.account.address):
            raise Refused(messages.AGENT_SEND)
        return _plan_asset(call, self)

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered where the exchange's answer is not known."""
        try:
            self.plan(call)
        except Refused:
            return


@action("agentSendAsset", AgentSendAssetAction)
def agent_send_asset(call: Call, asked: AgentSendAssetAction) -> dict[str, object]:
    """Send to the same user or to its sub-accounts."""
    carry_out(call.exchange, asked.plan(call))
    return OK
