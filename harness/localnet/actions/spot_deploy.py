"""`spotDeploy`: the steps of a token's deployment. What they do is in `spot_deploys`.

Source: SDK `Exchange.spot_deploy_*`; NK test spotDeploy; for labels TI:65853155206 and TI:71608547687, two
clients of 2026-10: set once by a deployer, unlike any other's and any perp dex's name. UNVERIFIED: that
decimals are signed as they were sent, and the `type` beside the number that registrations answer with.
"""

from typing import Annotated, Final, Literal

import msgspec

from harness.localnet import messages
from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import Form, OneOf
from harness.localnet.answers import NotCovered, Refused
from harness.localnet.deploys import evm_contract
from harness.localnet.deploys import spot as spot_deploys
from harness.localnet.numbers import parse_figure
from harness.localnet.parsing import U32, U64, Address

_I32 = Annotated[int, msgspec.Meta(ge=-(1 << 31), le=(1 << 31) - 1)]


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


class RequestContract(Form):
    """The contract on the EVM that a token is to be linked to."""

    token: U32
    address: Address
    evmExtraWeiDecimals: _I32


class OfToken(Form):
    """A token."""

    token: U32


class DeployerLabel(Form):
    """What a deployer is called."""

    label: str


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
    requestEvmContract: RequestContract | msgspec.UnsetType = msgspec.UNSET
    setDeployerLabel: DeployerLabel | msgspec.UnsetType = msgspec.UNSET

    def refuse_uncovered(self, call: Call) -> None:
        """Raise NotCovered for a contract or a label that cannot be had: the text is not known."""
        request, label = self.requestEvmContract, self.setDeployerLabel
        if isinstance(request, RequestContract):
            contract = str(request.address), request.evmExtraWeiDecimals
            evm_contract.refuse_unknown_request(call.exchange, int(request.token), contract)
        if isinstance(label, DeployerLabel):
            _refuse_unknown_label(call, label.label)


def _refuse_unknown_label(call: Call, label: str) -> None:
    universe = call.exchange.universe
    if not any(own.deployer == call.account.address for own in universe.deployments.values()):
        raise NotCovered("a label of who has deployed nothing")
    taken = {*universe.labels.values(), *(dex.name for dex in universe.dexes)}
    if call.account.address in universe.labels or label in taken or not label:
        raise NotCovered("a deployer's label that cannot be had")


@action("spotDeploy", SpotDeployAction)
def spot_deploy(call: Call, asked: SpotDeployAction) -> dict[str, object]:
    """Go on with a deployment; registrations answer with the number of the token or pair."""
    exchange, account = call.exchange, call.account
    match asked.variant()[1]:
        case RegisterToken(spec=spec, maxGas=most, fullName=full):
            decimals = (int(spec.szDecimals), int(spec.weiDecimals))
            full_name = full if isinstance(full, str) else None
            return _number(
                spot_deploys.register_token(exchange, account, spec.name, decimals, full_name, int(most))
            )
        case RegisterSpot(tokens=(base, quote)):
            return _number(spot_deploys.register_spot(exchange, account, (int(base), int(quote))))
        case UserGenesis() as genesis:
            _give(call, genesis)
        case Genesis(token=token, maxSupply=supply, noHyperliquidity=without):
            spot_deploys.hold_genesis(
                exchange, account, int(token), supply, has_hyperliquidity=without is not True
            )
        case RegisterHyperliquidity() as ladder:
            _start(call, ladder)
        case FeeShare(token=token, share=share):
            spot_deploys.set_share(exchange, account, int(token), share)
        case FreezeUser(token=token, user=user, freeze=is_frozen):
            spot_deploys.freeze(exchange, account, int(token), str(user), is_frozen=is_frozen)
        case RequestContract(token=token, address=address, evmExtraWeiDecimals=extra):
            evm_contract.request(exchange, account, int(token), (str(address), extra))
        case DeployerLabel(label=label):
            exchange.universe.set_label(account.address, label)
        case OfToken(token=token):
            _OF_TOKEN[asked.variant()[0]](exchange, account, int(token))
    return OK


_OF_TOKEN: Final = {
    "enableQuoteToken": spot_deploys.enable_quote,
    "enableFreezePrivilege": spot_deploys.enable_freezing,
    "revokeFreezePrivilege": spot_deploys.revoke_freezing,
}


def _number(number: int) -> dict[str, object]:
    return {"type": "spotDeploy", "data": number}


def _give(call: Call, asked: UserGenesis) -> None:
    listed = asked.blacklistUsers
    spot_deploys.give(
        call.exchange,
        call.account,
        int(asked.token),
        [(str(user), wei) for user, wei in asked.userAndWei],
        [(int(token), wei) for token, wei in asked.existingTokenAndWei],
        [(str(user), is_listed) for user, is_listed in listed] if isinstance(listed, list) else [],
    )


def _start(call: Call, asked: RegisterHyperliquidity) -> None:
    figures = parse_figure(asked.startPx), parse_figure(asked.orderSz)
    seeded = asked.nSeededLevels
    if figures[0] is None or figures[1] is None:
        raise Refused(messages.spot_deploy_error("invalid price or size"))
    spot_deploys.start_trading(
        call.exchange,
        call.account,
        int(asked.spot),
        (figures[0], figures[1]),
        int(asked.nOrders),
        int(seeded) if isinstance(seeded, int) else 0,
    )
