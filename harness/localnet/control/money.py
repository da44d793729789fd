"""What moves money from outside, beyond what clients can ask for: the EVM's side, and the protocol's own."""

from decimal import Decimal

from harness.localnet.asks import LocalnetError, address_of, figure_of, token_of
from harness.localnet.control.front import Front
from harness.localnet.transfers import evm


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
