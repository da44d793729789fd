"""A token of one's own: its slot bought by auction, given out, traded; what is told of it at each step.

Covers: POST /exchange (spotDeploy: registerToken2, userGenesis, genesis, registerSpot,
registerHyperliquidity), POST /info (spotDeployState, spotPairDeployAuctionStatus, tokenDetails, spotMeta,
spotClearinghouseState, userNonFundingLedgerUpdates).
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    DefaultResponse,
    DeployAuctionStatus,
    SpotClearinghouseState,
    SpotDeployResponse,
    SpotDeployState,
    SpotMeta,
    TokenDetails,
    UserNonFundingLedgerUpdates,
)

pytestmark = [pytest.mark.targets("replay", "localnet", reason="costs hundreds of HYPE, and the token stays")]

HYPE_WEI = 10**8
MOST_GAS = 600 * HYPE_WEI
PURR = 1


def state(trader):
    """Return the account's deployments under way, and the auction of tokens."""
    return SpotDeployState.parse(trader.info.query_spot_deploy_auction_status(trader.address))


def accepted(answer):
    """Check that a step was carried out."""
    assert DefaultResponse.parse(answer).ok


def rows(trader, kind):
    """Return what the account's ledger tells of one kind."""
    updates = trader.info.user_non_funding_ledger_updates(trader.address, 0)
    return [row.delta for row in UserNonFundingLedgerUpdates.parse(updates).of(kind)]


@pytest.fixture
def deployer(trader, localnet):
    """The trader, with HYPE for gas and an auction that nobody else wins."""
    localnet.fund_token(trader.address, "HYPE", 2_000)
    localnet.open_auction("spot", 500)
    return trader


@pytest.fixture
def token(deployer):
    """The number of a token that was registered and not given out yet."""
    answer = deployer.exchange.spot_deploy_register_token("DESK", 2, 8, MOST_GAS, "Desk token")
    return SpotDeployResponse.parse(answer).number


def test_slot_of_the_round_is_sold_to_the_first(deployer):
    """Before it has a price, afterwards what was paid; the gas is a row of the ledger."""
    before = state(deployer)
    assert (before.states, before.gasAuction.endGas) == ((), None)
    assert before.gasAuction.currentGas == "500.0"

    registered = deployer.exchange.spot_deploy_register_token("DESK", 2, 8, MOST_GAS, "Desk token")

    number = SpotDeployResponse.parse(registered).number
    after = state(deployer)
    assert (after.gasAuction.currentGas, after.gasAuction.endGas) == (None, "500.0")
    (under_way,) = after.states
    assert (under_way.token, under_way.spec.name, under_way.fullName) == (number, "DESK", "Desk token")
    (paid,) = rows(deployer, "deployGasAuction")
    assert (paid.token, paid.amount) == ("HYPE", "500.0")
    again = deployer.exchange.spot_deploy_register_token("OTHER", 2, 8, MOST_GAS, "Another token")
    assert SpotDeployResponse.parse(again).is_refused


def test_token_without_a_full_name(deployer):
    """It reads null."""
    spec = {"name": "DESK", "szDecimals": 2, "weiDecimals": 8}
    action = {"type": "spotDeploy", "registerToken2": {"spec": spec, "maxGas": MOST_GAS}}
    SpotDeployResponse.parse(deployer.post_l1_action(action))

    assert state(deployer).states[0].fullName is None


def test_token_is_given_out(deployer, counterparty, venue, token):
    """To a user, to the holders of another token, but not to the one that is left out."""
    banned = venue.stranger()
    user = counterparty.address.lower()
    given = [(user, str(30 * HYPE_WEI))]
    assert DefaultResponse.parse(deployer.exchange.usd_transfer(5, banned)).ok
    listed = {"token": token, "userAndWei": given, "existingTokenAndWei": [(PURR, str(10 * HYPE_WEI))]}
    action = {"type": "spotDeploy", "userGenesis": {**listed, "blacklistUsers": [(banned, True)]}}
    accepted(deployer.post_l1_action(action))

    (planned,) = state(deployer).states
    assert planned.userGenesisBalances == ((user, "30.0"),)
    assert planned.existingTokenGenesisBalances == ((PURR, "10.0"),)
    assert planned.blacklistUsers == (banned,)
    assert (planned.maxSupply, planned.totalGenesisBalanceWei) == (None, str(40 * HYPE_WEI))

    accepted(deployer.exchange.spot_deploy_genesis(token, str(40 * HYPE_WEI), True))

    assert state(deployer).states[0].maxSupply == "40.0"
    held = SpotClearinghouseState.parse(counterparty.info.spot_user_state(counterparty.address))
    begun = sum(Decimal(row.amount) for row in rows(counterparty, "spotGenesis") if row.token == "DESK")
    assert held.balance("DESK").total == begun >= 30
    told = TokenDetails.parse(
        deployer.info.post("/info", {"type": "tokenDetails", "tokenId": id_of(deployer)})
    )
    assert told.genesis.userBalances == ((user, "30.0"),)
    assert told.genesis.existingTokenBalances == ((PURR, "10.0"),)
    assert told.genesis.blacklistUsers == (banned,)


def id_of(trader):
    """Return the id of the desk's token."""
    tokens = SpotMeta.parse(trader.info.spot_meta()).tokens
    return next(token.tokenId for token in tokens if token.name == "DESK")


def traded(deployer, token):
    """Give the token to the deployer, and let its pair with USDC trade; return the pair's number."""
    mine = deployer.address.lower()
    accepted(deployer.exchange.spot_deploy_user_genesis(token, [(mine, str(40 * HYPE_WEI))], []))
    accepted(deployer.exchange.spot_deploy_genesis(token, str(40 * HYPE_WEI), True))
    pair = SpotDeployResponse.parse(deployer.exchange.spot_deploy_register_spot(token, 0)).number
    assert state(deployer).states[0].spots == (pair,)
    accepted(deployer.exchange.spot_deploy_register_hyperliquidity(pair, 2.0, 4.0, 0, None))
    return pair


def test_deployment_is_done_when_the_pair_trades(deployer, token):
    """It leaves the list of those under way; the pair is on that of all pairs."""
    pair = traded(deployer, token)

    assert state(deployer).states == ()
    listed = SpotMeta.parse(deployer.info.spot_meta()).universe
    assert [one.tokens for one in listed if one.index == pair] == [(token, 0)]


def test_other_tokens_are_quoted_in_it(deployer, localnet, token):
    """A stake makes it a quote token; a pair of another token with it is bought by auction."""
    pair = traded(deployer, token)
    accepted(deployer.post_user_signed_action({"type": "cDeposit", "wei": 50 * HYPE_WEI}))
    accepted(deployer.exchange.spot_deploy_set_deployer_trading_fee_share(token, "0%"))
    accepted(deployer.exchange.spot_deploy_enable_quote_token(token))
    localnet.open_auction("spotPair", 500)

    second = SpotDeployResponse.parse(deployer.exchange.spot_deploy_register_spot(PURR, token)).number

    assert second > pair
    sold = DeployAuctionStatus.parse(deployer.info.post("/info", {"type": "spotPairDeployAuctionStatus"}))
    assert (sold.currentGas, sold.endGas) == (None, "500.0")
    assert [row.amount for row in rows(deployer, "deployGasAuction")] == ["500.0", "500.0"]
