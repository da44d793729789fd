"""`perpDeploy`: nobody here has deployed a dex, so that what is known is refusals.

Source: SDK `Exchange.perp_deploy_*`; NK test perpDeploy; SON. That decimals are signed as they were sent is
UNVERIFIED.
"""

from typing import NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.typed import Form, OneOf
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U32, U64, Address


class AssetRequest(Form):
    """A coin to be listed."""

    coin: str
    szDecimals: U32
    oraclePx: str
    marginTableId: U32
    onlyIsolated: bool


class DexSchema(Form):
    """A dex to be made."""

    fullName: str
    collateralToken: U32
    oracleUpdater: Address | None


class RegisterAsset(Form):
    """A coin on a dex; with a schema the dex is new."""

    maxGas: U64 | None
    assetRequest: AssetRequest
    dex: str
    # `schema` is the wire's word; a struct has no such attribute.
    schema: DexSchema | None


class SetOracle(Form):
    """Prices of a dex, sorted by coin."""

    dex: str
    oraclePxs: list[tuple[str, str]]
    markPxs: list[list[tuple[str, str]]]
    externalPerpPxs: list[tuple[str, str]]


class HaltTrading(Form):
    """Stop or resume a coin."""

    coin: str
    isHalted: bool


class SetFeeRecipient(Form):
    """Who gets a dex's fees."""

    dex: str
    feeRecipient: Address


class SubDeployer(Form):
    """Who else may do one thing."""

    variant: str
    user: Address
    allowed: bool


class SetSubDeployers(Form):
    """Who else may act for a dex's deployer."""

    dex: str
    subDeployers: list[SubDeployer]


class SetFeeScale(Form):
    """A dex's fees."""

    dex: str
    scale: str


class PerpDeployAction(OneOf):
    """One of the variants whose refusal was measured."""

    registerAsset: RegisterAsset | msgspec.UnsetType = msgspec.UNSET
    setOracle: SetOracle | msgspec.UnsetType = msgspec.UNSET
    setFundingMultipliers: list[tuple[str, str]] | msgspec.UnsetType = msgspec.UNSET
    haltTrading: HaltTrading | msgspec.UnsetType = msgspec.UNSET
    setMarginTableIds: list[tuple[str, U32]] | msgspec.UnsetType = msgspec.UNSET
    setFeeRecipient: SetFeeRecipient | msgspec.UnsetType = msgspec.UNSET
    setOpenInterestCaps: list[tuple[str, U64]] | msgspec.UnsetType = msgspec.UNSET
    setSubDeployers: SetSubDeployers | msgspec.UnsetType = msgspec.UNSET
    setFeeScale: SetFeeScale | msgspec.UnsetType = msgspec.UNSET

    def coin(self) -> str | None:
        """Return the first coin that a variant about coins names; the others name a dex."""
        _, held = self.variant()
        if isinstance(held, HaltTrading):
            return held.coin
        if isinstance(held, list):
            first: str = held[0][0] if held else ""
            return first
        return None

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a new dex, for coins that there are, and for none."""
        if isinstance(self.registerAsset, RegisterAsset) and self.registerAsset.schema is not None:
            raise NotCovered("deploying a perp dex")
        coin = self.coin()
        if coin == "" or coin in call.exchange.universe.perp_of:
            raise NotCovered("deployer actions on coins that there are")


@action("perpDeploy", PerpDeployAction, only_refuses=True)
def perp_deploy(call: Call, asked: PerpDeployAction) -> NoReturn:
    """Refuse: the coin does not exist, or the dex is somebody else's.

    NK met the second with a dex that exists on testnet, as `test` does here; for one that does not it is
    UNVERIFIED.
    """
    coin = asked.coin()
    raise Refused(messages.NOT_DEPLOYER if coin is None else messages.unknown_coin(coin))
