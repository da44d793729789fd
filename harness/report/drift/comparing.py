"""Two answers side by side: every place where they differ, with the class of the difference.

The walker goes through values in pairs of collections: what stands at one place in A, and what stands there
in B. Where places are aligned, each collection holds one value. The rows of a list and the values of a map
are not: an account has other orders today, so rows are compared by their forms alone, and their number is a
harmless value. The lists of an answer to an action are aligned, because their elements stand for the orders
that were sent.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import inspect

from harness.report.drift import forms
from harness.report.drift.findings import HARMLESS, NOTHING, Change, Difference, Place
from harness.report.drift.forms import Form
from harness.shapes.differences import below, shown
from harness.shapes.registry import KNOWN

_FIGURES = re.compile(r"0x[0-9a-fA-F]+|(?<![A-Za-z_])-?\d+(?:[,_]\d+)*(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SHOWN_VALUES = 3
_PRESENCE = ("never", "sometimes", "always")


def words_of(text: str) -> str:
    """Return a text of the exchange with its figures, addresses and ids masked: what is left is its words."""
    return _FIGURES.sub("#", text)


def compare(a: object, b: object, endpoint: str, kind: str, place: Place) -> list[Difference]:
    """Return every difference of two decoded answers with HTTP status 200.

    Args:
        a: the answer in A, as `json.loads` gives it.
        b: the answer in B.
        endpoint: `info` or `exchange`.
        kind: the request's type.
        place: where the two stand.
    """
    walker = _Walker(place, has_aligned_lists=endpoint == "exchange")
    walker.at([a], [b], _form_of(endpoint, kind), "$", aligned=True)
    return walker.found


def compare_forms(
    a: Sequence[object], b: Sequence[object], endpoint: str, kind: str, place: Place
) -> list[Difference]:
    """Return the differences in form between all answers of a kind in A and all in B; see `compare`."""
    walker = _Walker(place, has_aligned_lists=False)
    walker.at(a, b, _form_of(endpoint, kind), "$", aligned=False)
    return walker.found


@cache
def _form_of(endpoint: str, kind: str) -> Form:
    known = KNOWN.get((endpoint, kind))
    return inspect.type_info(known.wire) if known else None


class _Walker:
    """Collects the differences of one comparison."""

    def __init__(self, place: Place, *, has_aligned_lists: bool) -> None:
        self._place = place
        self._has_aligned_lists = has_aligned_lists
        self.found: list[Difference] = []

    def _note(self, change: Change, path: str, a: str, b: str) -> None:
        self.found.append(Difference(self._place, change, path, a, b))

    def at(self, a: Sequence[Any], b: Sequence[Any], form: Form, path: str, *, aligned: bool) -> None:
        """Compare what stands at a place in A with what stands there in B; neither is empty."""
        kinds_a, kinds_b = ({forms.json_kind(value) for value in values} for values in (a, b))
        if kinds_a != kinds_b:
            odd_a = [value for value in a if forms.json_kind(value) not in kinds_b] or a
            odd_b = [value for value in b if forms.json_kind(value) not in kinds_a] or b
            variants = all(forms.takes(form, value) for value in (*odd_a, *odd_b))
            change = _variant(aligned) if variants else "retyped"
            self._note(change, path, _shown(odd_a), _shown(odd_b))
        shared = kinds_a & kinds_b
        if "an object" in shared:
            self._objects(_of(a, dict), _of(b, dict), form, path, aligned=aligned)
        if "a list" in shared:
            self._lists(_of(a, list), _of(b, list), form, path, aligned=aligned)
        for kind in ("a text", "a number", "true or false"):
            if kind in shared:
                of_a, of_b = (
                    [value for value in values if forms.json_kind(value) == kind] for values in (a, b)
                )
                self._scalars(of_a, of_b, form, path, aligned=aligned)

    def _scalars(self, a: list[Any], b: list[Any], form: Form, path: str, *, aligned: bool) -> None:
        # 5 and 5.0 are equal in Python, and not the same on the wire.
        texts_a, texts_b = {shown(value) for value in a}, {shown(value) for value in b}
        if texts_a == texts_b and set(map(type, a)) == set(map(type, b)) and set(a) == set(b):
            return
        change: Change = HARMLESS
        enum = forms.enum_of(form)
        if enum:
            new = [value for value in b if value not in enum and value not in a]
            change = "new enum value" if new else _variant(aligned)
            b = new or b
        elif form is not None and _all_fit(form, a) != _all_fit(form, b):
            change = "retyped"
        elif self._is_error(path) and {words_of(str(one)) for one in a} != {words_of(str(one)) for one in b}:
            change = "other text"
        self._note(change, path, _shown(a), _shown(b))

    def _is_error(self, path: str) -> bool:
        """Tell whether a text is one of the exchange's refusals, whose words are looked at."""
        is_message = path == "$" and self._place.kind == "ws error"
        return is_message or path.endswith(".error") or path == "$.response"

    def _objects(
        self, a: list[dict[str, Any]], b: list[dict[str, Any]], form: Form, path: str, *, aligned: bool
    ) -> None:
        if forms.is_map(form):
            if {key for one in a for key in one} != {key for one in b for key in one}:
                self._note(HARMLESS, path, _keys(a), _keys(b))
            values_a, values_b = ([value for one in side for value in one.values()] for side in (a, b))
            if values_a and values_b:
                self.at(values_a, values_b, forms.value_of(form), f"{path}{{}}", aligned=False)
            return
        structs = forms.structs_of(form)
        # An action without a shape answers in the envelope of all actions.
        tag = "status" if self._has_aligned_lists and path == "$" and not structs else None
        tag = next((one.tag_field for one in structs if one.tag_field), tag)
        if tag is None or not all(isinstance(one.get(tag), str) for one in (*a, *b)):
            struct = next((found for one in (*a, *b) if (found := forms.struct_for(one, structs))), None)
            self._fields(a, b, struct, path, aligned=aligned)
            return
        by_tag_a, by_tag_b = _grouped(a, tag), _grouped(b, tag)
        known = {shown(one.tag) for one in structs if one.tag_field}
        for name in by_tag_b.keys() - by_tag_a.keys():
            if known and name not in known:
                self._note("new enum value", below(path, tag), " | ".join(by_tag_a), name)
            else:
                self._note(_variant(aligned), path, _shown(a), _shown(by_tag_b[name]))
        if by_tag_a.keys() - by_tag_b.keys() and by_tag_b.keys() <= by_tag_a.keys():
            self._note(HARMLESS, path, _shown(a), _shown(b))
        for name in by_tag_a.keys() & by_tag_b.keys():
            same_a, same_b = by_tag_a[name], by_tag_b[name]
            self._fields(same_a, same_b, forms.struct_for(same_a[0], structs), path, aligned=aligned)

    def _fields(
        self,
        a: list[dict[str, Any]],
        b: list[dict[str, Any]],
        struct: inspect.StructType | None,
        path: str,
        *,
        aligned: bool,
    ) -> None:
        fields = forms.fields_of(struct)
        is_one_of = forms.is_one_of(struct)
        keys = list(dict.fromkeys(key for one in (*a, *b) for key in one))
        if is_one_of and aligned and a[0].keys() != b[0].keys() and fields.keys() >= set(keys):
            self._note("other behaviour", path, _shown(a), _shown(b))
            return
        for key in keys:
            in_a, in_b = ([one[key] for one in side if key in one] for side in (a, b))
            place, form = below(path, key), fields.get(key)
            was, now = _presence(in_a, a), _presence(in_b, b)
            if was != now:
                change: Change = "new field" if _PRESENCE.index(now) > _PRESENCE.index(was) else "lost field"
                if not aligned and ((is_one_of and key in fields) or forms.is_conditional(form)):
                    change = HARMLESS
                self._note(change, place, _told(in_a, a), _told(in_b, b))
            if in_a and in_b:
                self.at(in_a, in_b, form, place, aligned=aligned)

    def _lists(self, a: list[list[Any]], b: list[list[Any]], form: Form, path: str, *, aligned: bool) -> None:
        columns = forms.elements_of(form)
        if columns:
            self._columns(a, b, columns, path, aligned=aligned)
        elif aligned and self._has_aligned_lists:
            (rows_a,), (rows_b,) = a, b
            if len(rows_a) != len(rows_b):
                counts = (f"{len(rows)} elements: {shown(rows)}" for rows in (rows_a, rows_b))
                self._note("other behaviour", path, *counts)
            for number, (one, other) in enumerate(zip(rows_a, rows_b, strict=False)):
                self.at([one], [other], forms.element_of(form), f"{path}[{number}]", aligned=True)
        else:
            rows_a, rows_b = ([row for one in side for row in one] for side in (a, b))
            if len(rows_a) != len(rows_b):
                self._note(HARMLESS, path, f"{len(rows_a)} rows", f"{len(rows_b)} rows")
            if rows_a and rows_b:
                self.at(rows_a, rows_b, forms.element_of(form), f"{path}[]", aligned=False)

    def _columns(
        self, a: list[list[Any]], b: list[list[Any]], columns: Sequence[Form], path: str, *, aligned: bool
    ) -> None:
        """Compare lists whose every position has a meaning of its own, such as [meta, contexts]."""
        for number in range(max(map(len, (*a, *b, columns)))):
            in_a, in_b = ([one[number] for one in side if len(one) > number] for side in (a, b))
            place = f"{path}[{number}]"
            was, now = _presence(in_a, a), _presence(in_b, b)
            if was != now:
                change: Change = "new field" if _PRESENCE.index(now) > _PRESENCE.index(was) else "lost field"
                self._note(change, place, _told(in_a, a), _told(in_b, b))
            if in_a and in_b:
                form = columns[number] if number < len(columns) else None
                self.at(in_a, in_b, form, place, aligned=aligned)


