"""The same state machine with accounts whose mode pools their money: unified, or with dex abstraction."""

import os
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from harness.localnet.accounts.risk import account_value
from tests.localnet.test_machine import DESKS, DEXES, Trading


class TradingInModes(Trading):
    """One account begins unified, one with dex abstraction, one as ever; all of them may change."""

    def __init__(self) -> None:
        super().__init__()
        self.set_mode(0, "unifiedAccount")
        self.send_to_dex(1, 500_000, "test", "")
        self.set_mode(1, "dexAbstraction")
        modes = [self.net.exchange.ledgers[desk.address].mode for desk in self.desks]
        assert modes == ["unifiedAccount", "dexAbstraction", "default"]

    @rule(
        who=DESKS,
        mode=st.sampled_from(["unifiedAccount", "unifiedAccount", "disabled", "dexAbstraction"]),
    )
    def set_mode(self, who: int, mode: str) -> None:
        """Go into a mode; the way back from a pooled one is not always known."""
        desk, nonce = self.desks[who], self.desks[who].nonce()
        action: dict[str, Any] = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
        if mode == "dexAbstraction":
            action |= {"type": "userDexAbstraction", "user": desk.address, "enabled": True}
        else:
            action |= {"type": "userSetAbstraction", "user": desk.address, "abstraction": mode}
        answer = desk.send(desk.user_envelope(action | {"nonce": nonce}, nonce))
        assert answer.status == 200 or answer.not_implemented
        self.total = self.net.total_usd()

    @invariant()
    def what_is_shown_comes_to_what_there_is(self) -> None:
        """All USDC of an account, wherever its mode shows it, is what the books have."""
        # All of it at one time: the slice of a TWAP may fall due at any request.
        self.net.clock.pause()
        for desk in self.desks:
            ledger = self.net.exchange.ledgers[desk.address]
            rows = desk.info("spotClearinghouseState")["balances"]
            shown = sum(Decimal(row["total"]) for row in rows if row["coin"] == "USDC")
            if not ledger.is_unified:
                for dex in DEXES:
                    state = desk.info("clearinghouseState", dex=dex)
                    shown += Decimal(state["marginSummary"]["accountValue"])
            worth = account_value(ledger, self.net.exchange.markets)
            assert shown == Decimal(ledger.tokens_of(0).total + worth * 100) / 10**8
        self.net.clock.resume()


TestTradingInModes = TradingInModes.TestCase
TestTradingInModes.settings = settings(
    max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "60")), stateful_step_count=30, deadline=None
)
