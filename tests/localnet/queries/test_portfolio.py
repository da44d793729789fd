"""`portfolio`: what an account is worth, has earned and has traded."""

from decimal import Decimal
from typing import Any

from tests.localnet.desk import Desk, quiet

DAY_MS = 86_400_000


def periods(desk: Desk) -> dict[str, Any]:
    return dict(desk.info("portfolio"))


def test_it_has_eight_periods(desk: Desk) -> None:
    everything = ["day", "week", "month", "allTime"]
    perps = ["perpDay", "perpWeek", "perpMonth", "perpAllTime"]
    assert [name for name, _ in desk.info("portfolio")] == everything + perps
    now = periods(desk)
    assert now["perpDay"]["accountValueHistory"][-1][1] == "10000.0"
    assert Decimal(now["day"]["accountValueHistory"][-1][1]) > 20_000
    assert now["allTime"]["vlm"] == "1250000.0"


def test_a_trade_counts_in_its_periods(fresh: Desk) -> None:
    quiet(fresh.net, bid="3099", ask="3100")
    fresh.place(p="3100", s="0.1", tif="Ioc")
    fresh.place(b=False, p="3099", s="0.1", tif="Ioc")
    # A loss of 0.1, and 0.045% of 310 and of 309.9, each cut.
    lost = str(-Decimal("0.1") - Decimal("0.1395") - Decimal("0.139455"))
    for name in ("day", "allTime", "perpDay"):
        period = periods(fresh)[name]
        assert (period["pnlHistory"][-1][1], period["vlm"]) == (lost, "619.9")
    fresh.net.advance(2 * DAY_MS)
    assert periods(fresh)["day"]["vlm"] == "0.0"
    assert periods(fresh)["week"]["vlm"] == "619.9"


def test_a_spot_trade_counts_but_not_for_perpetuals(desk: Desk) -> None:
    filled = desk.place(a=11_035, b=True, p="29", s="1", tif="Ioc")["filled"]
    now = periods(desk)
    assert Decimal(now["day"]["vlm"]) == Decimal(filled["avgPx"])
    assert now["perpDay"]["vlm"] == "0.0"
