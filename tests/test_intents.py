"""Intents and tickets: a ticket goes into the SDK as it is."""

from decimal import Decimal
from inspect import signature

import pytest

from harness.intents import OrderIntent, Ticket


def ticket(**changes):
    return Ticket("ETH", **{"is_buy": True, "px": Decimal("2792.4"), "sz": Decimal("0.0043"), **changes})


def test_ticket_has_the_parameter_names_of_the_sdk():
    from hyperliquid.exchange import Exchange

    parameters = signature(getattr(Exchange, "order")).parameters  # noqa: B009

    assert set(ticket(cloid=object())) <= set(parameters)


def test_ticket_is_a_mapping_of_floats_and_carries_the_same_as_decimals():
    made = ticket(tif="Alo", reduce_only=True)

    assert dict(made) == {
        "name": "ETH",
        "is_buy": True,
        "sz": 0.0043,
        "limit_px": 2792.4,
        "order_type": {"limit": {"tif": "Alo"}},
        "reduce_only": True,
    }
    assert (made.px, made.sz, made.tif, len(made)) == (Decimal("2792.4"), Decimal("0.0043"), "Alo", 6)


def test_ticket_without_cloid_names_none():
    assert "cloid" not in ticket()
    assert ticket(cloid="0x1")["cloid"] == "0x1"


def test_ticket_in_a_batch_calls_its_coin_coin():
    made = ticket()

    assert made.in_batch["coin"] == "ETH"
    assert "name" not in made.in_batch
    assert made["name"] == "ETH"


@pytest.mark.parametrize(("is_buy", "side"), [(True, "buy"), (False, "sell")])
def test_ticket_reads_as_an_order(is_buy, side):
    assert repr(ticket(is_buy=is_buy)) == f"Ticket({side} 0.0043 ETH at 2792.4, Gtc)"


def test_intent_cannot_be_changed():
    with pytest.raises(AttributeError):
        OrderIntent(True, 100, Decimal(12)).depth_bps = 5
