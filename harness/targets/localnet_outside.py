"""What the `localnet` fixture tells the embedded exchange of the world outside: texts become figures here."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from harness.localnet import Localnet
from harness.localnet.control.commands import carry_out


def _cap_open_interest(net: Localnet, coin: str, usd: str) -> None:
    net.cap_open_interest(coin, Decimal(usd) if usd else None)


def _slow_open_interest(net: Localnet, coin: str, is_too_quick: str) -> None:
    net.slow_open_interest(coin, is_too_quick=bool(is_too_quick))


def _limit_open_orders(net: Localnet, most: str) -> None:
    net.limit_open_orders(int(most) if most else None)


def _fail_order(net: Localnet, address: str, oid: str) -> None:
    net.fail_order(address, int(oid))


def _set_venue_funding(net: Localnet, coin: str, venue: str, rate: str, next_ms: str, hours: str) -> None:
    net.set_venue_funding(
        coin,
        venue,
        Decimal(rate) if rate else None,
        next_ms=int(next_ms),
        hours=int(hours) if hours else None,
    )


def _route_usdc(net: Localnet, deposit: str, withdrawal: str) -> None:
    net.route_usdc(deposit, withdrawal)


def _require_outcome_stake(net: Localnet, hype: str) -> None:
    net.require_outcome_stake(Decimal(hype))


def _register_template(net: Localnet, told: str) -> None:
    carry_out(net, "registerTemplate", json.loads(told))


def _list_from_template(net: Localnet, told: str) -> None:
    carry_out(net, "listFromTemplate", json.loads(told))


OUTSIDE: Final[dict[str, Callable[..., None]]] = {
    "cap_open_interest": _cap_open_interest,
    "fail_order": _fail_order,
    "limit_open_orders": _limit_open_orders,
    "list_from_template": _list_from_template,
    "register_template": _register_template,
    "require_outcome_stake": _require_outcome_stake,
    "route_usdc": _route_usdc,
    "set_venue_funding": _set_venue_funding,
    "slow_open_interest": _slow_open_interest,
}
"""By the names of the commands."""
