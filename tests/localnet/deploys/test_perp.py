"""A perp dex from outside: made, listed on, priced, halted, and the terms that its deployer sets."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from harness.localnet.markets.deployments import Deployment
from tests.localnet.desk import Desk, leverage, order, trigger
from tests.localnet.markets.test_dexes import move

OTHER = ACCOUNTS[1].address.lower()
OK = {"status": "ok", "response": {"type": "default"}}
NOT_MINE = "Invalid perp deployer"
ABC, NEW = 110_000, 120_000
SCHEMA = {"fullName": "new dex", "collateralToken": 0, "oracleUpdater": None}


def deploy(desk: Desk, **variant: Any) -> Any:
    """Send one step."""
    return desk.act({"type": "perpDeploy", **variant})


def refusal(desk: Desk, **variant: Any) -> str:
    """Send a step that must be refused, and return the text."""
    answer = deploy(desk, **variant)
    assert answer["status"] == "err", answer
    text: str = answer["response"]
    return text


def asset(
    coin: str = "new:T", dex: str = "new", schema: Any = None, gas: int | None = None, **changed: Any
) -> dict[str, Any]:
    """Return what lists a coin."""
    request = {"coin": coin, "szDecimals": 2, "oraclePx": "10", "marginTableId": 10, "onlyIsolated": False}
    return {"maxGas": gas, "assetRequest": request | changed, "dex": dex, "schema": schema}


def prices(oracle: str, *marks: str, coin: str = "new:T", dex: str = "new") -> dict[str, Any]:
    """Return what sets one coin's prices."""
    return {
        "dex": dex,
        "oraclePxs": [[coin, oracle]],
        "markPxs": [[[coin, px]] for px in marks],
        "externalPerpPxs": [[coin, oracle]],
    }


def context(desk: Desk, dex: str = "new") -> dict[str, Any]:
    """Return the context of a dex's first coin."""
    found: dict[str, Any] = desk.info("metaAndAssetCtxs", dex=dex)[1][0]
    return found


@pytest.fixture
def rich(desk: Desk) -> Desk:
    """Account 0 with the stake that a deployer needs."""
    desk.net.fund_token(desk.address, "HYPE", Decimal(510_000))
    desk.user_act({"type": "cDeposit", "wei": 500_000 * 10**8})
    return desk


@pytest.fixture
def deployer(rich: Desk) -> Desk:
    """Account 0 with a dex `new` and its coin `new:T`."""
    assert deploy(rich, registerAsset=asset(schema=SCHEMA)) == OK
    return rich


@pytest.fixture
def owner(desk: Desk) -> Desk:
    """Account 0 as the deployer of `test`."""
    desk.net.set_deployer("test", desk.address)
    return desk


def test_a_dex_is_made_with_its_first_coin(deployer: Desk) -> None:
    row = deployer.info("perpDexs")[2]
    assert (row["name"], row["fullName"], row["deployer"]) == ("new", "new dex", deployer.address)
    assert row.keys() == deployer.info("perpDexs")[1].keys()
    (coin,) = deployer.info("meta", dex="new")["universe"]
    assert coin == {
        "szDecimals": 2,
        "name": "new:T",
        "maxLeverage": 10,
        "marginTableId": 10,
        "lastFeeScaleChangeTime": "1970-01-01T00:00:00",
        "deployerFeeScale": "1.0",
    }
    assert deployer.info("allMids", dex="new") == {"new:T": "10.0"}
    assert (context(deployer)["markPx"], context(deployer)["oraclePx"]) == ("10.0", "10.0")
    assert deployer.info("l2Book", coin="new:T")["levels"] == [[], []]
    assert len(deployer.info("allPerpMetas")) == 3


def test_its_coin_is_traded(deployer: Desk, other: Desk) -> None:
    total = deployer.net.total_usd()
    for desk in (deployer, other):
        assert move(desk, "1000", "", "new")["status"] == "ok"
    deployer.statuses(order(a=NEW, p="10", s="20"))
    (filled,) = other.statuses(order(a=NEW, b=False, p="10", s="20", tif="Ioc"))
    assert filled["filled"]["totalSz"] == "20.0"
    assert deployer.info("clearinghouseState", dex="new")["assetPositions"][0]["position"]["szi"] == "20.0"
    assert deployer.info("userFills")[0]["coin"] == "new:T"
    assert deployer.net.total_usd() == total


