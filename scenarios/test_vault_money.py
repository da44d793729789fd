"""How a vault pays: by giving up orders and positions, by sharing out, from the vaults below it.

Covers: POST /exchange (vaultTransfer, vaultModify, vaultDistribute, order for a vault), POST /info
(vaultDetails, vaultSummaries, userNonFundingLedgerUpdates, historicalOrders, orderStatus, userFills,
userFillsByTime), websocket orderUpdates, userHistoricalOrders, userFills, userEvents and
userNonFundingLedgerUpdates.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    ClearinghouseState,
    CreateVaultResponse,
    DefaultResponse,
    HistoricalOrders,
    OrderResponse,
    OrderStatus,
    UserFills,
    UserNonFundingLedgerUpdates,
    VaultDetails,
    VaultSummaries,
)

pytestmark = [
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="makes a vault, which costs 100 USDC and stays"),
]

USD = 10**6
A_DAY_S = 24 * 3600 + 1


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def rows(trader, kind):
    """Return what the account's ledger tells of one kind."""
    updates = trader.info.user_non_funding_ledger_updates(trader.address, 0)
    return [row.delta for row in UserNonFundingLedgerUpdates.parse(updates).of(kind)]


def details(trader, vault):
    """Return what is told of a vault, None of what is none."""
    return VaultDetails.parse(ask(trader, "vaultDetails", vaultAddress=vault)).vault


def details_of(trader, kind, vault):
    """Return the rows of a list about a vault's orders."""
    return ask(trader, kind, user=vault)


@pytest.fixture
def vault(trader, counterparty, venue, localnet):
    """The address of a vault of 2,000 USDC, of which the counterparty has paid 1,000 a day ago."""
    localnet.set_mid("ETH", "3000")
    action = {
        "type": "createVault",
        "name": "Night desk",
        "description": "What the desk trades at night.",
        "initialUsd": 1_000 * USD,
        "nonce": venue.clock.now_ms(),
    }
    vault = CreateVaultResponse.parse(trader.post_l1_action(action)).address
    accepted(counterparty.exchange.vault_usd_transfer(vault, True, 1_000 * USD))
    localnet.advance(A_DAY_S)
    return vault


@pytest.mark.ws
def test_withdrawal_ends_orders_that_use_margin(trader, counterparty, vault, venue):
    """The one that uses least goes first, and with it alone there is enough."""
    desk = trader.acting_for(vault)
    placed = [
        OrderResponse.parse(
            desk.exchange.order("ETH", True, size, 2_500, {"limit": {"tif": "Gtc"}})
        ).resting.oid
        for size in (8, 4)
    ]

    changes, history = ({"type": kind, "user": vault} for kind in ("orderUpdates", "userHistoricalOrders"))
    with trader.subscribed(changes) as updates, trader.subscribed(history) as told:
        accepted(counterparty.exchange.vault_usd_transfer(vault, False, 900 * USD))
        venue.until(lambda: updates and len(told) > 1)

    ended = OrderStatus.parse(trader.info.query_order_by_oid(vault, placed[1]))
    assert ended.state == "vaultWithdrawalCanceled"
    assert HistoricalOrders.parse(details_of(trader, "historicalOrders", vault))[0].status == ended.state
    assert OrderStatus.parse(trader.info.query_order_by_oid(vault, placed[0])).state == "open"
    assert updates[-1]["data"][0]["status"] == "vaultWithdrawalCanceled"
    assert told[-1]["data"]["orderHistory"][0]["status"] == "vaultWithdrawalCanceled"
    (taken,) = rows(counterparty, "vaultWithdraw")
    assert (taken.closingCost, taken.netWithdrawnUsd) == ("0.0", "900.0")


