"""Coins and asset numbers of every dex that a run has traded on. Source: wire rules 16 to 18."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from harness.recording.universe import Universe

_DEX_ASSETS: Final = 100_000
_A_DEX: Final = 10_000


class Names:
    """Translates between coins and asset numbers; asks for what the universe does not hold, once.

    Args:
        universe: the first dex and spot.
        ask: asks the exchange a query.
    """

    def __init__(self, universe: Callable[[], Universe], ask: Callable[..., Any]) -> None:
        self._universe = universe
        self._ask = ask
        self._dexes: list[str] | None = None
        self._coins: dict[str, list[dict[str, Any]]] = {}

    def dexes_of(self, assets: Iterable[int]) -> set[str]:
        """Return the perp dexes of these assets; the first, which holds spot orders too, always."""
        return {"", *(dex for asset in assets if (dex := self._dex(asset)) is not None)}

    def _dex(self, asset: int) -> str | None:
        number = (asset - _DEX_ASSETS) // _A_DEX
        if number < 1:
            return None
        if self._dexes is None:
            self._dexes = [row["name"] if row else "" for row in self._ask("perpDexs")]
        return self._dexes[number] if number < len(self._dexes) else None

    def _rows(self, dex: str) -> list[dict[str, Any]]:
        if dex not in self._coins:
            self._coins[dex] = self._ask("meta", dex=dex)["universe"]
        return self._coins[dex]

    def coin(self, asset: int) -> str | None:
        """Return the coin of an asset number, None if there is none."""
        dex = self._dex(asset)
        if dex is None:
            return self._universe().coin(asset)
        rows = self._rows(dex)
        return rows[asset % _A_DEX]["name"] if asset % _A_DEX < len(rows) else None

    def asset(self, coin: str) -> int | None:
        """Return the asset number of a coin, None if there is none."""
        dex, separator, _ = coin.partition(":")
        if not separator:
            return self._universe().asset(coin)
        if self._dexes is None:
            self._dex(_DEX_ASSETS + _A_DEX)
        if dex not in (self._dexes or ()):
            return None
        number = next((at for at, row in enumerate(self._rows(dex)) if row["name"] == coin), None)
        first = _DEX_ASSETS + _A_DEX * (self._dexes or []).index(dex)
        return None if number is None else first + number

    def sz_decimals(self, coin: str) -> int | None:
        """Return the size decimals of a perpetual, None for a spot pair and what is not there."""
        dex, separator, _ = coin.partition(":")
        if separator:
            rows = self._rows(dex)
            return next((int(row["szDecimals"]) for row in rows if row["name"] == coin), None)
        perp = self._universe().perp(coin)
        return None if perp is None else int(perp[1]["szDecimals"])
