"""A position from market_open to market_close, as the SDK's market orders do it.

Covers: POST /exchange (order), POST /info (allMids, clearinghouseState, userFills, userFillsByTime).
"""

from decimal import Decimal

import pytest

from harness.shapes import ClearinghouseState, OrderResponse, UserFills, UserFillsByTime

pytestmark = [pytest.mark.coin("ETH"), pytest.mark.spends]


def test_position_is_opened_seen_and_closed(trader):
    """Bought at market, shown with its entry price, sold at market, gone."""
    opened = OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled

    position = ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH")
    assert position.szi == Decimal("0.01")
    assert position.entry_px == opened.avg_px

    closed = OrderResponse.parse(trader.exchange.market_close("ETH")).filled
    assert closed.total_sz == opened.total_sz

    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None


@pytest.mark.targets("replay", "localnet", reason="asks for more than an order may be worth on testnet")
def test_short_is_opened_and_closed_in_part(trader):
    """Sold at market with own slippage and cloid, half of it bought back."""
    assert OrderResponse.parse(trader.exchange.market_open("ETH", False, 0.02, slippage=0.01)).filled

    closed = OrderResponse.parse(trader.exchange.market_close("ETH", sz=0.01, slippage=0.02)).filled
    assert closed.total_sz == Decimal("0.01")

    position = ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH")
    assert position.szi == Decimal("-0.01")


def test_market_orders_carry_price_and_cloid(trader, venue):
    """A given price replaces the mid; the cloid comes back with the fill."""
    open_cloid, close_cloid = venue.cloid(), venue.cloid()

    opened = trader.exchange.market_open("ETH", True, 0.01, px=3105.5, slippage=0.02, cloid=open_cloid)
    assert OrderResponse.parse(opened).filled.cloid == open_cloid.to_raw()

    closed = trader.exchange.market_close("ETH", px=3099.5, slippage=0.02, cloid=close_cloid)
    assert OrderResponse.parse(closed).filled.cloid == close_cloid.to_raw()


def test_market_close_finds_its_coin_among_several(trader):
    """With positions on two coins, only the named one is closed."""
    assert OrderResponse.parse(trader.exchange.market_open("BTC", True, 0.0005)).filled
    assert OrderResponse.parse(trader.exchange.market_open("ETH", False, 0.01)).filled

    assert OrderResponse.parse(trader.exchange.market_close("ETH")).filled

    state = ClearinghouseState.parse(trader.info.user_state(trader.address))
    assert [position.coin for position in state.positions] == ["BTC"]


def test_market_close_without_a_position_sends_no_order(trader, journal):
    """The SDK looks, finds nothing and returns None."""
    assert trader.exchange.market_close("ETH") is None

    assert journal.actions == []


def test_fills_tell_the_realised_pnl(trader, localnet, venue):
    """Bought, the price rises, sold: the closing fill shows the gain without its fee."""
    started = venue.clock.now_ms()
    localnet.set_liquidity("ETH", bids=[("2990", "1")], asks=[("3000", "1")])
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01, px=3000, slippage=0)).filled
    localnet.set_liquidity("ETH", bids=[("3010", "1")], asks=[("3020", "1")])
    assert OrderResponse.parse(trader.exchange.market_close("ETH", px=3010, slippage=0)).filled

    newest, oldest = UserFills.parse(trader.info.user_fills(trader.address))
    assert (oldest.dir, newest.dir) == ("Open Long", "Close Long")
    assert (newest.closedPnl, newest.startPosition) == ("0.1", "0.01")

    by_time = UserFillsByTime.parse(trader.info.user_fills_by_time(trader.address, started))
    assert [fill.tid for fill in by_time] == [oldest.tid, newest.tid]

    none_yet = trader.info.user_fills_by_time(trader.address, started - 2_000, started - 1_000, True)
    assert len(UserFillsByTime.parse(none_yet)) == 0


def test_agent_closes_the_position_of_its_master(trader, journal):
    """The SDK reads the positions of the account it was told, not those of the key that signs."""
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled

    agent = trader.agent("desk")
    assert OrderResponse.parse(agent.exchange.market_close("ETH")).filled

    assert trader.address in [entry.request.get("user") for entry in journal]
    assert ClearinghouseState.parse(trader.info.user_state(trader.address)).position("ETH") is None


def test_market_close_for_a_vault_reads_the_vaults_positions(trader, venue, journal):
    """A stranger's account has none, so nothing is ordered."""
    stranger = venue.stranger()

    assert trader.acting_for(stranger).exchange.market_close("ETH") is None

    assert [entry.request.get("user") for entry in journal] == [stranger]


def test_market_orders_carry_their_builder(trader, venue):
    """A builder that the user has not approved is refused, when opening and when closing."""
    builder = {"b": venue.stranger(), "f": 10}
    refused = "Builder fee has not been approved."

    opened = OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01, builder=dict(builder)))
    assert opened.rejected.reason == refused

    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.01)).filled
    closed = OrderResponse.parse(trader.exchange.market_close("ETH", builder=dict(builder)))
    assert closed.rejected.reason == refused
