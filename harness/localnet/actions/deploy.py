"""`perpDeploy` and `spotDeploy`: nobody here has deployed anything, so that what is known is refusals.

Source: SDK `Exchange.perp_deploy_*`, `spot_deploy_*`; NK tests perpDeploy, spotDeploy, finalizeEvmContract;
SON. That decimals are signed as they were sent is UNVERIFIED.
"""

from typing import Literal, NoReturn

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import Call, action
from harness.localnet.actions.typed import OneOf, TypedAction
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.parsing import U32, U64, Address


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """The base of what a variant holds."""


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


@action("perpDeploy", PerpDeployAction)
def perp_deploy(call: Call, asked: PerpDeployAction) -> NoReturn:
    """Refuse: the coin does not exist, or the dex is somebody else's.

    NK met the second with a dex that exists on testnet, as `test` does here; for one that does not it is
    UNVERIFIED.
    """
    coin = asked.coin()
    raise Refused(messages.NOT_DEPLOYER if coin is None else messages.unknown_coin(coin))


class TokenSpec(Form):
    """A token to be made."""

    name: str
    szDecimals: U32
    weiDecimals: U32


class RegisterToken(Form):
    """A token, by auction."""

    spec: TokenSpec
    maxGas: U64
    fullName: str | msgspec.UnsetType = msgspec.UNSET


class UserGenesis(Form):
    """Who begins with how much of a token."""

    token: U32
    userAndWei: list[tuple[Address, str]]
    existingTokenAndWei: list[tuple[U32, str]]
    blacklistUsers: list[tuple[Address, bool]] | msgspec.UnsetType = msgspec.UNSET


class Genesis(Form):
    """The end of a token's genesis."""

    token: U32
    maxSupply: str
    noHyperliquidity: Literal[True] | msgspec.UnsetType = msgspec.UNSET


class RegisterSpot(Form):
    """A pair."""

    tokens: tuple[U32, U32]


class RegisterHyperliquidity(Form):
    """A pair's first quotes."""

    spot: U32
    startPx: str
    orderSz: str
    nOrders: U32
    nSeededLevels: U32 | msgspec.UnsetType = msgspec.UNSET


class FreezeUser(Form):
    """Freeze or thaw a holder."""

    token: U32
    user: Address
    freeze: bool


class FeeShare(Form):
    """The deployer's share of fees."""

    token: U32
    share: str


class OfToken(Form):
    """A token."""

    token: U32


class SpotDeployAction(OneOf):
    """One step of a spot deployment."""

    registerToken2: RegisterToken | msgspec.UnsetType = msgspec.UNSET
    userGenesis: UserGenesis | msgspec.UnsetType = msgspec.UNSET
    genesis: Genesis | msgspec.UnsetType = msgspec.UNSET
    registerSpot: RegisterSpot | msgspec.UnsetType = msgspec.UNSET
    registerHyperliquidity: RegisterHyperliquidity | msgspec.UnsetType = msgspec.UNSET
    setDeployerTradingFeeShare: FeeShare | msgspec.UnsetType = msgspec.UNSET
    enableQuoteToken: OfToken | msgspec.UnsetType = msgspec.UNSET
    enableFreezePrivilege: OfToken | msgspec.UnsetType = msgspec.UNSET
    freezeUser: FreezeUser | msgspec.UnsetType = msgspec.UNSET
    revokeFreezePrivilege: OfToken | msgspec.UnsetType = msgspec.UNSET

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for all but a registration.

        Of the other refusals only the start is known: `Genesis error:` for both steps of a genesis, else
        `Error deploying spot:` (NK).
        """
        name, _ = self.variant()
        if name != "registerToken2":
            raise NotCovered(f"spotDeploy {name}")


@action("spotDeploy", SpotDeployAction)
def spot_deploy(call: Call, asked: SpotDeployAction) -> NoReturn:
    """Refuse: each auction here has been won, as `spotDeployState` shows."""
    raise Refused(messages.AUCTION_OVER)


class Create(Form):
    """The nonce of the contract's creation."""

    nonce: U64


class FromCreation(Form):
    """A contract known by its creation."""

    create: Create


class FinalizeEvmContractAction(TypedAction):
    """Link a token to its contract on the EVM."""

    token: U32 = msgspec.field()
    input: Literal["firstStorageSlot", "customStorageSlot"] | FromCreation = msgspec.field()


@action("finalizeEvmContract", FinalizeEvmContractAction)
def finalize_evm_contract(call: Call, asked: FinalizeEvmContractAction) -> NoReturn:
    """Refuse: no contract is pending."""
    raise Refused(messages.NO_EVM_CONTRACT)
