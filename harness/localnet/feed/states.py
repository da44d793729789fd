"""Feeds that show the state of one account, as the info queries answer it.

What localnet does not serve under `POST /info` it does not serve here. Source: API docs, "Subscriptions"; NK
and TI:70146751433 for the forms.
"""

from typing import Any, ClassVar

from harness.localnet.answers import NotCovered
from harness.localnet.feed.streams import HangUp, OfUser, StateStream, View, stream
from harness.localnet.markets.dexes import Dex, dex_of
from harness.localnet.queries.twaps import twap_state
from harness.localnet.queries.web_data import web_data_3


class OfUserOnDex(OfUser, frozen=True):
    """A feed of one account on one perp dex."""

    dex: str = ""


class ClearinghouseState(OfUserOnDex, frozen=True):
    """Margin and positions."""

    kind: ClassVar[str] = "clearinghouseState"


class OpenOrders(OfUserOnDex, frozen=True):
    """Resting orders with all their keys."""

    kind: ClassVar[str] = "openOrders"


class SpotState(OfUser, frozen=True):
    """Spot balances; the docs call the option isPortfolioMargin, the echo has this one (TI:68955515377).

    That it changes nothing is UNVERIFIED.
    """

    kind: ClassVar[str] = "spotState"
    ignorePortfolioMargin: bool = False


class ActiveAssetData(OfUser, frozen=True):
    """What an account may trade on one perpetual."""

    kind: ClassVar[str] = "activeAssetData"
    coin: str


class TwapStates(OfUserOnDex, frozen=True):
    """Running TWAPs."""

    kind: ClassVar[str] = "twapStates"


class AllDexsClearinghouseState(OfUser, frozen=True):
    """Margin and positions on every dex."""

    kind: ClassVar[str] = "allDexsClearinghouseState"


class WebData3(OfUser, frozen=True):
    """What the web page wants of an account beside its positions and orders."""

    kind: ClassVar[str] = "webData3"


class UserStateStream(StateStream):
    """The state of an account."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.user_state_ms

    def dex(self, view: View) -> Dex:
        """Return the dex that is asked for.

        Raises:
            NotCovered: localnet does not have it; what the exchange does then is not known.
        """
        dex = view.exchange.universe.dex_named(self.asked.dex)
        if dex is None:
            raise NotCovered(f"{self.asked.kind} of a dex that localnet does not have")
        return dex


@stream(ClearinghouseState)
class ClearinghouseStateStream(UserStateStream):
    """Margin and positions."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `clearinghouseState` answers."""
        dex, user = self.dex(view), self.asked.user
        return {
            "dex": dex.name,
            "user": user,
            "clearinghouseState": view.ask("clearinghouseState", user=user, dex=dex.name),
        }


@stream(OpenOrders)
class OpenOrdersStream(UserStateStream):
    """Resting orders."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `frontendOpenOrders` answers."""
        dex, user = self.dex(view), self.asked.user
        orders = view.ask("frontendOpenOrders", user=user, dex=dex.name)
        return {"dex": dex.name, "user": user, "orders": orders}


@stream(SpotState)
class SpotStateStream(UserStateStream):
    """Spot balances."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `spotClearinghouseState` answers."""
        return {
            "user": self.asked.user,
            "spotState": view.ask("spotClearinghouseState", user=self.asked.user),
        }


@stream(TwapStates)
class TwapStatesStream(UserStateStream):
    """Running TWAPs, by their ids."""

    def state(self, view: View) -> dict[str, Any]:
        """Return the states, oldest first."""
        dex = self.dex(view)
        ledger = view.exchange.ledger(self.asked.user)
        running = {} if ledger is None else ledger.twaps.running
        states = [
            [twap_id, twap_state(twap)]
            for twap_id, twap in running.items()
            if dex_of(twap.asset) == dex.number
        ]
        return {"dex": dex.name, "user": self.asked.user, "states": states}


@stream(AllDexsClearinghouseState)
class AllDexsClearinghouseStateStream(UserStateStream):
    """Margin and positions on every dex; the name of the first is empty."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `clearinghouseState` answers."""
        user = self.asked.user
        states = [
            [dex.name, view.ask("clearinghouseState", user=user, dex=dex.name)]
            for dex in view.exchange.universe.dexes
        ]
        return {"user": user, "clearinghouseStates": states}


@stream(ActiveAssetData)
class ActiveAssetDataStream(UserStateStream):
    """What an account may trade on one perpetual."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `activeAssetData` answers."""
        if self.asked.coin not in view.exchange.universe.perp_of:
            raise HangUp(self.asked.coin)
        answer = view.ask("activeAssetData", user=self.asked.user, coin=self.asked.coin)
        assert isinstance(answer, dict)
        return answer


@stream(WebData3)
class WebData3Stream(UserStateStream):
    """Agent, mode and vaults (TI:68955515377)."""

    def state(self, view: View) -> dict[str, Any]:
        """Return the account's state and a row for each perp dex."""
        return web_data_3(view.exchange, self.asked.user)
