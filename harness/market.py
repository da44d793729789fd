"""One coin on one target: where it trades now, and legal orders made from what a scenario wants."""

import json
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from harness.errors import PrecisionError, TargetUnavailable
from harness.intents import OrderIntent, Ticket, Tif
from harness.precision import quantise_px, quantise_sz
from harness.recording.universe import Universe
from harness.wire import Wire

if TYPE_CHECKING:
    from hyperliquid.utils.types import Cloid

_BPS = Decimal(10_000)


class Market:
    """A perpetual of the target.

    Every price is read when it is asked for, by the harness itself in fixed JSON: a change in the SDK's reads
    is then blamed where it happened, not here.
    """

    def __init__(self, coin: str, wire: Wire, universe: Callable[[], Universe]) -> None:
        self.coin = coin
        self._wire = wire
        self._universe = universe

    @property
    def asset(self) -> int:
        """The coin's asset number on this target."""
        return self._row()[0]

    @property
    def sz_decimals(self) -> int:
        """The coin's `szDecimals`."""
        return int(self._row()[1]["szDecimals"])

    @property
    def max_leverage(self) -> int:
        """The coin's largest leverage."""
        return int(self._row()[1]["maxLeverage"])

    def _row(self) -> tuple[int, dict[str, Any]]:
        row = self._universe().perp(self.coin)
        if row is None:
            raise PrecisionError(
                f"There is no perpetual called {self.coin} on this target.",
                needed="A name from the `meta` answer; it is case-sensitive.",
            )
        return row

    @property
    def bbo(self) -> tuple[Decimal, Decimal]:
        """Best bid and best ask now, in USDC.

        Raises:
            TargetUnavailable: the book cannot be read, or a side of it is empty.
        """
        reply = self._wire.ask(json.dumps({"type": "l2Book", "coin": self.coin}))
        if reply.status != 200:
            raise TargetUnavailable(
                f"The harness asked for the l2Book of {self.coin} and was answered HTTP {reply.status}.",
                needed="A book: prices of orders are counted from its middle.",
            )
        book = json.loads(reply.body)
        bids, asks = book["levels"] if book else ([], [])
        if not bids or not asks:
            raise TargetUnavailable(
                f"The book of {self.coin} has an empty side, so it has no mid.",
                needed="A coin that is traded on this target.",
            )
        return Decimal(bids[0]["px"]), Decimal(asks[0]["px"])

    @property
    def mid(self) -> Decimal:
        """The middle between best bid and best ask now, in USDC."""
        bid, ask = self.bbo
        return (bid + ask) / 2

    def ticket(self, intent: OrderIntent, *, cloid: "Cloid | None" = None) -> Ticket:
        """Return the legal order nearest to `intent`, never worth less than it asks for.

        Raises:
            PrecisionError: there is no legal price or size.
        """
        away = Decimal(intent.depth_bps) / _BPS * (-1 if intent.is_buy else 1)
        px = self.legal_px(self.mid * (1 + away), is_buy=intent.is_buy)
        return Ticket(
            self.coin,
            is_buy=intent.is_buy,
            px=px,
            sz=self.legal_sz(intent.notional_usd / px),
            tif=intent.tif,
            reduce_only=intent.reduce_only,
            cloid=cloid,
        )

    def bid(self, **wants: Any) -> Ticket:
        """Return a legal order to buy; see `_side` for what can be wanted."""
        return self._side(True, **wants)

    def ask(self, **wants: Any) -> Ticket:
        """Return a legal order to sell; see `_side` for what can be wanted."""
        return self._side(False, **wants)

    def _side(
        self,
        is_buy: bool,
        *,
        depth_bps: int | None = None,
        px: Decimal | str | None = None,
        notional_usd: int | Decimal | None = None,
        sz: Decimal | str | None = None,
        tif: Tif = "Gtc",
        reduce_only: bool = False,
        cloid: "Cloid | None" = None,
    ) -> Ticket:
        """Return a legal order.

        Args:
            is_buy: True bids, False asks.
            depth_bps: distance from mid in hundredths of a percent, positive is passive. Or:
            px: the limit price in USDC, as it is.
            notional_usd: worth at the limit price in USDC. Or:
            sz: the size in coins, as it is.
            tif: Gtc, Ioc or Alo.
            reduce_only: the order may only make a position smaller.
            cloid: the client's order id.

        Raises:
            PrecisionError: it takes exactly one of `depth_bps` and `px`, and one of `notional_usd`, `sz`.
        """
        if (depth_bps is None) == (px is None) or (notional_usd is None) == (sz is None):
            raise PrecisionError(
                "An order needs one price and one size.",
                needed="Exactly one of depth_bps and px, and exactly one of notional_usd and sz.",
            )
        if px is None:
            assert depth_bps is not None
            away = Decimal(depth_bps) / _BPS * (-1 if is_buy else 1)
            limit_px = self.legal_px(self.mid * (1 + away), is_buy=is_buy)
        else:
            limit_px = Decimal(px)
        if sz is None and limit_px <= 0:
            raise PrecisionError(f"At {limit_px} USDC no size is worth {notional_usd} USDC.")
        size = Decimal(sz) if sz is not None else self.legal_sz(Decimal(notional_usd or 0) / limit_px)
        return Ticket(
            self.coin, is_buy=is_buy, px=limit_px, sz=size, tif=tif, reduce_only=reduce_only, cloid=cloid
        )

    def legal_px(self, px: Decimal, *, is_buy: bool) -> Decimal:
        """Return the legal price next to `px` on the passive side: down for a bid, up for an ask."""
        return quantise_px(px, self.sz_decimals, rounding=ROUND_FLOOR if is_buy else ROUND_CEILING)

    def legal_sz(self, sz: Decimal) -> Decimal:
        """Return the smallest legal size that is at least `sz`."""
        return quantise_sz(sz, self.sz_decimals, rounding=ROUND_CEILING)
