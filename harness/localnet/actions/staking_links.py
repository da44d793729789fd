"""`linkStakingUser` and `stakingLinkDisableTradingUser`: one account stakes for the fees of another.

Source: API docs, "Fees: Staking linking"; NK's tests of the same names for the refusal, of which what may
follow is not known. The trading account asks first, the staking one finalizes; that is for ever.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from harness.localnet import messages
from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.staking_links import LOCKED_MS
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.transfers import UserSignedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U64, Address
from harness.localnet.trading.spot import watch_dust

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class LinkStakingUserAction(UserSignedAction):
    """The account to be linked with; the staking one finalizes."""

    user: Address = msgspec.field()
    isFinalize: bool = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Ask for a link, or finalize one; a stranger and what nobody asked for are refused as measured.

        Raises:
            NotCovered: one of both is linked already, or the same.
        """
        links, mine, other = call.exchange.staking_links, call.account.address, str(self.user)
        if self.isFinalize:
            if links.asked.get(other) != mine:
                raise Refused(messages.STAKING_LINK)
        elif call.exchange.ledger(other) is None:
            raise Refused(messages.STAKING_LINK)
        if mine == other or links.is_linked(mine) or links.is_linked(other):
            raise NotCovered("a second staking link, or one with oneself")
        if not really:
            return
        if self.isFinalize:
            links.finalize(other, mine)
        else:
            links.ask(mine, other)


class DisableTradingUserAction(UserSignedAction):
    """The trading account whose funds are to be locked, sent by the staking one."""

    tradingUser: Address = msgspec.field()
    nonce: U64 = msgspec.field()

    def carry_out(self, call: Call, *, really: bool) -> None:
        """Lock an account: it can do nothing more, and in a year what it has is the staking account's.

        Raises:
            NotCovered: it is locked already, or has what is not only money.
        """
        exchange, trader = call.exchange, str(self.tradingUser)
        if exchange.staking_links.trader_of.get(call.account.address) != trader:
            raise Refused(messages.STAKING_LINK)
        if trader in exchange.staking_links.disabled or _has_more_than_money(exchange, trader):
            raise NotCovered("locking an account with more than money, or twice")
        if really:
            exchange.staking_links.disabled[trader] = None
            exchange.at(exchange.now_ms() + LOCKED_MS, HandOver(trader, call.account.address))


def _has_more_than_money(exchange: "Exchange", address: str) -> bool:
    """Say whether an account has positions, orders, TWAPs, a stake, part of a vault, or further accounts."""
    ledger = exchange.ledgers[address]
    stake = exchange.stakes.get(address)
    return bool(
        ledger.positions
        or ledger.open
        or ledger.twaps.running
        or (stake is not None and stake.total)
        or exchange.sub_accounts.of(address)
        or any(vault.leader == address or address in vault.followers for vault in exchange.vaults.values())
    )


@dataclass(frozen=True, slots=True)
class HandOver:
    """The task a year after an account was locked: its money goes to the staking account.

    UNVERIFIED: that each dex's balance stays on its dex, and that nobody's ledger tells of it.
    """

    trader: str
    staker: str

    def __call__(self, exchange: "Exchange") -> None:
        """Move it."""
        source, destination = exchange.ledgers[self.trader], exchange.ledgers[self.staker]
        for dex in (0, *source.dex_balances):
            usd = source.balance_on(dex)
            source.add_usd(dex, -usd)
            destination.add_usd(dex, usd)
        _move_tokens(exchange, source, destination)


def _move_tokens(exchange: "Exchange", source: Ledger, destination: Ledger) -> None:
    for index, balance in source.tokens.items():
        wei = balance.total
        gone, taken = balance.take(wei), destination.tokens_of(index)
        taken.total += wei
        taken.entry += gone
        for ledger in (source, destination):
            watch_dust(exchange, ledger, exchange.universe.token(index))


@action("linkStakingUser", LinkStakingUserAction)
@action("stakingLinkDisableTradingUser", DisableTradingUserAction)
def staking_link(call: Call, asked: UserSignedAction) -> dict[str, object]:
    """Carry it out."""
    asked.carry_out(call, really=True)
    return OK
