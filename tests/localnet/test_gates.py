"""Actions that can only be refused."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk, leverage, quiet

NOBODY = "0x" + "12" * 20
SCHEDULE_CANCEL = (
    "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $31.00."
)


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (
            {"type": "scheduleCancel"},
            SCHEDULE_CANCEL,
        ),
        (
            {"type": "scheduleCancel", "time": 1_767_225_700_000},
            SCHEDULE_CANCEL,
        ),
        (
            {"type": "createSubAccount", "name": "one"},
            "Cannot create sub-accounts until enough volume traded. Required: $100000. Traded: $31.00.",
        ),
        ({"type": "setReferrer", "code": "NOPE"}, "Referral code not registered"),
        (
            {"type": "vaultTransfer", "vaultAddress": NOBODY, "isDeposit": True, "usd": 5_000_000},
            f"Vault not registered: {NOBODY}",
        ),
        (
            {"type": "subAccountTransfer", "subAccountUser": NOBODY, "isDeposit": True, "usd": 1},
            f"Invalid sub-account transfer from 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 to {NOBODY}",
        ),
        (
            {"type": "updateIsolatedMargin", "asset": 4, "isBuy": True, "ntli": -1_000_000},
            "Position does not use isolated margin.",
        ),
    ],
)
def test_what_nobody_here_has_is_refused(desk: Desk, action: dict[str, Any], text: str) -> None:
    quiet(desk.net, ask="3100")
    desk.place(p="3100", tif="Ioc")
    assert desk.act(action) == {"status": "err", "response": text}


def test_margin_of_no_position_is_not_guessed(desk: Desk) -> None:
    for ntli, status in ((1, True), (2**63, False)):
        body = desk.envelope({"type": "updateIsolatedMargin", "asset": 4, "isBuy": True, "ntli": ntli})
        assert desk.send(body).not_implemented is status


def test_beyond_the_gate_nothing_is_guessed() -> None:
    desk = Desk(Localnet(balance_usd=Decimal(1_000_000)))
    desk.act(leverage(5))
    for is_buy in (True, False):
        quiet(desk.net, **{"ask" if is_buy else "bid": "3100"})
        assert desk.place(b=is_buy, p="3100", s="20", tif="Ioc")["filled"]["totalSz"] == "20.0"
    assert desk.send(desk.envelope({"type": "createSubAccount", "name": "one"})).not_implemented


def test_accounts_have_no_sub_accounts_and_no_mode(desk: Desk) -> None:
    assert desk.info("subAccounts") is None
    assert desk.info("userAbstraction") == "default"
