"""Prediction markets: outcomeMeta, settledOutcome, outcomeTemplates, and the channel outcomeMetaUpdates.

Source: API docs, "Info endpoint"; nktkas/hyperliquid, whose tests see all of it but `token` of a side;
text-index 70146751433 and 68349980431, messages of mainnet in 2026-10 and 2026-09; text-index 62087337077 and
66573266020, two clients of 2026-10 that agree on `deployers`, on the roles of templates and on the hints;
text-index 71374156275, a third one, for `feeScale` and `subDeployers`.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    Count,
    Figure,
    Rows,
    Shape,
    demand_one,
    only,
    since,
    until,
)


class OutcomeSide(Shape, frozen=True):
    """A side of an outcome; side 0 comes first (wire rule 19).

    `token` was in the answers of 2026-02 (nktkas/hyperliquid, optional since 2026-03-26, then never met).
    """

    name: str
    token: Annotated[Count | UnsetType, until("2026-03")] = UNSET


class Outcome(Shape, frozen=True):
    """One outcome that can be traded; its coins are `#` and ten times its number plus the side.

    Who made it from a template was told in 2026-08 (nktkas/hyperliquid); recordings since 2026-09 name the
    venue instead (text-index 68290588408, 68349980431, 70146751433).
    """

    outcome: Count
    name: str
    description: str
    sideSpecs: tuple[OutcomeSide, ...]
    quoteToken: Annotated[str | UnsetType, since("2026-05")] = UNSET
    deployer: Annotated[Address | UnsetType, until("2026-09")] = UNSET
    venue: Annotated[str | UnsetType, only("when a venue has it, seen since 2026-09")] = UNSET
    deployerFeeScale: Annotated[Amount | UnsetType, only("when a venue has it")] = UNSET


class Question(Shape, frozen=True):
    """Outcomes of which one comes true; outcomes are named by number."""

    question: Count
    name: str
    description: str
    fallbackOutcome: Count
    namedOutcomes: tuple[Count, ...]
    settledNamedOutcomes: tuple[Count, ...]


class OutcomeDeployer(Shape, frozen=True):
    """Who makes the outcomes of a venue, and which actions others may do for it, by name."""

    deployer: Address
    venue: str
    subDeployers: Annotated[tuple[tuple[str, tuple[Address, ...]], ...] | UnsetType, since("2026-10")] = UNSET


class OutcomeMeta(Shape, frozen=True):
    """The answer to outcomeMeta; `feeScale` is a factor on fees."""

    outcomes: tuple[Outcome, ...]
    questions: Annotated[tuple[Question, ...] | UnsetType, since("2026-05")] = UNSET
    deployers: Annotated[tuple[OutcomeDeployer, ...] | UnsetType, since("2026-10")] = UNSET
    feeScale: Annotated[Amount | UnsetType, since("2026-10")] = UNSET


class QuestionNumber(Shape, frozen=True):
    """The number of a question that is open, or settled: exactly one of the keys."""

    active: Annotated[Count | UnsetType, only("of an open question")] = UNSET
    settled: Annotated[Count | UnsetType, only("of a settled question")] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("active", "settled"))


class AskedQuestion(Shape, frozen=True):
    """The question that an outcome belongs to."""

    question: QuestionNumber
    name: str
    description: str


class Settlement(Shape, frozen=True):
    """How an outcome ended: `settleFraction` of a quote token is paid for the first side."""

    spec: Outcome
    settleFraction: Amount
    details: str
    question: Annotated[AskedQuestion | UnsetType, only("of a question's outcome")] = UNSET

    settle_fraction = Figure("settleFraction")


@dataclass(frozen=True, slots=True)
class SettledOutcome(Answer):
    """The answer to settledOutcome; null when it is not settled, or not known."""

    WIRE: ClassVar[Any] = Settlement | None

    settlement: Settlement | None


class StandaloneOutcome(Shape, frozen=True):
    """A template of one outcome: the names of its sides."""

    sideNames: tuple[str, str]


class QuestionOutcome(Shape, frozen=True):
    """A template of one outcome of a question: the question's template."""

    parent: str


class OutcomeRole(Shape, frozen=True):
    """What kind of outcome a template makes: exactly one of the keys."""

    standaloneOutcome: Annotated[StandaloneOutcome | UnsetType, only("of one that stands alone")] = UNSET
    questionOutcome: Annotated[QuestionOutcome | UnsetType, only("of one of a question")] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("standaloneOutcome", "questionOutcome"))


TemplateRole = Literal["question"] | OutcomeRole
"""What a template makes: a question, or an outcome."""

KeywordHint = Literal["dateTime", "date", "string", "hlPerp", "shortString", "uDecimal", "uInt"]
"""What stands for a keyword; the first four in nktkas/hyperliquid, all in the two clients of 2026-10."""


class OutcomeTemplate(Shape, frozen=True):
    """A form of outcomes; texts hold `{keyword}` where a value goes."""

    id: str
    role: TemplateRole
    name: str
    description: str
    keywords: tuple[tuple[str, KeywordHint], ...]


class OutcomeTemplates(Rows[OutcomeTemplate]):
    """The answer to outcomeTemplates."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[OutcomeTemplate, ...]


class SettledNumber(Shape, frozen=True):
    """The number of an outcome that ended."""

    outcome: Count


class EndedQuestion(Shape, frozen=True):
    """The number of a question that ended."""

    question: Count


_Ended = only("of an end; a bare number since 2026-09, an object in 2026-08")
_August = until("2026-08")


class OutcomeUpdate(Shape, frozen=True):
    """A change of the outcomes: exactly one of the keys."""

    outcomeCreated: Annotated[Outcome | UnsetType, only("of a new outcome")] = UNSET
    outcomeSettled: Annotated[Count | Annotated[SettledNumber, _August] | UnsetType, _Ended] = UNSET
    questionUpdated: Annotated[Question | UnsetType, only("of a question")] = UNSET
    questionSettled: Annotated[Count | Annotated[EndedQuestion, _August] | UnsetType, _Ended] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("outcomeCreated", "outcomeSettled", "questionUpdated", "questionSettled"))


class WrappedUpdates(Shape, frozen=True):
    """The form of 2026-08. Source: nktkas/hyperliquid."""

    updates: tuple[OutcomeUpdate, ...]


@dataclass(frozen=True, slots=True)
class OutcomeMetaUpdates(Answer):
    """A message of the channel outcomeMetaUpdates: a list, since 2026-09."""

    WIRE: ClassVar[Any] = tuple[OutcomeUpdate, ...] | Annotated[WrappedUpdates, _August]

    wire: tuple[OutcomeUpdate, ...] | WrappedUpdates

    @property
    def updates(self) -> tuple[OutcomeUpdate, ...]:
        """The changes, whichever form they came in."""
        return self.wire.updates if isinstance(self.wire, WrappedUpdates) else self.wire
