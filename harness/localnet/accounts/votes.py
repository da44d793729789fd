"""What validators vote on, in the form in which it is shown.

Source: NK, validatorL1Votes; SDK, examples of `validatorL1Vote` for `D`, which delists a perpetual.
What `C` means is not known to anybody who has written about it.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from harness.localnet.parsing import U32, Address

Named = tuple[str, str]
Fraction = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]+(\.[0-9]+)?\Z")]
Hint = Literal["date", "dateTime", "hlPerp", "shortString", "string", "uDecimal", "uInt"]


class _Form(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """The base of what is voted on; keys that are not there are left out."""


class _OneOf(_Form, frozen=True):
    """The base of those that have exactly one key."""

    def __post_init__(self) -> None:
        given = [
            name for name in self.__struct_fields__ if not isinstance(getattr(self, name), msgspec.UnsetType)
        ]
        if len(given) != 1:
            raise ValueError("not exactly one variant")


class StandaloneOutcome(_Form, frozen=True):
    """A new outcome."""

    quote_token: U32
    name_and_description: Named


class Question(_Form, frozen=True):
    """A new question with its outcomes."""

    quote_token: U32
    question_name_and_description: Named
    fallback_name_and_description: Named
    named_outcomes: list[Named]


class StandaloneRole(_Form, frozen=True):
    """A template of outcomes that stand alone."""

    side_names: Named


class QuestionRole(_Form, frozen=True):
    """A template of outcomes of a question."""

    parent: str


class OutcomeRole(_OneOf, frozen=True):
    """What a template of outcomes is for."""

    standalone_outcome: StandaloneRole | msgspec.UnsetType = msgspec.UNSET
    question_outcome: QuestionRole | msgspec.UnsetType = msgspec.UNSET


class Template(_Form, frozen=True):
    """A new form of outcomes or questions."""

    id: str
    role: OutcomeRole | Literal["question"]
    name_and_description: Named
    keyword_to_hint: list[tuple[str, Hint]]


class OutcomeEnd(_Form, frozen=True):
    """How an outcome ends."""

    outcome: U32
    settle_fraction: Fraction
    details: str


class QuestionEnd(_Form, frozen=True):
    """How a question ends, outcome by outcome."""

    question: U32
    settle_fractions_and_details: list[tuple[U32, tuple[Fraction, str]]]


class NamedEnd(OutcomeEnd, frozen=True):
    """How an outcome of a question ends, with its names."""

    name_and_description: Named
    side_names: Named


class QuestionEnd2(_Form, frozen=True):
    """How what is left of a question ends."""

    question: U32
    outcome_settlements: list[NamedEnd]
    name_and_description: Named


class OfOutcomes(_OneOf, frozen=True):
    """A vote about outcomes."""

    register_tokens_and_standalone_outcome: StandaloneOutcome | msgspec.UnsetType = msgspec.UNSET
    register_tokens_and_question: Question | msgspec.UnsetType = msgspec.UNSET
    register_template: Template | msgspec.UnsetType = msgspec.UNSET
    settle_outcome: OutcomeEnd | msgspec.UnsetType = msgspec.UNSET
    settle_question: QuestionEnd | msgspec.UnsetType = msgspec.UNSET
    settle_question2: QuestionEnd2 | msgspec.UnsetType = msgspec.UNSET


class Treasury(_Form, frozen=True):
    """Who stands behind an aligned quote token."""

    token: U32
    technical_staker: Address
    treasury_staker: Address
    treasury_evm_address: Address
    evm_rebalance_contract: Address


class Proposal(_OneOf, frozen=True):
    """What is voted on."""

    delisting: str | msgspec.UnsetType = msgspec.field(name="D", default=msgspec.UNSET)
    texts: list[str] | msgspec.UnsetType = msgspec.field(name="C", default=msgspec.UNSET)
    of_outcomes: OfOutcomes | msgspec.UnsetType = msgspec.field(name="O", default=msgspec.UNSET)
    treasury: Treasury | msgspec.UnsetType = msgspec.field(name="E", default=msgspec.UNSET)


@dataclass(frozen=True, slots=True)
class Vote:
    """One open vote.

    Args:
        expires_ms: until when it is.
        action: a `Proposal` as it is printed.
        voters: the validators that have voted for it.
    """

    expires_ms: int
    action: dict[str, object]
    voters: tuple[str, ...]
