"""Prediction markets: outcomeMeta, settledOutcome, outcomeTemplates, and the channel outcomeMetaUpdates.

Source: API docs, "Info endpoint"; nktkas/hyperliquid, whose tests see all of it but `token` of a side.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import Address, Amount, Answer, Count, Figure, Rows, Shape, demand_one, only, since


class OutcomeSide(Shape, frozen=True):
    """A side of an outcome; side 0 comes first (wire rule 19)."""

    name: str
    token: Annotated[Count | UnsetType, only("when it has a token of its own")] = UNSET


class Outcome(Shape, frozen=True):
    """One outcome that can be traded; its coins are `#` and ten times its number plus the side."""

    outcome: Count
    name: str
    description: str
    sideSpecs: tuple[OutcomeSide, ...]
    quoteToken: Annotated[str | UnsetType, since("2026-05")] = UNSET
    deployer: Annotated[Address | UnsetType, only("when made from a template")] = UNSET


class Question(Shape, frozen=True):
    """Outcomes of which one comes true; outcomes are named by number."""

    question: Count
    name: str
    description: str
    fallbackOutcome: Count
    namedOutcomes: tuple[Count, ...]
    settledNamedOutcomes: tuple[Count, ...]


class OutcomeMeta(Shape, frozen=True):
    """The answer to outcomeMeta."""

    outcomes: tuple[Outcome, ...]
    questions: Annotated[tuple[Question, ...] | UnsetType, since("2026-05")] = UNSET


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


class TemplateRole(Shape, frozen=True):
    """What a template makes."""

    standaloneOutcome: StandaloneOutcome


KeywordHint = Literal["dateTime", "date", "string", "hlPerp"]
"""What stands for a keyword; source: nktkas/hyperliquid."""


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


class OutcomeUpdate(Shape, frozen=True):
    """A change of the outcomes: exactly one of the keys."""

    outcomeCreated: Annotated[Outcome | UnsetType, only("of a new outcome")] = UNSET
    outcomeSettled: Annotated[SettledNumber | UnsetType, only("of an outcome's end")] = UNSET
    questionUpdated: Annotated[Question | UnsetType, only("of a question")] = UNSET
    questionSettled: Annotated[EndedQuestion | UnsetType, only("of a question's end")] = UNSET

    def __post_init__(self) -> None:
        demand_one(self, ("outcomeCreated", "outcomeSettled", "questionUpdated", "questionSettled"))


class OutcomeMetaUpdates(Shape, frozen=True):
    """A message of the channel outcomeMetaUpdates."""

    updates: tuple[OutcomeUpdate, ...]
