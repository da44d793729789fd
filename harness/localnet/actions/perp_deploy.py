"""`perpDeploy`: dexes, their coins, prices and terms. What it does is in `perp_deploys` and `perp_oracles`.

Source: SDK `Exchange.perp_deploy_*`; NK test perpDeploy; SON; API docs, "HIP-3 deployer actions" for the
modes. That decimals are signed as they were sent is UNVERIFIED.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import Form, OneOf
from harness.localnet.answers import NotCovered
from harness.localnet.deploys import perp as perp_deploys
from harness.localnet.deploys import perp_oracles
from harness.localnet.markets.dex_terms import Annotation
from harness.localnet.markets.tokens import USDC
from harness.localnet.parsing import U32, U64, Address

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Documented, "HIP-3 deployer actions": the most characters of each, and the most keywords.
_CATEGORY: Final = 15
_DESCRIPTION: Final = 400
_DISPLAY_NAME: Final = 9
_KEYWORD: Final = 10
_KEYWORDS: Final = 2


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


class SetPerpAnnotation(Form):
    """Words about a coin; a null name is none."""

    coin: str
    category: str
    description: str
    displayName: str | None
    keywords: list[str]

    def is_short(self) -> bool:
        """Say whether it has the documented lengths."""
        return (
            0 < len(self.category) <= _CATEGORY
            and len(self.description) <= _DESCRIPTION
            and len(self.displayName or "") <= _DISPLAY_NAME
            and len(self.keywords) <= _KEYWORDS
            and all(0 < len(word) <= _KEYWORD for word in self.keywords)
        )


class PerpDeployAction(OneOf):
    """One step of running a dex."""

    registerAsset: RegisterAsset | msgspec.UnsetType = msgspec.UNSET
    setOracle: SetOracle | msgspec.UnsetType = msgspec.UNSET
    setFundingMultipliers: list[tuple[str, str]] | msgspec.UnsetType = msgspec.UNSET
    haltTrading: HaltTrading | msgspec.UnsetType = msgspec.UNSET
    setMarginTableIds: list[tuple[str, U32]] | msgspec.UnsetType = msgspec.UNSET
    setFeeRecipient: SetFeeRecipient | msgspec.UnsetType = msgspec.UNSET
    setOpenInterestCaps: list[tuple[str, U64]] | msgspec.UnsetType = msgspec.UNSET
    setSubDeployers: SetSubDeployers | msgspec.UnsetType = msgspec.UNSET
    setMarginModes: list[tuple[str, Literal["strictIsolated", "noCross"]]] | msgspec.UnsetType = msgspec.UNSET
    setFeeScale: SetFeeScale | msgspec.UnsetType = msgspec.UNSET
    setGrowthModes: list[tuple[str, bool]] | msgspec.UnsetType = msgspec.UNSET
    setPerpAnnotation: SetPerpAnnotation | msgspec.UnsetType = msgspec.UNSET

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for changes of no coin, long words, and collateral that no margin is in here."""
        name, held = self.variant()
        if held == []:
            raise NotCovered("deployer actions on no coins")
        if isinstance(held, SetPerpAnnotation) and not held.is_short():
            raise NotCovered("an annotation without a category, or one that is too long")
        if isinstance(held, list) and name in ("setMarginModes", "setGrowthModes"):
            for coin, _ in held:
                perp_deploys.refuse_unknown_change(call.exchange, name, coin)
        if isinstance(held, RegisterAsset) and held.schema is not None:
            collateral = int(held.schema.collateralToken)
            if collateral != USDC.index and call.exchange.universe.is_quote(collateral):
                raise NotCovered("a perp dex with another collateral than USDC")


@action("perpDeploy", PerpDeployAction)
def perp_deploy(call: Call, asked: PerpDeployAction) -> dict[str, object]:
    """Do what a deployer asks for."""
    exchange, user = call.exchange, call.account
    name, held = asked.variant()
    match held:
        case RegisterAsset():
            _register(call, held)
        case SetOracle(dex=dex, oraclePxs=oracles, markPxs=marks, externalPerpPxs=external):
            _set_oracle(call, dex, oracles, marks, external)
        case HaltTrading(coin=coin, isHalted=is_halted):
            perp_deploys.halt(exchange, user, coin, is_halted=is_halted)
        case SetFeeRecipient(dex=dex, feeRecipient=recipient):
            perp_deploys.set_fee_recipient(exchange, user, dex, str(recipient))
        case SetFeeScale(dex=dex, scale=scale):
            perp_deploys.set_fee_scale(exchange, user, dex, scale)
        case SetPerpAnnotation():
            words = Annotation(held.category, held.description, held.displayName, tuple(held.keywords))
            perp_deploys.annotate(exchange, user, held.coin, words)
        case SetSubDeployers(dex=dex, subDeployers=given):
            perp_deploys.set_sub_deployers(
                exchange, user, dex, [(one.variant, str(one.user), one.allowed) for one in given]
            )
        case list():
            _OF_COINS[name](
                exchange,
                user,
                [(coin, int(value) if isinstance(value, U64) else value) for coin, value in held],
            )
    return OK


_OF_COINS: Final[dict[str, Callable[["Exchange", Ledger, list[Any]], None]]] = {
    "setFundingMultipliers": perp_deploys.set_multipliers,
    "setGrowthModes": perp_deploys.set_growth_modes,
    "setMarginModes": perp_deploys.set_margin_modes,
    "setMarginTableIds": perp_deploys.set_tables,
    "setOpenInterestCaps": perp_deploys.set_caps,
}


def _register(call: Call, asked: RegisterAsset) -> None:
    wanted, schema = asked.assetRequest, asked.schema
    perp_deploys.register(
        call.exchange,
        call.account,
        asked.dex,
        perp_deploys.Wanted(
            wanted.coin,
            int(wanted.szDecimals),
            wanted.oraclePx,
            int(wanted.marginTableId),
            wanted.onlyIsolated,
        ),
        None
        if schema is None
        else perp_deploys.Schema(
            schema.fullName,
            int(schema.collateralToken),
            None if schema.oracleUpdater is None else str(schema.oracleUpdater),
        ),
        None if asked.maxGas is None else int(asked.maxGas),
    )


def _set_oracle(
    call: Call,
    dex: str,
    oracles: list[tuple[str, str]],
    marks: list[list[tuple[str, str]]],
    external: list[tuple[str, str]],
) -> None:
    exchange = call.exchange
    perp_oracles.refuse_stranger(exchange, call.account, dex)
    perp_oracles.set_prices(
        exchange,
        dex,
        perp_oracles.read(exchange, oracles),
        [perp_oracles.read(exchange, rows) for rows in marks],
        perp_oracles.read(exchange, external),
    )
