"""Feeds that show the state of one account, as the info queries answer it.

What localnet does not serve under `POST /info` it does not serve here. Source: API docs, "Subscriptions"; NK
and TI:70146751433 for the forms.
"""

from typing import Any, ClassVar

from harness.localnet.answers import NotCovered
from harness.localnet.assets import PERP_OF
from harness.localnet.feed.streams import HangUp, OfUser, StateStream, View, stream
from harness.localnet.queries.twaps import twap_state


class OfUserOnDex(OfUser, frozen=True):
    """A feed of one account on one perp dex, of which localnet has the first."""

    dex: str = ""


class ClearinghouseState(OfUserOnDex, frozen=True):
    """Margin and positions."""

    kind: ClassVar[str] = "clearinghouseState"


class OpenOrders(OfUserOnDex, frozen=True):
    """Resting orders with all their keys."""

    kind: ClassVar[str] = "openOrders"


class SpotState(OfUser, frozen=True):
    """Spot balances; the docs call the option isPortfolioMargin, the echo has this one (TI:68955515377)."""

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


class UserStateStream(StateStream):
    """The state of an account."""

    def interval_ms(self) -> int:
        """Return the time between pushes."""
        return self.cadence.user_state_ms

    def refuse_dex(self) -> None:
        """Refuse a dex that localnet does not have; what the exchange does then is not known."""
        if self.asked.dex:
            raise NotCovered(f"{self.asked.kind} of a dex that localnet does not have")


@stream(ClearinghouseState)
class ClearinghouseStateStream(UserStateStream):
    """Margin and positions."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `clearinghouseState` answers."""
        self.refuse_dex()
        user = self.asked.user
        return {
            "dex": self.asked.dex,
            "user": user,
            "clearinghouseState": view.ask("clearinghouseState", user=user),
        }


@stream(OpenOrders)
class OpenOrdersStream(UserStateStream):
    """Resting orders."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `frontendOpenOrders` answers."""
        self.refuse_dex()
        user = self.asked.user
        return {"dex": self.asked.dex, "user": user, "orders": view.ask("frontendOpenOrders", user=user)}


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
        self.refuse_dex()
        ledger = view.exchange.ledger(self.asked.user)
        running = {} if ledger is None else ledger.twaps.running
        states = [[twap_id, twap_state(twap)] for twap_id, twap in running.items()]
        return {"dex": self.asked.dex, "user": self.asked.user, "states": states}


@stream(AllDexsClearinghouseState)
class AllDexsClearinghouseStateStream(UserStateStream):
    """Margin and positions on every dex; localnet has the first, whose name is empty."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `clearinghouseState` answers."""
        user = self.asked.user
        return {"user": user, "clearinghouseStates": [["", view.ask("clearinghouseState", user=user)]]}


@stream(ActiveAssetData)
class ActiveAssetDataStream(UserStateStream):
    """What an account may trade on one perpetual."""

    def state(self, view: View) -> dict[str, Any]:
        """Return what `activeAssetData` answers."""
        if self.asked.coin not in PERP_OF:
            raise HangUp(self.asked.coin)
        answer = view.ask("activeAssetData", user=self.asked.user, coin=self.asked.coin)
        assert isinstance(answer, dict)
        return answer
