"""The ledger of an account: each way in which money comes and goes leaves its own kind of row.

Covers: POST /info (userNonFundingLedgerUpdates), POST /exchange (claimRewards, cDeposit, cWithdraw,
spotSend, withdraw3). Transfers, vaults, sub-accounts and deployments have scenarios of their own.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    DefaultResponse,
    OrderResponse,
    UserFills,
    UserNonFundingLedgerUpdates,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="moves money in ways that cannot be undone"),
]

HYPE_WEI = 10**8


def rows(trader, kind, start_ms=0):
    """Return what the account's ledger tells of one kind since a time."""
    updates = trader.info.user_non_funding_ledger_updates(trader.address, start_ms)
    return UserNonFundingLedgerUpdates.parse(updates).of(kind)


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def test_deposit_is_a_row(trader, localnet):
    """What came from outside; asked for from a later time on, it is not there."""
    localnet.fund(trader.address, Decimal("250.5"))

    (row,) = rows(trader, "deposit")
    assert row.delta.usdc == "250.5"
    assert rows(trader, "deposit", row.time + 1) == ()


def test_cross_liquidation_names_all_that_was_lost(trader, localnet):
    """The whole account stands for its positions: what it was worth, and which they were."""
    localnet.set_mid("ETH", "3000")
    accepted(trader.exchange.usd_class_transfer(9_900, False))
    accepted(trader.exchange.update_leverage(25, "ETH", True))
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.3)).filled

    localnet.move("ETH", -1_000)

    lost = [row.delta for row in rows(trader, "liquidation")]
    assert [row.leverageType for row in lost] == ["Cross"]
    assert [(one.coin, one.szi) for one in lost[0].liquidatedPositions] == [("ETH", "0.3")]
    assert Decimal(lost[0].accountValue) < Decimal(lost[0].liquidatedNtlPos)


def test_claimed_rewards_are_what_the_fills_brought(trader, counterparty):
    """A builder takes the fees that its users have paid."""
    builder = counterparty.address.lower()
    accepted(trader.exchange.approve_builder_fee(builder, "0.05%"))
    assert OrderResponse.parse(
        trader.exchange.market_open("ETH", True, 0.01, builder={"b": builder, "f": 50})
    ).filled
    fill = UserFills.parse(trader.info.user_fills(trader.address))[0]

    accepted(counterparty.post_l1_action({"type": "claimRewards"}))

    (row,) = rows(counterparty, "rewardsClaim")
    assert (Decimal(row.delta.amount), row.delta.token) == (fill.builder_fee, "USDC")


def test_stake_goes_and_comes_back(trader, localnet):
    """Out of spot at once, back a week after the withdrawal."""
    localnet.fund_token(trader.address, "HYPE", 10)
    accepted(trader.post_user_signed_action({"type": "cDeposit", "wei": 5 * HYPE_WEI}))
    accepted(trader.post_user_signed_action({"type": "cWithdraw", "wei": 2 * HYPE_WEI}))
    assert [row.delta.isDeposit for row in rows(trader, "cStakingTransfer")] == [True]

    localnet.advance(7 * 24 * 3600 + 1)

    moved = [row.delta for row in rows(trader, "cStakingTransfer")]
    assert [(row.token, row.amount, row.isDeposit) for row in moved] == [
        ("HYPE", "5.0", True),
        ("HYPE", "2.0", False),
    ]


def test_rows_stand_in_the_order_of_their_times(trader, counterparty, localnet):
    """Oldest first, and only those of the span that was asked for, both ends included."""
    for usd in (1, 2, 3):
        accepted(trader.exchange.usd_transfer(usd, counterparty.address.lower()))
        localnet.advance(60)

    first, second, third = rows(trader, "internalTransfer")

    assert [row.delta.usdc for row in (first, second, third)] == ["1.0", "2.0", "3.0"]
    between = trader.info.user_non_funding_ledger_updates(trader.address, first.time + 1, second.time)
    assert list(UserNonFundingLedgerUpdates.parse(between)) == [second]
