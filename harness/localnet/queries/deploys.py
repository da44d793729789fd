"""`perpDexs`, the deploy auctions, `allPerpMetas`, `exchangeStatus`: the exchange as a whole."""

from typing import TYPE_CHECKING, Final

from harness.localnet.queries.registry import OfUser, Query, query
from harness.localnet.queries.universe import OnDex, meta_and_asset_ctxs

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# 31 hours, and the lowest price (docs; SON, perpDeployAuctionStatus).
_AUCTION_S: Final = 111_600
_GAS: Final = "500.0"


def _auction(exchange: "Exchange", *, is_over: bool) -> dict[str, object]:
    """Return the auction of this time; nobody has bid more than the lowest price. Its start is chosen."""
    now_s = exchange.now_ms() // 1000
    return {
        "startTimeSeconds": now_s - now_s % _AUCTION_S,
        "durationSeconds": _AUCTION_S,
        "startGas": _GAS,
        "currentGas": None if is_over else _GAS,
        "endGas": _GAS if is_over else None,
    }


@query("perpDeployAuctionStatus", Query)
@query("spotPairDeployAuctionStatus", Query)
def deploy_auction_status(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return an auction that is going on, as both documented examples show."""
    return _auction(exchange, is_over=False)


@query("spotDeployState", OfUser)
def spot_deploy_state(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return no deployments, and an auction that has been won, as `spotDeploy` answers.

    The form is NK's; no recording was found: UNVERIFIED.
    """
    return {"states": [], "gasAuction": _auction(exchange, is_over=True)}


@query("perpDexs", Query)
def perp_dexs(exchange: "Exchange", asked: Query) -> list[None]:
    """Return the first dex, which is null (wire rule 18); there are no others here."""
    return [None]


@query("allPerpMetas", Query)
def all_perp_metas(exchange: "Exchange", asked: Query) -> list[object]:
    """Return the only dex, with its contexts as the documented example has them.

    NK has the universes alone: UNVERIFIED.
    """
    return [meta_and_asset_ctxs(exchange, OnDex())]


@query("exchangeStatus", Query, weight=2)
def exchange_status(exchange: "Exchange", asked: Query) -> dict[str, object]:
    """Return the time, and that nothing is special (NK; no recording: UNVERIFIED)."""
    return {"time": exchange.now_ms(), "specialStatuses": None}
