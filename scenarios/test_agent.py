"""An agent key trades for its master, and for nobody else.

Covers: POST /exchange (approveAgent, order, cancel), POST /info (userRole, extraAgents, openOrders).
"""

import pytest

from harness.shapes import CancelResponse, ExtraAgents, OpenOrders, OrderResponse, UserRole

pytestmark = pytest.mark.coin("ETH")


def test_agent_trades_for_its_master(trader, market):
    """An order signed by the agent is the master's, and either key can cancel it."""
    agent = trader.agent()

    oid = OrderResponse.parse(
        agent.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
    ).resting.oid
    assert oid in OpenOrders.parse(trader.info.open_orders(trader.address)).oids

    assert CancelResponse.parse(trader.exchange.cancel("ETH", oid)).outcome == "success"


def test_role_of_an_agent_names_its_master(trader):
    """userRole tells agent from user from nobody."""
    agent = trader.agent()

    role = UserRole.parse(trader.info.user_role(agent.exchange.wallet.address))
    assert (role.role, role.master) == ("agent", trader.address.lower())

    assert UserRole.parse(trader.info.user_role(trader.address)).role == "user"


def test_stranger_has_no_role(trader, venue):
    """An address that never held anything is missing."""
    assert UserRole.parse(trader.info.user_role(venue.stranger())).role == "missing"


def test_named_agent_is_listed(trader):
    """Only named agents show in extraAgents."""
    agent = trader.agent("night desk")

    listed = ExtraAgents.parse(trader.info.extra_agents(trader.address)).named("night desk")

    assert listed.address == agent.exchange.wallet.address.lower()
