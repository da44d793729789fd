"""What `harness.shapes` offers: the same to type checkers, which read its stub, and to Python."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import harness.shapes

STUB = ast.parse(Path(harness.shapes.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))


def test_the_stub_imports_each_name_from_where_it_really_is():
    found = {}
    for statement in STUB.body:
        if isinstance(statement, ast.ImportFrom):
            found |= {alias.name: statement.module for alias in statement.names}

    assert sorted(found) == harness.shapes.__all__
    for name, module in found.items():
        assert getattr(harness.shapes, name) is getattr(import_module(str(module)), name)


def test_the_stub_exports_what_it_imports():
    [exported] = [ast.literal_eval(one.value) for one in STUB.body if isinstance(one, ast.Assign)]

    assert sorted(exported) == harness.shapes.__all__


def test_names_are_listed_before_they_are_imported():
    assert set(harness.shapes.__all__) <= set(dir(harness.shapes))


def test_an_unknown_name_is_refused_as_of_any_module():
    with pytest.raises(AttributeError, match="no attribute 'OrderRespond'"):
        _ = harness.shapes.OrderRespond
    with pytest.raises(ImportError):
        exec("from harness.shapes import OrderRespond")
