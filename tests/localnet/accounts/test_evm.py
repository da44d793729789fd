"""What is remembered of the EVM's side: nothing is lost, nothing goes below zero."""

from hypothesis import given
from hypothesis import strategies as st

from harness.localnet.accounts.evm import Evm

MOVES = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 2), st.integers(1, 50), st.booleans()), max_size=30
)


@given(MOVES)
def test_no_more_comes_back_than_went(moves: list[tuple[str, int, int, bool]]) -> None:
    evm, sums = Evm(), dict.fromkeys(range(3), 0)
    for who, token, wei, goes in moves:
        if goes:
            evm.credit(who, token, wei)
            sums[token] += wei
        else:
            sums[token] -= evm.debit(who, token, wei)
        assert all(left > 0 for held in evm.balances.values() for left in held.values())
    assert {token: evm.total(token) for token in sums} == sums


def test_what_waits_counts_until_it_is_released() -> None:
    evm = Evm()
    evm.hold("a", 7, 40)
    evm.hold("a", 7, 2)
    assert evm.total(7) == 42
    evm.release("a", 7, 40)
    assert evm.escrows == {"a": {7: 2}}
    evm.release("a", 7, 2)
    assert not evm.escrows
