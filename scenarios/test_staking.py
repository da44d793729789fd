"""HYPE into the stake, to a validator, and back.

Covers: POST /exchange (cDeposit, cWithdraw, tokenDelegate), POST /info (delegatorSummary, delegations,
delegatorHistory, delegatorRewards, validatorSummaries).
"""

import pytest

from harness.shapes import (
    DefaultResponse,
    Delegations,
    DelegatorHistory,
    DelegatorRewards,
    DelegatorSummary,
    ValidatorSummaries,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.targets("replay", "localnet", reason="waits for what is locked"),
]

VALIDATOR = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
HYPE_WEI = 10**8


@pytest.fixture
def staker(trader, localnet):
    """The trader, with 10 HYPE of which 5 are staked."""
    localnet.fund_token(trader.address, "HYPE", 10)
    deposit = trader.post_user_signed_action({"type": "cDeposit", "wei": 5 * HYPE_WEI})
    assert DefaultResponse.parse(deposit).ok
    return trader


def summary(trader):
    """Return the account's stake."""
    return DelegatorSummary.parse(trader.info.user_staking_summary(trader.address))


def test_stake_is_delegated_and_taken_back(staker, localnet):
    """Locked for two minutes, five on the way back; on mainnet a day and a week."""
    assert summary(staker).undelegated == 5

    assert DefaultResponse.parse(staker.exchange.token_delegate(VALIDATOR, 3 * HYPE_WEI, False)).ok
    (delegation,) = Delegations.parse(staker.info.user_staking_delegations(staker.address))
    assert (delegation.validator, delegation.amount) == (VALIDATOR, 3)

    localnet.advance(121)
    assert DefaultResponse.parse(staker.exchange.token_delegate(VALIDATOR, HYPE_WEI, True)).ok
    assert summary(staker).delegated == 2

    withdrawal = staker.post_user_signed_action({"type": "cWithdraw", "wei": HYPE_WEI})
    assert DefaultResponse.parse(withdrawal).ok
    assert summary(staker).nPendingWithdrawals == 1
    localnet.advance(301)
    assert summary(staker).nPendingWithdrawals == 0

    rows = [row.delta for row in DelegatorHistory.parse(staker.info.delegator_history(staker.address))]
    assert [row.withdrawal.phase for row in rows if row.withdrawal] == ["finalized", "initiated"]
    assert [row.delegate.isUndelegate for row in rows if row.delegate] == [True, False]


def test_rewards_are_listed(staker, localnet):
    """A row for each hour, on mainnet for each day; what was paid is delegated again."""
    assert DefaultResponse.parse(staker.exchange.token_delegate(VALIDATOR, 3 * HYPE_WEI, False)).ok

    localnet.advance(4 * 3600)

    rows = DelegatorRewards.parse(staker.info.user_staking_rewards(staker.address))
    assert [row.source for row in rows] == ["delegation"] * 3
    assert all(row.time % (3600 * 1000) == 0 for row in rows)
    assert summary(staker).delegated == 3 + sum(row.total_amount for row in rows)


def test_validator_has_what_was_delegated(staker):
    """Its stake grows by the delegation, in units of 1e-8 HYPE; it is active and keeps up."""

    def validator():
        told = ValidatorSummaries.parse(staker.info.post("/info", {"type": "validatorSummaries"}))
        return next(row for row in told if row.validator == VALIDATOR)

    before = validator().stake
    assert DefaultResponse.parse(staker.exchange.token_delegate(VALIDATOR, 3 * HYPE_WEI, False)).ok

    after = validator()
    assert after.stake == before + 3 * HYPE_WEI
    assert (after.isActive, after.isJailed) == (True, False)
    assert [period for period, _ in after.stats] == ["day", "week", "month"]
