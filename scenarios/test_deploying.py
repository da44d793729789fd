"""A token and a perpetual dex, made and run by the trader.

Covers: POST /exchange (spotDeploy, perpDeploy, sendAsset, agentSendAsset), POST /info (spotDeployState,
spotPairDeployAuctionStatus, perpDeployAuctionStatus, perpDexs, perpDexLimits, perpsAtOpenInterestCap, meta,
metaAndAssetCtxs, allPerpMetas, orderStatus, historicalOrders, userFills, userFillsByTime).
"""

import pytest

from harness.shapes import (
    AllPerpMetas,
    DefaultResponse,
    DeployAuctionStatus,
    HistoricalOrders,
    Meta,
    OrderResponse,
    OrderStatus,
    PerpDexLimits,
    PerpDexs,
    PerpsAtOpenInterestCap,
    SpotDeployResponse,
    SpotDeployState,
    UserFills,
    UserFillsByTime,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets(
        "replay", "localnet", reason="costs hundreds of HYPE, and nothing of it can be undone"
    ),
]

HOUSE = "0x" + "ff" * 20
GAS = 10**12
GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}
# The first coin of the dex `test`.
COIN, ASSET = "test:ABC", 110_000


def done(answer):
    """Check that a step was carried out."""
    assert not SpotDeployResponse.parse(answer).is_refused


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def deployments(trader):
    """Return the account's tokens on their way, and the auction."""
    return SpotDeployState.parse(trader.info.query_spot_deploy_auction_status(trader.address))


@pytest.fixture
def token(trader, localnet):
    """The number of a token that the trader has won in the auction."""
    localnet.fund_token(trader.address, "HYPE", 3_000)
    localnet.open_auction("spot", 1_000)
    assert deployments(trader).gasAuction.currentGas is not None
    registered = trader.exchange.spot_deploy_register_token("DESK", 2, 8, GAS, "Desk token")
    return SpotDeployResponse.parse(registered).number


def give(trader, token, *, anchors=()):
    """Give the trader 1000 tokens, the house 100, and holders of others a part; nothing to one user."""
    genesis = {
        "token": token,
        "userAndWei": [[trader.address.lower(), "100000000000"], [HOUSE, "10000000000"]],
        "existingTokenAndWei": [[number, wei] for number, wei in anchors],
        "blacklistUsers": [["0x" + "0" * 39 + "1", True]],
    }
    done(trader.post_l1_action({"type": "spotDeploy", "userGenesis": genesis}))


def test_token_is_won_given_away_and_traded(trader, localnet, token):
    """From the auction to a book with quotes; each step shows in the deployments until it trades."""
    (state,) = deployments(trader).states
    assert (state.token, state.spec.name, state.maxSupply) == (token, "DESK", None)
    assert deployments(trader).gasAuction.currentGas is None

    give(trader, token)
    done(trader.exchange.spot_deploy_genesis(token, "110000000000", False))
    pair = SpotDeployResponse.parse(trader.exchange.spot_deploy_register_spot(token, 0)).number

    (state,) = deployments(trader).states
    assert (state.maxSupply, state.spots) == ("1100.0", (pair,))

    done(trader.exchange.spot_deploy_register_hyperliquidity(pair, 2.0, 4.0, 10, 2))

    assert deployments(trader).states == ()
    bids, asks = ask(trader, "l2Book", coin=f"@{pair}")["levels"]
    assert (len(bids), len(asks)) == (2, 8)


def test_holders_of_another_token_get_a_part(trader, localnet, token):
    """Whoever holds PURR is given the new token too."""
    give(trader, token, anchors=[(1, "50000000000")])

    (state,) = deployments(trader).states
    assert [number for number, _ in state.existingTokenGenesisBalances] == [1]
    assert [user for user, _ in state.userGenesisBalances] == [trader.address.lower()]


def test_token_without_a_long_name_is_on_its_way_too(trader, localnet):
    """`fullName` may be left out; it reads null."""
    localnet.fund_token(trader.address, "HYPE", 3_000)
    localnet.open_auction("spot", 1_000)
    spec = {"name": "BARE", "szDecimals": 0, "weiDecimals": 6}
    done(trader.post_l1_action({"type": "spotDeploy", "registerToken2": {"spec": spec, "maxGas": GAS}}))

    (state,) = deployments(trader).states
    assert (state.spec.name, state.fullName) == ("BARE", None)