def test_half_of_the_fees_is_the_deployers_at_a_scale_of_one(deployer: Desk, other: Desk) -> None:
    for desk in (deployer, other):
        move(desk, "1000", "", "new")
    assert deploy(deployer, setFeeRecipient={"dex": "new", "feeRecipient": OTHER}) == OK
    deployer.statuses(order(a=NEW, p="10", s="20"))
    other.statuses(order(a=NEW, b=False, p="10", s="20", tif="Ioc"))
    paid = Decimal(other.info("userFills")[0]["fee"])
    assert paid == 200 * Decimal("0.0009")
    maker = Decimal(deployer.info("userFills")[0]["fee"])
    value = Decimal(other.info("clearinghouseState", dex="new")["marginSummary"]["accountValue"])
    assert value == 1000 - paid + (paid + maker) / 2
    assert deploy(deployer, setFeeScale={"dex": "new", "scale": "0.5"}) == OK
    other.statuses(order(a=NEW, p="10", s="2"))
    deployer.statuses(order(a=NEW, b=False, p="10", s="2", tif="Ioc"))
    assert Decimal(deployer.info("userFills")[0]["fee"]) == 20 * Decimal("0.00045") * Decimal("1.5")
    row = deployer.info("perpDexs")[2]
    assert (row["feeRecipient"], "deployerFeeScale" in row) == (OTHER, False)
    assert {coin["deployerFeeScale"] for coin in deployer.info("meta", dex="new")["universe"]} == {"0.5"}
    assert refusal(deployer, setFeeScale={"dex": "new", "scale": "3.01"})


def test_a_dex_needs_a_stake_a_name_and_usdc(desk: Desk, rich: Desk, other: Desk) -> None:
    assert refusal(other, registerAsset=asset(schema=SCHEMA)) == "Insufficient stake"
    for dex in ("n", "newer", "NEW", ""):
        schema_asset = asset(coin=f"{dex}:T", dex=dex, schema=SCHEMA)
        assert refusal(rich, registerAsset=schema_asset) in ("Invalid perp DEX", NOT_MINE)
    assert refusal(rich, registerAsset=asset(schema=SCHEMA | {"collateralToken": 1}))
    assert refusal(rich, registerAsset=asset(coin="test:T", dex="test", schema=SCHEMA)) == NOT_MINE
    assert refusal(rich, registerAsset=asset()) == "Invalid perp DEX"
    assert len(rich.info("perpDexs")) == 2
    deploy(rich, registerAsset=asset(schema=SCHEMA))
    assert refusal(rich, registerAsset=asset(coin="two:T", dex="two", schema=SCHEMA))


@pytest.mark.parametrize(
    "changed",
    [
        {"coin": "T"},
        {"coin": "test:T"},
        {"coin": "new:"},
        {"coin": "new:T"},
        {"szDecimals": 7},
        {"marginTableId": 0},
        {"marginTableId": 51},
        {"oraclePx": "0"},
        {"oraclePx": "-1"},
    ],
)
def test_a_coin_that_cannot_be_is_refused(deployer: Desk, changed: dict[str, Any]) -> None:
    assert refusal(deployer, registerAsset=asset(**({"coin": "new:U"} | changed)))
    assert len(deployer.info("meta", dex="new")["universe"]) == 1


def test_three_coins_are_free_and_further_ones_cost_gas(deployer: Desk) -> None:
    def hype() -> Decimal:
        rows = deployer.info("spotClearinghouseState")["balances"]
        return Decimal(next(row["total"] for row in rows if row["coin"] == "HYPE"))

    before = hype()
    for coin in ("new:U", "new:V"):
        assert deploy(deployer, registerAsset=asset(coin)) == OK
    assert hype() == before
    assert refusal(deployer, registerAsset=asset("new:W", gas=499 * 10**8))
    assert deploy(deployer, registerAsset=asset("new:W")) == OK
    assert hype() == before - 500
    assert deployer.info("perpDeployAuctionStatus")["endGas"] == "500.0"
    assert refusal(deployer, registerAsset=asset("new:X"))
    # A reserve needs no slot, but the same gas.
    assert deploy(deployer, registerAsset=asset("new:X", gas=0)) == OK
    assert hype() == before - 1000
    assert [row["name"] for row in deployer.info("meta", dex="new")["universe"]][-1] == "new:X"


