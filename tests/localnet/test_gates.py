"""Actions that need what an account does not have."""

from typing import Any

import pytest

from tests.localnet.desk import Desk, quiet

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
            f"Invalid sub-account transfer from 0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc to {NOBODY}",
        ),
        (
            {"type": "updateIsolatedMargin", "asset": 4, "isBuy": True, "ntli": -1_000_000},
            "Position does not use isolated margin.",
        ),
    ],
)
def test_what_an_account_lacks_is_refused(fresh: Desk, action: dict[str, Any], text: str) -> None:
    quiet(fresh.net, ask="3100")
    fresh.place(p="3100", tif="Ioc")
    assert fresh.act(action) == {"status": "err", "response": text}


def test_accounts_have_no_sub_accounts_and_no_mode(desk: Desk) -> None:
    assert desk.info("subAccounts") is None
    assert desk.info("userAbstraction") == "default"
