"""What an account sets for itself: its mode, its name, its blocks, its budget of requests.

Covers: POST /exchange (userSetAbstraction, userDexAbstraction, agentSetAbstraction,
agentEnableDexAbstraction,
userPortfolioMargin, setDisplayName, evmUserModify, reserveRequestWeight), POST /info (userAbstraction,
userDexAbstraction, userRateLimit).
"""

import pytest

from harness.shapes import (
    DefaultResponse,
    UserAbstraction,
    UserDexAbstraction,
    UserRateLimit,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="changes how the account works"),
]


def mode(trader):
    """Return the account's mode."""
    return UserAbstraction.parse(trader.info.query_user_abstraction_state(trader.address)).mode


@pytest.mark.parametrize("wanted", ["disabled", "unifiedAccount"])
def test_mode_is_set_by_the_user(trader, wanted):
    """It starts as default, and reads as it was set."""
    assert mode(trader) == "default"

    assert DefaultResponse.parse(trader.exchange.user_set_abstraction(trader.address, wanted)).ok

    assert mode(trader) == wanted


def test_dex_abstraction_can_be_read_and_switched(trader):
    """Null until it is set; then the mode tells it too."""
    before = trader.info.query_user_dex_abstraction_state(trader.address)
    assert UserDexAbstraction.parse(before).enabled is None

    assert DefaultResponse.parse(trader.exchange.user_dex_abstraction(trader.address, True)).ok

    after = trader.info.query_user_dex_abstraction_state(trader.address)
    assert UserDexAbstraction.parse(after).enabled is True
    assert mode(trader) == "dexAbstraction"


def test_agent_sets_the_mode_once(trader):
    """From default to unified, and no further."""
    agent = trader.agent("desk")
    assert DefaultResponse.parse(agent.exchange.agent_set_abstraction("u")).ok
    assert mode(trader) == "unifiedAccount"

    assert DefaultResponse.parse(agent.exchange.agent_set_abstraction("i")).is_refused
    assert DefaultResponse.parse(agent.exchange.agent_enable_dex_abstraction()).is_refused


def test_agent_switches_dex_abstraction_on(trader):
    """From default."""
    assert DefaultResponse.parse(trader.agent("desk").exchange.agent_enable_dex_abstraction()).ok

    assert mode(trader) == "dexAbstraction"


def test_portfolio_margin_wants_a_larger_account(counterparty):
    """The refusal names what it takes."""
    assert DefaultResponse.parse(counterparty.exchange.usd_class_transfer(100, False)).ok

    answer = counterparty.post_user_signed_action(
        {"type": "userPortfolioMargin", "user": counterparty.address.lower(), "enabled": True}
    )

    assert "Portfolio margin" in DefaultResponse.parse(answer).refusal


def test_small_things_are_noted(trader):
    """Each is answered with a plain yes."""
    for answer in (
        trader.post_l1_action({"type": "setDisplayName", "displayName": "desk"}),
        trader.exchange.use_big_blocks(True),
        trader.exchange.use_big_blocks(False),
    ):
        assert DefaultResponse.parse(answer).ok


def test_requests_can_be_bought(trader):
    """The surplus grows by what was paid for."""
    before = UserRateLimit.parse(trader.info.user_rate_limit(trader.address))

    assert DefaultResponse.parse(trader.post_l1_action({"type": "reserveRequestWeight", "weight": 100})).ok

    after = UserRateLimit.parse(trader.info.user_rate_limit(trader.address))
    assert after.nRequestsSurplus >= before.nRequestsSurplus
