"""Validators: validatorSummaries, validatorL1Votes, gossipRootIps, gossipPriorityAuctionStatus.

Source: nktkas/hyperliquid, whose tests run against the exchange; text-index 69548621733 is an answer to
validatorSummaries.
"""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from harness.shapes.base import (
    Address,
    Amount,
    AnyFigure,
    Count,
    Figure,
    Millis,
    Rows,
    Shape,
    demand_one,
    only,
)
from harness.shapes.dexes import DeployAuctionStatus
from harness.shapes.outcomes import KeywordHint, TemplateRole

Ip = Annotated[
    str,
    Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}\Z", extra={"expected": "an address such as 10.0.0.1"}),
]


class ValidatorStats(Shape, frozen=True):
    """A validator over a period; fractions, and a rate a year."""

    uptimeFraction: Amount
    predictedApr: Amount
    nSamples: Count


class ValidatorSummary(Shape, frozen=True):
    """One validator; `stake` in units of 1e-8 HYPE, `commission` as a fraction."""

    validator: Address
    signer: Address
    name: str
    description: str
    nRecentBlocks: Count
    stake: Count
    isJailed: bool
    unjailableAfter: Millis | None
    isActive: bool
    commission_: Amount
    stats: tuple[tuple[Literal["day", "week", "month"], ValidatorStats], ...]

    commission = Figure("commission_")


class ValidatorSummaries(Rows[ValidatorSummary]):
    """The answer to validatorSummaries."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[ValidatorSummary, ...]


class RegisteredOutcome(Shape, frozen=True):
    """A vote for a new outcome."""

    quoteToken: Count
    nameAndDescription: tuple[str, str]


class RegisteredQuestion(Shape, frozen=True):
    """A vote for a new question with its outcomes."""

    quoteToken: Count
    questionNameAndDescription: tuple[str, str]
    fallbackNameAndDescription: tuple[str, str]
    namedOutcomes: tuple[tuple[str, str], ...]


class RegisteredTemplate(Shape, frozen=True):
    """A vote for a new form of outcomes."""

    id: str
    role: TemplateRole
    nameAndDescription: tuple[str, str]
    keywordToHint: tuple[tuple[str, KeywordHint], ...]


class VotedSettlement(Shape, frozen=True):
    """A vote for how an outcome ends."""

    outcome: Count
    settleFraction: AnyFigure
    details: str


class VotedQuestion(Shape, frozen=True):
    """A vote for how a question ends, outcome by outcome."""

    question: Count
    settleFractionsAndDetails: tuple[tuple[Count, tuple[AnyFigure, str]], ...]


class NamedSettlement(Shape, frozen=True):
    """How an outcome ends, with its names."""

    outcome: Count
    settleFraction: AnyFigure
    details: str
    nameAndDescription: tuple[str, str]
    sideNames: tuple[str, str]


class VotedQuestion2(Shape, frozen=True):
    """A vote for how the rest of a question ends."""

    question: Count
    outcomeSettlements: tuple[NamedSettlement, ...]
    nameAndDescription: tuple[str, str]


_OUTCOME_VOTES = (
    "registerTokensAndStandaloneOutcome",
    "registerTokensAndQuestion",
    "registerTemplate",
    "settleOutcome",
    "settleQuestion",
    "settleQuestion2",
)
_OF_ONE_KIND = only("of a vote of this kind")


class OutcomeVote(Shape, frozen=True):
    """A vote about outcomes: exactly one of the keys."""

    registerTokensAndStandaloneOutcome: Annotated[RegisteredOutcome | UnsetType, _OF_ONE_KIND] = UNSET
    registerTokensAndQuestion: Annotated[RegisteredQuestion | UnsetType, _OF_ONE_KIND] = UNSET
    registerTemplate: Annotated[RegisteredTemplate | UnsetType, _OF_ONE_KIND] = UNSET
    settleOutcome: Annotated[VotedSettlement | UnsetType, _OF_ONE_KIND] = UNSET
    settleQuestion: Annotated[VotedQuestion | UnsetType, _OF_ONE_KIND] = UNSET
    settleQuestion2: Annotated[VotedQuestion2 | UnsetType, _OF_ONE_KIND] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, _OUTCOME_VOTES)


class TreasuryVote(Shape, frozen=True):
    """A vote about a token's treasury."""

    token: Count
    technicalStaker: Address
    treasuryStaker: Address
    treasuryEvmAddress: Address
    evmRebalanceContract: Address


class VoteAction(Shape, frozen=True):
    """What is voted on: exactly one of the keys. What `D` and `C` mean is not known."""

    D: Annotated[str | UnsetType, _OF_ONE_KIND] = UNSET
    C: Annotated[tuple[str, ...] | UnsetType, _OF_ONE_KIND] = UNSET
    O: Annotated[OutcomeVote | UnsetType, _OF_ONE_KIND] = UNSET  # noqa: E741
    E: Annotated[TreasuryVote | UnsetType, _OF_ONE_KIND] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("D", "C", "O", "E"))


class L1Vote(Shape, frozen=True):
    """One open vote and who has cast it."""

    expireTime: Millis
    action: VoteAction
    votes: tuple[Address, ...]
    quorumReached: bool


class ValidatorL1Votes(Rows[L1Vote]):
    """The answer to validatorL1Votes."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[L1Vote, ...]


class GossipRootIps(Rows[str]):
    """The answer to gossipRootIps: the nodes to start from."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Ip, ...]


class GossipPriorityAuctionStatus(Rows[Any]):
    """The answer to gossipPriorityAuctionStatus: the last winner of each slot, and each slot's auction."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[Ip | None, ...], tuple[DeployAuctionStatus, ...]]
