"""What the examples of the official documentation have otherwise than the exchange: known, listed, closed.

The API pages print answers that were shortened, mixed or typed by hand. No answer of the exchange may look
like that, so their forms stand apart from the shapes and are taken under `documented_forms_allowed()` only.
Each is a whole form: an answer has either the current form or the documented one, in all its rows, and
whatever else differs is found in both.

A key that a page leaves out has the type `UnsetType` here: it must be absent, and its reading is `UNSET`.

Source: API docs, "Info endpoint" with its parts "Perpetuals" and "Spot", as of 2026-08-22.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from harness.shapes.account import (
    AgentAccount,
    AgentOf,
    SpotBalance,
    SpotClearinghouseState,
    SubAccount,
    SubAccountOf,
    UserRole,
)
from harness.shapes.base import NUMBER_PATTERN, Amount, Count, other_forms
from harness.shapes.fees import Referral, TokenRewards, UserFees
from harness.shapes.fills import Fill, UserFills, UserFillsByTime
from harness.shapes.ledger import FundingPayment, FundingRow, UserFunding
from harness.shapes.market import MetaAndAssetCtxs, PerpContext
from harness.shapes.metadata import MarginTable, Meta, PerpAsset
from harness.shapes.orders import FrontendOpenOrders, FrontendOrder


class DocumentedOrder(FrontendOrder, frozen=True, kw_only=True):
    """An order of frontendOpenOrders without `children`, `tif` and `cloid`; recordings have the first two.

    Source: API docs, "Retrieve a user's open orders with additional frontend info": an order of 2023, which
    is why there is no `cloid`; the rule that later orders have one holds here too.
    """

    children: UnsetType = UNSET  # type: ignore[assignment]
    tif: UnsetType = UNSET  # type: ignore[assignment]
    cloid_: UnsetType = UNSET


class DocumentedFill(Fill, frozen=True, kw_only=True):
    """A fill of userFills or userFillsByTime without `twapId`, which all recordings since 2025 have.

    Source: API docs, "Retrieve a user's fills" and "Retrieve a user's fills by time": fills up to 2026.
    """

    tid: Count
    feeToken: str
    twapId: UnsetType = UNSET

    def __post_init__(self) -> None:
        """Demand nothing more: of the keys that came later, the page has all but `twapId`."""


class DocumentedAsset(PerpAsset, frozen=True, kw_only=True):
    """A row of 2023: no `marginTableId`."""

    marginTableId: UnsetType = UNSET


class DocumentedMeta(Meta, frozen=True, kw_only=True):
    """Rows of 2023 beside the margin tables of today; recordings have both or none."""

    universe: tuple[DocumentedAsset, ...]
    marginTables: tuple[tuple[Count, MarginTable], ...]
    collateralToken: Count

    def __post_init__(self) -> None:
        """Demand no `marginTableId` of the rows, although tables are there."""


class DocumentedContext(PerpContext, frozen=True, kw_only=True):
    """The state of a perpetual in 2023: no `dayBaseVlm`.

    Source: with `DocumentedMeta`, API docs, "Retrieve perpetuals asset contexts", the tab of the first dex of
    metaAndAssetCtxs. The tab of a builder's dex has the current form.
    """

    dayBaseVlm: UnsetType = UNSET  # type: ignore[assignment]


BareNumber = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"{NUMBER_PATTERN}|^-?(0|[1-9][0-9]*)\Z",
        extra={"expected": 'a decimal in a text, such as "0.5" or "100.0", or a whole number such as "100"'},
    ),
]


class DocumentedBalance(SpotBalance, frozen=True, kw_only=True):
    """A balance whose `total` and `hold` may lack the zero that recordings always have: "0" and "2000"."""

    total_: BareNumber
    hold_: BareNumber


class DocumentedSpotState(SpotClearinghouseState, frozen=True, kw_only=True):
    """The answer to spotClearinghouseState with such balances.

    Source: API docs, "Retrieve a user's token balances": the row of PURR.
    """

    balances: tuple[DocumentedBalance, ...]


class DocumentedFees(UserFees, frozen=True, kw_only=True):
    """The answer to userFees with `feeTrialReward`; recordings since 2026 call it `feeTrialEscrow`.

    Source: API docs, "Query a user's fees": an answer of May 2025.
    """

    feeTrialEscrow: UnsetType = UNSET  # type: ignore[assignment]
    feeTrialReward: Amount


class DocumentedAgentOf(AgentOf, frozen=True):
    """A placeholder for the address."""

    user: Literal["0x..."]


class DocumentedAgent(AgentAccount, frozen=True, tag_field="role", tag="agent"):
    """The answer to userRole about an agent, with a placeholder. Source: API docs, "Query a user's role"."""

    data: DocumentedAgentOf


class DocumentedSubAccountOf(SubAccountOf, frozen=True):
    """A placeholder for the address."""

    master: Literal["0x..."]


class DocumentedSubAccount(SubAccount, frozen=True, tag_field="role", tag="subAccount"):
    """The answer to userRole about a sub-account, with a placeholder; source as of `DocumentedAgent`."""

    data: DocumentedSubAccountOf


class DocumentedReferral(Referral, frozen=True, kw_only=True):
    """The answer to referral with one flat pair as `tokenToState`; it is a list of pairs (wire rule 161).

    Source: API docs, "Query a user's referral information".
    """

    tokenToState: tuple[Count, TokenRewards]  # type: ignore[assignment]


class DocumentedPayment(FundingPayment, frozen=True, kw_only=True):
    """A funding payment with a space before its figure."""

    usdc_: Annotated[
        str,
        msgspec.Meta(
            pattern=NUMBER_PATTERN.replace("^", "^ "),
            extra={"expected": "a decimal in a text, after a space"},
        ),
    ]


class DocumentedFundingRow(FundingRow, frozen=True, kw_only=True):
    """A row of userFunding with such a payment.

    Source: API docs, "Retrieve a user's funding history", the tab of the first dex.
    """

    delta: DocumentedPayment


DOCUMENTED: Mapping[object, object] = MappingProxyType(
    {
        FrontendOpenOrders.WIRE: tuple[DocumentedOrder, ...],
        MetaAndAssetCtxs.WIRE: tuple[DocumentedMeta, tuple[DocumentedContext, ...]],
        Referral: DocumentedReferral,
        SpotClearinghouseState: DocumentedSpotState,
        UserFees: DocumentedFees,
        UserFills.WIRE: tuple[DocumentedFill, ...],
        UserFillsByTime.WIRE: tuple[DocumentedFill, ...],
        UserFunding.WIRE: tuple[DocumentedFundingRow, ...],
        UserRole.WIRE: DocumentedAgent | DocumentedSubAccount,
    }
)
"""The other form of each answer whose example differs, by the wire type of its shape."""


@contextmanager
def documented_forms_allowed() -> Iterator[None]:
    """Let `parse` and the checks take examples of the official documentation, with their known deviations.

    For examples only: an answer of the exchange that looks like one has lost something. Other threads, and
    so the doors of their traders, do not see it.
    """
    before = other_forms.set(DOCUMENTED)
    try:
        yield
    finally:
        other_forms.reset(before)