def test_frozen_holder_cannot_trade(trader, counterparty, localnet, token):
    """The deployer freezes a holder, whose order is refused and remembered as rejected."""
    done(trader.exchange.spot_deploy_enable_freeze_privilege(token))
    give(trader, token)
    done(trader.exchange.spot_deploy_genesis(token, "110000000000", False))
    pair = SpotDeployResponse.parse(trader.exchange.spot_deploy_register_spot(token, 0)).number
    done(trader.exchange.spot_deploy_register_hyperliquidity(pair, 2.0, 4.0, 10, 2))

    done(trader.exchange.spot_deploy_freeze_user(token, counterparty.address.lower(), True))

    bid = {"a": 10_000 + pair, "b": True, "p": "2.1", "s": "8", "r": False, "t": IOC}
    answer = counterparty.post_l1_action({"type": "order", "orders": [bid], "grouping": "na"})
    assert OrderResponse.parse(answer).rejected
    (row,) = HistoricalOrders.parse(counterparty.info.historical_orders(counterparty.address))
    found = OrderStatus.parse(counterparty.info.query_order_by_oid(counterparty.address, row.oid))
    assert (row.state, found.state) == ("rejected", "rejected")


def test_slot_that_is_sold_has_no_price(trader, localnet, token):
    """A second pair, in a token that others are quoted in, takes a slot; until the next round there is none."""
    kind = "spotPairDeployAuctionStatus"
    localnet.open_auction("spotPair", 500)
    assert DeployAuctionStatus.parse(ask(trader, kind)).currentGas is not None
    give(trader, token)
    done(trader.exchange.spot_deploy_genesis(token, "110000000000", False))
    pair = SpotDeployResponse.parse(trader.exchange.spot_deploy_register_spot(token, 0)).number
    done(trader.exchange.spot_deploy_register_hyperliquidity(pair, 1.0, 4.0, 10, 2))
    staked(trader, localnet, 50)
    done(trader.exchange.spot_deploy_set_deployer_trading_fee_share(token, "0%"))
    done(trader.exchange.spot_deploy_enable_quote_token(token))
    sold = SpotDeployResponse.parse(trader.exchange.spot_deploy_register_spot(1, token))

    assert sold.number
    assert DeployAuctionStatus.parse(ask(trader, kind)).currentGas is None


def staked(trader, localnet, hype):
    """Let the trader stake so much, and keep as much as gas may cost."""
    localnet.fund_token(trader.address, "HYPE", hype + 20_000)
    deposit = trader.post_user_signed_action({"type": "cDeposit", "wei": hype * 10**8})
    assert DefaultResponse.parse(deposit).ok


@pytest.fixture
def deployer(trader, localnet):
    """The trader, who runs the dex `test`, with 1000 USDC there."""
    localnet.set_deployer("test", trader.address)
    assert DefaultResponse.parse(
        trader.exchange.send_asset(trader.address.lower(), "", "test", "USDC", 1_000)
    ).ok
    return trader


def on_dex(trader):
    """Return the same account with an SDK that knows the dex."""
    return trader.rebuilt(perp_dexs=["", "test"])


def run(trader, **variant):
    """Run the dex."""
    assert DefaultResponse.parse(trader.post_l1_action({"type": "perpDeploy", **variant})).ok


def ended(trader, oid):
    """Return what became of an order, after checking that query and history agree."""
    found = OrderStatus.parse(trader.info.query_order_by_oid(trader.address, oid))
    row = HistoricalOrders.parse(trader.info.historical_orders(trader.address)).order(oid)
    assert found.state == row.state
    return row.state


def newest(trader):
    """Return the oid of the account's newest order."""
    return HistoricalOrders.parse(trader.info.historical_orders(trader.address))[0].oid


def test_deployer_says_who_does_what_and_what_it_costs(deployer, counterparty):
    """Others may set prices; fees go elsewhere; each coin tells the scale."""
    other = counterparty.address.lower()
    allowed = [{"variant": "haltTrading", "user": other, "allowed": True}]
    run(deployer, setSubDeployers={"dex": "test", "subDeployers": allowed})
    run(deployer, setFeeRecipient={"dex": "test", "feeRecipient": other})
    run(deployer, setFeeScale={"dex": "test", "scale": "0.5"})

    dex = PerpDexs.parse(deployer.info.perp_dexs())[1]
    assert dex.subDeployers == (("haltTrading", (other,)),)
    assert (dex.deployer, dex.feeRecipient) == (deployer.address.lower(), other)
    for meta in (
        Meta.parse(deployer.info.meta("test")),
        AllPerpMetas.parse(ask(deployer, "allPerpMetas"))[1],
    ):
        assert {coin.deployerFeeScale for coin in meta.universe} == {"0.5"}


