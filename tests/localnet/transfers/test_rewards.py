"""What a stake earns: by the documented rate, for whole epochs, by the day or by the hour, less a commission.

Most of it by mainnet's times, which are the documented ones.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet, Rules
from harness.localnet.control import saves
from tests.localnet.desk import Desk

DAY_MS = 86_400_000
EPOCH_MS = 90 * 60_000
MAINNET = Rules(staking_times="mainnet")
HYPE = 10**8
HOUSE = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
SELF = 10_000
OK = {"status": "ok", "response": {"type": "default"}}


@pytest.fixture
def net() -> Localnet:
    """A fresh exchange with mainnet's times."""
    return Localnet(rules=MAINNET)


def stake(desk: Desk, hype: int, validator: str | None = HOUSE) -> None:
    """Give an account HYPE, stake it, and delegate it if to somebody."""
    desk.net.fund_token(desk.address, "HYPE", Decimal(hype))
    assert desk.user_act({"type": "cDeposit", "wei": hype * HYPE}) == OK
    if validator is not None:
        assert delegate(desk, hype * HYPE, validator) == OK


def delegate(desk: Desk, wei: int, validator: str = HOUSE, *, back: bool = False) -> Any:
    return desk.user_act({"type": "tokenDelegate", "validator": validator, "wei": wei, "isUndelegate": back})


def register(desk: Desk, *, commission_bps: int = 0, unjailed: bool = True, hype: int = SELF) -> None:
    """Make an account a validator with what it stakes."""
    stake(desk, hype, None)
    profile = {
        "node_ip": {"Ip": "1.2.3.4"},
        "name": "v",
        "description": "d",
        "delegations_disabled": False,
        "commission_bps": commission_bps,
        "signer": desk.address,
    }
    registered = {"profile": profile, "unjailed": unjailed, "initial_wei": hype * HYPE}
    assert desk.act({"type": "CValidatorAction", "register": registered}) == OK


def earned(desk: Desk, source: str = "delegation") -> list[Decimal]:
    """Return what an account was paid, oldest first."""
    rows = desk.info("delegatorRewards")
    return [Decimal(row["totalAmount"]) for row in rows if row["source"] == source]


def to_epoch(net: Localnet) -> None:
    """Go to the beginning of an epoch."""
    net.advance(EPOCH_MS - net.now_ms() % EPOCH_MS)


@pytest.mark.parametrize(
    ("elsewhere", "a_year"), [(400_000_000, "0.0237"), (100_000_000, "0.0474"), (1_600_000_000, "0.01185")]
)
def test_the_rate_falls_with_the_square_root_of_what_is_staked(elsewhere: int, a_year: str) -> None:
    net = Localnet(rules=Rules(staking_times="mainnet", staked_elsewhere_hype=elsewhere - 365))
    desk = Desk(net)
    stake(desk, 365)
    net.advance(3 * DAY_MS)
    first, whole, _ = earned(desk)
    assert whole == pytest.approx(Decimal(a_year), rel=Decimal("0.0002"))
    # Of the first epoch nothing: the least that was delegated during it is none.
    assert first == pytest.approx(Decimal(a_year) * 15 / 16, rel=Decimal("0.0001"))


def test_rewards_come_at_midnight_and_are_delegated_again(net: Localnet, desk: Desk) -> None:
    stake(desk, 1_000)
    net.advance(2 * DAY_MS)
    rows = desk.info("delegatorRewards")
    assert [row["time"] % DAY_MS for row in rows] == [0, 0]
    assert rows[0]["time"] < rows[1]["time"]
    (delegation,) = desk.info("delegations")
    assert Decimal(delegation["amount"]) == 1_000 + sum(earned(desk))
    assert desk.info("delegatorSummary")["undelegated"] == "0.0"
    assert len(desk.info("delegatorHistory")) == 2


def test_what_was_taken_back_during_an_epoch_earns_nothing_in_it(net: Localnet, desk: Desk) -> None:
    other = Desk(net, ACCOUNTS[1].private_key)
    for one in (desk, other):
        stake(one, 1_000)
    net.advance(2 * DAY_MS)
    to_epoch(net)
    net.advance(1_000)
    assert delegate(other, 500 * HYPE, back=True) == OK
    assert delegate(other, 500 * HYPE) == OK
    net.advance(DAY_MS)
    lost = earned(desk)[-1] - earned(other)[-1]
    epoch = Decimal("0.0237") * 500 / (365 * 16)
    assert lost == pytest.approx(epoch, rel=Decimal("0.01"))


