"""What builders say of their perpetuals: perpAnnotation, perpCategories, perpConciseAnnotations.

Source: API docs, "Perpetuals"; nktkas/hyperliquid.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from harness.shapes.base import Answer, Rows, Shape, only

_WHEN_GIVEN = only("when the builder gave it")


class Annotation(Shape, frozen=True):
    """A builder's words: a category, and for pages a name and words to search by."""

    category: str
    description: str
    displayName: Annotated[str | UnsetType, _WHEN_GIVEN] = UNSET
    keywords: Annotated[tuple[str, ...] | UnsetType, _WHEN_GIVEN] = UNSET


@dataclass(frozen=True, slots=True)
class PerpAnnotation(Answer):
    """The answer to perpAnnotation; null for a coin without one."""

    WIRE: ClassVar[Any] = Annotation | None

    annotation: Annotation | None


class PerpCategories(Rows[tuple[str, str]]):
    """The answer to perpCategories: coins with their categories."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[str, str], ...]


class ConciseAnnotation(Shape, frozen=True):
    """A builder's words without the description."""

    category: str
    displayName: Annotated[str | UnsetType, _WHEN_GIVEN] = UNSET
    keywords: Annotated[tuple[str, ...] | UnsetType, _WHEN_GIVEN] = UNSET


class PerpConciseAnnotations(Rows[tuple[str, ConciseAnnotation]]):
    """The answer to perpConciseAnnotations: coins with their annotations."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[str, ConciseAnnotation], ...]
