"""Fee trials: how much of a fee waits, where it counts, what it leaves as it is."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.accounts.fee_trials import FeeTrial
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from tests.localnet.desk import Desk
from tests.localnet.transfers.test_money import NEW


@given(st.integers(0, 100), st.lists(st.integers(0, 10**9)))
def test_no_more_waits_than_was_paid(percent: int, fees: list[int]) -> None:
    trial = FeeTrial(percent)
    assert all(0 <= trial.hold(fee) <= fee for fee in fees)
    assert sum(fees) * percent / 100 - len(fees) <= trial.escrow <= sum(fees) * percent / 100


def test_a_part_of_the_fee_waits(net: Localnet, desk: Desk) -> None:
    before, fees = net.total_usd(), net.exchange.fees
    net.start_fee_trial(desk.address, 25)
    desk.place(p="3300", s="0.01", tif="Ioc")
    fill = desk.info("userFills")[0]
    held = Decimal(fill["feeTrialEscrow"])
    assert 0 <= Decimal(fill["fee"]) / 4 - held < Decimal("0.000001")
    assert desk.info("userFees")["feeTrialEscrow"] == fill["feeTrialEscrow"]
    assert Decimal(net.exchange.fees - fees) == (Decimal(fill["fee"]) - held) * 10**6
    assert net.total_usd() == before
    assert list(fill)[-3:] == ["feeToken", "feeTrialEscrow", "twapId"]


def test_the_end_of_a_trial_leaves_what_waits(net: Localnet, desk: Desk) -> None:
    net.start_fee_trial(desk.address, 100)
    desk.place(p="3300", s="0.01", tif="Ioc")
    waits = desk.info("userFees")["feeTrialEscrow"]
    net.start_fee_trial(desk.address, 0)
    desk.place(p="3300", s="0.01", tif="Ioc")
    assert "feeTrialEscrow" not in desk.info("userFills")[0]
    assert desk.info("userFees")["feeTrialEscrow"] == waits != "0.0"


def test_fees_on_builders_dexes_and_spot_do_not_wait(net: Localnet, desk: Desk) -> None:
    net.start_fee_trial(desk.address, 100)
    net.set_mid("@1035", Decimal(30))
    desk.place(a=11_035, p="31", s="1", tif="Ioc")
    assert "feeTrialEscrow" not in desk.info("userFills")[0]


def test_joined_fills_add_up(net: Localnet, desk: Desk) -> None:
    net.start_fee_trial(desk.address, 100)
    net.set_liquidity("ETH", [], [(Decimal(3_000), Decimal(1)), (Decimal(3_001), Decimal(1))])
    desk.place(p="3002", s="2", tif="Ioc")
    joined = desk.info("userFills", aggregateByTime=True)[0]
    assert joined["feeTrialEscrow"] == joined["fee"]


@pytest.mark.parametrize(("address", "percent"), [(NEW, 10), (None, -1), (None, 101)])
def test_a_trial_needs_an_account_and_a_part(
    net: Localnet, desk: Desk, address: str | None, percent: int
) -> None:
    with pytest.raises(LocalnetError, match="%"):
        net.start_fee_trial(address or desk.address, percent)


def test_a_trial_is_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    net.start_fee_trial(desk.address, 50)
    desk.place(p="3300", s="0.01", tif="Ioc")
    saves.dump(net, tmp_path / "state")
    assert saves.load(tmp_path / "state").exchange.fee_trials == net.exchange.fee_trials != {}
