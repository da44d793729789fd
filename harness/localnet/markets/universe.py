"""What can be traded and held on one exchange: it begins as the testnet's, and deployers add to it."""

import msgspec

from harness.localnet.markets.assets import Perp
from harness.localnet.markets.coins import FIRST_PAIR, pair_asset
from harness.localnet.markets.deployments import WHOLE_SHARE, Deployment, EvmContract, Registered
from harness.localnet.markets.dex_terms import DexTerms
from harness.localnet.markets.dexes import DEXES, TEST, TEST_DEPLOYER, Dex, dex_meta_json
from harness.localnet.markets.routes import UsdcRoutes
from harness.localnet.markets.sides import Side
from harness.localnet.markets.tokens import (
    OUTCOME_ASSETS,
    PAIRS,
    SPOT_ASSETS,
    TOKENS,
    USDC,
    Pair,
    Token,
    as_contract,
    spot_meta,
)
from harness.localnet.numbers import iso_time, wire


class Universe:
    """Tokens, pairs and dexes, by their numbers and names."""

    def __init__(self) -> None:
        self.tokens: dict[int, Token] = {token.index: token for token in TOKENS}
        # Spot pairs, and the sides of outcomes that are not settled.
        self.pairs: dict[int, Pair] = {}
        self.pair_of: dict[str, Pair] = {}
        # The pair in which a token is quoted in USDC.
        self.usdc_pairs: dict[int, Pair] = {}
        # All sides that there ever were, by their numbers, which are those of their tokens.
        self.sides: dict[int, Side] = {}
        self.deployments: dict[int, Deployment] = {}
        # By which way USDC comes and goes.
        self.routes = UsdcRoutes()
        # Pairs that do not trade yet, by their numbers.
        self.registered: dict[int, Registered] = {}
        # What deployers of tokens are called.
        self.labels: dict[str, str] = {}
        # Who is ready for a role of an aligned quote token, by its number and the role.
        self.quote_roles: dict[tuple[int, str], str] = {}
        self.dexes: list[Dex] = list(DEXES)
        self.perps: dict[int, Perp] = {}
        self.perp_of: dict[str, Perp] = {}
        # The perpetuals of all dexes that can be traded.
        self.live_perps: list[Perp] = []
        self.terms: dict[int, DexTerms] = {TEST.number: DexTerms("test dex", TEST_DEPLOYER)}
        # A deployer of a dex has capped a coin's open interest.
        self.has_capped = False
        self._spot_meta: bytes | None = None
        for pair in PAIRS:
            self.add_pair(pair)
        self._index()

    def changed(self) -> None:
        """Forget bodies that were built before something changed."""
        self._spot_meta = None

    def add_token(self, token: Token) -> None:
        """Add a token."""
        self.tokens[token.index] = token
        self.changed()

    def add_pair(self, pair: Pair) -> None:
        """Add a pair."""
        self.pairs[pair.index] = self.pair_of[pair.name] = pair
        if pair.quote is USDC:
            self.usdc_pairs[pair.base.index] = pair
        self.changed()

    def add_side(self, side: Side) -> None:
        """Add a side of an outcome; `spotMeta` does not show it (id 69050350994 of the text index)."""
        self.sides[side.index] = self.pairs[side.index] = self.pair_of[side.name] = side

    def end_side(self, side: Side) -> None:
        """Let a side of an outcome no longer be traded."""
        del self.pairs[side.index], self.pair_of[side.name]

    def token(self, index: int) -> Token:
        """Return a token by its number, one of an outcome's too."""
        side = self.sides.get(index)
        return self.tokens[index] if side is None else side.base

    def set_dex(self, dex: Dex) -> None:
        """Add a dex, or put one in the place of what it was."""
        self.dexes[dex.number : dex.number + 1] = [dex]
        self._index()

    def _index(self) -> None:
        everything = [perp for dex in self.dexes for perp in dex.perps]
        self.perps = {perp.index: perp for perp in everything}
        self.perp_of = {perp.name: perp for perp in everything}
        self.live_perps = [perp for perp in everything if not perp.delisted]

    def next_token(self) -> int:
        """Return the number of the next token."""
        return max(self.tokens) + 1

    def next_pair(self) -> int:
        """Return the number of the next pair."""
        return max(*(pair.number for pair in self._spot_pairs()), *self.registered) + 1

    def _spot_pairs(self) -> list[Pair]:
        return [pair for pair in self.pairs.values() if not isinstance(pair, Side)]

    def is_quote(self, index: int) -> bool:
        """Say whether tokens can be quoted in this one."""
        own = self.deployments.get(index)
        return index == USDC.index or (own is not None and own.is_quote)

    def frozen(self, token: Token, *addresses: str) -> bool:
        """Say whether one of some accounts is frozen for a token."""
        own = self.deployments.get(token.index)
        return own is not None and any(address in own.frozen for address in addresses)

    def token_named(self, text: str) -> Token | None:
        """Return the token that a transfer names, or None.

        Bare names work for canonical tokens only, others are NAME:tokenId (wire rule 21).
        """
        name, colon, token_id = text.partition(":")
        for token in self.tokens.values():
            if token.name == name and (token.token_id == token_id if colon else token.canonical):
                return token
        return None

    def dex_named(self, name: str | None) -> Dex | None:
        """Return a dex by its name; the first is meant where none is named."""
        if not name:
            return self.dexes[0]
        return next((dex for dex in self.dexes if dex.name == name), None)

    def asset_of(self, coin: str) -> int | None:
        """Return the number of a coin, whether or not there is such a pair; None for what is no coin."""
        perp = self.perp_of.get(coin)
        return pair_asset(coin) if perp is None else perp.index

    def coin_of(self, asset: int) -> str:
        """Return the name of a coin."""
        perp = self.perps.get(asset)
        if perp is not None:
            return perp.name
        if asset >= OUTCOME_ASSETS:
            return f"#{asset - OUTCOME_ASSETS}"
        return FIRST_PAIR if asset == SPOT_ASSETS else f"@{asset - SPOT_ASSETS}"

    def dex_meta_json(self, dex: Dex) -> bytes:
        """Return the body of `meta` on one dex."""
        terms = self.terms.get(dex.number)
        if terms is None:
            return dex_meta_json(dex)
        return dex_meta_json(dex, (wire(terms.fee_scale), iso_time(terms.scaled_ms)))

    def spot_meta_json(self) -> bytes:
        """Return the body of `spotMeta`, built once for each state."""
        if self._spot_meta is None:
            rows = [self._token_row(token) for token in self.tokens.values()]
            self._spot_meta = msgspec.json.encode(spot_meta(self._spot_pairs(), rows))
        return self._spot_meta

    def _token_row(self, token: Token) -> dict[str, object]:
        own = self.deployments.get(token.index)
        row = token.as_meta()
        if own is None:
            return row
        row |= {"evmContract": as_contract(own.evm), "deployerTradingFeeShare": share_text(own)}
        label = self.labels.get(own.deployer)
        return row if label is None else row | {"deployerLabel": label}

    def contract_of(self, token: Token) -> EvmContract | None:
        """Return the contract on the EVM that a token is linked to, if it is."""
        own = self.deployments.get(token.index)
        return token.evm if own is None else own.evm

    def set_label(self, deployer: str, label: str) -> None:
        """Say what a deployer of tokens is called, on all of them."""
        self.labels[deployer] = label
        self.changed()


def share_text(deployment: Deployment) -> str:
    """Print a deployer's part of the fees, as a part of one."""
    return wire(deployment.share * 10**8 // WHOLE_SHARE)
