"""What the websocket says about itself: subscriptionResponse, pong, error, post.

An acknowledgement repeats the subscription with the exchange's defaults filled in (wire rule 112). Recorded
are those of l2Book, userFills, trades, bbo, candle and userEvents; text-index 68955515377 measured that of
spotState; of the others nktkas/hyperliquid has the keys that can be sent.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import Address, Answer, Count, Shape, only, since, until
from harness.shapes.market import Interval
from harness.shapes.statuses import Words

_WHEN_ASKED = only("when it was asked for, UNVERIFIED whether also else")
_Dex = Annotated[str | UnsetType | None, _WHEN_ASKED]


class Subscription(Shape, frozen=True, tag_field="type"):
    """What all subscriptions share: their type, which names the channel but for userEvents."""

    @property
    def kind(self) -> str:
        """The subscription's `type` on the wire."""
        return str(self.__struct_config__.tag)


class ToAllMids(Subscription, frozen=True, tag="allMids"):
    """Mids of all coins of a dex."""

    dex: _Dex = UNSET


class ToL2Book(Subscription, frozen=True, tag="l2Book"):
    """A book; with `fast` five levels a side."""

    coin: str
    nSigFigs: Count | None
    mantissa: Count | None
    fast: Annotated[bool | UnsetType, since("2026")] = UNSET


class ToTrades(Subscription, frozen=True, tag="trades"):
    """Trades of a coin."""

    coin: str


class ToBbo(Subscription, frozen=True, tag="bbo"):
    """The best prices of a coin."""

    coin: str


class ToCandle(Subscription, frozen=True, tag="candle"):
    """Candles of a coin."""

    coin: str
    interval: Interval


class ToActiveAssetCtx(Subscription, frozen=True, tag="activeAssetCtx"):
    """The state of a coin; that of a pair comes on the channel activeSpotAssetCtx."""

    coin: str


class ToActiveAssetData(Subscription, frozen=True, tag="activeAssetData"):
    """What a user may trade of a coin."""

    user: Address
    coin: str


class ToAssetCtxs(Subscription, frozen=True, tag="assetCtxs"):
    """The states of a dex's coins."""

    dex: _Dex = UNSET


class ToAllDexsAssetCtxs(Subscription, frozen=True, tag="allDexsAssetCtxs"):
    """The states of all dexes' coins."""


class ToFastAssetCtxs(Subscription, frozen=True, tag="fastAssetCtxs"):
    """Prices of all coins, compressed."""


class ToSpotAssetCtxs(Subscription, frozen=True, tag="spotAssetCtxs"):
    """The states of all pairs."""


class ToOutcomeMetaUpdates(Subscription, frozen=True, tag="outcomeMetaUpdates"):
    """Changes of the prediction markets."""


class ToUserEvents(Subscription, frozen=True, tag="userEvents"):
    """A user's events, on the channel user (wire rule 115)."""

    user: Address


class ToOrderUpdates(Subscription, frozen=True, tag="orderUpdates"):
    """Changes of a user's orders."""

    user: Address


class ToUserFills(Subscription, frozen=True, tag="userFills"):
    """A user's fills."""

    user: Address
    aggregateByTime: Annotated[bool | UnsetType, since("2026")] = UNSET


class ToUserFundings(Subscription, frozen=True, tag="userFundings"):
    """A user's funding."""

    user: Address


class ToLedgerUpdates(Subscription, frozen=True, tag="userNonFundingLedgerUpdates"):
    """A user's ledger."""

    user: Address


class ToHistoricalOrders(Subscription, frozen=True, tag="userHistoricalOrders"):
    """A user's past orders."""

    user: Address


class ToTwapSliceFills(Subscription, frozen=True, tag="userTwapSliceFills"):
    """Fills of a user's TWAPs."""

    user: Address


class ToTwapHistory(Subscription, frozen=True, tag="userTwapHistory"):
    """Changes of a user's TWAPs."""

    user: Address


