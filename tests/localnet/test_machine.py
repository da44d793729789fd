"""A state machine over orders, cancels, modifies, leverage, transfers and price moves of several accounts."""

import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.accounts.ledger import Resting
from harness.localnet.control import saves
from harness.localnet.markets.assets import PERPS
from harness.localnet.markets.tokens import TOKENS as LISTED
from harness.localnet.numbers import notional
from tests.localnet.desk import Desk, cancel, grouped, leverage, modify, order, orders
from tests.localnet.feed.line import Line

COINS = {
    "ETH": (4, Decimal("3102.8"), Decimal("0.1")),
    "SOL": (0, Decimal("132.24"), Decimal("0.01")),
    "HYPE": (135, Decimal("28.73"), Decimal("0.001")),
    "test:GOLD": (110_001, Decimal(4200), Decimal("0.1")),
}
SPOT = {
    "@1035": (11_035, Decimal("28.718"), Decimal("0.001")),
    "@1137": (11_137, Decimal("3100.2"), Decimal("0.1")),
}
ALL = COINS | SPOT
TOKENS = ("USDC", "PURR", "TEST", "KORILA", "HYPE", "UETH", "USOL")
DESKS = st.integers(0, 2)
DEXES = ("", "test")
FINAL = {
    "filled",
    "canceled",
    "selfTradeCanceled",
    "marginCanceled",
    "reduceOnlyCanceled",
    "siblingFilledCanceled",
    "liquidatedCanceled",
    "perpMaxPositionCanceled",
    "openInterestCapCanceled",
    "internalCancel",
}

# Prices in ticks from the opening price, sizes in hundredths.
ORDERS = st.fixed_dictionaries(
    {
        "coin": st.sampled_from(sorted(COINS)),
        "b": st.booleans(),
        "ticks": st.one_of(st.integers(-20, 20), st.integers(-2_000, 2_000)),
        "sz": st.one_of(st.integers(1, 40), st.integers(1, 900)),
        "r": st.booleans(),
        "tif": st.sampled_from(["Gtc", "Ioc", "Alo", "FrontendMarket"]),
    }
)
SPOT_ORDERS = st.builds(
    lambda drawn, coin: drawn | {"coin": coin, "r": False}, ORDERS, st.sampled_from(sorted(SPOT))
)


