"""Outcomes and questions (HIP-4): what there is, how each ended, and the quote tokens that back the shares.

Source: docs, "HIP-4: Outcome markets" and "HIP-4 deployer actions"; wire rule 19; the form of rows as
recorded on mainnet in 2026-10 (TI:70146751433), for `deployers` TI:62087337077.
"""

from dataclasses import dataclass, field
from typing import Final

from harness.localnet.markets.sides import Side
from harness.localnet.markets.tokens import Token
from harness.localnet.numbers import wire

MOST_NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class Template:
    """A form of outcomes: with side names for one that stands alone, with a parent for one of a question.

    With neither it makes a question. Texts hold `{keyword}` where a value goes; each keyword has a hint.
    """

    id: str
    name: str
    description: str
    keywords: tuple[tuple[str, str], ...] = ()
    side_names: tuple[str, str] | None = None
    parent: str | None = None

    @property
    def is_question(self) -> bool:
        """Whether it makes a question."""
        return self.side_names is None and self.parent is None

    def as_row(self) -> dict[str, object]:
        """Return the row of `outcomeTemplates`."""
        role: object = "question"
        if self.side_names is not None:
            role = {"standaloneOutcome": {"sideNames": self.side_names}}
        elif self.parent is not None:
            role = {"questionOutcome": {"parent": self.parent}}
        return {
            "id": self.id,
            "role": role,
            "name": self.name,
            "description": self.description,
            "keywords": self.keywords,
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """What is common to the outcomes of a question: the quote token, and the venue that lists them."""

    quote: Token
    venue: str | None = None


@dataclass(slots=True)
class Outcome:
    """One outcome. `settled` is its fraction in 1e-8, `details` what the settlement says."""

    number: int
    name: str
    description: str
    side_names: tuple[str, str]
    terms: Terms
    sides: tuple[Side, Side]
    question: int | None = None
    settled: int | None = None
    details: str = ""

    def as_meta(self) -> dict[str, object]:
        """Return the row of `outcomeMeta`; a venue's names its fee scale, which is zero here."""
        row: dict[str, object] = {
            "outcome": self.number,
            "name": self.name,
            "description": self.description,
            "sideSpecs": [{"name": name} for name in self.side_names],
            "quoteToken": self.terms.quote.name,
        }
        if self.terms.venue is not None:
            row |= {"venue": self.terms.venue, "deployerFeeScale": wire(0)}
        return row


@dataclass(slots=True)
class Question:
    """Outcomes of which one comes true: those with names, and a fallback for all else."""

    number: int
    name: str
    description: str
    fallback: int
    named: list[int]
    is_settled: bool = False


@dataclass(slots=True)
class Outcomes:
    """All outcomes and questions, by their numbers."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    # Who lists on a venue, by its name.
    venues: dict[str, str] = field(default_factory=dict)
    # Since when, where an account has claimed it; and accounts that have given one up, with its name.
    activated_ms: dict[str, int] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)
    # What backs the shares: wei of each quote token, by its number.
    held: dict[int, int] = field(default_factory=dict)

    def hold(self, quote: Token, shares: int) -> None:
        """Take the quote tokens of so many pairs of shares into custody; give them back where negative."""
        self.held[quote.index] = self.held.get(quote.index, 0) + shares * quote.unit

    def is_free(self, venue: str) -> bool:
        """Say whether nobody has this venue, or has had it."""
        return venue not in self.venues and venue not in self.retired.values()

    def retire(self, venue: str) -> None:
        """Let a venue have no deployer any more."""
        self.retired[self.venues.pop(venue)] = venue

    def active(self, question: Question) -> list[Outcome]:
        """Return the outcomes of a question that can still come true, the named ones first."""
        found = [self.outcomes[number] for number in (*question.named, question.fallback)]
        return [outcome for outcome in found if outcome.settled is None]

    def question_row(self, question: Question) -> dict[str, object]:
        """Return the row of `outcomeMeta`."""
        return {
            "question": question.number,
            "name": question.name,
            "description": question.description,
            "fallbackOutcome": question.fallback,
            "namedOutcomes": question.named,
            "settledNamedOutcomes": [
                number for number in question.named if self.outcomes[number].settled is not None
            ],
        }
