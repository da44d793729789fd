"""Money that comes to a builder's dex and leaves it without a transfer: its liquidator's, and abstraction's.

Covers: POST /exchange (hip3LiquidatorTransfer, agentEnableDexAbstraction, sendAsset), POST /info
(userNonFundingLedgerUpdates, clearinghouseState), websocket userNonFundingLedgerUpdates.
"""

import pytest

from harness.shapes import ClearinghouseState, DefaultResponse, UserNonFundingLedgerUpdates

pytestmark = [
    pytest.mark.ws,
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="sets a mode, and pays a thousand dollars in"),
]

USD = 10**6
LIQUIDATOR = "0x4" + "0" * 38 + "1"


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def rows(trader, kind):
    """Return what the account's ledger tells of one kind."""
    updates = trader.info.user_non_funding_ledger_updates(trader.address, 0)
    return [row.delta for row in UserNonFundingLedgerUpdates.parse(updates).of(kind)]


def moved(trader, thousands, *, is_deposit):
    """Move thousands of dollars to the liquidator of the dex `test`, or back."""
    ntl = thousands * 1_000 * USD
    action = {"type": "hip3LiquidatorTransfer", "dex": "test", "ntl": ntl, "isDeposit": is_deposit}
    return DefaultResponse.parse(trader.post_l1_action(action))


def worth(trader, user, dex):
    """Return what an account is worth on a dex."""
    return ClearinghouseState.parse(trader.info.user_state(user, dex)).account_value


def test_money_for_a_liquidator(trader, venue):
    """It is at the address of the dex's liquidator then, and what was paid in can be taken out."""
    with trader.subscribed({"type": "userNonFundingLedgerUpdates", "user": trader.address}) as told:
        assert moved(trader, 3, is_deposit=True).ok
        venue.until(lambda: len(told) > 1)

    (row,) = rows(trader, "hip3LiquidatorDeposit")
    assert (row.dex, row.token, row.amount) == ("test", "USDC", "3000.0")
    assert told[1]["data"]["nonFundingLedgerUpdates"][0]["delta"]["type"] == row.kind
    assert worth(trader, LIQUIDATOR, "test") == 3_000

    assert moved(trader, 2, is_deposit=False).ok
    assert worth(trader, LIQUIDATOR, "test") == 1_000
    assert moved(trader, 2, is_deposit=False).refusal == "Insufficient balance for withdrawal."


def test_abstraction_brings_money_to_the_first_dex(trader, venue):
    """What lay on the builder's dex is there from now on; a row tells of it."""
    accepted(trader.exchange.send_asset(trader.address.lower(), "", "test", "USDC", 250))
    before = worth(trader, trader.address, "")

    with trader.subscribed({"type": "userNonFundingLedgerUpdates", "user": trader.address}) as told:
        accepted(trader.exchange.agent_enable_dex_abstraction())
        venue.until(lambda: len(told) > 1)

    assert worth(trader, trader.address, "test") == 0
    assert worth(trader, trader.address, "") == before + 250
    (row,) = rows(trader, "activateDexAbstraction")
    assert (row.dex, row.token, row.amount) == ("test", "USDC", "250.0")
    assert told[1]["data"]["nonFundingLedgerUpdates"][0]["delta"]["type"] == row.kind
