"""The hash is Ethereum's, whichever library computes it."""

import importlib.util
import sys
from types import ModuleType

import pytest
from Crypto.Hash import keccak
from hypothesis import given
from hypothesis import strategies as st

from harness import typed_data

# Ethereum's hash of nothing, as in every account without code.
EMPTY = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


@pytest.fixture
def without_sha3(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the module as it is where safe-pysha3 is not installed."""
    monkeypatch.setitem(sys.modules, "sha3", None)
    spec = importlib.util.spec_from_file_location("typed_data_without_sha3", typed_data.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_hash_of_nothing() -> None:
    assert typed_data.keccak256(b"").hex() == EMPTY


def test_it_needs_no_fast_library(without_sha3: ModuleType) -> None:
    assert without_sha3.keccak256(b"").hex() == EMPTY


@given(data=st.binary(max_size=1_000))
def test_it_is_what_another_library_computes(data: bytes) -> None:
    assert typed_data.keccak256(data) == keccak.new(digest_bits=256, data=data).digest()
