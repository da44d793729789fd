"""What the ledger's feed tells of money that moves: each kind of movement has a row of its own.

Covers: websocket userNonFundingLedgerUpdates; POST /exchange (usdClassTransfer, usdSend, spotSend, sendAsset,
withdraw3, subAccountTransfer, createVault, vaultTransfer, cDeposit, claimRewards, spotDeploy).
"""

import pytest

from harness.shapes import CreateSubAccountResponse, CreateVaultResponse, DefaultResponse, OrderResponse

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="moves money in ways that cannot be undone"),
]

USD = 10**6
HYPE_WEI = 10**8


class Ledger:
    """The rows of an account's ledger, as its feed tells them."""

    def __init__(self, frames):
        self._frames = frames

    def of(self, kind):
        """Return what the rows of one kind say, but for those of the snapshot."""
        rows = [row for frame in self._frames[1:] for row in frame["data"]["nonFundingLedgerUpdates"]]
        return [row["delta"] for row in rows if row["delta"]["type"] == kind]


@pytest.fixture
def ledger(trader):
    """The ledger of the account, from before the scenario's first movement on."""
    with trader.subscribed({"type": "userNonFundingLedgerUpdates", "user": trader.address}) as frames:
        yield Ledger(frames)


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def test_usdc_from_outside_and_to_outside(trader, ledger, localnet, venue):
    """A deposit, and a withdrawal with its fee."""
    localnet.fund(trader.address, 250)
    accepted(trader.exchange.withdraw_from_bridge(20, trader.address.lower()))
    venue.until(lambda: ledger.of("withdraw"))

    assert [row["usdc"] for row in ledger.of("deposit")] == ["250.0"]
    assert [row["fee"] for row in ledger.of("withdraw")] == ["1.0"]


def test_usdc_between_the_places_of_an_account(trader, ledger, venue):
    """Between spot and perpetuals, and from dex to dex."""
    me = trader.address.lower()
    accepted(trader.exchange.usd_class_transfer(25, False))
    accepted(trader.exchange.usd_class_transfer(5, True))
    accepted(trader.exchange.send_asset(me, "", "test", "USDC", 12))
    venue.until(lambda: ledger.of("send"))

    assert [row["toPerp"] for row in ledger.of("accountClassTransfer")] == [False, True]
    (sent,) = ledger.of("send")
    assert (sent["sourceDex"], sent["destinationDex"], sent["amount"]) == ("", "test", "12.0")


def test_what_goes_to_others(trader, counterparty, ledger, localnet, venue):
    """USDC, and a token with its worth in USDC."""
    other = counterparty.address.lower()
    localnet.fund_token(trader.address, "PURR", 100)
    tokens = trader.info.spot_meta()["tokens"]
    purr = next(f"PURR:{token['tokenId']}" for token in tokens if token["name"] == "PURR")
    accepted(trader.exchange.usd_transfer(10, other))
    accepted(trader.exchange.spot_transfer(40, other, purr))
    venue.until(lambda: ledger.of("spotTransfer"))

    assert [row["destination"] for row in ledger.of("internalTransfer")] == [other]
    (sent,) = ledger.of("spotTransfer")
    assert (sent["token"], sent["amount"], sent["destination"]) == ("PURR", "40.0", other)


def test_account_that_is_new_costs_gas(trader, ledger, venue):
    """What reaches an address for the first time as a token pays for its account."""
    tokens = trader.info.spot_meta()["tokens"]
    purr = next(f"PURR:{token['tokenId']}" for token in tokens if token["name"] == "PURR")

    accepted(trader.exchange.spot_transfer(40, venue.stranger(), purr))
    venue.until(lambda: ledger.of("spotTransfer"))

    fees = [row["fee"] for row in ledger.of("spotTransfer")]
    assert fees != ["0.0"] or ledger.of("accountActivationGas")


