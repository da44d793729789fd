"""A state machine of lending: whoever supplies, borrows and is liquidated, nothing is lost or made."""

import os
from copy import deepcopy
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.control import saves
from harness.localnet.markets.tokens import USDC
from harness.localnet.trading import credit
from tests.localnet.desk import Desk, order, orders
from tests.localnet.lending.bank import HYPE_SPOT, PURR_SPOT, price

DESKS = st.integers(0, 2)
AMOUNTS = st.one_of(
    st.none(), st.decimals("0.00000001", "20000", places=8), st.integers(1, 20_000).map(Decimal)
)
TOKENS = ("USDC", "HYPE", "PURR")
MODES = st.sampled_from(["portfolioMargin", "portfolioMargin", "disabled", "unifiedAccount"])


class Lending(RuleBasedStateMachine):
    """Three accounts with 20,000 USDC, 100 HYPE and 50,000 PURR each; one begins with a loan."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Localnet(accounts=3)
        self.desks = [Desk(self.net, account.private_key) for account in ACCOUNTS[:3]]
        self.net.set_liquidity(
            "PURR/USDC", [(Decimal("0.099"), Decimal(10**7))], [(Decimal("0.1"), Decimal(10**7))]
        )
        price(self.net, "28")
        self.totals = {name: self.net.total_token(name) for name in TOKENS}
        self.set_mode(0, "portfolioMargin")
        self.lend(1, "supply", Decimal(2_000))
        self.trade_purr(0, True, 215_000)
        assert self.net.exchange.lending.reserves[USDC.index].borrowed == 1_500 * USDC.unit

    def send(self, desk: Desk, action: dict[str, Any]) -> None:
        """Send what is answered, refused or not covered."""
        answer = desk.send(desk.envelope(action))
        assert answer.status == 200 or answer.not_implemented, answer

    def send_signed(self, desk: Desk, action: dict[str, Any]) -> None:
        """Send what the user signs."""
        nonce = desk.nonce()
        head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
        answer = desk.send(desk.user_envelope(head | action, nonce))
        assert answer.status == 200 or answer.not_implemented, answer

    @rule(who=DESKS, mode=MODES)
    def set_mode(self, who: int, mode: str) -> None:
        """Go into a mode or out of one."""
        desk = self.desks[who]
        self.send_signed(desk, {"type": "userSetAbstraction", "user": desk.address, "abstraction": mode})

    @rule(who=DESKS, operation=st.sampled_from(["supply", "withdraw"]), amount=AMOUNTS)
    def lend(self, who: int, operation: str, amount: Decimal | None) -> None:
        """Supply or withdraw."""
        text = None if amount is None else f"{amount:f}"
        action = {"type": "borrowLend", "operation": operation, "token": 0, "amount": text}
        self.send(self.desks[who], action)

    @rule(who=DESKS, is_buy=st.booleans(), sz=st.integers(200, 400_000))
    def trade_purr(self, who: int, is_buy: bool, sz: int) -> None:
        """Spend USDC, one's own or borrowed, or get it back."""
        p = "0.1" if is_buy else "0.099"
        made = order(a=PURR_SPOT, b=is_buy, p=p, s=str(sz), tif="Ioc")
        self.send(self.desks[who], orders(made))

    @rule(who=DESKS, is_buy=st.booleans(), px=st.integers(15, 40), sz=st.integers(1, 1_000))
    def order_hype(self, who: int, is_buy: bool, px: int, sz: int) -> None:
        """Bid for collateral or offer it."""
        made = order(a=HYPE_SPOT, b=is_buy, p=str(px), s=str(sz))
        self.send(self.desks[who], orders(made))

    @rule(who=DESKS)
    def cancel_all(self, who: int) -> None:
        """Cancel what rests."""
        desk = self.desks[who]
        cancels = [{"a": HYPE_SPOT, "o": oid} for oid in desk.open_oids()]
        if cancels:
            self.send(desk, {"type": "cancel", "cancels": cancels})

    @rule(
        who=DESKS,
        to=DESKS,
        coin=st.sampled_from(["USDC", "HYPE:0x7317beb7cceed72ef0b346074cc8e7ab"]),
        amount=st.integers(1, 20_000),
    )
    def send_asset(self, who: int, to: int, coin: str, amount: int) -> None:
        """Send from spot to spot."""
        action = {
            "type": "sendAsset",
            "destination": self.desks[to].address,
            "sourceDex": "spot",
            "destinationDex": "spot",
            "token": coin,
            "amount": str(amount),
            "fromSubAccount": "",
        }
        self.send_signed(self.desks[who], action)

    @rule(px=st.sampled_from([28, 28, 24, 20, 19, 17, 16, 5, 60]))
    def move(self, px: int) -> None:
        """Move the price of the collateral."""
        price(self.net, str(px))

    @rule(seconds=st.sampled_from([1, 3, 60, 3_600, 86_400]))
    def wait(self, seconds: int) -> None:
        """Let interest and liquidators come."""
        self.net.advance(seconds * 1000)

    @invariant()
    def nothing_is_lost_or_made(self) -> None:
        """But for what is cut where tokens are counted in whole units."""
        assert {name: self.net.total_token(name) for name in TOKENS} == self.totals

    @invariant()
    def what_is_lent_was_supplied(self) -> None:
        """What can be lent is what the books have; with the interest of this hour the protocol has a part."""
        exchange = self.net.exchange
        reserve = exchange.lending.reserves[USDC.index]
        assert reserve.balance == credit.at_hand(exchange) >= 0
        kept = reserve.balance - reserve.supplied + reserve.borrowed
        by_now = deepcopy(reserve)
        by_now.tick(exchange.now_ms())
        for position in by_now.positions.values():
            by_now.accrue(position)
            kept += position.borrow.settle() - position.supply.settle()
        # Of each loan a part of the smallest unit is not counted yet.
        assert kept >= -len(self.desks)

    @invariant()
    def loans_follow_balances(self) -> None:
        """Only accounts with portfolio margin owe, and just what they are below nothing."""
        lending = self.net.exchange.lending
        for desk in self.desks:
            ledger = self.net.exchange.ledgers[desk.address]
            position = lending.reserves[USDC.index].positions.get(desk.address)
            owed = 0 if position is None else position.borrow.value
            assert ledger.has_portfolio_margin is (desk.address in lending.members)
            if ledger.has_portfolio_margin:
                assert owed == max(0, -credit.idle(ledger, USDC))
                assert not ledger.all_usd
            else:
                assert owed == 0 <= ledger.tokens_of(USDC.index).total + ledger.all_usd * 100
            for each in lending.positions_of(desk.address).values():
                for leg in (each.borrow, each.supply):
                    assert 0 <= leg.basis <= leg.value

    @rule()
    def a_copy_is_the_same(self) -> None:
        """As snapshots take it."""
        exchange = self.net.exchange
        assert saves.seal(deepcopy(exchange)) == saves.seal(exchange)


TestLending = Lending.TestCase
TestLending.settings = settings(
    max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "40")), stateful_step_count=30, deadline=None
)