def text(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def made(drawn: dict[str, Any]) -> dict[str, Any]:
    asset, px, tick = ALL[drawn["coin"]]
    return order(
        a=asset,
        b=drawn["b"],
        p=f"{(px + tick * drawn['ticks']).normalize():f}",
        s=f"{Decimal(drawn['sz']) / 100:f}",
        r=drawn["r"],
        tif=drawn["tif"],
    )


TRIGGERS = st.lists(
    st.builds(
        lambda drawn, px, is_market, tpsl: drawn | {"px": px, "is_market": is_market, "tpsl": tpsl},
        ORDERS,
        st.integers(-1_500, 1_500),
        st.booleans(),
        st.sampled_from(["tp", "sl"]),
    ),
    min_size=2,
    max_size=3,
)


def waiting(drawn: dict[str, Any]) -> dict[str, Any]:
    """Return a trigger order; a market one trades up to a tenth beyond its trigger price."""
    _, px, tick = COINS[drawn["coin"]]
    trigger_px = px + tick * drawn["px"]
    order = made(drawn)
    if drawn["is_market"]:
        limit = trigger_px * (11 if drawn["b"] else 9) / 10
        order["p"] = f"{limit.quantize(tick).normalize():f}"
    kind = {"isMarket": drawn["is_market"], "triggerPx": f"{trigger_px.normalize():f}", "tpsl": drawn["tpsl"]}
    return order | {"t": {"trigger": kind}}


def is_final(status: str) -> bool:
    """Say whether an order has ended; a triggered one may be refused as an arriving one is."""
    return status in FINAL or status.endswith("Rejected")


class Told:
    """The oids of an account's open orders, as its feeds have told them."""

    def __init__(self, net: Localnet, desk: Desk) -> None:
        self.line = Line(net)
        self.line.subscribe("orderUpdates", user=desk.address)
        for dex in DEXES:
            self.line.subscribe("openOrders", user=desk.address, dex=dex)
        self.by_updates: set[int] = set()
        self.by_dex: dict[str, set[int]] = {dex: set() for dex in DEXES}

    @property
    def by_state(self) -> set[int]:
        return set().union(*self.by_dex.values())

    def hear(self) -> None:
        for frame in self.line.heard():
            if frame["channel"] == "openOrders":
                self.by_dex[frame["data"]["dex"]] = {row["oid"] for row in frame["data"]["orders"]}
                continue
            for change in frame["data"]:
                is_open = change["status"] in ("open", "triggered")
                (self.by_updates.add if is_open else self.by_updates.discard)(change["order"]["oid"])


class Trading(RuleBasedStateMachine):
    """Whatever is traded, nothing is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Localnet(accounts=3, keep_log=True)
        self.desks = [Desk(self.net, account.private_key) for account in ACCOUNTS[:3]]
        for who in range(3):
            self.send_to_dex(who, 500_000, "", "test")
        self.total = self.net.total_usd()
        self.tokens = {name: self.net.total_token(name) for name in TOKENS}
        self.accepted: dict[int, set[int]] = {0: set(), 1: set(), 2: set()}
        self.told = [Told(self.net, desk) for desk in self.desks]

    def note(self, who: int, statuses: list[Any]) -> None:
        for status in statuses:
            named = status.get("resting") or status.get("filled")
            if named is not None:
                self.accepted[who].add(named["oid"])

    @rule(who=DESKS, drawn=st.lists(ORDERS, min_size=1, max_size=3))
    def place(self, who: int, drawn: list[dict[str, Any]]) -> None:
        self.note(who, self.desks[who].elements(orders(*[made(one) for one in drawn])))

    @rule(who=DESKS, drawn=TRIGGERS, grouping=st.sampled_from(["na", "normalTpsl", "positionTpsl"]))
    def place_triggers(self, who: int, drawn: list[dict[str, Any]], grouping: str) -> None:
        coin, side = drawn[0]["coin"], drawn[0]["b"]
        made_ones = [waiting(one | {"coin": coin}) for one in drawn[1:]]
        if grouping == "normalTpsl":
            made_ones = [made(drawn[0]), *[one | {"b": not side, "r": True} for one in made_ones]]
        desk = self.desks[who]
        answer = desk.send(desk.envelope(grouped(grouping, *made_ones)))
        assert answer.status == 200 or answer.not_implemented
        self.accepted[who] |= set(self.net.exchange.ledgers[desk.address].open)

    @rule(
        who=DESKS,
        coin=st.sampled_from(sorted(ALL)),
        b=st.booleans(),
        r=st.booleans(),
        trigger=st.none() | st.integers(-300, 300),
        stop=st.none() | st.integers(-300, 300),
    )
    def start_twap(
        self, who: int, coin: str, b: bool, r: bool, trigger: int | None, stop: int | None
    ) -> None:
        asset, px, tick = ALL[coin]
        form = {"a": asset, "b": b, "s": "20" if coin == "@1035" else "2", "r": r, "m": 5, "t": False}
        begun = None if trigger is None else {"p": text(px + tick * trigger), "a": trigger > 0}
        ended = None if stop is None else text(px + tick * stop)
        action = {"type": "twapOrder", "twap": form, "details": {"t": begun, "s": ended}}
        answer = self.desks[who].send(self.desks[who].envelope(action))
        assert answer.status == 200 or answer.not_implemented

    @rule(usd=st.none() | st.integers(0, 100_000), is_too_quick=st.booleans())
    def hold_open_interest(self, usd: int | None, is_too_quick: bool) -> None:
        self.net.cap_open_interest("ETH", None if usd is None else Decimal(usd))
        self.net.slow_open_interest("SOL", is_too_quick=is_too_quick)

    @rule(most=st.none() | st.integers(1, 10))
    def limit_open_orders(self, most: int | None) -> None:
        self.net.limit_open_orders(most)

    @rule(who=DESKS, pick=st.integers(0, 50))
    def fail(self, who: int, pick: int) -> None:
        rows = self.open_orders(who)
        if rows:
            self.net.fail_order(self.desks[who].address, rows[pick % len(rows)]["oid"])

    @rule(who=DESKS, builder=DESKS, fee=st.integers(1, 100), drawn=ORDERS | SPOT_ORDERS)
    def place_for_builder(self, who: int, builder: int, fee: int, drawn: dict[str, Any]) -> None:
        desk, address = self.desks[who], self.desks[builder].address
        rate = f"{Decimal(fee) / 1000}%"
        approval = {"type": "approveBuilderFee", "maxFeeRate": rate, "builder": address}
        if desk.user_act(approval)["status"] == "ok":
            action = orders(made(drawn)) | {"builder": {"b": address, "f": fee}}
            self.note(who, desk.elements(action))

    @rule(who=DESKS, to=DESKS)
    def refer(self, who: int, to: int) -> None:
        for desk, kind in ((self.desks[who], "registerReferrer"), (self.desks[to], "setReferrer")):
            answer = desk.send(desk.envelope({"type": kind, "code": f"CODE{who}"}))
            assert answer.status == 200 or answer.not_implemented

    @rule(who=DESKS)
    def claim(self, who: int) -> None:
        self.desks[who].act({"type": "claimRewards"})
        self.total = self.net.total_usd()

    @rule(who=DESKS, wei=st.integers(1, 10**10), kind=st.sampled_from(["cDeposit", "cWithdraw"]))
    def stake(self, who: int, wei: int, kind: str) -> None:
        desk, nonce = self.desks[who], self.desks[who].nonce()
        action = {"type": kind, "signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "wei": wei}
        answer = desk.send(desk.user_envelope(action | {"nonce": nonce}, nonce))
        assert answer.status == 200 or answer.not_implemented

    @rule(slices=st.integers(1, 12))
    def wait(self, slices: int) -> None:
        self.net.advance(30_000 * slices)

    @rule(who=DESKS, drawn=st.lists(SPOT_ORDERS, min_size=1, max_size=3))
    def place_spot(self, who: int, drawn: list[dict[str, Any]]) -> None:
        self.note(who, self.desks[who].elements(orders(*[made(one) for one in drawn])))

    @rule(who=DESKS, to=DESKS, token=st.sampled_from(["USDC", "HYPE", "UETH"]), wei=st.integers(1, 10**12))
    def send(self, who: int, to: int, token: str, wei: int) -> None:
        named = next(one for one in LISTED if one.name == token)
        self.desks[who].user_act(
            {
                "type": "sendAsset",
                "destination": self.desks[to].address,
                "sourceDex": "spot",
                "destinationDex": "spot",
                "token": f"{token}:{named.token_id}",
                "amount": f"{Decimal(wei) / named.unit:f}",
                "fromSubAccount": "",
            }
        )

    @rule(who=DESKS, cents=st.integers(1, 2_000_000), to_perp=st.booleans())
    def transfer(self, who: int, cents: int, to_perp: bool) -> None:
        amount = f"{Decimal(cents) / 100:f}"
        self.desks[who].user_act({"type": "usdClassTransfer", "amount": amount, "toPerp": to_perp})
        self.total = self.net.total_usd()

    @rule(
        who=DESKS,
        cents=st.integers(1, 1_000_000),
        source=st.sampled_from([*DEXES, "spot"]),
        destination=st.sampled_from([*DEXES, "spot"]),
    )
    def send_to_dex(self, who: int, cents: int, source: str, destination: str) -> None:
        desk, nonce = self.desks[who], self.desks[who].nonce()
        action = {
            "type": "sendAsset",
            "signatureChainId": "0x66eee",
            "hyperliquidChain": "Testnet",
            "destination": desk.address,
            "sourceDex": source,
            "destinationDex": destination,
            "token": "USDC",
            "amount": f"{Decimal(cents) / 100:f}",
            "fromSubAccount": "",
            "nonce": nonce,
        }
        answer = desk.send(desk.user_envelope(action, nonce))
        assert answer.status == 200 or answer.not_implemented
        self.total = self.net.total_usd()

    def open_orders(self, who: int) -> list[dict[str, Any]]:
        return [row for dex in DEXES for row in self.desks[who].info("openOrders", dex=dex)]

    @rule(who=DESKS, pick=st.integers(0, 50))
    def cancel(self, who: int, pick: int) -> None:
        rows = self.open_orders(who)
        if rows:
            row = rows[pick % len(rows)]
            asset = ALL[row["coin"]][0]
            assert self.desks[who].elements(cancel(row["oid"], a=asset)) == ["success"]

    @rule(who=DESKS, pick=st.integers(0, 50), drawn=ORDERS, always=st.booleans())
    def modify(self, who: int, pick: int, drawn: dict[str, Any], always: bool) -> None:
        rows = self.open_orders(who)
        if rows:
            row = rows[pick % len(rows)]
            new = made(drawn | {"coin": row["coin"], "b": row["side"] == "B"})
            action = modify(row["oid"], new) | ({"a": True} if always else {})
            # Members of a family cannot be modified yet.
            found = self.net.exchange.ledgers[self.desks[who].address].open[row["oid"]]
            if not (found.is_position_tpsl or found.parent is not None or found.children):
                self.note(who, self.desks[who].elements(action))

    @rule(who=DESKS, coin=st.sampled_from(sorted(COINS)), value=st.integers(0, 26), is_cross=st.booleans())
    def lever(self, who: int, coin: str, value: int, is_cross: bool) -> None:
        desk = self.desks[who]
        answer = desk.send(desk.envelope(leverage(value, a=COINS[coin][0], is_cross=is_cross)))
        assert answer.status == 200 or answer.not_implemented

    @rule(who=DESKS, coin=st.sampled_from(sorted(COINS)), ntli=st.integers(-(10**9), 10**9))
    def margin(self, who: int, coin: str, ntli: int) -> None:
        action = {"type": "updateIsolatedMargin", "asset": COINS[coin][0], "isBuy": True, "ntli": ntli}
        self.desks[who].act(action)

    @rule(coin=st.sampled_from(sorted(COINS)), percent=st.integers(60, 160), is_mark=st.booleans())
    def part(self, coin: str, percent: int, is_mark: bool) -> None:
        move = self.net.set_mark if is_mark else self.net.set_oracle
        move(coin, COINS[coin][1] * percent / 100)

    @rule(hours=st.integers(1, 3))
    def pay_funding(self, hours: int) -> None:
        self.net.advance(3_600_000 * hours)

    @rule(coin=st.sampled_from(sorted(ALL)), bps=st.integers(-500, 500))
    def move(self, coin: str, bps: int) -> None:
        px = ALL[coin][1] * (10_000 + bps) / 10_000
        self.net.set_mid(coin, px.quantize(Decimal("0.01")))

    @rule(who=DESKS, drawn=st.lists(ORDERS, min_size=1, max_size=3), seconds=st.integers(0, 4_000))
    def try_and_go_back(self, who: int, drawn: list[dict[str, Any]], seconds: int) -> None:
        before = self.net.now_ms(), saves.seal(self.net.exchange)
        snapshot = self.net.snapshot()
        self.desks[who].elements(orders(*[made(one) for one in drawn]))
        self.net.advance(seconds * 1_000)
        self.net.revert(snapshot)
        assert (self.net.now_ms(), saves.seal(self.net.exchange)) == before
        # The feed has hung up; whoever calls again knows what was open before.
        for number, (desk, told) in enumerate(zip(self.desks, self.told, strict=True)):
            self.told[number] = Told(self.net, desk)
            self.told[number].by_updates, self.told[number].by_dex = told.by_updates, told.by_dex

    def teardown(self) -> None:
        """Save the state and load it: it is the same."""
        with tempfile.TemporaryDirectory() as folder:
            saves.dump(self.net, Path(folder) / "state")
            again = saves.load(Path(folder) / "state")
        assert saves.seal(again.exchange) == saves.seal(self.net.exchange)

    @invariant()
    def no_dollar_is_lost(self) -> None:
        assert self.net.total_usd() == self.total

    @invariant()
    def no_token_is_lost(self) -> None:
        assert {name: self.net.total_token(name) for name in TOKENS} == self.tokens

    @invariant()
    def nobody_holds_more_than_there_is(self) -> None:
        for desk in self.desks:
            for row in desk.info("spotClearinghouseState")["balances"]:
                assert Decimal(row["total"]) >= Decimal(row["hold"]) >= 0, row
                assert Decimal(row["entryNtl"]) >= 0, row

    @invariant()
    def no_book_is_crossed(self) -> None:
        for market in self.net.exchange.all_markets():
            bid, ask = market.book.best_px(is_buy=True), market.book.best_px(is_buy=False)
            assert bid is None or ask is None or bid < ask

    @invariant()
    def positions_sum_to_zero(self) -> None:
        for asset, _, _ in COINS.values():
            assert sum(ledger.szi(asset) for ledger in self.net.exchange.everyone()) == 0

    @invariant()
    def no_order_is_lost_or_invented(self) -> None:
        for who, oids in self.accepted.items():
            ledger = self.net.exchange.ledgers[self.desks[who].address]
            finished = {oid for oid in oids if is_final(ledger.records[oid].status)}
            assert set(ledger.open) == oids - finished
            resting = {
                order.oid
                for market in self.net.exchange.all_markets()
                for is_buy in (True, False)
                for _, level in market.book.levels(is_buy=is_buy)
                for order in level
                if order.owner == ledger.address
            }
            assert resting == {oid for oid, order in ledger.open.items() if not order.waits}

    @invariant()
    def waiting_orders_wait_for_something(self) -> None:
        for desk in self.desks:
            for held in self.net.exchange.ledgers[desk.address].open.values():
                market = self.net.exchange.markets.get(held.asset)
                if market is None:
                    assert held.asset in self.net.exchange.universe.pairs
                    assert not held.waits
                elif not held.waits:
                    assert held.oid not in market.armed
                elif held.oid in market.armed:
                    assert not held.is_met(market.mark)
                else:
                    assert held.parent is not None
                    assert held.parent.status == "open"

    @invariant()
    def reduce_only_orders_fit_their_position(self) -> None:
        for desk in self.desks:
            ledger = self.net.exchange.ledgers[desk.address]
            for asset in ledger.open_on:
                resting = [order for order in ledger.resting_on(asset) if order.reduce_only]
                szi = ledger.szi(asset)
                assert all(order.is_buy == (szi < 0) and order.sz > 0 for order in resting)
                assert sum(order.sz for order in resting) <= abs(szi), PERPS[asset].name

    @invariant()
    def what_rests_is_summed_up(self) -> None:
        for ledger in self.net.exchange.everyone():
            sums: dict[int, Resting] = {}
            for held in ledger.open.values():
                if not (held.reduce_only or held.waits):
                    summed = sums.setdefault(held.asset, Resting([0, 0], [0, 0]))
                    summed.value[held.is_buy] += notional(held.px, held.sz)
                    summed.size[held.is_buy] += held.sz
            nothing = Resting([0, 0], [0, 0])
            assert sums == {asset: kept for asset, kept in ledger.resting.items() if kept != nothing}

    @invariant()
    def what_the_feed_tells_is_what_is_open(self) -> None:
        for desk, told in zip(self.desks, self.told, strict=True):
            told.hear()
            assert told.by_updates == told.by_state == set(self.net.exchange.ledgers[desk.address].open)

    @invariant()
    def every_answer_can_be_printed(self) -> None:
        for desk in self.desks:
            for dex in DEXES:
                state = desk.info("clearinghouseState", dex=dex)
                assert Decimal(state["withdrawable"]) >= 0
            for coin in COINS:
                assert Decimal(desk.info("activeAssetData", coin=coin)["availableToTrade"][0]) >= 0


TestTrading = Trading.TestCase
TestTrading.settings = settings(
    max_examples=int(os.environ.get("HL_FUZZ_EXAMPLES", "60")), stateful_step_count=30, deadline=None
)