class ToTwapStates(Subscription, frozen=True, tag="twapStates"):
    """A user's running TWAPs on a dex."""

    user: Address
    dex: _Dex = UNSET


class ToClearinghouseState(Subscription, frozen=True, tag="clearinghouseState"):
    """A user's state on a dex."""

    user: Address
    dex: _Dex = UNSET


class ToAllDexsState(Subscription, frozen=True, tag="allDexsClearinghouseState"):
    """A user's state on each dex."""

    user: Address


class ToOpenOrders(Subscription, frozen=True, tag="openOrders"):
    """A user's open orders on a dex."""

    user: Address
    dex: _Dex = UNSET


class ToSpotState(Subscription, frozen=True, tag="spotState"):
    """A user's tokens."""

    user: Address
    ignorePortfolioMargin: Annotated[bool | UnsetType, _WHEN_ASKED] = UNSET


class ToNotification(Subscription, frozen=True, tag="notification"):
    """Notes for a user."""

    user: Address


class ToWebData2(Subscription, frozen=True, tag="webData2"):
    """What the exchange's page showed; gone from both networks (wire rule 115)."""

    user: Address


class ToWebData3(Subscription, frozen=True, tag="webData3"):
    """What the exchange's page shows."""

    user: Address


class ToExplorerBlock(Subscription, frozen=True, tag="explorerBlock"):
    """Blocks; text-index 70894571685 saw it acknowledged on mainnet in 2026-09."""


class ToExplorerTxs(Subscription, frozen=True, tag="explorerTxs"):
    """Actions; text-index 56255909211 saw it accepted."""


AnySubscription = (
    ToAllMids
    | ToL2Book
    | ToTrades
    | ToBbo
    | ToCandle
    | ToActiveAssetCtx
    | ToActiveAssetData
    | ToAssetCtxs
    | ToAllDexsAssetCtxs
    | ToFastAssetCtxs
    | ToSpotAssetCtxs
    | ToOutcomeMetaUpdates
    | ToUserEvents
    | ToOrderUpdates
    | ToUserFills
    | ToUserFundings
    | ToLedgerUpdates
    | ToHistoricalOrders
    | ToTwapSliceFills
    | ToTwapHistory
    | ToTwapStates
    | ToClearinghouseState
    | ToAllDexsState
    | ToOpenOrders
    | ToSpotState
    | ToNotification
    | Annotated[ToWebData2, until("2026-08")]
    | ToWebData3
    | ToExplorerBlock
    | ToExplorerTxs
)


class SubscriptionResponse(Shape, frozen=True):
    """A message of the channel subscriptionResponse: what was subscribed to, or no longer is."""

    method: Literal["subscribe", "unsubscribe"]
    subscription: AnySubscription


@dataclass(frozen=True, slots=True)
class Pong(Answer):
    """The answer to a ping: a message without data (wire rule 111); `parse` takes None."""

    WIRE: ClassVar[Any] = None

    wire: None


@dataclass(frozen=True, slots=True)
class WsError(Answer):
    """A message of the channel error: the exchange's text, without the id of a post (wire rule 113)."""

    WIRE: ClassVar[Any] = Words

    text: str


class InfoPayload(Shape, frozen=True):
    """The answer to an info request: `data` has the form of its `type` over HTTP."""

    type: str
    data: Any


class ActionPayload(Shape, frozen=True):
    """The answer to an action, as over HTTP."""

    status: Literal["ok", "err"]
    response: Any


class PostInfo(Shape, frozen=True, tag_field="type", tag="info"):
    """An info request was answered."""

    payload: InfoPayload


class PostAction(Shape, frozen=True, tag_field="type", tag="action"):
    """An action was answered; a refusal stands here too."""

    payload: ActionPayload


class PostError(Shape, frozen=True, tag_field="type", tag="error"):
    """The request was not taken: the HTTP status and its text (API docs; no recording is known)."""

    payload: Words


class Post(Shape, frozen=True):
    """A message of the channel post; `id` is that of the request (wire rule 117)."""

    id: Count
    response: PostInfo | PostAction | PostError
