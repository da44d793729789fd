"""What is asked of a localnet is read, or refused with the reason."""

from decimal import Decimal

import pytest

from harness.localnet.asks import LocalnetError, address_of, figure_of, level_of, listing_of, token_of
from harness.localnet.universe import Universe


def test_addresses_are_lower_case() -> None:
    assert address_of("AB" * 20) == address_of("0x" + "ab" * 20) == "0x" + "ab" * 20


@pytest.mark.parametrize("text", ["", "0x", "0x12", "0x" + "zz" * 20])
def test_an_address_has_forty_digits(text: str) -> None:
    with pytest.raises(LocalnetError, match="no address"):
        address_of(text)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0.0000001"])
def test_a_figure_has_its_decimals(value: str) -> None:
    with pytest.raises(LocalnetError):
        figure_of(Decimal(value), 6)


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(LocalnetError, match="no token 'NOPE'"):
        token_of(Universe(), "NOPE")
    with pytest.raises(LocalnetError, match="no market 'NOPE'"):
        listing_of(Universe(), "NOPE")
    with pytest.raises(LocalnetError, match=r"steps of 0\.1"):
        level_of(listing_of(Universe(), "ETH"), Decimal("3000.15"), Decimal(1))