@pytest.mark.ws
def test_withdrawal_closes_fifths_of_positions(trader, counterparty, vault, venue):
    """What that has cost is the depositor's, who is paid the rest."""
    desk = trader.acting_for(vault)
    assert OrderResponse.parse(desk.exchange.market_open("ETH", True, 6)).filled

    with trader.subscribed({"type": "userHistoricalOrders", "user": vault}) as told:
        accepted(counterparty.exchange.vault_usd_transfer(vault, False, 900 * USD))
        venue.until(lambda: len(told) > 1)

    left = ClearinghouseState.parse(trader.info.user_state(vault)).position("ETH").szi
    (taken,) = rows(counterparty, "vaultWithdraw")
    cost = Decimal(taken.closingCost)
    assert 0 < left < 6
    assert cost > 0
    assert Decimal(taken.netWithdrawnUsd) == 900 - cost - Decimal(taken.commission)
    closing = HistoricalOrders.parse(details_of(trader, "historicalOrders", vault))[0]
    assert (closing.order.orderType, closing.status) == ("Vault Close", "filled")
    found = trader.info.query_order_by_oid(vault, closing.order.oid)
    assert OrderStatus.parse(found).state == "filled"
    assert told[1]["data"]["orderHistory"][0]["order"]["orderType"] == "Vault Close"


def test_vault_can_close_a_part_at_each_withdrawal(trader, counterparty, vault):
    """Its leader wants its positions to keep their proportion to what is left."""
    desk = trader.acting_for(vault)
    accepted(
        trader.post_l1_action(
            {
                "type": "vaultModify",
                "vaultAddress": vault,
                "allowDeposits": None,
                "alwaysCloseOnWithdraw": True,
            }
        )
    )
    assert OrderResponse.parse(desk.exchange.market_open("ETH", True, 1)).filled

    accepted(counterparty.exchange.vault_usd_transfer(vault, False, 500 * USD))

    left = ClearinghouseState.parse(trader.info.user_state(vault)).position("ETH").szi
    assert Decimal("0.74") < left < Decimal("0.76")


@pytest.mark.ws
def test_distribution_is_shared_by_all(trader, counterparty, vault, venue):
    """Each gets its part, and a row; what the vault has left is less by all of it."""
    with counterparty.subscribed(
        {"type": "userNonFundingLedgerUpdates", "user": counterparty.address}
    ) as told:
        accepted(trader.post_l1_action({"type": "vaultDistribute", "vaultAddress": vault, "usd": 400 * USD}))
        venue.until(lambda: len(told) > 1)

    assert [row.usdc for row in rows(trader, "vaultDistribution")] == ["200.0"]
    assert [row.usdc for row in rows(counterparty, "vaultDistribution")] == ["200.0"]
    assert told[1]["data"]["nonFundingLedgerUpdates"][0]["delta"]["type"] == "vaultDistribution"
    assert [one.vaultEquity for one in details(trader, vault).followers] == ["800.0", "800.0"]


def test_small_distribution_is_refused(trader, vault):
    """Ten dollars are the least."""
    asked = {"type": "vaultDistribute", "vaultAddress": vault, "usd": 9 * USD}

    assert DefaultResponse.parse(trader.post_l1_action(asked)).refusal == "Must distribute at least $10"
    assert rows(trader, "vaultDistribution") == []


def test_closed_vault_has_paid_everybody(trader, counterparty, vault):
    """Nothing asked for means all of it; afterwards nobody has a part."""
    accepted(trader.post_l1_action({"type": "vaultDistribute", "vaultAddress": vault, "usd": 0}))

    told = details(trader, vault)
    assert (told.isClosed, told.followers, told.allowDeposits) == (True, (), False)
    assert [row.usdc for row in rows(counterparty, "vaultDistribution")] == ["1000.0"]


def test_what_is_no_vault_has_no_details(trader, venue):
    """The answer is null."""
    assert details(trader, venue.stranger()) is None


