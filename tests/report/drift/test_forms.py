"""What a shape says of one place."""

from typing import Annotated, Literal

import pytest
from msgspec import UNSET, UnsetType, inspect

from harness.report.drift import forms
from harness.shapes.base import Number, Shape, only


class Cross(Shape, frozen=True, tag_field="type", tag="cross"):
    value: int


class Isolated(Shape, frozen=True, tag_field="type", tag="isolated"):
    value: int
    fee: Annotated[Number | UnsetType, only("when paid")] = UNSET


class Either(Shape, frozen=True):
    a: int | UnsetType = UNSET
    b: int | UnsetType = UNSET


def form(wire):
    return inspect.type_info(wire)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "null"), (True, "true or false"), (1, "a number"), (1.5, "a number"), ("1", "a text")],
)
def test_kinds_are_those_of_json(value, kind) -> None:
    assert forms.json_kind(value) == kind


def test_place_outside_of_all_shapes_takes_everything_and_demands_nothing() -> None:
    assert forms.members(None) == []
    assert not forms.takes(None, 1)
    assert forms.takes_scalar(None, 1)
    assert forms.fields_of(None) == {}
    assert not forms.is_one_of(None)
    assert not forms.is_map(None)


def test_enum_is_closed_unless_any_text_may_stand_there() -> None:
    assert forms.enum_of(form(Literal["A", "B"] | None)) == {"A", "B"}
    assert forms.enum_of(form(str)) == frozenset()


def test_object_is_told_from_others_by_its_tag() -> None:
    structs = forms.structs_of(form(Cross | Isolated))
    found = forms.struct_for({"type": "isolated", "value": 1}, structs)
    assert found is not None
    assert found.cls is Isolated
    assert forms.struct_for({"type": "new"}, structs) is None
    assert forms.is_conditional(forms.fields_of(found)["fee"])
    assert not forms.is_conditional(forms.fields_of(found)["value"])


def test_object_with_one_key_of_several_is_known_as_such() -> None:
    (struct,) = forms.structs_of(form(Either))
    assert forms.is_one_of(struct)
    assert not forms.is_one_of(forms.structs_of(form(Cross))[0])


def test_maps_lists_and_pairs_know_what_they_hold() -> None:
    assert forms.is_map(form(dict[str, int]))
    assert isinstance(forms.value_of(form(dict[str, int])), inspect.IntType)
    assert isinstance(forms.element_of(form(tuple[int, ...])), inspect.IntType)
    assert len(forms.elements_of(form(tuple[int, str]))) == 2
    assert forms.elements_of(form(tuple[int, ...])) == ()


@pytest.mark.parametrize(("text", "fits"), [("1.5", True), ("1", False), ("1e5", False)])
def test_figure_has_one_form(text, fits) -> None:
    assert forms.takes_scalar(form(Number), text) is fits
