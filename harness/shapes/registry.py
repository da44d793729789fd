"""Which shape answers which request, and the check of every answer that passes the door.

A kind is the `type` of an /info request, or the `type` of the action in an /exchange request. What an HTTP
status other than 200 may carry is known too: the front end's plain texts, and JSON null for limits and
failures.

Source: rules 1 to 3 and 31 to 33 of the collected wire facts.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from harness.shapes import account, actions, fills, market, metadata, orders
from harness.shapes.base import Answer, Shape, decoder
from harness.shapes.differences import differences, shown

FindingKind = Literal["type", "value", "missing-field", "unknown-field", "no-shape", "http", "not-json"]


class Finding(NamedTuple):
    """One thing about an answer that is not as known.

    Args:
        path: where, from the answer's root.
        found: what stands there, cut when long.
        expected: what the shape demands.
        shape: the name of the shape, or of the kind when there is no shape.
        kind: `type`, `value`, `missing-field`, `unknown-field`, `no-shape` (nothing is known of this kind of
        request),
            `http` (a status or its body), or `not-json`.
        severity: `error`, or `notice` for what only has to be reported: a kind without a shape, and unknown
        fields
            when the check is not strict.
    """

    path: str
    found: str
    expected: str
    shape: str
    kind: FindingKind
    severity: Literal["error", "notice"] = "error"

    def __str__(self) -> str:
        return f"{self.shape} {self.path}: found {self.found}, expected {self.expected}"


class Known(NamedTuple):
    """A kind of request and the shape of its answer."""

    endpoint: Literal["info", "exchange"]
    kind: str
    shape: type[Shape] | type[Answer]

    @property
    def wire(self) -> Any:
        """The msgspec type of the answer."""
        return getattr(self.shape, "WIRE", self.shape)


_INFO: dict[str, type[Shape] | type[Answer]] = {
    "activeAssetData": account.ActiveAssetData,
    "allMids": market.AllMids,
    "candleSnapshot": market.CandleSnapshot,
    "clearinghouseState": account.ClearinghouseState,
    "extraAgents": account.ExtraAgents,
    "frontendOpenOrders": orders.FrontendOpenOrders,
    "fundingHistory": market.FundingHistory,
    "historicalOrders": orders.HistoricalOrders,
    "l2Book": market.L2Book,
    "maxBuilderFee": account.MaxBuilderFee,
    "meta": metadata.Meta,
    "metaAndAssetCtxs": market.MetaAndAssetCtxs,
    "openOrders": orders.OpenOrders,
    "orderStatus": orders.OrderStatus,
    "perpDexs": metadata.PerpDexs,
    "preTransferCheck": account.PreTransferCheck,
    "spotClearinghouseState": account.SpotClearinghouseState,
    "spotMeta": metadata.SpotMeta,
    "spotMetaAndAssetCtxs": market.SpotMetaAndAssetCtxs,
    "userAbstraction": account.UserAbstraction,
    "userFees": account.UserFees,
    "userFills": fills.UserFills,
    "userFillsByTime": fills.UserFillsByTime,
    "userRateLimit": account.UserRateLimit,
    "userRole": account.UserRole,
    "userTwapSliceFills": fills.UserTwapSliceFills,
}

_ACTIONS: dict[str, type[actions.ExchangeAnswer]] = {
    "order": actions.OrderResponse,
    "batchModify": actions.BatchModifyResponse,
    "modify": actions.ModifyResponse,
    "cancel": actions.CancelResponse,
    "cancelByCloid": actions.CancelResponse,
    "createSubAccount": actions.CreateSubAccountResponse,
    "createVault": actions.CreateVaultResponse,
    "twapOrder": actions.TwapOrderResponse,
    "twapCancel": actions.TwapCancelResponse,
}

# Rule 32 and the API page; those without a recording or an example are in the schema of nktkas/hyperliquid.
_PLAIN_ACTIONS = [
    "agentEnableDexAbstraction",
    "agentSendAsset",
    "agentSetAbstraction",
    "approveAgent",
    "approveBuilderFee",
    "authorizeAqav2Role",
    "borrowLend",
    "cDeposit",
    "cSignerAction",
    "cValidatorAction",
    "cWithdraw",
    "claimRewards",
    "convertToMultiSigUser",
    "evmUserModify",
    "finalizeEvmContract",
    "gossipPriorityBid",
    "hip3LiquidatorTransfer",
    "linkStakingUser",
    "noop",
    "perpDeploy",
    "registerReferrer",
    "reserveRequestWeight",
    "scheduleCancel",
    "sendAsset",
    "sendToEvmWithData",
    "setDisplayName",
    "setReferrer",
    "spotDeploy",
    "spotSend",
    "spotUser",
    "stakingLinkDisableTradingUser",
    "subAccountModify",
    "subAccountSpotTransfer",
    "subAccountTransfer",
    "tokenDelegate",
    "topUpIsolatedOnlyMargin",
    "updateIsolatedMargin",
    "updateLeverage",
    "usdClassTransfer",
    "usdSend",
    "userDexAbstraction",
    "userOutcome",
    "userPortfolioMargin",
    "userSetAbstraction",
    "validatorL1Stream",
    "vaultDistribute",
    "vaultModify",
    "vaultTransfer",
    "withdraw3",
    "activateOutcomeDeployer",
]

KNOWN: dict[tuple[str, str], Known] = {
    **{("info", kind): Known("info", kind, shape) for kind, shape in _INFO.items()},
    **{("exchange", kind): Known("exchange", kind, shape) for kind, shape in _ACTIONS.items()},
    **{("exchange", kind): Known("exchange", kind, actions.DefaultResponse) for kind in _PLAIN_ACTIONS},
}
"""Every kind of request whose answer has a shape, by endpoint and kind."""

FRONT_END_TEXTS = {
    400: "Failed to parse the request body as JSON",
    415: "Expected request with `Content-Type: application/json`",
    422: "Failed to deserialize the JSON body into the target type",
}
"""The plain-text bodies of requests that never reach the exchange (rule 2)."""

NULL_STATUSES = (429, 500)
"""HTTP statuses whose body is JSON null: the IP limit, and values that cannot be served (rule 3)."""


def check(
    path: str, request: object, status: int, body: bytes, *, strict: bool = True
) -> tuple[Finding, ...]:
    """Return what is wrong with an answer; nothing when it has the form that the exchange is known to give.

    Args:
        path: the request's path, `/info` or `/exchange`.
        request: the decoded JSON request.
        status: the HTTP status of the answer.
        body: the answer as it came.
        strict: unknown fields are errors; otherwise they are notices.

    Never raises for a bad answer.
    """
    if status != 200:
        return _check_status(status, body)
    endpoint, kind = kind_of(path, request)
    known = KNOWN.get((endpoint, kind))
    if known is None:
        return (_no_shape(endpoint, kind),)
    try:
        decoder(known.wire).decode(body)
    except msgspec.MsgspecError as error:
        return _explain(known, body, error, strict=strict)
    except RecursionError:
        return (Finding("$", "an answer nested too deeply", "a flat one", known.shape.__name__, "value"),)
    return ()


def check_value(endpoint: str, kind: str, value: object, *, strict: bool = True) -> tuple[Finding, ...]:
    """Return what is wrong with an answer that is decoded already; see `check`."""
    known = KNOWN.get((endpoint, kind))
    if known is None:
        return (_no_shape(endpoint, kind),)
    return _findings(known, value, strict=strict)


def kind_of(path: str, request: object) -> tuple[str, str]:
    """Return the endpoint and the kind of a request; the kind is empty when the request has none.

    The answer to a multi-signature action is that of the action inside (UNVERIFIED).
    """
    endpoint = path.rstrip("/").rsplit("/", 1)[-1]
    found: object = request
    if endpoint == "exchange" and isinstance(found, Mapping):
        found = found.get("action", found)
        if isinstance(found, Mapping) and found.get("type") == "multiSig":
            payload = found.get("payload")
            found = payload.get("action") if isinstance(payload, Mapping) else None
    kind = found.get("type") if isinstance(found, Mapping) else None
    return endpoint, kind if isinstance(kind, str) else ""


def _check_status(status: int, body: bytes) -> tuple[Finding, ...]:
    if status in FRONT_END_TEXTS:
        expected = FRONT_END_TEXTS[status]
        if body.decode("utf-8", "replace") == expected:
            return ()
        return (Finding("$", _text(body), f"the text {expected!r}", f"HTTP {status}", "http"),)
    if status in NULL_STATUSES:
        if body.strip() == b"null":
            return ()
        return (Finding("$", _text(body), "null", f"HTTP {status}", "http"),)
    expected = "200, 400, 415, 422, 429 or 500"
    return (Finding("$", f"HTTP status {status}, {_text(body)}", expected, f"HTTP {status}", "http"),)


def _explain(known: Known, body: bytes, error: Exception, *, strict: bool) -> tuple[Finding, ...]:
    try:
        value = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return (Finding("$", _text(body), f"JSON ({error})", known.shape.__name__, "not-json"),)
    found = _findings(known, value, strict=strict)
    return found or (Finding("$", str(error), "the known shape", known.shape.__name__, "value"),)


def _findings(known: Known, value: object, *, strict: bool) -> tuple[Finding, ...]:
    name = known.shape.__name__
    return tuple(
        Finding(
            place.path,
            place.found,
            place.expected,
            name,
            place.kind,
            "notice" if place.kind == "unknown-field" and not strict else "error",
        )
        for place in differences(value, known.wire)
    )


def _no_shape(endpoint: str, kind: str) -> Finding:
    name = f"{endpoint} {kind}".strip()
    return Finding(
        "$", f"an answer to {name or 'a request without a type'}", "a known kind", name, "no-shape", "notice"
    )


def _text(body: bytes) -> str:
    return shown(body[:200].decode("utf-8", "replace"))
