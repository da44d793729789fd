"""Spellings of hexadecimal values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS
from harness.recording.replay_values import is_constructed, is_placeholder, placeholder
from harness.recording.spelling import Table, checksummed, respell, whole_values

OLD, NEW = "5e9ee108" * 5, ACCOUNTS[0].address[2:].lower()


@pytest.mark.parametrize("account", ACCOUNTS)
def test_checksum_is_that_of_wallets(account):
    assert "0x" + checksummed(account.address[2:].lower()) == account.address


@pytest.mark.parametrize(
    "spell", [str.lower, str.upper, checksummed, lambda text: checksummed(text).swapcase()]
)
def test_spelling_goes_over_to_the_new_value(spell):
    assert respell(spell(OLD), NEW) == spell(NEW)


def test_unknown_spelling_is_told():
    odd = "".join(c.upper() if n % 3 else c for n, c in enumerate(OLD))

    assert respell(odd, NEW) is None
    assert Table({OLD: NEW}).replaced(f"0x{odd}!") == (f"0x{NEW}!", [OLD])


@given(
    before=st.text("0123456789abcdefxyz ", max_size=30), after=st.text("0123456789abcdefxyz ", max_size=30)
)
def test_value_is_replaced_inside_longer_digits_too(before, after):
    text, odd = Table({OLD: NEW}).replaced(before + OLD + after)

    assert OLD not in text
    assert odd == []
    assert len(text) == len(before + OLD + after)


def test_whole_values_are_those_that_stand_alone():
    text = f"0x{OLD} {OLD}, 0x{OLD}0 x{OLD} {'1' * 40} 0x{'1' * 40} 0x{'ab' * 32}"

    assert list(whole_values(text)) == [OLD, OLD, "1" * 40, "ab" * 32]


def test_placeholders_say_that_they_are():
    made = {
        placeholder(kind, number, digits)
        for kind, digits in (("address", 40), ("hash", 64))
        for number in range(99)
    }

    assert len(made) == 198
    assert all(map(is_placeholder, made))
    assert not any(is_placeholder(account.address[2:].lower()) for account in ACCOUNTS)


@pytest.mark.parametrize("digits", ["0" * 40, "2" + "0" * 36 + "12a", "f" * 40, "dead" * 10, "0" * 64])
def test_nobodys_addresses_are_known_by_their_digits(digits):
    assert is_constructed(digits)
    assert not is_constructed(NEW)
