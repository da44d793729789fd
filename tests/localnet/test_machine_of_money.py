"""A state machine of money that moves past the book: vaults, the EVM, liquidators, fees on trial."""

import os
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.markets.tokens import HYPE_SYSTEM, USDC, system_address
from harness.localnet.transfers import vaults
from tests.localnet.accounts.test_vaults import DAY_MS, create, transfer
from tests.localnet.desk import Desk, order, orders
from tests.localnet.transfers.test_money import HYPE_TOKEN, send_asset

DESKS = st.integers(0, 2)
USD = st.integers(1, 3_000)


class Money(RuleBasedStateMachine):
    """Account 0 leads a vault of its own and one of the protocol; all pay in and take out."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Localnet()
        self.desks = [Desk(self.net, account.private_key) for account in ACCOUNTS[:3]]
        self.vault = create(self.desks[0])
        self.ask(1, transfer(self.vault, 1_000))
        self.parent = self.net.open_protocol_vault(ACCOUNTS[0].address, Decimal(2_000))
        self.traders = [None, self.vault, *self.net.exchange.vaults[self.parent].children]
        # What is remembered of each on the EVM, and what there is in all.
        self.there = [{"USDC": 0, "HYPE": 0} for _ in self.desks]
        self.totals = {name: self.net.total_token(name) for name in ("USDC", "HYPE")}

    def ask(self, who: int, action: dict[str, Any]) -> bool:
        """Send an action that may be refused, or not be covered, and say whether it was carried out."""
        desk = self.desks[who]
        answer = desk.send(desk.envelope(action))
        assert answer.status == 200 or answer.not_implemented
        return answer.body == b'{"status":"ok","response":{"type":"default"}}'

    @rule(who=DESKS, usd=USD, above=st.booleans())
    def pay_in(self, who: int, usd: int, above: bool) -> None:
        """Pay into a vault."""
        self.ask(who, transfer(self.parent if above else self.vault, usd))

    @rule(who=DESKS, percent=st.integers(1, 100), above=st.booleans(), days=st.integers(0, 4))
    def take_out(self, who: int, percent: int, above: bool, days: int) -> None:
        """Take a part out, when it may be free."""
        self.wait(days)
        vault = self.net.exchange.vaults[self.parent if above else self.vault]
        equity = vault.equity(self.desks[who].address, vaults.value_of(self.net.exchange, vault))
        action = transfer(vault.address, 0, is_deposit=False) | {"usd": max(0, equity) * percent // 100}
        self.ask(who, action)

    @rule(usd=st.integers(0, 300))
    def distribute(self, usd: int) -> None:
        """Share out; nothing would close the vault."""
        self.ask(0, {"type": "vaultDistribute", "vaultAddress": self.vault, "usd": max(usd, 1) * 10**6})

    @rule(always=st.booleans())
    def set_closing(self, always: bool) -> None:
        """Let each withdrawal close its part, or not."""
        action = {"type": "vaultModify", "vaultAddress": self.vault, "allowDeposits": None}
        assert self.ask(0, action | {"alwaysCloseOnWithdraw": always})

    @rule(whose=st.integers(0, 3), b=st.booleans(), s=st.integers(1, 50), tif=st.sampled_from(["Ioc", "Gtc"]))
    def trade(self, whose: int, b: bool, s: int, tif: str) -> None:
        """Trade for oneself, for the vault or for one below the protocol's."""
        px = self.net.mid("ETH") * (Decimal("1.01") if b is (tif == "Ioc") else Decimal("0.99"))
        made = order(b=b, p=str(px.quantize(Decimal(1))), s=f"{Decimal(s) / 10}", tif=tif)
        self.desks[0].act(orders(made), vault=self.traders[whose])

    @rule(bps=st.integers(-400, 400))
    def move(self, bps: int) -> None:
        """Move the price."""
        self.net.move("ETH", Decimal(bps))

    @rule()
    def net_children(self) -> None:
        """Close what is opposite."""
        self.net.net_child_vaults(self.parent)

    @rule(who=DESKS, amount=st.integers(1, 60), is_hype=st.booleans())
    def leave(self, who: int, amount: int, is_hype: bool) -> None:
        """Cross to the EVM."""
        system, token = (HYPE_SYSTEM, HYPE_TOKEN) if is_hype else (system_address(USDC), "USDC")
        desk, nonce = self.desks[who], self.desks[who].nonce()
        body = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
        answer = desk.send(desk.user_envelope(body | send_asset(system, str(amount), token=token), nonce))
        if not answer.not_implemented and b'"ok"' in answer.body:
            self.there[who]["HYPE" if is_hype else "USDC"] += amount

    @rule(who=DESKS, amount=st.integers(1, 60), is_hype=st.booleans())
    def come(self, who: int, amount: int, is_hype: bool) -> None:
        """Come from there; what was not known to be there is new."""
        token = "HYPE" if is_hype else "USDC"
        self.net.send_from_evm(self.desks[who].address, token, Decimal(amount))
        known = min(amount, self.there[who][token])
        self.there[who][token] -= known
        self.totals[token] += amount - known

    @rule(who=DESKS, thousands=st.integers(1, 4), is_deposit=st.booleans())
    def back(self, who: int, thousands: int, is_deposit: bool) -> None:
        """Pay a liquidator, or take back."""
        ntl = thousands * 10**9
        action = {"type": "hip3LiquidatorTransfer", "dex": "test", "ntl": ntl, "isDeposit": is_deposit}
        self.ask(who, action)

    @rule(percent=st.integers(0, 100))
    def try_fees(self, percent: int) -> None:
        """Let a part of the fees wait."""
        self.net.start_fee_trial(self.desks[0].address, percent)

    @rule(days=st.integers(0, 4))
    def wait(self, days: int) -> None:
        """Let deposits become free, and what waits arrive."""
        self.net.advance(days * DAY_MS + 5_000)

    @invariant()
    def nothing_is_lost(self) -> None:
        """Whatever moves, there is as much as before."""
        assert {name: self.net.total_token(name) for name in self.totals} == self.totals

    @invariant()
    def parts_do_not_exceed_a_vault(self) -> None:
        """What depositors are told to have is there."""
        for vault in self.net.exchange.vaults.values():
            value = vaults.value_of(self.net.exchange, vault)
            parts = sum(vault.equity(user, value) for user in vault.followers)
            assert parts <= max(value, 0) or value < 0

    @invariant()
    def positions_sum_to_zero(self) -> None:
        """Each long position has its short ones."""
        assert sum(ledger.szi(4) for ledger in self.net.exchange.everyone()) == 0


TestMoney = Money.TestCase
TestMoney.settings = settings(
    max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "40")), stateful_step_count=30, deadline=None
)