def test_sub_account_is_funded_and_drained(trader, ledger, venue):
    """Both ways stand in the master's ledger too."""
    sub = CreateSubAccountResponse.parse(trader.exchange.create_sub_account("desk")).address
    accepted(trader.exchange.sub_account_transfer(sub, True, 500 * USD))
    accepted(trader.exchange.sub_account_transfer(sub, False, 100 * USD))
    venue.until(lambda: len(ledger.of("subAccountTransfer")) == 2)

    assert [row["destination"] for row in ledger.of("subAccountTransfer")] == [sub, trader.address.lower()]


def test_vault_is_made_joined_and_left(trader, counterparty, ledger, localnet, venue):
    """The leader's row and the follower's."""
    follower = counterparty.address
    with counterparty.subscribed({"type": "userNonFundingLedgerUpdates", "user": follower}) as frames:
        theirs = Ledger(frames)
        action = {
            "type": "createVault",
            "name": "Night desk",
            "description": "What the desk trades at night.",
            "initialUsd": 1_000 * USD,
            "nonce": 1,
        }
        vault = CreateVaultResponse.parse(trader.post_l1_action(action)).address
        accepted(counterparty.exchange.vault_usd_transfer(vault, True, 200 * USD))
        localnet.advance(24 * 3600 + 1)
        accepted(counterparty.exchange.vault_usd_transfer(vault, False, 50 * USD))
        venue.until(lambda: theirs.of("vaultWithdraw"))

    assert [row["fee"] for row in ledger.of("vaultCreate")] == ["100.0"]
    assert [(row["vault"], row["usdc"]) for row in theirs.of("vaultDeposit")] == [(vault, "200.0")]
    assert [row["netWithdrawnUsd"] for row in theirs.of("vaultWithdraw")] == ["50.0"]


@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
def test_liquidation_is_a_row_with_all_that_was_lost(trader, ledger, localnet, venue, is_cross):
    """How it was margined, and which positions."""
    localnet.set_mid("ETH", "3000")
    accepted(trader.exchange.update_leverage(25, "ETH", is_cross))
    assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.3)).filled
    accepted(trader.exchange.usd_class_transfer(9_900, False))

    localnet.move("ETH", -1_000 if is_cross else -300)
    venue.until(lambda: ledger.of("liquidation"))

    (lost,) = ledger.of("liquidation")
    assert lost["leverageType"] == ("Cross" if is_cross else "Isolated")
    assert lost["liquidatedPositions"] == [{"coin": "ETH", "szi": "0.3"}]


def test_stake_and_rewards(trader, counterparty, ledger, localnet, venue):
    """HYPE into the stake, and a builder's fees taken."""
    localnet.fund_token(trader.address, "HYPE", 10)
    accepted(trader.post_user_signed_action({"type": "cDeposit", "wei": 5 * HYPE_WEI}))
    builder = trader.address.lower()
    accepted(counterparty.exchange.approve_builder_fee(builder, "0.05%"))
    paying = {"b": builder, "f": 50}
    assert OrderResponse.parse(counterparty.exchange.market_open("ETH", True, 0.01, builder=paying)).filled
    accepted(trader.post_l1_action({"type": "claimRewards"}))
    venue.until(lambda: ledger.of("rewardsClaim"))

    (staked,) = ledger.of("cStakingTransfer")
    assert (staked["amount"], staked["isDeposit"]) == ("5.0", True)


def test_auction_and_genesis_of_a_token(trader, ledger, localnet, venue):
    """The gas of the auction, and what the genesis gives."""
    localnet.fund_token(trader.address, "HYPE", 3_000)
    localnet.open_auction("spot", 1_000)
    registered = trader.exchange.spot_deploy_register_token("DESK", 2, 8, 10**12, "Desk token")
    token = registered["response"]["data"]
    genesis = {
        "token": token,
        "userAndWei": [[trader.address.lower(), "100000000000"]],
        "existingTokenAndWei": [],
    }
    accepted(trader.post_l1_action({"type": "spotDeploy", "userGenesis": genesis}))
    accepted(trader.exchange.spot_deploy_genesis(token, "100000000000", True))
    venue.until(lambda: ledger.of("spotGenesis"))

    assert [row["token"] for row in ledger.of("deployGasAuction")] == ["HYPE"]
    assert [(row["token"], row["amount"]) for row in ledger.of("spotGenesis")] == [("DESK", "1000.0")]
