"""`perpDexs`, the deploy auctions, `allPerpMetas`, `exchangeStatus`: the exchange as a whole."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.accounts.ledger import HOUSE
from harness.localnet.answers import NotCovered
from harness.localnet.markets.auctions import Auction
from harness.localnet.markets.deployments import Deployment
from harness.localnet.markets.dex_terms import DexTerms
from harness.localnet.markets.dexes import FIRST, Dex
from harness.localnet.markets.tokens import Token
from harness.localnet.markets.universe import share_text
from harness.localnet.numbers import MICRO, wire, wire_usd
from harness.localnet.queries.registry import OfUser, Query, dex_asked, query
from harness.localnet.queries.universe import OnDex

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# The cap of a coin for which none was set, in 1e-6 USD.
_CAP: Final = 10_000_000 * MICRO


@query("perpDeployAuctionStatus", Query)
def perp_auction(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return the round of the auction of perpetuals."""
    return _row(exchange, exchange.auctions.perp)


@query("spotPairDeployAuctionStatus", Query)
def spot_pair_auction(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return the round of the auction of pairs between tokens that there are."""
    return _row(exchange, exchange.auctions.spot_pair)


def _row(exchange: "Exchange", auction: Auction) -> dict[str, object]:
    now_s = exchange.now_ms() // 1000
    return auction.round(now_s).row(now_s)


@query("spotDeployState", OfUser)
def spot_deploy_state(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return the deployments that an account has under way, and the auction of tokens.

    The form is that of an answer of the testnet (id 57546578139 of the text index): amounts in tokens, but
    for the one that is named wei. That a deployment leaves the list when its pair trades is UNVERIFIED.
    """
    known = exchange.universe.deployments.items()
    states = [
        _state(exchange.universe.tokens[index], one)
        for index, one in known
        if one.deployer == asked.user and not one.is_done
    ]
    return {"states": states, "gasAuction": _row(exchange, exchange.auctions.spot)}


def _state(token: Token, one: Deployment) -> dict[str, object]:
    genesis = genesis_of(token, one)
    return {
        "token": token.index,
        "spec": {"name": token.name, "szDecimals": token.sz_decimals, "weiDecimals": token.wei_decimals},
        "fullName": token.full_name,
        "deployerTradingFeeShare": share_text(one),
        "spots": list(one.spots),
        "maxSupply": None if one.max_supply is None else wire(one.max_supply, token.wei_decimals),
        "hyperliquidityGenesisBalance": wire(one.balances.get(HOUSE, 0), token.wei_decimals),
        "totalGenesisBalanceWei": str(one.total),
        "userGenesisBalances": genesis["userBalances"],
        "existingTokenGenesisBalances": genesis["existingTokenBalances"],
        "blacklistUsers": genesis["blacklistUsers"],
    }


def genesis_of(token: Token, one: Deployment) -> dict[str, object]:
    """Return who began with how much of a token, the exchange's own Hyperliquidity apart."""
    decimals = token.wei_decimals
    return {
        "userBalances": [
            [user, wire(wei, decimals)] for user, wei in sorted(one.balances.items()) if user != HOUSE
        ],
        "existingTokenBalances": [
            [anchor, wire(wei, decimals)] for anchor, wei in sorted(one.anchors.items())
        ],
        "blacklistUsers": sorted(one.blacklist),
    }


@query("perpDexs", Query)
def all_perp_dexs(exchange: "Exchange", asked: Query) -> list[dict[str, object] | None]:
    """Return the first dex, which is null (wire rule 18), and those of builders, as recorded."""
    universe = exchange.universe
    return [None, *(_dex_row(dex, universe.terms[dex.number]) for dex in universe.dexes[1:])]


def _dex_row(dex: Dex, terms: DexTerms) -> dict[str, object]:
    """Return one dex; caps and multipliers are the documented example's."""
    return {
        "name": dex.name,
        "fullName": terms.full_name,
        "deployer": terms.deployer,
        "oracleUpdater": terms.oracle_updater,
        "feeRecipient": terms.fee_recipient,
        "assetToStreamingOiCap": [[coin, wire_usd(cap)] for coin, cap in sorted(terms.caps.items())],
        "subDeployers": [
            [variant, list(users)] for variant, users in sorted(terms.sub_deployers.items()) if users
        ],
        "assetToFundingMultiplier": [[coin, wire(of)] for coin, of in sorted(terms.multipliers.items())],
        # Newer than the recording (NK, 2026; for the last id 71033665553 of the text index, 2026-09), which
        # has the fee scale here; since then the rows of `meta` do.
        "assetToFundingInterestRate": [],
        "assetToFundingClamp": [],
    }


@query("allPerpMetas", Query)
def all_perp_metas(exchange: "Exchange", asked: Query) -> list[object]:
    """Return `meta` of all dexes, which is what NK's tests meet on testnet.

    The documented example has one of `metaAndAssetCtxs` instead: UNVERIFIED.
    """
    return [msgspec.Raw(exchange.universe.dex_meta_json(dex)) for dex in exchange.universe.dexes]


@query("perpDexLimits", OnDex)
def perp_dex_limits(exchange: "Exchange", asked: OnDex) -> dict[str, object] | None:
    """Return the limits of a builder's dex in the recorded form, null for the first dex (NK, tests).

    The figures are chosen and do not bind, but for caps that the deployer has set.
    """
    dex = dex_asked(exchange, asked.dex)
    if dex is FIRST:
        return None
    terms = exchange.universe.terms[dex.number]
    caps = [
        [perp.name, wire_usd(terms.caps.get(perp.name, _CAP))]
        for perp in sorted(dex.perps, key=lambda perp: perp.name)
    ]
    return {
        "totalOiCap": "100000000.0",
        "oiSzCapPerPerp": "1000000000.0",
        "maxTransferNtl": "100000000.0",
        "coinToOiCap": caps,
    }


@query("perpDexStatus", OnDex)
def perp_dex_status(exchange: "Exchange", asked: OnDex) -> dict[str, object]:
    """Return what has been moved to a builder's dex and not back (the form is recorded, SON).

    Raises:
        NotCovered: the first dex is meant; bridges, which fill that one, are not modelled.
    """
    dex = dex_asked(exchange, asked.dex)
    if dex is FIRST:
        raise NotCovered("net deposits of the first dex")
    return {"totalNetDeposit": wire_usd(exchange.dex_deposits.get(dex.number, 0))}


@query("exchangeStatus", Query, weight=2)
def exchange_status(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return the time, and that nothing is special (NK; no recording: UNVERIFIED)."""
    return {"time": exchange.now_ms(), "specialStatuses": None}
