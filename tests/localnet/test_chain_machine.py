"""Stakes, validators, links and auctions in any order: nothing is made, lost, or told differently twice."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.control import saves
from tests.localnet.desk import Desk, order, orders
from tests.localnet.queries.test_validators import PROPOSALS
from tests.localnet.transfers.test_rewards import HOUSE, HYPE

TOKENS = ("USDC", "HYPE", "PURR")
WHO = st.integers(0, 3)
WEI = st.integers(0, 15_000 * HYPE)


class ChainMachine(RuleBasedStateMachine):
    """Four accounts with 30,000 HYPE each, on an exchange whose script is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Localnet(keep_log=True)
        self.desks = [Desk(self.net, account.private_key) for account in ACCOUNTS[:4]]

    @initialize()
    def fund(self) -> None:
        for desk in self.desks:
            self.net.fund_token(desk.address, "HYPE", Decimal(30_000))
        self.usd = self.net.total_usd()
        self.tokens = {token: self.net.total_token(token) for token in TOKENS}

    def user(self, who: int, action: dict[str, Any]) -> None:
        desk = self.desks[who]
        nonce = desk.nonce()
        whole = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
        answer = desk.send(desk.user_envelope(whole, nonce))
        assert answer.status == 200 or answer.not_implemented

    def l1(self, who: int, action: dict[str, Any]) -> None:
        desk = self.desks[who]
        answer = desk.send(desk.envelope(action))
        assert answer.status == 200 or answer.not_implemented

    @rule(who=WHO, wei=WEI, kind=st.sampled_from(["cDeposit", "cWithdraw"]))
    def move(self, who: int, wei: int, kind: str) -> None:
        self.user(who, {"type": kind, "wei": wei})

    @rule(who=WHO, wei=WEI, to=st.integers(0, 4), back=st.booleans())
    def delegate(self, who: int, wei: int, to: int, *, back: bool) -> None:
        validator = HOUSE if to == 4 else self.desks[to].address
        self.user(who, {"type": "tokenDelegate", "validator": validator, "wei": wei, "isUndelegate": back})

    @rule(who=WHO, bps=st.integers(0, 10_000), unjailed=st.booleans(), wei=WEI, is_closed=st.booleans())
    def register(self, who: int, bps: int, wei: int, *, unjailed: bool, is_closed: bool) -> None:
        profile = {
            "node_ip": {"Ip": "1.2.3.4"},
            "name": "n",
            "description": "d",
            "delegations_disabled": is_closed,
            "commission_bps": bps,
            "signer": self.desks[who].address,
        }
        registered = {"profile": profile, "unjailed": unjailed, "initial_wei": wei}
        self.l1(who, {"type": "CValidatorAction", "register": registered})

    @rule(who=WHO, kind=st.sampled_from(["jailSelf", "unjailSelf"]))
    def sign(self, who: int, kind: str) -> None:
        self.l1(who, {"type": "CSignerAction", kind: None})

    @rule(who=WHO, other=WHO, is_finalize=st.booleans())
    def link(self, who: int, other: int, *, is_finalize: bool) -> None:
        user = self.desks[other].address
        self.user(who, {"type": "linkStakingUser", "user": user, "isFinalize": is_finalize})

    @rule(who=WHO, other=WHO)
    def lock(self, who: int, other: int) -> None:
        user = self.desks[other].address
        self.user(who, {"type": "stakingLinkDisableTradingUser", "tradingUser": user})

    @rule(slot=st.integers(0, 1), gas=st.decimals("0.1", 20, places=8))
    def open_auction(self, slot: int, gas: Decimal) -> None:
        self.net.open_auction("gossip1" if slot else "gossip0", gas)

    @rule(who=WHO, slot=st.integers(0, 1), wei=st.integers(0, 20 * HYPE))
    def bid(self, who: int, slot: int, wei: int) -> None:
        self.l1(who, {"type": "gossipPriorityBid", "slotId": slot, "ip": "1.2.3.4", "maxGas": wei})

    @rule(who=WHO, is_buy=st.booleans())
    def trade(self, who: int, *, is_buy: bool) -> None:
        self.l1(who, orders(order(b=is_buy, p="4000" if is_buy else "2000", s="0.02", tif="Ioc")))

    @rule(proposal=st.sampled_from(PROPOSALS), ms=st.integers(1, 10**9))
    def vote(self, proposal: dict[str, Any], ms: int) -> None:
        self.net.open_vote(proposal, [HOUSE], expires_ms=ms)

    @rule(who=WHO, ms=st.integers(0, 10**8))
    def jail(self, who: int, ms: int) -> None:
        if self.desks[who].address in self.net.exchange.validators.known:
            self.net.jail(self.desks[who].address, ms)

    @rule(ms=st.sampled_from([1_000, 180_000, 5_400_000, 86_400_000, 8 * 86_400_000]))
    def wait(self, ms: int) -> None:
        self.net.advance(ms)

    @rule()
    def revert(self) -> None:
        seal = saves.seal(self.net.exchange)
        snapshot = self.net.snapshot()
        self.net.advance(86_400_000)
        self.net.revert(snapshot)
        assert saves.seal(self.net.exchange) == seal

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        assert {token: self.net.total_token(token) for token in TOKENS} == self.tokens
        assert self.net.total_usd() == self.usd

    @invariant()
    def what_is_told_fits(self) -> None:
        ask: Callable[..., Any] = self.desks[0].info
        rows = {row["validator"]: row for row in ask("validatorSummaries")}
        staked = dict.fromkeys(rows, 0)
        for desk in self.desks:
            for row in ask("delegations", user=desk.address):
                staked[row["validator"]] += int(Decimal(row["amount"]) * HYPE)
            summary = ask("delegatorSummary", user=desk.address)
            assert min(map(Decimal, (summary["delegated"], summary["undelegated"]))) >= 0
            link = ask("userFees", user=desk.address)["stakingLink"]
            if link is not None and link["type"] == "tradingUser":
                other = ask("userFees", user=link["stakingUser"])["stakingLink"]
                assert other == {"type": "stakingUser", "tradingUser": desk.address}
        assert staked == {validator: row["stake"] for validator, row in rows.items()}
        assert all(row["isActive"] for row in rows.values() if row["validator"] == HOUSE)
        assert len(json.dumps(ask("gossipPriorityAuctionStatus"))) > 0


TestChainMachine = ChainMachine.TestCase
TestChainMachine.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
