"""Deployers who send any step at any time: nothing is lost, nothing breaks, and one can always go back."""

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.control import saves
from tests.localnet.deploys.test_perp import SCHEMA, asset
from tests.localnet.deploys.test_spot import HOUSE, spec
from tests.localnet.desk import Desk, order
from tests.localnet.markets.test_dexes import move

WHO = st.integers(0, 1)
TOKEN = st.sampled_from([1280, 1280, 1280, 0, 1, 1105, 1281])
PAIR = st.sampled_from([0, 1166, 1167])
WEI = st.sampled_from(["0", "1", "40000000000", "18446744073709551615", "x"])
PX = st.sampled_from(["0", "0.5", "1", "1.1", "2.1", "10", "10.1", "2.00001", "123456789"])
COIN = st.sampled_from(["one:A", "one:B", "two:A", "test:ABC", "test:GOLD", "BTC", "x"])
DEX = st.sampled_from(["one", "two", "test", "", "x"])
USER = st.sampled_from([HOUSE, *(account.address.lower() for account in ACCOUNTS[:3]), "0x" + "0" * 39 + "1"])
TRADED = st.sampled_from([11_166, 11_166, 110_000, 110_001, 120_000, 120_001])
OF_TOKEN = ("enableQuoteToken", "enableFreezePrivilege", "revokeFreezePrivilege")