def test_prices_move_by_one_percent_and_every_two_and_a_half_seconds(deployer: Desk) -> None:
    deployer.net.advance(60_000)
    assert deploy(deployer, setOracle=prices("12", "14")) == OK
    assert (context(deployer)["oraclePx"], context(deployer)["markPx"]) == ("12.0", "10.1")
    deployer.net.advance(2_000)
    assert refusal(deployer, setOracle=prices("12", "14")) == "Oracle price update too often"
    deployer.net.advance(500)
    assert deploy(deployer, setOracle=prices("500", "10.15", "10.05")) == OK
    # The oracle stays within ten times what the day began with; two marks alone give their mean.
    assert (context(deployer)["oraclePx"], context(deployer)["markPx"]) == ("100.0", "10.1")


def test_the_local_mark_counts_beside_what_is_sent_and_alone_when_that_is_old(deployer: Desk) -> None:
    deployer.net.set_liquidity("new:T", [(Decimal("9.9"), Decimal(100))], [(Decimal("10.1"), Decimal(100))])
    deploy(deployer, setOracle=prices("10", "10.08", "9.98"))
    assert context(deployer)["markPx"] == "10.0"
    deployer.net.advance(2_500)
    deploy(deployer, setOracle=prices("10", "10.08", "10.04"))
    assert context(deployer)["markPx"] == "10.04"
    deployer.net.advance(9_000)
    assert context(deployer)["markPx"] == "10.04"
    deployer.net.advance(1_000)
    assert context(deployer)["markPx"] == "10.0"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.lists(st.integers(1, 10**5), max_size=2), st.sampled_from([2_500, 13_000]))))
def test_no_update_moves_a_mark_by_more_than_a_hundredth(
    updates: list[tuple[list[int], int]],
) -> None:
    net = Localnet()
    desk = Desk(net)
    net.set_deployer("test", desk.address)
    total = net.total_usd()
    for marks, wait in updates:
        before = Decimal(context(desk, "test")["markPx"])
        sent = [[["test:GOLD", str(px)]] for px in marks]
        external = [[f"test:{coin}", "1"] for coin in ("ABC", "GOLD", "SP500")]
        fields = {"dex": "test", "oraclePxs": [], "markPxs": sent, "externalPerpPxs": external}
        assert deploy(desk, setOracle=fields) == OK
        after = Decimal(context(desk, "test")["markPx"])
        assert abs(after - before) <= before / 100 + Decimal("0.0001")
        net.advance(wait)
        assert net.total_usd() == total


def test_who_may_set_prices(deployer: Desk, other: Desk) -> None:
    assert refusal(other, setOracle=prices("10")) == NOT_MINE
    change = {"variant": "setOracle", "user": OTHER, "allowed": True}
    assert deploy(deployer, setSubDeployers={"dex": "new", "subDeployers": [change]}) == OK
    assert deployer.info("perpDexs")[2]["subDeployers"] == [["setOracle", [OTHER]]]
    assert deploy(other, setOracle=prices("10")) == OK
    assert refusal(other, setFeeScale={"dex": "new", "scale": "1"}) == NOT_MINE
    deploy(deployer, setSubDeployers={"dex": "new", "subDeployers": [change | {"allowed": False}]})
    assert refusal(other, setOracle=prices("10")) == NOT_MINE
    assert deployer.info("perpDexs")[2]["subDeployers"] == []


def test_only_the_updater_sets_prices_if_there_is_one(rich: Desk, other: Desk) -> None:
    deploy(rich, registerAsset=asset(schema=SCHEMA | {"oracleUpdater": OTHER}))
    assert refusal(rich, setOracle=prices("10")) == "Invalid oracle updater"
    assert deploy(other, setOracle=prices("10")) == OK


