"""Templates of outcomes: what validators have agreed on, and what is made of one.

Source: docs, "HIP-4 deployer actions" for roles, hints and what an instance is called; TI:66573266020 and
TI:68290588408, a registry and frames of mainnet in 2026-09, for the forms. UNVERIFIED: which characters an id
may have.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, get_args

from harness.localnet.asks import LocalnetError
from harness.localnet.markets.outcomes import Outcome, Question, Template, Terms
from harness.localnet.outcomes import listing

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

Hint = Literal["dateTime", "date", "string", "shortString", "hlPerp", "uInt", "uDecimal"]
HINTS: Final = get_args(Hint)
PREFIX: Final = "template:"
_LONGEST: Final = 100
_SHORT: Final = 10
_YEAR: Final = timedelta(days=365)
_FORMS: Final = {"dateTime": (r"\d{8}-\d{4}", "%Y%m%d-%H%M"), "date": (r"\d{8}", "%Y%m%d")}
_U_INT: Final = re.compile(r"0|[1-9]\d*")
_U_DECIMAL: Final = re.compile(r"(0|[1-9]\d*)(\.\d*[1-9])?")


def register(exchange: "Exchange", template: Template) -> None:
    """Keep a template.

    Raises:
        LocalnetError: its id is taken, its parent is no question, or a keyword has an unknown hint.
    """
    templates = exchange.outcomes.templates
    if not template.id or template.id in templates:
        raise LocalnetError(f"The id {template.id!r} cannot be had.", needed="One that no template has.")
    if template.parent is not None:
        parent = templates.get(template.parent)
        if parent is None or not parent.is_question:
            raise LocalnetError(f"{template.parent!r} is no question.", needed="A question's template.")
    for keyword, hint in template.keywords:
        if hint not in HINTS:
            raise LocalnetError(f"{keyword} has the hint {hint!r}.", needed=f"One of {', '.join(HINTS)}.")
    templates[template.id] = template


def make_outcome(exchange: "Exchange", template_id: str, values: Mapping[str, str], terms: Terms) -> Outcome:
    """Make an outcome that stands alone.

    Raises:
        LocalnetError: there is no such template, or a value does not fit.
    """
    template = _template(exchange, template_id)
    if template.side_names is None:
        raise LocalnetError(f"{template_id} makes no outcome that stands alone.", needed="One that does.")
    description = _description(exchange, template, values)
    first, second = template.side_names
    sides = (PREFIX + first, PREFIX + second)
    return listing.list_outcome(exchange, PREFIX + template_id, description, sides, terms)


def make_question(
    exchange: "Exchange",
    template_id: str,
    values: Mapping[str, str],
    named: Sequence[tuple[str, Mapping[str, str]]],
    terms: Terms,
) -> Question:
    """Make a question with outcomes from templates that belong to it, and its fallback.

    Raises:
        LocalnetError: there is no such template, one is not the question's, or a value does not fit.
    """
    template = _template(exchange, template_id)
    if not template.is_question:
        raise LocalnetError(f"{template_id} makes no question.", needed="A template that does.")
    found: list[tuple[str, str]] = []
    for child_id, child_values in named:
        child = _template(exchange, child_id)
        if child.parent != template_id:
            raise LocalnetError(f"{child_id} is not of {template_id}.", needed="A template of the question.")
        found.append((PREFIX + child_id, _description(exchange, child, child_values)))
    description = _description(exchange, template, values)
    return listing.list_question(exchange, PREFIX + template_id, description, found, terms)


def _template(exchange: "Exchange", template_id: str) -> Template:
    template = exchange.outcomes.templates.get(template_id)
    if template is None:
        raise LocalnetError(f"There is no template {template_id!r}.", needed="One of `outcomeTemplates`.")
    return template


def _description(exchange: "Exchange", template: Template, values: Mapping[str, str]) -> str:
    """Return the pairs of keyword and value, sorted, as the exchange joins them."""
    hints = dict(template.keywords)
    if values.keys() != hints.keys():
        raise LocalnetError(
            f"Values for {', '.join(sorted(values)) or 'nothing'}.",
            needed=f"One for each of {', '.join(sorted(hints)) or 'nothing'}.",
        )
    for keyword, value in values.items():
        if len(value) > _LONGEST or set(value) & set("{}|") or not _fits(exchange, hints[keyword], value):
            raise LocalnetError(f"{value!r} is no {hints[keyword]}.", needed=f"A value for {keyword}.")
    return "|".join(f"{keyword}:{value}" for keyword, value in sorted(values.items()))


def _fits(exchange: "Exchange", hint: str, value: str) -> bool:
    if hint in _FORMS:
        pattern, form = _FORMS[hint]
        return re.fullmatch(pattern, value) is not None and _is_soon(exchange, value, form)
    if hint == "shortString":
        return len(value) <= _SHORT
    if hint == "hlPerp":
        return value in exchange.universe.perp_of
    if hint == "uInt":
        return _U_INT.fullmatch(value) is not None and int(value) < 1 << 64
    return hint == "string" or _U_DECIMAL.fullmatch(value) is not None


def _is_soon(exchange: "Exchange", value: str, form: str) -> bool:
    """Say whether a time is one, and within the next year; a date counts at its end."""
    now = datetime.fromtimestamp(exchange.now_ms() / 1000, UTC)
    try:
        then = datetime.strptime(value, form).replace(tzinfo=UTC)
    except ValueError:
        return False
    if form == _FORMS["date"][1]:
        then += timedelta(days=1)
    return now < then <= now + _YEAR