class Deployers(RuleBasedStateMachine):
    """Two accounts with all that deployers need."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Localnet()
        self.desks = [Desk(self.net, account.private_key) for account in ACCOUNTS[:2]]
        for desk in self.desks:
            self.net.fund_token(desk.address, "HYPE", Decimal(600_000))
            desk.user_act({"type": "cDeposit", "wei": 500_000 * 10**8})
        self.net.set_deployer("test", self.desks[0].address)
        self.net.open_auction("spot")
        self.act("spotDeploy", 0, registerToken2={"spec": spec(), "maxGas": 10**12})
        self.act("perpDeploy", 1, registerAsset=asset("one:A", "one", SCHEMA))
        for desk in self.desks:
            for dex in ("one", "test"):
                move(desk, "500", "", dex)
        self.totals = {name: self.net.total_token(name) for name in ("USDC", "PURR", "HYPE", "UETH")}

    def act(self, kind: str, who: int, **variant: Any) -> None:
        desk = self.desks[who]
        answer = desk.send(desk.envelope({"type": kind, **variant}))
        assert answer.status == 200, (answer, variant)

    @rule(who=WHO, sz=st.integers(0, 3), wei=st.integers(5, 8), most=st.sampled_from([0, 10**12]))
    def register_token(self, who: int, sz: int, wei: int, most: int) -> None:
        self.act("spotDeploy", who, registerToken2={"spec": spec("T", sz, wei), "maxGas": most})

    @rule(who=WHO, token=TOKEN, user=USER, wei=WEI, anchor=TOKEN, blacklisted=st.booleans())
    def give(self, who: int, token: int, user: str, wei: str, anchor: int, blacklisted: bool) -> None:
        fields = {"token": token, "userAndWei": [(user, wei)], "existingTokenAndWei": [(anchor, "7")]}
        if blacklisted:
            fields["existingTokenAndWei"] = []
        self.act("spotDeploy", who, userGenesis=fields | {"blacklistUsers": [(user, blacklisted)]})

    @rule(who=WHO, token=TOKEN)
    def end_genesis(self, who: int, token: int) -> None:
        own = self.net.exchange.universe.deployments.get(token)
        supply = "1" if own is None else str(own.total)
        self.act("spotDeploy", who, genesis={"token": token, "maxSupply": supply})

    @rule(who=WHO, base=TOKEN, quote=TOKEN)
    def register_spot(self, who: int, base: int, quote: int) -> None:
        self.act("spotDeploy", who, registerSpot={"tokens": [base, quote]})

    @rule(who=WHO, pair=PAIR, px=PX, n=st.sampled_from([0, 1, 50]), seeded=st.integers(0, 3))
    def start(self, who: int, pair: int, px: str, n: int, seeded: int) -> None:
        fields = {"spot": pair, "startPx": px, "orderSz": "4", "nOrders": n, "nSeededLevels": seeded}
        self.act("spotDeploy", who, registerHyperliquidity=fields)

    @rule(n=st.sampled_from([0, 1, 50]), seeded=st.integers(0, 1))
    def go_on(self, n: int, seeded: int) -> None:
        """Take the step of the first token that is next."""
        own = self.net.exchange.universe.deployments[1280]
        if own.max_supply is None:
            mine = self.desks[0].address
            self.give(0, 1280, mine, "40000000000", 1, False)
            self.give(0, 1280, HOUSE, "40000000000", 1, False)
            self.end_genesis(0, 1280)
        elif not own.spots:
            self.register_spot(0, 1280, 0)
        elif not own.is_done:
            self.start(0, own.spots[0], "2.0", n, min(n, seeded))

    @rule(who=WHO, token=TOKEN, name=st.sampled_from(OF_TOKEN))
    def change_token(self, who: int, token: int, name: str) -> None:
        self.act("spotDeploy", who, **{name: {"token": token}})

    @rule(who=WHO, token=TOKEN, user=USER, is_frozen=st.booleans())
    def freeze(self, who: int, token: int, user: str, is_frozen: bool) -> None:
        self.act("spotDeploy", who, freezeUser={"token": token, "user": user, "freeze": is_frozen})

    @rule(who=WHO, token=TOKEN, share=st.sampled_from(["0%", "50.5%", "100%", "x"]))
    def share(self, who: int, token: int, share: str) -> None:
        self.act("spotDeploy", who, setDeployerTradingFeeShare={"token": token, "share": share})

    @rule(who=WHO, coin=COIN, dex=DEX, is_new=st.booleans(), gas=st.sampled_from([None, 0, 10**12]), px=PX)
    def list_coin(self, who: int, coin: str, dex: str, is_new: bool, gas: int | None, px: str) -> None:
        wanted = asset(coin, dex, SCHEMA if is_new else None, gas, oraclePx=px)
        self.act("perpDeploy", who, registerAsset=wanted)

    @rule(who=WHO, dex=DEX, px=PX)
    def set_prices(self, who: int, dex: str, px: str) -> None:
        found = self.net.exchange.universe.dex_named(dex)
        prices = [[perp.name, px] for perp in (found.perps[:5] if found is not None else ())]
        fields = {"dex": dex, "oraclePxs": prices, "markPxs": [prices], "externalPerpPxs": prices}
        self.act("perpDeploy", who, setOracle=fields)

    @rule(who=WHO, coin=COIN, is_halted=st.booleans())
    def halt(self, who: int, coin: str, is_halted: bool) -> None:
        self.act("perpDeploy", who, haltTrading={"coin": coin, "isHalted": is_halted})

    @rule(who=WHO, coin=COIN, table=st.integers(0, 60), scale=PX, dex=DEX)
    def change_coin(self, who: int, coin: str, table: int, scale: str, dex: str) -> None:
        self.act("perpDeploy", who, setMarginTableIds=[[coin, table]])
        self.act("perpDeploy", who, setFundingMultipliers=[[coin, scale]])
        self.act("perpDeploy", who, setOpenInterestCaps=[[coin, table * 10**6]])
        self.act("perpDeploy", who, setFeeScale={"dex": dex, "scale": scale})

    @rule(
        who=WHO, a=TRADED, b=st.booleans(), px=PX, sz=st.integers(1, 20), tif=st.sampled_from(["Gtc", "Ioc"])
    )
    def trade(self, who: int, a: int, b: bool, px: str, sz: int, tif: str) -> None:
        universe = self.net.exchange.universe
        if a in universe.pairs or self.net.exchange.perp(a) is not None:
            self.act("order", who, orders=[order(a=a, b=b, p=px, s=str(sz), tif=tif)], grouping="na")

    @rule(who=WHO, dex=st.sampled_from(["one", "two", "test"]))
    def bring_money(self, who: int, dex: str) -> None:
        move(self.desks[who], "500", "", dex)

    @rule(ms=st.sampled_from([1, 2_500, 3_000, 60_000, 111_600_000]))
    def wait(self, ms: int) -> None:
        self.net.advance(ms)

    @rule(who=WHO)
    def go_back(self, who: int) -> None:
        before, snapshot = saves.seal(self.net.exchange), self.net.snapshot()
        self.act("spotDeploy", who, registerToken2={"spec": spec(), "maxGas": 10**12})
        self.act("perpDeploy", who, haltTrading={"coin": "test:ABC", "isHalted": True})
        self.net.advance(5_000)
        self.net.revert(snapshot)
        assert saves.seal(self.net.exchange) == before

    @invariant()
    def nothing_is_lost(self) -> None:
        # Funding is paid by and to the house; nothing else changes the sums.
        assert {name: self.net.total_token(name) for name in self.totals} == self.totals

    @invariant()
    def a_supply_is_what_it_began_as(self) -> None:
        exchange = self.net.exchange
        for index, own in exchange.universe.deployments.items():
            assert exchange.total_token(exchange.universe.tokens[index]) == (own.max_supply or 0)

    @invariant()
    def positions_sum_to_zero(self) -> None:
        sums: dict[int, int] = {}
        for ledger in self.net.exchange.everyone():
            for where, position in ledger.positions.items():
                sums[where] = sums.get(where, 0) + position.szi
        assert not any(sums.values())

    @invariant()
    def everything_can_be_read(self) -> None:
        desk = self.desks[0]
        for kind in ("spotMetaAndAssetCtxs", "spotDeployState", "perpDexs", "allPerpMetas", "allMids"):
            desk.info(kind)
        for row in desk.info("spotMeta")["tokens"][-2:]:
            desk.info("tokenDetails", tokenId=row["tokenId"])


TestDeployers = Deployers.TestCase
TestDeployers.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