def test_prices_that_are_not_whole_are_refused(deployer: Desk) -> None:
    good = prices("10")
    assert refusal(deployer, setOracle=good | {"dex": "nope"}) == "Invalid perp DEX"
    assert refusal(deployer, setOracle=good | {"externalPerpPxs": []}) == "externalPerpPxs missing perp"
    assert refusal(deployer, setOracle=good | {"oraclePxs": [["new:X", "1"]]}) == "Unknown coin new:X"
    assert refusal(deployer, setOracle=good | {"oraclePxs": [["BTC", "1"]]}) == "Invalid perp DEX"
    assert refusal(deployer, setOracle=prices("10", "1", "2", "3"))
    assert refusal(deployer, setOracle=prices("0"))


def test_a_halted_coin_is_settled_at_the_mark_and_can_go_on(owner: Desk, other: Desk) -> None:
    total = owner.net.total_usd()
    for desk in (owner, other):
        move(desk, "1000", "", "test")
    owner.statuses(order(a=ABC, p="1.1", s="500", tif="Ioc"))
    (resting,) = other.statuses(order(a=ABC, p="0.9", s="100"))
    other.statuses(order(a=ABC, b=False, p="1.1", s="100", tif="Ioc"))
    other.statuses(trigger(a=ABC, px="1.5", p="1.6", s="100", r=True))
    owner.net.set_mark("test:ABC", Decimal("1.2"))
    assert refusal(other, haltTrading={"coin": "test:ABC", "isHalted": True}) == NOT_MINE
    assert deploy(owner, haltTrading={"coin": "test:ABC", "isHalted": True}) == OK
    for desk in (owner, other):
        assert desk.info("clearinghouseState", dex="test")["assetPositions"] == []
        assert desk.info("openOrders", dex="test") == []
    status = other.info("orderStatus", oid=resting["resting"]["oid"])["order"]["status"]
    assert status == "delistedCanceled"
    fill = owner.info("userFills")[0]
    assert (fill["px"], fill["sz"], fill["side"], fill["dir"]) == ("1.2", "500.0", "A", "Settlement")
    assert owner.net.total_usd() == total
    row = owner.info("meta", dex="test")["universe"][0]
    assert row["isDelisted"]
    owner.net.advance(10_000)
    assert owner.info("l2Book", coin="test:ABC")["levels"] == [[], []]
    assert deploy(owner, haltTrading={"coin": "test:ABC", "isHalted": False}) == OK
    (again,) = owner.statuses(order(a=ABC, p="1.5", s="100", tif="Ioc"))
    assert again["filled"]["totalSz"] == "100.0"


def test_a_margin_table_is_another_leverage(owner: Desk) -> None:
    assert deploy(owner, setMarginTableIds=[["test:GOLD", 5]]) == OK
    row = owner.info("meta", dex="test")["universe"][1]
    assert (row["maxLeverage"], row["marginTableId"]) == (5, 5)
    assert owner.act(leverage(6, a=ABC + 1, is_cross=False))["response"] == "Invalid leverage value"
    assert owner.act(leverage(5, a=ABC + 1, is_cross=False)) == OK
    assert refusal(owner, setMarginTableIds=[["test:GOLD", 0]])


def test_a_funding_multiplier_scales_the_rate(owner: Desk) -> None:
    before = Decimal(context(owner, "test")["funding"])
    assert deploy(owner, setFundingMultipliers=[["test:ABC", "2.5"]]) == OK
    assert Decimal(context(owner, "test")["funding"]) == before * Decimal("2.5")
    assert owner.info("perpDexs")[1]["assetToFundingMultiplier"] == [["test:ABC", "2.5"]]
    for text in ("10.1", "-1", "x"):
        assert refusal(owner, setFundingMultipliers=[["test:ABC", text]])


def test_a_multiplier_leaves_the_hours_before_it_alone(owner: Desk) -> None:
    owner.net.advance(3_600_000)
    deploy(owner, setFundingMultipliers=[["test:ABC", "2"]])
    owner.net.advance(3_600_000)
    rates = [
        Decimal(row["fundingRate"]) for row in owner.info("fundingHistory", coin="test:ABC", startTime=0)
    ]
    assert rates == [Decimal("0.0000125"), Decimal("0.000025")]