def _of(values: Sequence[Any], kind: type) -> list[Any]:
    return [value for value in values if isinstance(value, kind)]


def _variant(aligned: bool) -> Change:
    """Return the class of another known variant: rows of a list may be of any."""
    return "other behaviour" if aligned else HARMLESS


def _all_fit(form: Form, values: list[Any]) -> bool:
    return all(forms.takes(form, value) and forms.takes_scalar(form, value) for value in values)


def _grouped(objects: list[dict[str, Any]], tag: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in objects:
        groups.setdefault(shown(one[tag]), []).append(one)
    return groups


def _presence(present: list[Any], of: Sequence[object]) -> str:
    return "never" if not present else "always" if len(present) == len(of) else "sometimes"


def _told(present: list[Any], of: Sequence[object]) -> str:
    if not present:
        return NOTHING
    return _shown(present) if len(of) == 1 else f"in {len(present)} of {len(of)}: {_shown(present)}"


def _keys(objects: Iterable[Mapping[str, Any]]) -> str:
    return shown(sorted({key for one in objects for key in one}))


def _shown(values: Sequence[Any]) -> str:
    texts = list(dict.fromkeys(shown(value) for value in values[: 10 * _SHOWN_VALUES]))
    more = " …" if len(texts) > _SHOWN_VALUES else ""
    return " | ".join(texts[:_SHOWN_VALUES]) + more
