"""What nobody can ask for: a fee trial, agents that last, another way for USDC, a deployer's name.

The exchange grants it; on localnet the control does.

Covers: POST /info (userFees, userFills, userFillsByTime, userTwapSliceFills, userTwapSliceFillsByTime,
extraAgents, usdcRouting, spotMeta, spotMetaAndAssetCtxs), websocket userFills, userEvents and
userTwapSliceFills.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ExtraAgents,
    OrderResponse,
    TwapOrderResponse,
    UsdcRouting,
    UserFees,
    UserFills,
    UserTwapSliceFills,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="only the exchange itself can grant it"),
]


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


@pytest.mark.ws
def test_part_of_a_fee_waits_in_escrow(trader, market, localnet, venue):
    """The fill tells how much of its fee does, and `userFees` all of it."""
    localnet.start_fee_trial(trader.address, 40)
    fills, events = ({"type": kind, "user": trader.address} for kind in ("userFills", "userEvents"))

    with trader.subscribed(fills) as told, trader.subscribed(events) as heard:
        assert OrderResponse.parse(
            trader.exchange.order(**market.bid(depth_bps=-100, notional_usd=50))
        ).filled
        venue.until(lambda: len(told) > 1 and heard)

    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]
    held = Decimal(fill.feeTrialEscrow)
    assert 0 <= fill.fee * Decimal("0.4") - held < Decimal("0.000001") < held
    assert told[1]["data"]["fills"][0]["feeTrialEscrow"] == fill.feeTrialEscrow
    assert heard[-1]["data"]["fills"][0]["feeTrialEscrow"] == fill.feeTrialEscrow
    assert UserFills.parse(trader.info.user_fills_by_time(trader.address, 0))[-1] == fill
    fees = UserFees.parse(trader.info.user_fees(trader.address))
    assert (Decimal(fees.feeTrialEscrow), fees.trial) == (held, None)


@pytest.mark.ws
def test_slices_of_a_twap_have_fees_too(trader, localnet, venue):
    """What waits of them is told as that of other fills."""
    localnet.start_fee_trial(trader.address, 100)
    slices, events = ({"type": kind, "user": trader.address} for kind in ("userTwapSliceFills", "userEvents"))
    twap = {"a": 4, "b": True, "s": "1", "r": False, "m": 5, "t": False}

    with trader.subscribed(slices) as told, trader.subscribed(events) as heard:
        assert TwapOrderResponse.parse(trader.post_l1_action({"type": "twapOrder", "twap": twap})).twap_id
        localnet.advance(31)
        venue.until(lambda: len(told) > 1 and len(heard) > 1)

    filled = UserTwapSliceFills.parse(trader.info.user_twap_slice_fills(trader.address))[0].fill
    assert Decimal(filled.feeTrialEscrow) == filled.fee
    later = ask(trader, "userTwapSliceFillsByTime", user=trader.address, startTime=0)
    assert UserTwapSliceFills.parse(later)[-1].fill == filled
    assert told[1]["data"]["twapSliceFills"][0]["fill"]["feeTrialEscrow"] == filled.feeTrialEscrow
    frames = [frame["data"] for frame in heard if "twapSliceFills" in frame["data"]]
    assert frames[0]["twapSliceFills"][0]["fill"]["feeTrialEscrow"] == filled.feeTrialEscrow


def test_agents_of_old_accounts_do_not_end(trader, localnet):
    """Others end after ninety days."""
    agent = trader.agent("desk")
    assert agent is not None
    (before,) = ExtraAgents.parse(trader.info.extra_agents(trader.address))
    assert before.validUntil is not None

    localnet.keep_agents(trader.address)

    (after,) = ExtraAgents.parse(trader.info.extra_agents(trader.address))
    assert (after.address, after.validUntil) == (before.address, None)


def test_usdc_can_go_by_the_bridge_again(trader, localnet):
    """The exchange switched from its own bridge to Circle's, and can switch back."""
    localnet.set_usdc_routes("bridge", "bridge")

    routes = UsdcRouting.parse(ask(trader, "usdcRouting"))
    assert (routes.depositRoute, routes.withdrawalRoute) == ("bridge", "bridge")


def test_trial_of_nothing_holds_nothing(trader, localnet):
    """Its fills are as those of others."""
    localnet.start_fee_trial(trader.address, 0)

    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled

    assert not UserFills.parse(trader.info.user_fills(trader.address))[0].feeTrialEscrow