@pytest.mark.ws
def test_leader_is_told_of_its_commission(trader, counterparty, vault, localnet, venue):
    """When a depositor takes a profit out."""
    desk = trader.acting_for(vault)
    assert OrderResponse.parse(desk.exchange.market_open("ETH", True, 0.3)).filled
    localnet.set_mid("ETH", "3300")
    assert OrderResponse.parse(desk.exchange.market_close("ETH")).filled

    with trader.subscribed({"type": "userNonFundingLedgerUpdates", "user": trader.address}) as told:
        accepted(counterparty.exchange.vault_usd_transfer(vault, False, 500 * USD))
        venue.until(lambda: len(told) > 1)

    (row,) = told[1]["data"]["nonFundingLedgerUpdates"]
    assert (row["delta"]["type"], row["delta"]["user"]) == ("vaultLeaderCommission", trader.address.lower())


@pytest.fixture
def protocol_vault(trader, localnet):
    """A vault of the protocol with two below it, which the trader leads: its address, and theirs."""
    localnet.set_mid("ETH", "3000")
    localnet.open_protocol_vault(trader.address, 4_000)
    young = VaultSummaries.parse(ask(trader, "vaultSummaries"))
    parent = next(one for one in young if "data" in one.relationship.__struct_fields__)
    return parent.vaultAddress, parent.relationship.data.childAddresses


def test_protocol_vault_has_others_below_it(trader, protocol_vault):
    """It is worth what they are; they are known as its children, and take no commission."""
    parent, children = protocol_vault

    told = details(trader, parent)
    assert told.relationship.data.childAddresses == children
    assert (told.leaderCommission, [one.vaultEquity for one in told.followers]) == (0, ["4000.0"])
    below = [details(trader, child) for child in children]
    assert {type(one.relationship).__name__ for one in below} == {"ChildVault"}
    assert [one.followers[0].user for one in below] == [parent, parent]


def test_depositor_of_a_protocol_vault_waits_for_four_days(trader, counterparty, protocol_vault, localnet):
    """Then its children pay what it has not at hand."""
    parent, _ = protocol_vault
    accepted(counterparty.exchange.vault_usd_transfer(parent, True, 1_000 * USD))
    follower = details(trader, parent).followers[1]
    assert follower.lockupUntil - follower.vaultEntryTime == 4 * 24 * 3600 * 1000
    localnet.advance(4 * A_DAY_S)

    accepted(trader.exchange.vault_usd_transfer(parent, False, 3_000 * USD))
    accepted(counterparty.exchange.vault_usd_transfer(parent, False, 1_000 * USD))

    assert [row.netWithdrawnUsd for row in rows(counterparty, "vaultWithdraw")] == ["1000.0"]
    assert [one.vaultEquity for one in details(trader, parent).followers] == ["1000.0"]


@pytest.mark.ws
def test_children_net_what_is_opposite(trader, protocol_vault, localnet, venue):
    """One was long, the other short: what both had is closed at the mark, without a fee."""
    _, (first, second) = protocol_vault
    assert OrderResponse.parse(trader.acting_for(first).exchange.market_open("ETH", True, 0.5)).filled
    assert OrderResponse.parse(trader.acting_for(second).exchange.market_open("ETH", False, 0.2)).filled

    fills = {"type": "userFills", "user": first}
    events = {"type": "userEvents", "user": second}
    with trader.subscribed(fills) as told, trader.subscribed(events) as heard:
        localnet.net_child_vaults(protocol_vault[0])
        venue.until(lambda: len(told) > 1 and heard)

    assert told[1]["data"]["fills"][0]["dir"] == "Net Child Vaults"
    assert heard[-1]["data"]["fills"][0]["dir"] == "Net Child Vaults"
    fill = UserFills.parse(trader.info.user_fills(first))[0]
    assert (fill.dir, fill.sz, fill.fee) == ("Net Child Vaults", Decimal("0.2"), 0)
    assert UserFills.parse(trader.info.user_fills_by_time(first, 0))[-1] == fill
    assert ClearinghouseState.parse(trader.info.user_state(first)).position("ETH").szi == Decimal("0.3")
    assert ClearinghouseState.parse(trader.info.user_state(second)).position("ETH") is None