def test_a_coin_has_no_funding_from_before_it_was_listed(rich: Desk) -> None:
    rich.net.advance(3_600_000)
    deploy(rich, registerAsset=asset(schema=SCHEMA))
    assert rich.info("fundingHistory", coin="new:T", startTime=0) == []
    assert len(rich.info("fundingHistory", coin="ETH", startTime=0)) == 1


def test_a_cap_stops_what_would_add_to_open_interest(owner: Desk) -> None:
    move(owner, "1000", "", "test")
    assert deploy(owner, setOpenInterestCaps=[["test:ABC", 50_000_000]]) == OK
    assert owner.info("perpDexLimits", dex="test")["coinToOiCap"][0] == ["test:ABC", "50.0"]
    assert owner.info("perpDexs")[1]["assetToStreamingOiCap"] == [["test:ABC", "50.0"]]
    owner.statuses(order(a=ABC, p="1.1", s="60", tif="Ioc"))
    assert owner.info("perpsAtOpenInterestCap", dex="test") == ["test:ABC"]
    assert "open interest" in owner.statuses(order(a=ABC, p="1.1", s="60", tif="Ioc"))[0]["error"]
    assert refusal(owner, setOpenInterestCaps=[["test:ABC", 999_999]])
    assert refusal(owner, setOpenInterestCaps=[["test:ABC", 1_000_000]])


def test_another_quote_token_as_collateral_is_not_covered(rich: Desk) -> None:
    rich.net.exchange.universe.deployments[1] = Deployment(OTHER, 0, 0, is_quote=True)
    action = {"type": "perpDeploy", "registerAsset": asset(schema=SCHEMA | {"collateralToken": 1})}
    assert rich.send(rich.envelope(action)).not_implemented


def test_only_builders_dexes_have_a_deployer(net: Localnet) -> None:
    for dex in ("", "nope"):
        with pytest.raises(LocalnetError, match="no builder's dex"):
            net.set_deployer(dex, OTHER)


