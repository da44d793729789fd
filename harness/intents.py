"""What a scenario wants (`OrderIntent`) and the legal numbers made from it (`Ticket`).

An intent knows no price: it says how far from mid and how much money, so it means the same on every
target and on every day.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from harness.recording.examples import recordable

if TYPE_CHECKING:
    from hyperliquid.utils.types import Cloid

Tif = Literal["Gtc", "Ioc", "Alo"]


@recordable
class OrderIntent(msgspec.Struct, frozen=True):
    """An order as a scenario wants it.

    Args:
        is_buy: True bids, False asks.
        depth_bps: distance of the limit price from mid in hundredths of a percent. Positive is passive (a bid
            below mid, an ask above), negative crosses the book.
        notional_usd: worth of the order at its limit price, in USDC.
        tif: Gtc, Ioc or Alo.
        reduce_only: the order may only make a position smaller.
    """

    is_buy: bool
    depth_bps: int
    notional_usd: Decimal
    tif: Tif = "Gtc"
    reduce_only: bool = False


class Ticket(Mapping[str, Any]):
    """The legal numbers of one order: a mapping with the parameter names of the SDK's `Exchange.order`.

    `exchange.order(**ticket)` sends it. `px` and `sz` are the same numbers as `Decimal`; the mapping
    holds the floats that the SDK's signature asks for.
    """

    def __init__(
        self,
        coin: str,
        *,
        is_buy: bool,
        px: Decimal,
        sz: Decimal,
        tif: Tif = "Gtc",
        reduce_only: bool = False,
        cloid: "Cloid | None" = None,
    ) -> None:
        self.coin = coin
        self.is_buy = is_buy
        self.px = px
        self.sz = sz
        self.tif = tif
        self._parameters: dict[str, Any] = {
            "name": coin,
            "is_buy": is_buy,
            "sz": float(sz),
            "limit_px": float(px),
            "order_type": {"limit": {"tif": tif}},
            "reduce_only": reduce_only,
        }
        if cloid is not None:
            self._parameters["cloid"] = cloid

    def __getitem__(self, name: str) -> Any:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __repr__(self) -> str:
        side = "buy" if self.is_buy else "sell"
        return f"Ticket({side} {self.sz} {self.coin} at {self.px}, {self.tif})"

    @property
    def in_batch(self) -> dict[str, Any]:
        """Return the order as `Exchange.bulk_orders` takes it: there `name` is called `coin`."""
        parameters = dict(self._parameters)
        return {"coin": parameters.pop("name"), **parameters}
