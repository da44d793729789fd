"""What tests of unified accounts ask and do."""

from decimal import Decimal
from typing import Any

from tests.localnet.desk import Desk

OK = {"status": "ok", "response": {"type": "default"}}
HYPE_SPOT, ABC = 11_035, 110_000


def unify(desk: Desk, user: str | None = None) -> None:
    """Let an account become unified."""
    action = {"type": "userSetAbstraction", "user": user or desk.address, "abstraction": "unifiedAccount"}
    assert desk.user_act(action) == OK


def usdc(desk: Desk, user: str | None = None) -> tuple[Decimal, Decimal]:
    """Return total and hold of USDC."""
    rows = desk.info("spotClearinghouseState", user=user or desk.address)["balances"]
    row = next(row for row in rows if row["coin"] == "USDC")
    return Decimal(row["total"]), Decimal(row["hold"])


def after_maintenance(desk: Desk) -> Decimal:
    """Return what would be left of USDC after maintenance."""
    ((token, left),) = desk.info("spotClearinghouseState")["tokenToAvailableAfterMaintenance"]
    assert token == 0
    return Decimal(left)


def send(desk: Desk, to: str, amount: str, *, source: str = "spot", sub: str = "") -> Any:
    """Send USDC to spot."""
    return desk.user_act(
        {
            "type": "sendAsset",
            "destination": to,
            "sourceDex": source,
            "destinationDex": "spot",
            "token": "USDC",
            "amount": amount,
            "fromSubAccount": sub,
        }
    )
