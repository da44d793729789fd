"""Modifying in all its forms: alone, in a batch, at a price that trades at once, whether or not it lived.

Covers: POST /exchange (modify, batchModify with `a`), POST /info (openOrders, orderStatus). The SDK sends
neither `modify` nor `a`; both are signed with its own signing.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    BatchModifyResponse,
    FrontendOpenOrders,
    OpenOrders,
    OrderResponse,
    OrderStatus,
)
from harness.shapes.actions import ModifyResponse

pytestmark = [pytest.mark.coin("ETH"), pytest.mark.spends]


def wired(market, px, *, sz="0.01", tif="Gtc", cloid=None):
    """Return a bid as it goes over the wire."""
    order = {"a": market.asset, "b": True, "p": str(px), "s": sz, "r": False, "t": {"limit": {"tif": tif}}}
    return order if cloid is None else order | {"c": cloid.to_raw()}


def resting(trader, px, *, tif="Gtc", cloid=None):
    """Place a bid; return its oid."""
    answer = trader.exchange.order("ETH", True, 0.01, px, {"limit": {"tif": tif}}, cloid=cloid)
    return OrderResponse.parse(answer).resting.oid


def test_modify_alone_answers_a_plain_yes(trader, market, localnet, venue):
    """Without the new oid: that is found by the cloid."""
    localnet.set_mid("ETH", "3000")
    old = resting(trader, 2000)
    cloid = venue.cloid()
    new = wired(market, 2100, cloid=cloid)

    assert ModifyResponse.parse(trader.post_l1_action({"type": "modify", "oid": old, "order": new})).ok

    found = OrderStatus.parse(trader.info.query_order_by_cloid(trader.address, cloid))
    assert (found.state, found.limit_px) == ("open", 2100)
    assert OrderStatus.parse(trader.info.query_order_by_oid(trader.address, old)).state == "canceled"


def test_modify_that_trades_at_once_is_filled(trader, market, localnet, venue):
    """With `a` a modify may take liquidity; one answers with its cloid, one without."""
    localnet.set_mid("ETH", "3000")
    first, second = resting(trader, 2000), resting(trader, 2010)
    cloid = venue.cloid()
    modifies = [
        {"oid": first, "order": wired(market, 3100, tif="Ioc", cloid=cloid)},
        {"oid": second, "order": wired(market, 3100, tif="Ioc")},
    ]

    answer = trader.post_l1_action({"type": "batchModify", "modifies": modifies, "a": True})

    named, bare = BatchModifyResponse.parse(answer).statuses
    assert (named.total_sz, named.cloid, bare.cloid) == (Decimal("0.01"), cloid.to_raw(), None)
    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == ()


def test_order_that_has_gone_is_placed_all_the_same(trader, market, localnet):
    """With `a` the new order comes whether or not the old one was there."""
    localnet.set_mid("ETH", "3000")
    modifies = [{"oid": 1, "order": wired(market, 2000)}]

    answer = trader.post_l1_action({"type": "batchModify", "modifies": modifies, "a": True})

    oid = BatchModifyResponse.parse(answer).resting.oid
    assert OpenOrders.parse(trader.info.open_orders(trader.address)).oids == (oid,)


def test_post_only_order_says_so(trader, localnet):
    """Among the open orders with its tif, beside one that may take."""
    localnet.set_mid("ETH", "3000")
    alo, gtc = resting(trader, 2000, tif="Alo"), resting(trader, 2010)

    orders = FrontendOpenOrders.parse(trader.info.frontend_open_orders(trader.address))

    assert (orders.order(alo).tif, orders.order(gtc).tif) == ("Alo", "Gtc")