def test_somebody_elses_dex_cannot_be_run(trader):
    """Nor one that there is not."""
    for dex, text in (("test", "Invalid perp deployer"), ("nope", "Invalid perp DEX")):
        answer = trader.post_l1_action({"type": "perpDeploy", "setFeeScale": {"dex": dex, "scale": "1.0"}})
        assert DefaultResponse.parse(answer).refusal == text


def test_first_dex_has_no_limits_of_its_own(trader):
    """Null, where a builder's has caps."""
    assert PerpDexLimits.parse(ask(trader, "perpDexLimits", dex="")).limits is None
    assert PerpDexLimits.parse(ask(trader, "perpDexLimits", dex="test")).limits.coinToOiCap


def test_coin_at_its_cap_takes_no_more(deployer, localnet):
    """More of a position, and turning it, is refused; making it smaller is not."""
    desk = on_dex(deployer)
    localnet.set_mid(COIN, "1")
    assert OrderResponse.parse(desk.exchange.order(COIN, True, 150, 1.05, IOC)).filled
    run(deployer, setOpenInterestCaps=[[COIN, 100_000_000]])
    assert PerpsAtOpenInterestCap.parse(ask(deployer, "perpsAtOpenInterestCap", dex="test")).rows == (COIN,)

    assert OrderResponse.parse(desk.exchange.order(COIN, True, 50, 1.05, IOC)).rejected
    assert ended(deployer, newest(deployer)) == "positionIncreaseAtOpenInterestCapRejected"
    assert OrderResponse.parse(desk.exchange.order(COIN, False, 200, 0.95, IOC)).rejected
    assert ended(deployer, newest(deployer)) == "positionFlipAtOpenInterestCapRejected"
    assert OrderResponse.parse(desk.exchange.order(COIN, False, 150, 0.95, IOC)).filled


def test_coin_that_is_halted_is_settled(deployer, localnet):
    """Orders are cancelled as delisted, positions end at the mark with a fill that says Settlement."""
    desk = on_dex(deployer)
    localnet.set_mid(COIN, "1")
    assert OrderResponse.parse(desk.exchange.order(COIN, True, 150, 1.05, IOC)).filled
    bid = OrderResponse.parse(desk.exchange.order(COIN, True, 50, 0.9, GTC)).resting.oid

    run(deployer, haltTrading={"coin": COIN, "isHalted": True})

    assert ended(deployer, bid) == "delistedCanceled"
    fill = UserFills.parse(deployer.info.user_fills(deployer.address))[0]
    assert (fill.dir, fill.coin) == ("Settlement", COIN)
    assert UserFillsByTime.parse(deployer.info.user_fills_by_time(deployer.address, 0))[-1] == fill
    assert Meta.parse(deployer.info.meta("test")).universe[0].isDelisted is True


def test_dex_with_its_first_coin_is_made(trader, localnet):
    """Who has staked enough; further coins beyond three cost a slot of the auction, which is sold then."""
    staked(trader, localnet, 500_000)
    localnet.open_auction("perp", 500)
    schema = {"fullName": "desk dex", "collateralToken": 0, "oracleUpdater": trader.address.lower()}
    for number in range(4):
        answer = trader.exchange.perp_deploy_register_asset(
            "desk", GAS, f"desk:T{number}", 2, "10.0", 10, False, schema if number == 0 else None
        )
        assert DefaultResponse.parse(answer).ok

    assert PerpDexs.parse(trader.info.perp_dexs())[2].fullName == "desk dex"
    assert len(Meta.parse(trader.info.meta("desk")).universe) == 4
    auction = DeployAuctionStatus.parse(trader.info.query_perp_deploy_auction_status())
    assert (auction.currentGas, auction.endGas is None) == (None, False)


def test_agent_moves_money_to_the_dex_but_to_nobody_else(trader, counterparty):
    """Between the account's own places it may."""
    agent = trader.agent("desk")
    send = {
        "type": "agentSendAsset",
        "destination": trader.address.lower(),
        "sourceDex": "",
        "destinationDex": "test",
        "token": "USDC",
        "amount": "50",
        "fromSubAccount": "",
        "nonce": 1,
    }
    assert DefaultResponse.parse(agent.post_l1_action(send)).ok
    state = trader.info.user_state(trader.address, dex="test")
    assert state["marginSummary"]["accountValue"] == "50.0"

    elsewhere = send | {"destination": counterparty.address.lower()}
    assert "same user" in DefaultResponse.parse(agent.post_l1_action(elsewhere)).refusal
