"""One funded account with the SDK's own `Exchange` and `Info`; the only place that builds them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from harness.errors import TargetUnavailable, UnexpectedAnswer, UnsupportedError
from harness.recording.tape import TESTNET_URL
from harness.recording.universe import Universe
from harness.settings import Key
from harness.signing import USER_SIGNED

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount
    from hyperliquid.exchange import Exchange
    from hyperliquid.info import Info
    from hyperliquid.utils.types import Meta, SpotMeta, Subscription

    from harness.websocket import WebSocketApp


_AGENT_PENDING: Final = "User has pending agent removal"
# A second apart; it was measured to last 4 to 5 s (wire rule 79).
_APPROVALS: Final = 10


@lru_cache(maxsize=64)
def _wallet(key: str) -> LocalAccount:
    # Delayed: eth_account is most of the SDK's start-up time, and collection does not need it.
    import eth_account

    wallet: LocalAccount = eth_account.Account.from_key(key)
    return wallet


def _sdk_signing() -> Any:
    from hyperliquid.utils import signing  # delayed: it imports eth_account

    return signing


# Their messages are bare lists, without a channel (NK).
_EXPLORER = frozenset({"explorerBlock", "explorerTxs"})


class Trader:
    """An account as the SDK sees it.

    `exchange` and `info` are the SDK's, unwrapped; the harness works below them. `address` is the account
    that is traded for: the key's own, or the master's when the key is an agent's.
    """

    def __init__(
        self,
        key: str,
        universe: Universe,
        *,
        account_address: str | None = None,
        vault_address: str | None = None,
        timeout_s: float | None = None,
        own_metadata: bool = False,
        perp_dexs: list[str] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        from hyperliquid.exchange import Exchange  # delayed: it imports eth_account

        self._key = key
        self._universe = universe
        self._wait = wait
        self._acts_for: dict[str, Any] = {"account_address": account_address, "vault_address": vault_address}
        wallet = _wallet(key)
        self.address: str = vault_address or account_address or wallet.address
        try:
            self.exchange: Exchange = Exchange(
                wallet,
                base_url=TESTNET_URL,
                meta=None if own_metadata else cast("Meta", universe.meta),
                vault_address=vault_address,
                account_address=account_address,
                spot_meta=None if own_metadata else cast("SpotMeta", universe.spot_meta),
                perp_dexs=perp_dexs,
                timeout=timeout_s,
            )
        except LookupError as error:
            if own_metadata:
                raise
            raise TargetUnavailable(
                f"The SDK cannot be built with the exchange's meta and spotMeta: {error!r}.",
                needed="Metadata in which each pair's tokens are listed.",
                do="Try again later; if it stays, this release of the SDK cannot read what is listed.",
            ) from None
        self.info: Info = self.exchange.info

    def __repr__(self) -> str:
        return f"Trader({self.address})"

    def agent(self, name: str | None = None) -> Trader:
        """Approve an agent key through the SDK, and return this account with the agent signing for it.

        For some seconds after an agent was replaced the exchange refuses another one (wire rule 79); then
        this waits and asks again.

        Raises:
            UnexpectedAnswer: the exchange refused the approval.
        """
        for _ in range(_APPROVALS):
            answer, key = self.exchange.approve_agent(name)
            if answer.get("response") != _AGENT_PENDING:
                break
            self._wait(1.0)
        if answer != {"status": "ok", "response": {"type": "default"}}:
            raise UnexpectedAnswer(
                f"approveAgent was refused: {answer.get('response')}", needed="An approved agent."
            )
        return Trader(Key(key), self._universe, account_address=self.address, wait=self._wait)

    def acting_for(self, address: str) -> Trader:
        """Return this key with the SDK acting for a vault or sub-account at `address`."""
        return Trader(self._key, self._universe, vault_address=address, wait=self._wait)

    def post_l1_action(self, action: dict[str, Any]) -> Any:
        """Sign an action for which the SDK has no method with the SDK's `sign_l1_action`, and post it.

        Args:
            action: as it goes over the wire, `{"type": "twapOrder", ...}`; the order of its keys is signed.
        """
        signed = self.signed_l1_action(action)
        return cast("Any", self.exchange)._post_action(action, signed["signature"], signed["nonce"])

    def signed_l1_action(self, action: dict[str, Any]) -> dict[str, Any]:
        """Sign an action with the SDK's `sign_l1_action`, and return it as a websocket's post carries it."""
        sdk, exchange = _sdk_signing(), cast("Any", self.exchange)
        nonce = sdk.get_timestamp_ms()
        signature = sdk.sign_l1_action(
            exchange.wallet, action, exchange.vault_address, nonce, exchange.expires_after, False
        )
        return {
            "action": action,
            "nonce": nonce,
            "signature": signature,
            "vaultAddress": exchange.vault_address,
        }

    def post_user_signed_action(self, action: dict[str, Any]) -> Any:
        """Sign an action for which the SDK has no method with its `sign_user_signed_action`, and post it.

        Args:
            action: its type and what is asked, `{"type": "cDeposit", "wei": 1}`; chain and nonce are added.

        Raises:
            UnsupportedError: the type is not one of `signing.USER_SIGNED`.
        """
        form = USER_SIGNED.get(action["type"])
        if form is None:
            raise UnsupportedError(
                f"{action['type']!r} is no user-signed action.", needed=f"One of {', '.join(USER_SIGNED)}."
            )
        sdk, exchange = _sdk_signing(), cast("Any", self.exchange)
        nonce = sdk.get_timestamp_ms()
        whole = {**action, form.nonce_field: nonce}
        types = [{"name": name, "type": solidity} for name, solidity in form.fields]
        signature = sdk.sign_user_signed_action(exchange.wallet, whole, types, form.primary_type, False)
        return exchange._post_action(whole, signature, nonce)

    def rebuilt(self, **options: Any) -> Trader:
        """Return the same account with new SDK objects.

        Args:
            options: `timeout_s` (how long the SDK waits for an answer), `own_metadata` (True: the SDK fetches
                `meta` and `spotMeta` itself, on tape), `perp_dexs` (the SDK's parameter of that name).
        """
        return Trader(self._key, self._universe, wait=self._wait, **self._acts_for, **options)

    @contextmanager
    def feed(self) -> Iterator[Info]:
        """Open a websocket: the SDK's own `Info` with its `subscribe` and `unsubscribe`.

        Callbacks are called in the scenario's own thread, before the call that caused their message returns.
        """
        from hyperliquid.info import Info  # delayed: as above

        info = Info(
            TESTNET_URL,
            meta=cast("Meta", self._universe.meta),
            spot_meta=cast("SpotMeta", self._universe.spot_meta),
        )
        # The door's own stand-in, which can open at once; see harness/websocket.py.
        cast("WebSocketApp", cast("Any", info.ws_manager).ws).come_up()
        yield info
        # Not when the body raised: to close at another place than recorded would hide why.
        cast("Any", info).disconnect_websocket()

    @contextmanager
    def subscribed(self, *subscriptions: Subscription) -> Iterator[list[Any]]:
        """Subscribe over a websocket of its own; the list grows with each message of these feeds.

        Each subscription is acknowledged when this returns, so that what happens from then on is told.

        The SDK routes the feeds that it knows. It sends a subscription to any other too, and passes over what
        comes of it, so those messages are taken where they arrive.

        Args:
            subscriptions: as `Info.subscribe` takes them, such as `{"type": "trades", "coin": "ETH"}`; of
                feeds that the SDK does not know, as they go over the wire.

        Raises:
            UnexpectedAnswer: one is not acknowledged.
        """
        from hyperliquid.websocket_manager import subscription_to_identifier  # delayed: as above

        frames: list[Any] = []
        unrouted = {one["type"] for one in subscriptions if subscription_to_identifier(one) is None}

        def take(message: Any) -> None:
            if isinstance(message, dict) and message.get("channel") in unrouted:
                frames.append(message)
            if isinstance(message, list) and not unrouted.isdisjoint(_EXPLORER):
                frames.append(message)

        with self.feed() as info:
            socket = cast("WebSocketApp", cast("Any", info.ws_manager).ws)
            socket.heard.append(take)
            for number, subscription in enumerate(subscriptions, 1):
                info.subscribe(subscription, frames.append)
                socket.await_acknowledged(number, subscription)
            yield frames
