"""What is kept of a token that somebody deployed here, from its registration on."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

# The whole of a fee; the smallest part is 0.001 % (SDK `examples/spot_deploy.py`).
WHOLE_SHARE: Final = 100_000
# Address, and how many more decimals than here.
EvmContract = tuple[str, int]


@dataclass(slots=True)
class Deployment:
    """One token's deployment; amounts are in wei of the token.

    Args:
        deployer: who may go on with it.
        gas: what was paid, in wei of HYPE.
        time_ms: when.
        balances: who is to begin with how much.
        anchors: how much the holders of other tokens get, by those tokens.
        blacklist: who gets nothing as such a holder.
        max_supply: all there is, from its genesis on.
        has_hyperliquidity: whether it may have some.
        spots: the numbers of its pairs.
        is_done: whether its first pair trades.
        share: the deployer's part of fees, of `WHOLE_SHARE`.
        can_freeze: whether holders can be frozen.
        frozen: who is.
        is_quote: whether other tokens can be quoted in it.
        seeded: what the deployer gave to the bids of its Hyperliquidity, in wei of USDC.
        pending_evm: the contract on the EVM that it is to be linked to.
        evm: the one that it is linked to.
    """

    deployer: str
    gas: int
    time_ms: int
    balances: dict[str, int] = field(default_factory=dict)
    anchors: dict[int, int] = field(default_factory=dict)
    blacklist: dict[str, None] = field(default_factory=dict)
    max_supply: int | None = None
    has_hyperliquidity: bool = True
    spots: list[int] = field(default_factory=list)
    is_done: bool = False
    share: int = WHOLE_SHARE
    can_freeze: bool = False
    frozen: dict[str, None] = field(default_factory=dict)
    is_quote: bool = False
    seeded: int = 0
    pending_evm: EvmContract | None = None
    evm: EvmContract | None = None

    @property
    def total(self) -> int:
        """All that has been given out so far."""
        return sum(self.balances.values()) + sum(self.anchors.values())


class Registered(NamedTuple):
    """A pair that does not trade yet: its tokens, and who may let it."""

    base: int
    quote: int
    deployer: str
