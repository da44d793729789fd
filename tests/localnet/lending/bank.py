"""What tests of lending ask and do."""

from decimal import Decimal
from typing import Any

from harness.localnet import Localnet
from tests.localnet.desk import Desk, order, orders

OK = {"status": "ok", "response": {"type": "default"}}
USDC, HYPE = 0, 1105
HYPE_SPOT, PURR_SPOT = 11_035, 10_000


def margin(desk: Desk, user: str | None = None) -> None:
    """Let an account have portfolio margin."""
    action = {"type": "userSetAbstraction", "user": user or desk.address, "abstraction": "portfolioMargin"}
    assert desk.user_act(action) == OK


def lend(desk: Desk, operation: str, amount: str | None, token: int = USDC) -> Any:
    """Send a `borrowLend`."""
    return desk.act({"type": "borrowLend", "operation": operation, "token": token, "amount": amount})


def reserve(desk: Desk, token: int = USDC) -> dict[str, Decimal]:
    """Return the figures of a reserve."""
    return {key: Decimal(value) for key, value in desk.info("borrowLendReserveState", token=token).items()}


def lending(desk: Desk, user: str | None = None) -> dict[str, Any]:
    """Return what an account lends and owes."""
    answer: dict[str, Any] = desk.info("borrowLendUserState", user=user or desk.address)
    return answer


def leg(desk: Desk, side: str, token: int = USDC) -> tuple[Decimal, Decimal]:
    """Return basis and value of one side."""
    found = dict(lending(desk)["tokenToState"])[token][side]
    return Decimal(found["basis"]), Decimal(found["value"])


def row(desk: Desk, coin: str) -> dict[str, str]:
    """Return the row of a token among the balances."""
    rows = desk.info("spotClearinghouseState")["balances"]
    return next(each for each in rows if each["coin"] == coin)


def spot(desk: Desk, *, buy: bool, p: str, s: str, a: int = HYPE_SPOT, tif: str = "Ioc") -> Any:
    """Place an order on a spot pair and return its status."""
    answer = desk.act(orders(order(a=a, b=buy, p=p, s=s, tif=tif)))
    assert answer["status"] == "ok", answer
    return answer["response"]["data"]["statuses"][0]


def price(net: Localnet, px: str) -> None:
    """Set the price of HYPE wherever it has one."""
    net.set_mid("HYPE", Decimal(px))
    net.set_mid("@1035", Decimal(px))


def in_debt(net: Localnet, desk: Desk, lender: Desk, owed: int = 1_000) -> None:
    """Let an account with portfolio margin owe so many USDC, secured by 100 HYPE at 28.7 or so.

    It buys PURR of the house with all it has and what it borrows.
    """
    assert lend(lender, "supply", "9000") == OK
    net.set_liquidity("PURR/USDC", [], [(Decimal("0.1"), Decimal(10**7))])
    has = Decimal(row(desk, "USDC")["total"])
    spot(desk, buy=True, p="0.1", s=str(int((has + owed) * 10)), a=PURR_SPOT)
    assert Decimal(row(desk, "USDC")["total"]) == -owed
