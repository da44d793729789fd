"""What is asked of a localnet is read, or refused with the reason."""

from decimal import Decimal

import pytest

from harness.localnet.asks import LocalnetError, address_of, figure_of, level_of, listing_of, token_of
from harness.localnet.markets.universe import Universe


def test_addresses_are_lower_case() -> None:
    assert address_of("AB" * 20) == address_of("0x" + "ab" * 20) == "0x" + "ab" * 20


@pytest.mark.parametrize("text", ["", "0x", "0x12", "0x" + "zz" * 20])
def test_an_address_has_forty_digits(text: str) -> None:
    with pytest.raises(LocalnetError, match="no address"):
        address_of(text)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0.0000001", "1e-999999999", "1." + "0" * 40 + "1"])
def test_a_figure_has_its_decimals(value: str) -> None:
    with pytest.raises(LocalnetError):
        figure_of(Decimal(value), 6)


@pytest.mark.parametrize("value", ["18446744073709.551616", "1e5000", "1e999999999", "-1e5000"])
def test_a_figure_fits_in_64_bits(value: str) -> None:
    assert figure_of(Decimal("18446744073709.551615"), 6) == 2**64 - 1
    with pytest.raises(LocalnetError, match="too large") as refused:
        figure_of(Decimal(value), 6)
    assert refused.value.needed == "At most 18446744073709.551615."


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(LocalnetError, match="no token 'NOPE'"):
        token_of(Universe(), "NOPE")
    with pytest.raises(LocalnetError, match="no market 'NOPE'"):
        listing_of(Universe(), "NOPE")
    with pytest.raises(LocalnetError, match=r"steps of 0\.1"):
        level_of(listing_of(Universe(), "ETH"), Decimal("3000.15"), Decimal(1))
