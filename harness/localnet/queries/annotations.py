"""`perpAnnotation`, `perpCategories`, `perpConciseAnnotations`: what deployers say of their coins.

Source: the documented examples, from which what was not given is left out; NK for a coin without words. The
order, by coin as in the examples, is UNVERIFIED.
"""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.markets.dex_terms import Annotation
from harness.localnet.queries.registry import Query, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class PerpAnnotation(Query):
    """A perpetual."""

    coin: str = msgspec.field()


@query("perpAnnotation", PerpAnnotation)
def perp_annotation(exchange: "Exchange", asked: PerpAnnotation) -> dict[str, object] | None:
    """Return the words about one coin, null if there are none.

    Raises:
        NotCovered: the answer for an unknown coin is not known.
    """
    if asked.coin not in exchange.universe.perp_of:
        raise NotCovered("the annotation of a coin that does not exist")
    words = dict(_all(exchange)).get(asked.coin)
    if words is None:
        return None
    row = words.row()
    return {"category": row.pop("category"), "description": words.description, **row}


@query("perpCategories", Query)
def perp_categories(exchange: "Exchange", asked: Query) -> list[list[str]]:
    """Return the coins that have a category."""
    return [[coin, words.category] for coin, words in _all(exchange)]


@query("perpConciseAnnotations", Query)
def perp_concise_annotations(exchange: "Exchange", asked: Query) -> list[list[object]]:
    """Return the coins that have words, without their descriptions."""
    return [[coin, words.row()] for coin, words in _all(exchange)]


def _all(exchange: "Exchange") -> list[tuple[str, Annotation]]:
    terms = exchange.universe.terms.values()
    return sorted((coin, words) for one in terms for coin, words in one.annotations.items())
