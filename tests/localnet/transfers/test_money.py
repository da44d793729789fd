"""Transfers: what moves, what it costs, what both sides see of it, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.events import LedgerUpdated
from tests.localnet.desk import Desk, cancel, order, orders
from tests.localnet.trading.test_spot import HYPE, balance, total, with_only

USDC_TOKEN = "USDC:0xeb62eee3685fc4c43992febcd9e75443"
HYPE_TOKEN = "HYPE:0x7317beb7cceed72ef0b346074cc8e7ab"
NEW = "0x" + "ab" * 20
SENDER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
OK = {"status": "ok", "response": {"type": "default"}}


def err(answer: Any) -> str:
    assert answer["status"] == "err", answer
    text: str = answer["response"]
    return text


def perp(desk: Desk) -> Decimal:
    return Decimal(desk.info("clearinghouseState")["marginSummary"]["accountValue"])


def send_asset(
    to: str,
    amount: str,
    *,
    token: str = USDC_TOKEN,
    source: str = "spot",
    destination: str = "spot",
    sub: str = "",
) -> dict[str, Any]:
    return {
        "type": "sendAsset",
        "destination": to,
        "sourceDex": source,
        "destinationDex": destination,
        "token": token,
        "amount": amount,
        "fromSubAccount": sub,
    }


def timed(desk: Desk, action: dict[str, Any]) -> Any:
    """Send one of the actions whose nonce is called `time`."""
    nonce = desk.nonce()
    body = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "time": nonce} | action
    return desk.send_user_signed(body, nonce)


def usd_send(desk: Desk, to: str, amount: str) -> Any:
    return timed(desk, {"type": "usdSend", "destination": to, "amount": amount})


def class_transfer(desk: Desk, amount: str, *, to_perp: bool) -> Any:
    return desk.user_act({"type": "usdClassTransfer", "amount": amount, "toPerp": to_perp})


def rows(desk: Desk, user: str | None = None) -> list[dict[str, Any]]:
    asked = {"startTime": 0} | ({} if user is None else {"user": user})
    found: list[dict[str, Any]] = desk.info("userNonFundingLedgerUpdates", **asked)
    return found


def test_both_sides_of_a_send_see_the_same_row(desk: Desk, other: Desk) -> None:
    assert desk.user_act(send_asset(NEW, "500")) == OK
    assert rows(desk) == rows(desk, NEW)
    (row,) = rows(desk)
    assert row["delta"] == {
        "type": "send",
        "user": SENDER,
        "destination": NEW,
        "sourceDex": "spot",
        "destinationDex": "spot",
        "token": "USDC",
        "amount": "500.0",
        "usdcValue": "500.0",
        "fee": "1.0",
        "nativeTokenFee": "0.0",
        "nonce": row["delta"]["nonce"],
        "feeToken": "USDC",
    }
    assert total(desk, "USDC") == 9_499
    assert desk.info("userRole", user=NEW) == {"role": "user"}
    desk.user_act(send_asset(NEW, "2"))
    assert rows(desk)[1]["delta"]["fee"] == "0.0"
    assert rows(desk)[1]["delta"]["feeToken"] == ""


def test_a_token_moves_with_its_value_at_the_mark(desk: Desk, fresh: Desk) -> None:
    desk.net.set_mid("@1035", Decimal("30"))
    desk.user_act(send_asset(fresh.address, "33.33333333", token=HYPE_TOKEN))
    assert balance(fresh, "HYPE")["entryNtl"] == "999.9999999"
    # 2871.8 less its part, cut.
    assert balance(desk, "HYPE")["entryNtl"] == "1914.53333342"
    assert rows(desk)[0]["delta"]["usdcValue"] == "999.999999"


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"token": "NOPE:0x12"}, "Unknown token NOPE:0x12"),
        ({"token": "HYPE"}, "Unknown token HYPE"),
        ({"source": "nope"}, "Invalid perp DEX"),
        ({"destination": "Spot"}, "Invalid perp DEX"),
        ({"amount": "one"}, "Invalid decimal number"),
        ({"amount": ""}, "Invalid decimal number"),
        ({"amount": "NaN"}, "Invalid decimal number"),
        ({"amount": "0"}, "Send amount cannot be zero"),
        ({"amount": "-1"}, "Invalid number of decimals"),
        ({"amount": "0.000000001"}, "Invalid number of decimals"),
        ({"amount": "10000.00000001"}, "Insufficient balance for token transfer"),
        ({"to": SENDER}, "Invalid send"),
        ({"to": SENDER, "destination": "", "amount": "1.0000001"}, "Invalid send"),
        ({"to": SENDER, "source": "", "amount": "10000.000001"}, "Insufficient balance for withdrawal."),
        ({"to": NEW, "amount": "10000"}, "Insufficient USDC balance for token transfer gas."),
        ({"sub": "0x" + "34" * 20}, f"Sub-account {'0x' + '34' * 20} is not registered to {SENDER}"),
    ],
)
def test_sends_are_refused(desk: Desk, other: Desk, changed: dict[str, Any], text: str) -> None:
    asked = {"to": other.address, "amount": "1"} | changed
    before = desk.info("spotClearinghouseState")
    assert err(desk.user_act(send_asset(**asked))) == text
    assert desk.info("spotClearinghouseState") == before
    assert desk.info("preTransferCheck")["userHasSentTx"], "a refused send is admitted all the same"


def test_a_new_address_costs_a_quote_token_whatever_is_sent(net: Localnet) -> None:
    desk = with_only(net, "PURR", "100")
    text = "Insufficient quote token (e.g., 1 USDC or USDT) balance for token transfer gas."
    assert err(desk.user_act(send_asset(NEW, "10", token="PURR"))) == text
    assert desk.info("userRole", user=NEW) == {"role": "missing"}
    net.fund_token(desk.address, "USDC", Decimal(1))
    assert desk.user_act(send_asset(NEW, "10", token="PURR")) == OK
    assert total(desk, "USDC") == 0
    assert rows(desk)[0]["delta"]["feeToken"] == "USDC"


def test_amounts_may_be_scientific(desk: Desk, other: Desk) -> None:
    before = total(other, "USDC")
    assert desk.user_act(send_asset(other.address, "1e-05")) == OK
    assert desk.user_act(send_asset(other.address, "1.5E2")) == OK
    assert total(other, "USDC") - before == Decimal("150.00001")


def test_what_orders_hold_cannot_be_sent(desk: Desk, other: Desk) -> None:
    oid = desk.rest(a=HYPE, p="20", s="400")
    assert err(desk.user_act(send_asset(other.address, "2001"))) == "Insufficient balance for token transfer"
    desk.elements(cancel(oid, a=HYPE))
    assert desk.user_act(send_asset(other.address, "2001")) == OK


def test_an_agent_cannot_send_for_its_master(desk: Desk) -> None:
    agent = Desk(desk.net, "0x" + "42" * 32)
    desk.approve(agent.address)
    text = f"Must deposit before performing actions. User: {agent.address}"
    assert err(usd_send(agent, desk.address, "1")) == text
    assert err(agent.user_act(send_asset(desk.address, "1"))) == text
    assert err(class_transfer(agent, "1", to_perp=True)) == text


def agent_send(desk: Desk, to: str, **changed: str) -> Any:
    nonce = desk.nonce()
    action = {
        "type": "agentSendAsset",
        "destination": to,
        "sourceDex": "",
        "destinationDex": "spot",
        "token": USDC_TOKEN,
        "amount": "1",
        "fromSubAccount": "",
        "nonce": nonce,
    }
    return desk.act(action | changed, nonce=nonce)


def test_an_agent_sends_to_the_same_user_alone(desk: Desk, other: Desk) -> None:
    agent = Desk(desk.net, "0x" + "42" * 32)
    desk.approve(agent.address)
    assert agent_send(agent, desk.address) == OK
    assert (perp(desk), total(desk, "USDC")) == (Decimal(9_999), Decimal(10_001))
    text = "Agent can only send asset to same user or their sub-accounts."
    assert err(agent_send(agent, other.address)) == text


def test_usd_moves_between_perpetuals(desk: Desk, other: Desk) -> None:
    assert usd_send(desk, other.address, "12.5") == OK
    assert usd_send(desk, NEW, "40") == OK
    assert perp(desk) == Decimal("9946.5")
    assert perp(other) == Decimal("10012.5")
    assert rows(desk, NEW) == rows(desk)[1:]
    assert rows(desk)[1]["delta"] == {
        "type": "internalTransfer",
        "usdc": "40.0",
        "user": SENDER,
        "destination": NEW,
        "fee": "1.0",
    }


def test_only_what_is_free_can_leave_the_perpetuals(desk: Desk, other: Desk) -> None:
    desk.place(p="3200", s="6", tif="Ioc")
    free = Decimal(desk.info("clearinghouseState")["withdrawable"])
    assert 0 < free < 9_000
    more = str(free + Decimal("0.000001"))
    text = "Insufficient balance for withdrawal."
    assert err(usd_send(desk, other.address, more)) == text
    assert err(class_transfer(desk, more, to_perp=False)) == text
    assert err(timed(desk, {"type": "withdraw3", "destination": NEW, "amount": more})) == text
    assert usd_send(desk, other.address, str(free)) == OK
    assert desk.info("clearinghouseState")["withdrawable"] == "0.0"


def test_usdc_moves_between_perpetuals_and_spot(desk: Desk) -> None:
    assert class_transfer(desk, "12.5", to_perp=False) == OK
    assert (perp(desk), total(desk, "USDC")) == (Decimal("9987.5"), Decimal("10012.5"))
    assert rows(desk)[0]["delta"] == {"type": "accountClassTransfer", "usdc": "12.5", "toPerp": False}
    assert class_transfer(desk, "10012.5", to_perp=True) == OK
    assert err(class_transfer(desk, "0.000001", to_perp=True)) == "Insufficient balance for token transfer"
    assert err(class_transfer(desk, "0.0000001", to_perp=False)) == "Invalid number of decimals"


def test_a_withdrawal_leaves_for_a_fee(desk: Desk) -> None:
    before = desk.net.total_token("USDC")
    assert timed(desk, {"type": "withdraw3", "destination": NEW, "amount": "100"}) == OK
    assert perp(desk) == 9_900
    delta = rows(desk)[0]["delta"]
    assert (delta["type"], delta["usdc"], delta["fee"]) == ("withdraw", "99.0", "1.0")
    assert desk.net.total_token("USDC") == before
    zero = timed(desk, {"type": "withdraw3", "destination": NEW, "amount": "0"})
    assert err(zero) == "Withdrawal amount cannot be zero"


def test_a_spot_send_is_a_spot_transfer(desk: Desk, other: Desk) -> None:
    action = {"type": "spotSend", "destination": other.address, "token": "PURR", "amount": "3"}
    assert timed(desk, action) == OK
    delta = rows(other)[0]["delta"]
    assert (delta["type"], delta["token"], delta["amount"]) == ("spotTransfer", "PURR", "3.0")
    assert delta["usdcValue"] == "0.199314"


def test_the_nonce_of_a_send_is_that_of_its_envelope(desk: Desk, other: Desk) -> None:
    body = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "time": 5, "type": "usdSend"}
    answer = desk.send_user_signed(body | {"destination": other.address, "amount": "1"}, desk.nonce())
    assert err(answer) == "Nonce mismatch."


@pytest.mark.parametrize(
    ("to", "changed"),
    [
        ("0x" + "ff" * 20, {}),
        ("0x" + "22" * 20, {}),
        ("0x2" + "0" * 38 + "1", {}),
        (NEW, {"token": HYPE_TOKEN, "destination": ""}),
    ],
)
def test_what_is_not_known_is_not_guessed(desk: Desk, to: str, changed: dict[str, Any]) -> None:
    nonce = desk.nonce()
    action = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
    answer = desk.send(desk.user_envelope(action | send_asset(to, "1", **changed), nonce))
    assert answer.not_implemented


def test_ledger_rows_are_oldest_first_and_cut_by_time(desk: Desk, other: Desk) -> None:
    for amount in ("1", "2", "3"):
        usd_send(desk, other.address, amount)
    told = rows(desk)
    assert [row["delta"]["usdc"] for row in told] == ["1.0", "2.0", "3.0"]
    span = {"startTime": told[1]["time"], "endTime": told[1]["time"]}
    assert desk.info("userNonFundingLedgerUpdates", **span) == told[1:2]
    body = {"type": "userNonFundingLedgerUpdates", "user": desk.address, "endTime": 5}
    assert desk.send(body, "/info").status == 500


def test_a_pre_transfer_check_names_the_fee_only_by_position(desk: Desk) -> None:
    fresh = desk.info("preTransferCheck", user=NEW)
    assert fresh == {"isSanctioned": False, "userExists": False, "fee": "0.0", "userHasSentTx": False}
    assert desk.info("preTransferCheck") == fresh | {"userExists": True}
    assert desk.info("preTransferCheck", user=NEW, source=desk.address) == fresh
    asked = desk.send(["preTransferCheck", NEW, desk.address], "/info")
    assert b'"fee":"1.0"' in asked.body
    assert b'"fee":"0.0"' in desk.send(["preTransferCheck", SENDER, NEW], "/info").body


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["send", "toSpot", "toPerp", "usd", "withdraw"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 30_000_000_000),
    ),
    max_size=12,
)


@given(MOVES)
def test_no_money_is_made_by_moving_it(moves: list[tuple[str, int, int, int]]) -> None:
    net = Localnet(accounts=2)
    desks = [Desk(net, account.private_key) for account in ACCOUNTS[:3]]
    net.fund(desks[2].address, Decimal("5.5"))
    before = net.total_token("USDC")
    for kind, who, to, micro in moves:
        desk, other, amount = desks[who], desks[to].address, str(Decimal(micro) / 10**6)
        if kind == "send":
            desk.user_act(send_asset(other, amount))
        elif kind in ("toSpot", "toPerp"):
            class_transfer(desk, amount, to_perp=kind == "toPerp")
        elif kind == "usd" and other != desk.address:
            usd_send(desk, other, amount)
        elif micro > 10**6:
            timed(desk, {"type": "withdraw3", "destination": NEW, "amount": amount})
        assert net.total_token("USDC") == before
        for one in desks:
            assert Decimal(one.info("clearinghouseState")["withdrawable"]) >= 0
            assert all(
                Decimal(row["total"]) >= Decimal(row["hold"]) >= 0
                for row in one.info("spotClearinghouseState")["balances"]
            )


def test_sending_is_heard_on_both_sides(desk: Desk, other: Desk) -> None:
    desk.net.exchange.is_heard = True
    desk.statuses(*orders(order(p="2000"))["orders"])
    desk.net.exchange.take_events()
    usd_send(desk, other.address, "1")
    told = desk.net.exchange.take_events()
    heard = [event.owner for event in told if isinstance(event, LedgerUpdated)]
    assert heard == [desk.address, other.address]