def test_a_validator_takes_its_commission_first(net: Localnet, desk: Desk, other: Desk) -> None:
    register(desk, commission_bps=1_000)
    net.advance(EPOCH_MS)
    stake(other, 365, desk.address)
    net.advance(3 * DAY_MS)
    gross = Decimal("0.0237")
    assert earned(other)[-1] == pytest.approx(gross * 9 / 10, rel=Decimal("0.001"))
    assert earned(other, "commission") == []
    taken = gross * (SELF + 365) / 365 / 10
    assert earned(desk, "commission")[-1] == pytest.approx(taken, rel=Decimal("0.001"))
    rows = desk.info("delegatorRewards")
    assert [row["source"] for row in rows[-2:]] == ["delegation", "commission"]


def test_who_is_jailed_earns_nothing(net: Localnet, desk: Desk, other: Desk) -> None:
    register(desk, unjailed=False)
    stake(other, 365, desk.address)
    net.advance(3 * DAY_MS)
    assert (earned(other), earned(desk)) == ([], [])
    assert desk.act({"type": "CSignerAction", "unjailSelf": None}) == OK
    net.advance(3 * DAY_MS)
    assert len(earned(other)) == 3
    assert desk.act({"type": "CSignerAction", "jailSelf": None}) == OK
    # The epoch that runs is still its.
    net.advance(3 * DAY_MS)
    assert len(earned(other)) == 4


def test_epochs_end_when_nothing_is_left_to_earn(net: Localnet, desk: Desk) -> None:
    stake(desk, 1)
    net.advance(DAY_MS)
    while rows := desk.info("delegations"):
        assert delegate(desk, round(Decimal(rows[0]["amount"]) * HYPE), back=True) == OK
        net.advance(DAY_MS)
    assert not net.exchange.validators.has_epochs
    assert delegate(desk, HYPE) == OK
    assert net.exchange.validators.has_epochs


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "delegate", "jail", "unjail", "wait"]),
        st.integers(0, 2),
        st.integers(1, 3_000 * HYPE),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(steps=STEPS, commission=st.integers(0, 10_000))
def test_no_hype_is_made_or_lost(steps: list[tuple[str, int, int]], commission: int) -> None:
    net = Localnet(keep_log=True, rules=MAINNET)
    desks = [Desk(net, ACCOUNTS[number].private_key) for number in range(3)]
    register(desks[0], commission_bps=commission)
    for desk in desks:
        stake(desk, 1_000, None)
    before = net.total_token("HYPE")
    for kind, number, wei in steps:
        desk = desks[number]
        if kind == "wait":
            net.advance(wei // 1_000)
            continue
        if kind in ("jail", "unjail"):
            desk.send(desk.envelope({"type": "CSignerAction", f"{kind}Self": None}))
            continue
        validator = (HOUSE, desks[0].address)[wei % 2]
        nonce = desk.nonce()
        action = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
        if kind == "in":
            action |= {"type": "cDeposit", "wei": wei}
        else:
            back = kind == "out"
            action |= {"type": "tokenDelegate", "validator": validator, "wei": wei, "isUndelegate": back}
        desk.send(desk.user_envelope(action, nonce))
    net.advance(2 * DAY_MS)
    assert net.total_token("HYPE") == before
    for desk in desks:
        parts = desk.info("delegatorSummary")
        assert all(Decimal(parts[key]) >= 0 for key in ("delegated", "undelegated"))


def test_on_testnet_it_is_all_faster() -> None:
    net = Localnet()
    desk = Desk(net)
    stake(desk, 1_000)
    net.advance(121_000)
    assert delegate(desk, 400 * HYPE, back=True) == OK
    assert desk.user_act({"type": "cWithdraw", "wei": 400 * HYPE}) == OK
    net.advance(301_000)
    assert desk.info("delegatorSummary")["nPendingWithdrawals"] == 0
    net.advance(4 * 3_600_000)
    rows = desk.info("delegatorRewards")
    assert [row["time"] % 3_600_000 for row in rows] == [0, 0, 0]
    assert earned(desk)[0] == pytest.approx(Decimal("0.0237") * 600 / (365 * 24), rel=Decimal("0.001"))


def test_a_saved_state_goes_on_earning(tmp_path: Path) -> None:
    net = Localnet(keep_log=True, rules=MAINNET)
    desk = Desk(net)
    register(desk, commission_bps=500)
    net.advance(DAY_MS + 1)
    saves.dump(net, tmp_path / "state")
    again = saves.load(tmp_path / "state")
    for one in (net, again):
        one.advance(DAY_MS)
    assert saves.seal(net.exchange) == saves.seal(again.exchange)
    assert len(earned(desk)) == 2
