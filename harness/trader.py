"""One funded account with the SDK's own `Exchange` and `Info`; the only place that builds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from harness.errors import UnexpectedAnswer
from harness.recording.tape import TESTNET_URL
from harness.recording.universe import Universe
from harness.settings import Key

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount
    from hyperliquid.exchange import Exchange
    from hyperliquid.info import Info
    from hyperliquid.utils.types import Meta, SpotMeta, Subscription

    from harness.websocket import WebSocketApp


@lru_cache(maxsize=64)
def _wallet(key: str) -> LocalAccount:
    # Delayed: eth_account is most of the SDK's start-up time, and collection does not need it.
    import eth_account

    wallet: LocalAccount = eth_account.Account.from_key(key)
    return wallet


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
    ) -> None:
        from hyperliquid.exchange import Exchange  # delayed: it imports eth_account

        self._key = key
        self._universe = universe
        self._acts_for: dict[str, Any] = {"account_address": account_address, "vault_address": vault_address}
        wallet = _wallet(key)
        self.address: str = vault_address or account_address or wallet.address
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
        self.info: Info = self.exchange.info

    def __repr__(self) -> str:
        return f"Trader({self.address})"

    def agent(self, name: str | None = None) -> Trader:
        """Approve an agent key through the SDK, and return this account with the agent signing for it.

        Raises:
            UnexpectedAnswer: the exchange refused the approval.
        """
        answer, key = self.exchange.approve_agent(name)
        if answer != {"status": "ok", "response": {"type": "default"}}:
            raise UnexpectedAnswer(
                f"approveAgent was refused: {answer.get('response')}", needed="An approved agent."
            )
        return Trader(Key(key), self._universe, account_address=self.address)

    def acting_for(self, address: str) -> Trader:
        """Return this key with the SDK acting for a vault or sub-account at `address`."""
        return Trader(self._key, self._universe, vault_address=address)

    def rebuilt(self, **options: Any) -> Trader:
        """Return the same account with new SDK objects.

        Args:
            options: `timeout_s` (how long the SDK waits for an answer), `own_metadata` (True: the SDK fetches
                `meta` and `spotMeta` itself, on tape), `perp_dexs` (the SDK's parameter of that name).
        """
        return Trader(self._key, self._universe, **self._acts_for, **options)

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

        Args:
            subscriptions: as `Info.subscribe` takes them, such as `{"type": "trades", "coin": "ETH"}`.
        """
        frames: list[Any] = []
        with self.feed() as info:
            for subscription in subscriptions:
                info.subscribe(subscription, frames.append)
            yield frames
