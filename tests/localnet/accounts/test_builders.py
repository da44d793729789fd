"""Builder fees: approval, caps, who is paid what."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, order, orders, quiet

PURR = 10_000


def approve(desk: Desk, builder: str, rate: str = "0.05%") -> Any:
    return desk.user_act({"type": "approveBuilderFee", "maxFeeRate": rate, "builder": builder})


def with_builder(builder: str, fee: int, **made: Any) -> dict[str, Any]:
    return orders(order(**made)) | {"builder": {"b": builder, "f": fee}}


def test_an_approval_reads_back_in_tenths_of_a_bp_and_0_percent_revokes(desk: Desk, other: Desk) -> None:
    ok = {"status": "ok", "response": {"type": "default"}}
    assert desk.info("maxBuilderFee", builder=other.address) == 0
    assert approve(desk, other.address) == ok
    assert desk.info("maxBuilderFee", builder=other.address) == 50
    assert desk.info("approvedBuilders") == [other.address]
    assert approve(desk, other.address, "0%") == ok
    assert desk.info("maxBuilderFee", builder=other.address) == 0
    assert desk.info("approvedBuilders") == []


@given(st.integers(1, 1_000))
def test_any_rate_to_one_percent_reads_back(fee: int) -> None:
    net = Localnet()
    desk = Desk(net)
    approve(desk, ACCOUNTS[1].address, f"{Decimal(fee) / 1000}%")
    assert desk.info("maxBuilderFee", builder=ACCOUNTS[1].address) == fee


def test_a_builder_needs_100_usd_of_perp_value(net: Localnet, desk: Desk) -> None:
    for usd, status in (("99.999999", "err"), ("100", "ok")):
        builder = f"0x{int(float(usd)):040x}"
        net.fund(builder, Decimal(usd))
        answer = approve(desk, builder)
        assert answer["status"] == status
        if status == "err":
            assert answer["response"] == "Builder has insufficient balance to be approved."
    assert approve(desk, "0x" + "77" * 20)["status"] == "err"


@pytest.mark.parametrize("rate", ["1.001%", "0.0001%", "5", "-1%", ""])
def test_other_rates_are_not_guessed(desk: Desk, other: Desk, rate: str) -> None:
    action = {
        "type": "approveBuilderFee",
        "signatureChainId": "0x66eee",
        "hyperliquidChain": "Testnet",
        "maxFeeRate": rate,
        "builder": other.address,
        "nonce": (nonce := desk.nonce()),
    }
    assert desk.send(desk.user_envelope(action, nonce)).not_implemented


def test_an_eleventh_builder_is_not_guessed(net: Localnet, desk: Desk) -> None:
    for number in range(1, 11):
        net.fund(f"0x{number:040x}", Decimal(100))
        assert approve(desk, f"0x{number:040x}")["status"] == "ok"
    with pytest.raises(AssertionError, match="eleventh"):
        approve(desk, ACCOUNTS[1].address)


@pytest.mark.parametrize(
    ("fee", "text"),
    [(51, "Builder fee has not been approved."), (101, "Builder fee is too high.")],
)
def test_a_fee_above_the_approval_or_the_cap_is_refused(desk: Desk, other: Desk, fee: int, text: str) -> None:
    approve(desk, other.address)
    assert desk.elements(with_builder(other.address, fee)) == [{"error": text}]


def test_an_order_without_approval_is_refused(desk: Desk, other: Desk) -> None:
    refused = [{"error": "Builder fee has not been approved."}]
    assert desk.elements(with_builder(other.address, 1)) == refused


def test_a_builder_that_asks_for_nothing_needs_no_approval(desk: Desk, other: Desk) -> None:
    (status,) = desk.elements(with_builder(other.address, 0))
    assert "error" not in status


def test_a_fill_shows_the_fee_and_what_of_it_the_builder_gets(desk: Desk, other: Desk) -> None:
    quiet(desk.net, ask="3100")
    approve(desk, other.address, "0.1%")
    before = desk.net.total_usd()
    desk.elements(with_builder(other.address, 100, p="3100", s="0.01", tif="Ioc"))
    (fill,) = desk.info("userFills")
    # 31 USD at 0.045% and at 0.1%.
    assert (fill["fee"], fill["builderFee"]) == ("0.04495", "0.031")
    assert list(fill).index("builderFee") == list(fill).index("fee") + 1
    assert other.info("referral")["builderRewards"] == "0.031"
    assert desk.net.total_usd() == before


def test_a_resting_order_pays_its_builder_too(desk: Desk, other: Desk) -> None:
    quiet(desk.net)
    approve(desk, other.address)
    desk.elements(with_builder(other.address, 50, p="3100", s="0.01"))
    other.place(b=False, p="3100", s="0.01", tif="Ioc")
    assert desk.info("userFills")[0]["builderFee"] == "0.0155"
    assert "builderFee" not in other.info("userFills")[0]


def test_a_spot_builder_may_take_more_and_nothing_from_a_buy(desk: Desk, other: Desk) -> None:
    approve(desk, other.address, "1%")
    for is_buy in (True, False):
        px = "0.068" if is_buy else "0.065"
        action = with_builder(other.address, 1_000, a=PURR, b=is_buy, p=px, s="500", tif="Ioc")
        assert "filled" in desk.elements(action)[0]
    sold, bought = desk.info("userFills")
    assert "builderFee" not in bought
    assert Decimal(sold["builderFee"]) == Decimal(sold["px"]) * 500 / 100
    assert other.info("referral")["builderRewards"] == sold["builderFee"]


def test_a_claim_pays_the_builder_on_spot_and_changes_no_sum(desk: Desk, other: Desk) -> None:
    claim = {"type": "claimRewards"}
    assert other.act(claim) == {"status": "err", "response": "No rewards to claim"}
    quiet(desk.net, ask="3100")
    approve(desk, other.address, "0.1%")
    desk.elements(with_builder(other.address, 100, p="3100", s="0.01", tif="Ioc"))
    before = desk.net.total_token("USDC")
    assert other.act(claim)["status"] == "ok"
    assert other.info("spotClearinghouseState")["balances"][0]["total"] == "10000.031"
    assert other.info("referral")["claimedRewards"] == "0.031"
    assert desk.net.total_token("USDC") == before
