"""What tests may tell a localnet of the world outside it: caps, limits, errors, other venues, the page."""

from decimal import Decimal

from harness.localnet.asks import LocalnetError, address_of, figure_of, listing_of
from harness.localnet.control.front import Front
from harness.localnet.markets.assets import Perp
from harness.localnet.markets.dexes import FIRST, dex_of
from harness.localnet.markets.tokens import HYPE
from harness.localnet.told import VenueRate
from harness.localnet.trading.matching import end_resting


class Outside(Front):
    """A localnet that can be told what only the exchange, or somebody else, decides."""

    def cap_open_interest(self, coin: str, usd: Decimal | None) -> None:
        """Cap what all long positions on a coin of the first dex may be worth; None for no cap.

        Raises:
            LocalnetError: it is no perpetual of the first dex; those of builders have `perpDeploy`.
        """
        perp = self._first_perp(coin)
        micro = None if usd is None else figure_of(usd, 6)
        with self._block("capOpenInterest", coin=coin, usd=usd):
            self._exchange.told.caps.pop(perp.name, None)
            if micro is not None:
                self._exchange.told.caps[perp.name] = micro

    def slow_open_interest(self, coin: str, *, is_too_quick: bool = True) -> None:
        """Let the open interest of a coin increase too quickly from now on, or no longer.

        Raises:
            LocalnetError: it is no perpetual of the first dex.
        """
        perp = self._first_perp(coin)
        with self._block("slowOpenInterest", coin=coin, isTooQuick=is_too_quick):
            self._exchange.told.growing.pop(perp.name, None)
            if is_too_quick:
                self._exchange.told.growing[perp.name] = None

    def limit_open_orders(self, most: int | None) -> None:
        """Let no account have more orders open; None for the documented limit, which is 1000 at least.

        Raises:
            LocalnetError: it is not above zero.
        """
        if most is not None and most < 1:
            raise LocalnetError(f"{most} open orders.", needed="One or more.")
        with self._block("limitOpenOrders", most=most):
            self._exchange.told.most_open = most

    def fail_order(self, address: str, oid: int) -> None:
        """Let the exchange cancel an open order because of an error of its own.

        Raises:
            LocalnetError: the account has no such order open.
        """
        ledger = self._exchange.ledger(address_of(address))
        order = None if ledger is None else ledger.open.get(oid)
        market = None if order is None else self._exchange.market_at(order.asset)
        if order is None or market is None:
            raise LocalnetError(f"{address} has no open order {oid}.", needed="One of its `openOrders`.")
        with self._block("failOrder", address=address, oid=oid):
            end_resting(self._exchange, market, order, "internalCancel")

    def set_venue_funding(
        self,
        coin: str,
        venue: str,
        rate: Decimal | None,
        *,
        next_ms: int = 0,
        hours: int | None = None,
    ) -> None:
        """Tell the funding of a coin on another venue, which `predictedFundings` shows beside its own.

        Args:
            coin: a perpetual of the first dex.
            venue: its name there, such as `BinPerp`.
            rate: a fraction for the venue's interval, at most ten decimals; None where it tells none.
            next_ms: when it is due.
            hours: every how many hours, where the venue tells.

        Raises:
            LocalnetError: it is no perpetual of the first dex, or the exchange's own venue.
        """
        perp = self._first_perp(coin)
        if venue == "HlPerp":
            raise LocalnetError("HlPerp is the exchange itself.", needed="Another venue's name.")
        told = None if rate is None else VenueRate(_signed(rate, 10), next_ms, hours)
        with self._block("setVenueFunding", coin=coin, venue=venue, rate=rate, nextMs=next_ms, hours=hours):
            self._exchange.told.venues.setdefault(perp.name, {})[venue] = told

    def require_outcome_stake(self, hype: Decimal) -> None:
        """Let outcome deployers need so much HYPE staked; the exchange's figure is not known."""
        wei = figure_of(hype, HYPE.wei_decimals)
        with self._block("requireOutcomeStake", hype=hype):
            self._exchange.told.outcome_stake = wei

    def _first_perp(self, coin: str) -> Perp:
        listing = listing_of(self._exchange.universe, coin)
        if not isinstance(listing, Perp) or dex_of(listing.index) != FIRST.number:
            raise LocalnetError(f"{coin} is no perpetual of the first dex.", needed="One of its `meta`.")
        return listing


def _signed(figure: Decimal, decimals: int) -> int:
    return figure_of(abs(figure), decimals) * (-1 if figure < 0 else 1)
