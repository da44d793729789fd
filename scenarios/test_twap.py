"""A large order worked over some minutes: started, watched, ended.

Covers: POST /exchange (twapOrder, twapCancel), POST /info (twapHistory, userTwapSliceFills). The SDK has no
method for the actions; they are signed with its own signing.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    TwapCancelResponse,
    TwapHistory,
    TwapOrderResponse,
    UserTwapSliceFills,
)

pytestmark = [pytest.mark.coin("ETH"), pytest.mark.spends]


def twap(market, *, is_buy=True, sz="0.3", minutes=5, reduce_only=False, randomize=False):
    """Return the action that works a size over some minutes."""
    form = {"a": market.asset, "b": is_buy, "s": sz, "r": reduce_only, "m": minutes, "t": randomize}
    return {"type": "twapOrder", "twap": form}


def history(trader):
    """Return the changes of the account's TWAPs, oldest first."""
    rows = TwapHistory.parse(trader.info.post("/info", {"type": "twapHistory", "user": trader.address}))
    return list(rows)[::-1]


def test_twap_is_worked_off_slice_by_slice(trader, market, localnet):
    """A slice every thirty seconds; when all are done it is finished, and the slices are fills."""
    running = TwapOrderResponse.parse(trader.post_l1_action(twap(market))).twap_id
    localnet.advance(5 * 60 + 30)

    assert [row.status.status for row in history(trader)] == ["activated", "finished"]
    assert history(trader)[-1].state.executed_sz == Decimal("0.3")

    fills = UserTwapSliceFills.parse(trader.info.user_twap_slice_fills(trader.address))
    assert {row.twapId for row in fills} == {running}
    assert sum(row.fill.sz for row in fills) == Decimal("0.3")
    assert {row.fill.twapId for row in fills} == {None}


def test_twap_that_is_cancelled_keeps_what_it_has(trader, market, localnet):
    """Cancelled after a minute, it is terminated, and no slice follows."""
    running = TwapOrderResponse.parse(trader.post_l1_action(twap(market, is_buy=False))).twap_id
    localnet.advance(61)
    cancelled = trader.post_l1_action({"type": "twapCancel", "a": market.asset, "t": running})
    assert TwapCancelResponse.parse(cancelled).outcome == "success"

    done = len(UserTwapSliceFills.parse(trader.info.user_twap_slice_fills(trader.address)))
    localnet.advance(120)

    assert [row.status.status for row in history(trader)] == ["activated", "terminated"]
    assert len(UserTwapSliceFills.parse(trader.info.user_twap_slice_fills(trader.address))) == done > 0


def test_twap_that_never_was_cannot_be_cancelled(trader, market):
    """The answer is an error inside an ok."""
    answer = trader.post_l1_action({"type": "twapCancel", "a": market.asset, "t": 999_999})

    assert TwapCancelResponse.parse(answer).outcome == "TWAP was never placed, already canceled, or filled."


@pytest.mark.targets("replay", "localnet", reason="names no price, so the guard cannot tell what it is worth")
def test_twap_of_too_little_is_refused(trader, market):
    """Less than 100 USD is not worked."""
    answer = trader.post_l1_action(twap(market, sz="0.01"))

    assert "100" in TwapOrderResponse.parse(answer).rejected.reason


@pytest.mark.targets("replay", "localnet", reason="names no price, so the guard cannot tell what it is worth")
def test_twap_for_a_vault_that_is_not_registered_is_refused(trader, market, venue):
    """The action as a whole is refused, before its size is looked at."""
    answer = trader.acting_for(venue.stranger()).post_l1_action(twap(market))

    assert TwapOrderResponse.parse(answer).is_refused
