"""Outcomes under any order of trades, conversions and settlements: nothing is lost, all shares are backed."""

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, order

YES = 100_000_000
NO = YES + 1


def convert(desk: Desk, **variant: Any) -> None:
    """Send a conversion, whatever comes of it."""
    desk.act({"type": "userOutcome", **variant})


class Desks(RuleBasedStateMachine):
    """Three accounts trade, convert and settle; what there is is always what backs it."""

    @property
    def named(self) -> list[int]:
        """The named outcomes of the question that are open."""
        listed = self.net.exchange.outcomes
        return [number for number in (2, 3) if listed.outcomes[number].settled is None]

    def __init__(self) -> None:
        super().__init__()
        self.net = Localnet(accounts=0)
        self.desks = [Desk(self.net, account.private_key) for account in ACCOUNTS[:3]]
        for each in self.desks:
            self.net.fund_token(each.address, "USDC", Decimal(500))
        self.net.list_outcome("alone")
        self.net.list_question("one of", ["A", "B"])
        self.total = self.net.total_token("USDC")

    @rule(
        who=st.integers(0, 2),
        outcome=st.integers(0, 3),
        side=st.integers(0, 1),
        is_buy=st.booleans(),
        cents=st.integers(1, 99),
        shares=st.integers(1, 200),
        tif=st.sampled_from(["Gtc", "Ioc", "Alo"]),
    )
    def trade(
        self, who: int, outcome: int, side: int, is_buy: bool, cents: int, shares: int, tif: str
    ) -> None:
        """Place an order, whatever comes of it."""
        made = order(
            a=YES + 10 * outcome + side,
            b=is_buy,
            p=str(Decimal(cents).scaleb(-2).normalize()),
            s=str(shares),
            tif=tif,
        )
        self.desks[who].statuses(made)

    @rule(who=st.integers(0, 2), outcome=st.integers(0, 3), shares=st.integers(1, 300))
    def split(self, who: int, outcome: int, shares: int) -> None:
        """Make shares."""
        if self._is_open(outcome):
            convert(self.desks[who], splitOutcome={"outcome": outcome, "amount": str(shares)})

    @rule(who=st.integers(0, 2), outcome=st.integers(0, 3), shares=st.none() | st.integers(1, 100))
    def merge(self, who: int, outcome: int, shares: int | None) -> None:
        """End shares."""
        if self._is_open(outcome):
            asked = {"outcome": outcome, "amount": None if shares is None else str(shares)}
            convert(self.desks[who], mergeOutcome=asked)

    @precondition(lambda self: self.named)
    @rule(who=st.integers(0, 2), outcome=st.integers(1, 3), shares=st.integers(1, 100))
    def negate(self, who: int, outcome: int, shares: int) -> None:
        """Turn shares against one into shares for others."""
        if self._is_open(outcome):
            asked = {"question": 0, "outcome": outcome, "amount": str(shares)}
            convert(self.desks[who], negateOutcome=asked)

    @precondition(lambda self: self.named)
    @rule(who=st.integers(0, 2), shares=st.none() | st.integers(1, 100))
    def merge_question(self, who: int, shares: int | None) -> None:
        """End shares of all outcomes."""
        asked = {"question": 0, "amount": None if shares is None else str(shares)}
        convert(self.desks[who], mergeQuestion=asked)

    @precondition(lambda self: self._is_open(0))
    @rule(fraction=st.decimals(0, 1, places=8))
    def settle(self, fraction: Decimal) -> None:
        """End the outcome that stands alone."""
        self.net.settle_outcome(0, fraction)

    @precondition(lambda self: self.named)
    @rule(last=st.booleans())
    def settle_named(self, last: bool) -> None:
        """End an outcome of the question."""
        named = self.named
        self.net.settle_outcome(named[-1 if last else 0], Decimal(len(named) == 1))

    def _is_open(self, outcome: int) -> bool:
        return self.net.exchange.outcomes.outcomes[outcome].settled is None

    def _shares(self, asset: int) -> int:
        accounts = self.net.exchange.everyone()
        return sum(each.tokens[asset].total for each in accounts if asset in each.tokens)

    @invariant()
    def nothing_is_lost(self) -> None:
        """USDC stays, whoever has it."""
        assert self.net.total_token("USDC") == self.total

    @invariant()
    def shares_are_backed(self) -> None:
        """What is held pays every way in which all can end, exactly."""
        listed = self.net.exchange.outcomes
        alone = self._shares(YES)
        assert alone == self._shares(NO)
        open_ones = [number for number in (1, 2, 3) if self._is_open(number)]
        ends = [
            sum(self._shares(YES + 10 * number + (number != winner)) for number in open_ones)
            for winner in open_ones
        ]
        for end in ends or [0]:
            assert listed.held.get(0, 0) == (alone + end) * 10**8

    @invariant()
    def books_never_cross(self) -> None:
        """Each side's bid stays below its offer, and both sides show one book."""
        for number in range(4):
            if not self._is_open(number):
                continue
            yes, no = (self.net.exchange.spot_markets[YES + 10 * number + side].book for side in (0, 1))
            bid, ask = yes.best_px(is_buy=True), yes.best_px(is_buy=False)
            assert None in (bid, ask) or (bid or 0) < (ask or 0)
            assert no.best_px(is_buy=True) == (None if ask is None else 10**8 - ask)


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
