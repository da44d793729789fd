"""`perpDexs`, the deploy auctions, `allPerpMetas`, `exchangeStatus`: the exchange as a whole."""

from typing import TYPE_CHECKING, Final

from harness.localnet.answers import NotCovered
from harness.localnet.dexes import FIRST, perp_dexs
from harness.localnet.numbers import wire_usd
from harness.localnet.queries.registry import OfUser, Query, dex_asked, query
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
def all_perp_dexs(exchange: "Exchange", asked: Query) -> list[dict[str, object] | None]:
    """Return the first dex, which is null (wire rule 18), and the builder's."""
    return perp_dexs()


@query("allPerpMetas", Query)
def all_perp_metas(exchange: "Exchange", asked: Query) -> list[object]:
    """Return all dexes with their contexts as the documented example has them.

    NK has the universes alone: UNVERIFIED.
    """
    return [meta_and_asset_ctxs(exchange, OnDex(dex=dex.name)) for dex in exchange.universe.dexes]


@query("perpDexLimits", OnDex)
def perp_dex_limits(exchange: "Exchange", asked: OnDex) -> dict[str, object]:
    """Return the limits of a builder's dex in the recorded form; the figures are chosen, and do not bind.

    Raises:
        NotCovered: the first dex is meant, whose answer is not known.
    """
    dex = dex_asked(exchange, asked.dex)
    if dex is FIRST:
        raise NotCovered("limits of the first dex")
    caps = [[perp.name, "10000000.0"] for perp in sorted(dex.perps, key=lambda perp: perp.name)]
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
