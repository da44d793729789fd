"""Crossing to the EVM and coming from there: what it costs, what waits, and that nothing is lost."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from harness.localnet.markets.tokens import HYPE, HYPE_SYSTEM, PURR, USDC, is_system_address, system_address
from tests.localnet.desk import Desk
from tests.localnet.trading.test_spot import total, with_only
from tests.localnet.transfers.test_money import HYPE_TOKEN, NEW, OK, perp, rows, send_asset, usd_send

USDC_SYSTEM, PURR_SYSTEM = system_address(USDC), system_address(PURR)
GAS = Decimal("0.00002")


def escrows(desk: Desk, user: str | None = None) -> Any:
    asked = {} if user is None else {"user": user}
    return desk.info("spotClearinghouseState", **asked).get("evmEscrows")


def with_data(**changed: Any) -> dict[str, Any]:
    asked = {"type": "sendToEvmWithData", "token": "USDC", "amount": "3", "sourceDex": "spot"}
    asked |= {"destinationRecipient": NEW, "addressEncoding": "hex", "destinationChainId": 998}
    return asked | {"gasLimit": 300_000, "data": "0x"} | changed


def test_each_token_has_an_address_of_its_own() -> None:
    assert system_address(HYPE) == HYPE_SYSTEM == "0x" + "2" * 40
    # The docs' example is token 200.
    assert PURR_SYSTEM == "0x2000000000000000000000000000000000000001"
    assert all(is_system_address(system_address(token)) for token in (HYPE, PURR, USDC))
    assert not is_system_address("0x20" + "0" * 20 + "1" * 18)


@pytest.mark.parametrize("source", ["spot", ""])
def test_usdc_leaves_from_where_it_is(net: Localnet, desk: Desk, source: str) -> None:
    before = net.total_token("USDC"), net.total_token("HYPE"), total(desk, "HYPE")
    there = total(desk, "USDC") if source else perp(desk)
    assert desk.user_act(send_asset(USDC_SYSTEM, "7", token="USDC", source=source)) == OK
    assert there - (total(desk, "USDC") if source else perp(desk)) == 7
    assert before[2] - total(desk, "HYPE") == GAS
    (row,) = rows(desk)
    assert (row["delta"]["nativeTokenFee"], row["delta"]["fee"]) == ("0.00002", "0.0")
    assert net.exchange.evm.balances == {desk.address: {0: 7 * 10**8}}
    assert (net.total_token("USDC"), net.total_token("HYPE")) == before[:2]
    assert desk.info("userRole", user=USDC_SYSTEM) == {"role": "missing"}


def test_what_comes_back_is_not_new(net: Localnet, desk: Desk) -> None:
    before = net.total_token("HYPE")
    desk.user_act(send_asset(HYPE_SYSTEM, "7", token=HYPE_TOKEN))
    net.send_from_evm(desk.address, "HYPE", Decimal(7))
    assert escrows(desk) == [{"coin": "HYPE", "token": 1105, "total": "7.0"}]
    assert net.total_token("HYPE") == before
    net.send_from_evm(desk.address, "HYPE", Decimal(2))
    assert net.total_token("HYPE") == before + 2
    net.advance(4_000)
    assert escrows(desk) is None
    assert net.total_token("HYPE") == before + 2


def test_data_goes_with_the_token_to_its_contract(net: Localnet, desk: Desk) -> None:
    before, gas = net.total_token("USDC"), total(desk, "HYPE")
    assert desk.user_act(with_data()) == OK
    assert net.exchange.evm.balances == {"0x0b80659a4076e9e93c7dbe0f10675a16a3e5c206": {0: 3 * 10**8}}
    assert gas - total(desk, "HYPE") == GAS * 3 / 2
    assert net.total_token("USDC") == before


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"token": "NOPE"}, "Unknown token NOPE"),
        ({"amount": "0"}, "Send amount cannot be zero"),
        ({"amount": "10000000"}, "Insufficient balance for token transfer"),
        ({"sourceDex": "nope"}, "Invalid perp DEX"),
        ({"sourceDex": "", "amount": "10000.1"}, "Insufficient balance for withdrawal."),
    ],
)
def test_sends_with_data_are_refused_as_others(desk: Desk, changed: dict[str, Any], text: str) -> None:
    answer = desk.user_act(with_data(**changed))
    assert answer == {"status": "err", "response": text}


@pytest.mark.parametrize(
    "asked",
    [
        send_asset(PURR_SYSTEM, "1", token="USDC"),
        send_asset(system_address(HYPE), "1", token="USDC"),
        send_asset("0x20" + "0" * 37 + "8", "1", token="KORILA:0x89df0655765cce6adf29c58bb8fa4168"),
        send_asset(USDC_SYSTEM, "1", token="USDC", destination=""),
        with_data(token=HYPE_TOKEN),
        with_data(gasLimit=0),
    ],
)
def test_what_has_no_known_answer_is_not_guessed(desk: Desk, asked: dict[str, Any]) -> None:
    desk.net.fund_token(desk.address, "KORILA", Decimal(10))
    nonce = desk.nonce()
    body = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | asked
    assert desk.send(desk.user_envelope(body, nonce)).not_implemented


def test_gas_is_paid_in_hype(net: Localnet) -> None:
    desk = with_only(net, "PURR", "100")
    nonce = desk.nonce()
    body = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
    body |= send_asset(PURR_SYSTEM, "1", token="PURR")
    assert desk.send(desk.user_envelope(body, nonce)).not_implemented
    net.fund_token(desk.address, "HYPE", GAS)
    assert desk.user_act(send_asset(PURR_SYSTEM, "1", token="PURR")) == OK


def test_a_usd_send_does_not_cross(desk: Desk) -> None:
    with pytest.raises(AssertionError):
        usd_send(desk, USDC_SYSTEM, "1")


def test_an_account_is_opened_for_a_dollar(net: Localnet, desk: Desk) -> None:
    net.send_from_evm(NEW, "USDC", Decimal("1.5"))
    assert desk.info("userRole", user=NEW) == {"role": "missing"}
    net.advance(4_000)
    assert desk.info("userRole", user=NEW) == {"role": "user"}
    (balance,) = desk.info("spotClearinghouseState", user=NEW)["balances"]
    assert balance["total"] == "0.5"
    kinds = [row["delta"]["type"] for row in rows(desk, NEW)]
    assert kinds == ["accountActivationGas", "spotTransfer"]


@pytest.mark.parametrize(
    ("token", "amount", "activate"), [("USDC", "1", True), ("HYPE", "5", True), ("USDC", "5", False)]
)
def test_what_opens_no_account_waits_for_good(
    net: Localnet, desk: Desk, token: str, amount: str, activate: bool
) -> None:
    before = net.total_token(token)
    net.send_from_evm(NEW, token, Decimal(amount), activate=activate)
    net.advance(10**9)
    assert desk.info("userRole", user=NEW) == {"role": "missing"}
    assert [row["total"] for row in escrows(desk, NEW)] == [f"{amount}.0"]
    assert net.total_token(token) == before + Decimal(amount)


def test_only_what_is_linked_can_come(net: Localnet) -> None:
    with pytest.raises(LocalnetError, match="not linked"):
        net.send_from_evm(NEW, "KORILA", Decimal(1))


def test_a_crossing_is_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    desk.user_act(send_asset(USDC_SYSTEM, "7", token="USDC"))
    net.send_from_evm(desk.address, "USDC", Decimal(9))
    saves.dump(net, tmp_path / "state")
    again = saves.load(tmp_path / "state")
    again.advance(4_000)
    assert total(Desk(again), "USDC") == total(desk, "USDC") + 9


STEPS = st.lists(st.tuples(st.booleans(), st.integers(1, 3_000)), max_size=8)


@given(STEPS)
def test_crossings_conserve_a_token(steps: list[tuple[bool, int]]) -> None:
    net = Localnet()
    desk, there, new = Desk(net), 0, 0
    before = net.total_token("USDC")
    for goes, usd in steps:
        if goes:
            answer = desk.user_act(send_asset(USDC_SYSTEM, str(usd), token="USDC"))
            there += usd if answer == OK else 0
        else:
            net.send_from_evm(desk.address, "USDC", Decimal(usd))
            new += max(0, usd - there)
            there = max(0, there - usd)
            net.advance(4_000)
        assert net.total_token("USDC") == before + new