def test_a_dex_is_saved_and_reverted_to(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    net.fund_token(desk.address, "HYPE", Decimal(500_000))
    desk.user_act({"type": "cDeposit", "wei": 500_000 * 10**8})
    net.set_deployer("test", OTHER)
    snapshot = net.snapshot()
    deploy(desk, registerAsset=asset(schema=SCHEMA))
    deploy(desk, setOracle=prices("10", "10.05"))
    net.advance(30_000)
    saves.dump(net, tmp_path / "state")
    loaded = Desk(saves.load(tmp_path / "state"))
    assert loaded.info("perpDexs") == desk.info("perpDexs")
    assert context(loaded) == context(desk)
    net.revert(snapshot)
    assert len(desk.info("perpDexs")) == 2
    assert desk.info("perpDexs")[1]["deployer"] == OTHER
    assert deploy(desk, registerAsset=asset(schema=SCHEMA)) == OK


def words(coin: str = "test:ABC", **changed: Any) -> dict[str, Any]:
    """Return what annotates a coin."""
    plain = {"category": "indices", "description": "Of cats.", "displayName": None, "keywords": []}
    return {"coin": coin, **plain, **changed}


def test_a_coin_is_annotated_and_what_was_not_given_is_not_shown(owner: Desk) -> None:
    assert deploy(owner, setPerpAnnotation=words()) == OK
    named = words("test:GOLD", displayName="GOLDBAR", keywords=["metal", "au"], category="commodities")
    assert deploy(owner, setPerpAnnotation=named) == OK
    assert owner.info("perpAnnotation", coin="test:ABC") == {"category": "indices", "description": "Of cats."}
    assert owner.info("perpAnnotation", coin="test:GOLD") == {
        "category": "commodities",
        "description": "Of cats.",
        "displayName": "GOLDBAR",
        "keywords": ["metal", "au"],
    }
    assert owner.info("perpAnnotation", coin="test:SP500") is None
    assert owner.info("perpCategories") == [["test:ABC", "indices"], ["test:GOLD", "commodities"]]
    assert owner.info("perpConciseAnnotations") == [
        ["test:ABC", {"category": "indices"}],
        ["test:GOLD", {"category": "commodities", "displayName": "GOLDBAR", "keywords": ["metal", "au"]}],
    ]
    assert deploy(owner, setPerpAnnotation=words("test:GOLD")) == OK
    assert dict(owner.info("perpCategories"))["test:GOLD"] == "indices"


def test_only_a_deployer_annotates(owner: Desk, other: Desk) -> None:
    assert refusal(other, setPerpAnnotation=words()) == NOT_MINE
    assert refusal(owner, setPerpAnnotation=words("BTC")) == NOT_MINE
    sub = {"variant": "setPerpAnnotation", "user": other.address, "allowed": True}
    assert deploy(owner, setSubDeployers={"dex": "test", "subDeployers": [sub]}) == OK
    assert deploy(other, setPerpAnnotation=words()) == OK


@pytest.mark.parametrize(
    ("longest", "longer"),
    [
        ({"category": "c" * 15}, {"category": "c" * 16}),
        ({"description": "d" * 400}, {"description": "d" * 401}),
        ({"displayName": "n" * 9}, {"displayName": "n" * 10}),
        ({"keywords": ["k" * 10, "l"]}, {"keywords": ["k" * 11]}),
        ({"keywords": ["a", "b"]}, {"keywords": ["a", "b", "c"]}),
    ],
)
def test_words_have_the_documented_lengths(owner: Desk, longest: Any, longer: Any) -> None:
    assert deploy(owner, setPerpAnnotation=words(**longest)) == OK
    action = {"type": "perpDeploy", "setPerpAnnotation": words(**longer)}
    assert owner.send(owner.envelope(action)).not_implemented


def test_fees_are_a_tenth_in_growth_mode(deployer: Desk, other: Desk) -> None:
    """Docs, "Fees"; it may change once in 30 days."""
    for desk in (deployer, other):
        move(desk, "1000", "", "new")
    assert deploy(deployer, setGrowthModes=[["new:T", True]]) == OK
    deployer.statuses(order(a=NEW, p="10", s="20"))
    total = deployer.net.total_usd()
    other.statuses(order(a=NEW, b=False, p="10", s="20", tif="Ioc"))
    assert Decimal(other.info("userFills")[0]["fee"]) == 200 * Decimal("0.00009")
    assert deployer.net.total_usd() == total
    assert deployer.info("meta", dex="new")["universe"][0]["growthMode"] == "enabled"
    off = {"type": "perpDeploy", "setGrowthModes": [["new:T", False]]}
    assert deployer.send(deployer.envelope(off)).not_implemented
    deployer.net.advance(30 * 86_400_000)
    assert deployer.act(off) == OK
    assert "growthMode" not in deployer.info("meta", dex="new")["universe"][0]
    assert refusal(other, setGrowthModes=[["test:ABC", True]]) == NOT_MINE


def test_margin_may_leave_a_coin_that_only_refuses_cross(owner: Desk) -> None:
    move(owner, "1000", "", "test")
    assert "filled" in owner.statuses(order(a=ABC, p="1.05", s="100", tif="Ioc"))[0]

    def take() -> Any:
        add = {"type": "updateIsolatedMargin", "asset": ABC, "isBuy": True}
        assert owner.act(add | {"ntli": 50_000_000}) == OK
        return owner.act(add | {"ntli": -50_000_000})

    assert "Cannot remove isolated margin" in take()["response"]
    assert deploy(owner, setMarginModes=[["test:ABC", "noCross"]]) == OK
    assert take() == OK
    row = owner.info("meta", dex="test")["universe"][0]
    assert (row["onlyIsolated"], row["marginMode"]) == (True, "noCross")


def test_a_coin_that_is_traded_is_not_isolated(deployer: Desk) -> None:
    move(deployer, "1000", "", "new")
    deployer.statuses(order(a=NEW, p="9", s="20"))
    change = {"type": "perpDeploy", "setMarginModes": [["new:T", "strictIsolated"]]}
    assert deployer.send(deployer.envelope(change)).not_implemented
