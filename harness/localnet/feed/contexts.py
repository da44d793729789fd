"""Feeds of all asset contexts of one dex, and of spot. Source: NK, whose tests ran against testnet.

How often they are pushed is UNVERIFIED: as often as the context of one coin.
"""

from typing import Any, ClassVar

from harness.localnet.answers import NotCovered
from harness.localnet.feed.streams import StateStream, Subscription, View, stream
from harness.localnet.queries.universe import contexts


class AssetCtxs(Subscription, frozen=True):
    """The contexts of the perpetuals of one dex; the first has an empty name."""

    kind: ClassVar[str] = "assetCtxs"
    dex: str = ""


class SpotAssetCtxs(Subscription, frozen=True):
    """The contexts of all spot pairs."""

    kind: ClassVar[str] = "spotAssetCtxs"


class _Contexts(StateStream):
    """Contexts, each time in whole."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.asset_ctx_ms


@stream(AssetCtxs)
class AssetCtxsStream(_Contexts):
    """The contexts of one dex, in the order of its `meta`."""

    def state(self, view: View) -> dict[str, Any]:
        """Return the contexts and the dex they are of."""
        dex = view.exchange.universe.dex_named(self.asked.dex)
        if dex is None:
            raise NotCovered("contexts of a dex that localnet does not have")
        return {"dex": dex.name, "ctxs": contexts(view.exchange, dex)}


@stream(SpotAssetCtxs)
class SpotAssetCtxsStream(_Contexts):
    """The contexts of all pairs, in the order of `spotMetaAndAssetCtxs`."""

    def state(self, view: View) -> list[dict[str, Any]]:
        """Return the contexts."""
        found: list[dict[str, Any]] = view.ask("spotMetaAndAssetCtxs")[1]
        return found
