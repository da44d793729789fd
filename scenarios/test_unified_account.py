"""A desk on a unified account: one USDC balance for spot and perpetuals.

Its money is read from `spotClearinghouseState`; `clearinghouseState` shows positions, but no balance.

Covers: POST /exchange (userSetAbstraction, order, cancel, usdClassTransfer, usdSend, sendAsset), POST /info
(userAbstraction, spotClearinghouseState, clearinghouseState).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    CancelResponse,
    ClearinghouseState,
    DefaultResponse,
    OrderResponse,
    SpotClearinghouseState,
    UserAbstraction,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="would change the mode of the user's own account"),
]


@pytest.fixture
def desk(trader):
    """The trader, whose account is unified."""
    assert DefaultResponse.parse(trader.exchange.user_set_abstraction(trader.address, "unifiedAccount")).ok
    return trader


def usdc(trader):
    """The one balance of the account."""
    return SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address)).balance("USDC")


def test_all_the_money_is_shown_on_spot(trader):
    """What was on perpetuals is part of the spot balance from then on."""
    before = ClearinghouseState.parse(trader.info.user_state(trader.address)).account_value
    had = usdc(trader).total

    assert DefaultResponse.parse(trader.exchange.user_set_abstraction(trader.address, "unifiedAccount")).ok

    mode = UserAbstraction.parse(trader.info.query_user_abstraction_state(trader.address)).mode
    assert mode == "unifiedAccount"
    assert usdc(trader).total == had + before
    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).account_value == 0


def test_a_resting_bid_holds_margin_until_it_is_cancelled(desk, market):
    """An order on perpetuals holds spot USDC: its value over the leverage."""
    assert DefaultResponse.parse(desk.exchange.update_leverage(10, "ETH")).ok
    resting = OrderResponse.parse(desk.exchange.order(**market.bid(px="3000", sz="0.1"))).resting

    assert usdc(desk).hold == Decimal(30)

    assert CancelResponse.parse(desk.exchange.cancel("ETH", resting.oid)).outcome == "success"
    assert usdc(desk).hold == 0


def test_a_position_is_worth_what_the_balance_gains(desk, localnet):
    """The total counts what a position has gained; hold is its margin."""
    assert DefaultResponse.parse(desk.exchange.update_leverage(10, "ETH")).ok
    before = usdc(desk).total
    bought = OrderResponse.parse(desk.exchange.market_open("ETH", True, 1)).filled
    localnet.set_mid("ETH", "3200")

    position = ClearinghouseState.parse(desk.info.user_state(desk.address)).position("ETH")
    fee = (bought.avg_px * Decimal("0.00045")).quantize(Decimal("0.000001"))

    assert abs(usdc(desk).total - (before + position.unrealized_pnl - fee)) <= Decimal("0.000002")
    assert usdc(desk).hold == position.margin_used


def test_margin_lacks_where_spot_orders_hold_the_money(desk, market):
    """A bid for HYPE and one for ETH draw on the same balance."""
    free = usdc(desk).total
    size = float((free / 20).quantize(Decimal("0.01"), rounding="ROUND_DOWN"))
    assert OrderResponse.parse(
        desk.exchange.order("@1035", True, size, 20, {"limit": {"tif": "Gtc"}})
    ).resting

    rejected = OrderResponse.parse(desk.exchange.order(**market.bid(px="3000", sz="0.1"))).rejected

    assert rejected.reason == f"Insufficient margin to place order. asset={market.asset}"


@pytest.mark.parametrize("action", ["to_perp", "to_spot", "usd_send"])
def test_there_is_nothing_to_move_between_spot_and_perpetuals(desk, counterparty, action):
    """The transfers of a standard account are refused."""
    answer = (
        desk.exchange.usd_transfer(10, counterparty.address.lower())
        if action == "usd_send"
        else desk.exchange.usd_class_transfer(10, action == "to_perp")
    )

    assert DefaultResponse.parse(answer).refusal == "Action disabled when unified account is active"


def test_usdc_is_sent_from_spot_to_spot(desk, counterparty):
    """sendAsset takes it from the one balance; naming a perp dex is refused."""
    before, theirs = usdc(desk).total, usdc(counterparty).total
    named = (counterparty.address.lower(), "spot", "spot", "USDC", 25)
    assert DefaultResponse.parse(desk.exchange.send_asset(*named)).ok

    assert usdc(desk).total == before - 25
    assert usdc(counterparty).total == theirs + 25

    refused = desk.exchange.send_asset(counterparty.address.lower(), "", "", "USDC", 25)
    assert (
        DefaultResponse.parse(refused).refusal == "Unified account only supports sending assets through spot"
    )
