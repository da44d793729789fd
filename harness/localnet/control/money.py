"""What moves money from outside, beyond what clients can ask for: the EVM's side, and the protocol's own."""

from decimal import Decimal
from typing import Final

from harness.localnet.accounts.fee_trials import PERCENT, FeeTrial
from harness.localnet.asks import LocalnetError, address_of, figure_of, token_of
from harness.localnet.control.front import Front
from harness.localnet.markets.routes import Route, UsdcRoutes
from harness.localnet.transfers import evm, vaults

_HLP: Final = "Hyperliquidity Provider (HLP)"
_MOST_CHILDREN: Final = 10


class Money(Front):
    """The part of a localnet's control that lets others move money."""

    def send_from_evm(self, address: str, name: str, amount: Decimal, *, activate: bool = True) -> None:
        """Let a token come from the EVM: it waits for four seconds, then it is credited to spot.

        Args:
            address: who it is for. One without an account gets one for 1 USDC of what comes; for another
                token than USDC, or for no more than that, it waits for good.
            name: the token.
            amount: how much. What the address has sent to the EVM before is taken first, the rest is new.
            activate: whether an account may be opened; a contract that nobody has activated gets none.

        Raises:
            LocalnetError: the token has no contract on the EVM.
        """
        owner, token = address_of(address), token_of(self._exchange.universe, name)
        wei = figure_of(amount, token.wei_decimals)
        if self._exchange.universe.contract_of(token) is None:
            raise LocalnetError(f"{name} is not linked to the EVM.", needed="A token with a contract there.")
        with self._block("sendFromEvm", address=address, token=name, amount=amount, activate=activate):
            if wei:
                evm.send_in(self._exchange, owner, token, wei, opens=activate)

    def open_protocol_vault(self, leader: str, usd: Decimal, *, name: str = _HLP, children: int = 2) -> str:
        """Make a vault of the protocol with others below it, and return its address.

        Args:
            leader: who trades for it and for its children, and begins as its only depositor.
            usd: what it begins with, divided among the children; it comes from outside.
            name: what it is called.
            children: how many there are below it, at most ten.

        Raises:
            LocalnetError: too many children, or none.
        """
        owner, micro = address_of(leader), figure_of(usd, 6)
        if not 1 <= children <= _MOST_CHILDREN or micro < children:
            raise LocalnetError(f"{children} children with {usd} USD.", needed="1 to 10, and some money.")
        with self._block("openProtocolVault", leader=leader, usd=usd, title=name, children=children):
            return vaults.open_protocol_vault(self._exchange, owner, name, micro, children).address

    def net_child_vaults(self, vault: str) -> None:
        """Close opposite positions of a vault's children against each other, at the mark.

        Raises:
            LocalnetError: there is no such vault, or it has no children.
        """
        found = self._exchange.vaults.get(address_of(vault))
        if found is None or not found.children:
            raise LocalnetError(f"{vault} is no vault with children.", needed="A vault of the protocol.")
        with self._block("netChildVaults", vault=vault):
            vaults.net_children(self._exchange, found)

    def start_fee_trial(self, address: str, percent: int) -> None:
        """Let a part of the fees of an account's fills on the first dex wait in escrow from now on.

        Args:
            address: whose.
            percent: how much of each fee; 0 for nothing more, while what is in escrow stays there.

        Raises:
            LocalnetError: there is no such account, or no such part.
        """
        owner = address_of(address)
        if self._exchange.ledger(owner) is None or not 0 <= percent <= PERCENT:
            raise LocalnetError(f"{percent} % for {address}.", needed="An account, and 0 to 100 %.")
        with self._block("startFeeTrial", address=address, percent=percent):
            self._exchange.fee_trials.setdefault(owner, FeeTrial(percent)).percent = percent

    def set_usdc_routes(self, deposit: Route, withdrawal: Route) -> None:
        """Say by which way USDC comes and goes; only `usdcRouting` tells of it."""
        with self._block("setUsdcRoutes", deposit=deposit, withdrawal=withdrawal):
            self._exchange.universe.routes = UsdcRoutes(deposit, withdrawal)

    def keep_agents(self, address: str) -> None:
        """Let the named agents of an account never end, as some of mainnet do.

        Raises:
            LocalnetError: it has none.
        """
        with self._block("keepAgents", address=address):
            if not self._exchange.signers.keep(address_of(address)):
                raise LocalnetError(f"{address} has no named agent.", needed="One that was approved.")
