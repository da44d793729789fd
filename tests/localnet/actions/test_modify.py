"""Replacing orders."""

from tests.localnet.desk import BTC, Desk, cancel, modify, order, quiet

CLOID = "0x00000000000000000000000000000abc"


def test_a_modified_order_gets_a_new_oid(desk: Desk) -> None:
    old = desk.rest(p="3000")
    (status,) = desk.elements(modify(old, order(p="2990")))
    new = status["resting"]["oid"]
    assert new > old
    assert desk.open_oids() == [new]
    rows = [(row["order"]["oid"], row["status"]) for row in desk.info("historicalOrders")]
    assert rows == [(old, "canceled"), (new, "open"), (old, "open")]


def test_a_single_modify_answers_without_the_oid(desk: Desk) -> None:
    old = desk.rest()
    answer = desk.act({"type": "modify", "oid": old, "order": order(p="2990")})
    assert answer == {"status": "ok", "response": {"type": "default"}}


def test_a_modify_finds_its_order_by_cloid_and_keeps_it(desk: Desk) -> None:
    desk.rest(c=CLOID)
    (status,) = desk.elements(modify(CLOID, order(p="2990", c=CLOID)))
    assert status["resting"]["cloid"] == CLOID
    assert desk.info("orderStatus", oid=CLOID)["order"]["order"]["limitPx"] == "2990.0"


def test_a_dead_order_cannot_be_modified(desk: Desk) -> None:
    old = desk.rest()
    desk.elements(cancel(old))
    text = "Cannot modify canceled or filled order"
    assert desk.elements(modify(old, order())) == [{"error": text}]
    assert desk.act({"type": "modify", "oid": old, "order": order()}) == {"status": "err", "response": text}


def test_a_modify_that_would_cross_is_refused_and_the_old_order_is_gone(desk: Desk) -> None:
    quiet(desk.net, bid="3100", ask="3101")
    old = desk.rest(p="3000")
    answer = desk.act({"type": "modify", "oid": old, "order": order(p="3200")})
    assert answer == {
        "status": "err",
        "response": "Error placing new order during modify: Post only order would have immediately matched, "
        "bbo was 3100@3101. asset=4",
    }
    assert desk.status_of(old) == "canceled"
    assert desk.open_oids() == []


def test_a_modify_that_may_always_place_crosses(desk: Desk) -> None:
    old = desk.rest(p="3000")
    action = modify(old, order(p="3200", tif="Ioc")) | {"a": True}
    assert "filled" in desk.elements(action)[0]
    assert desk.status_of(old) == "canceled"


def test_an_invalid_new_order_leaves_the_old_one(desk: Desk) -> None:
    old = desk.rest()
    for new in (order(s="0"), order(tif="Ioc")):
        assert desk.elements(modify(old, new)) == [{"error": "Attempted to modify to invalid new order"}]
    assert desk.open_oids() == [old]


def test_a_modify_has_the_margin_of_the_order_it_replaces(desk: Desk) -> None:
    old = desk.rest(a=BTC, p="80000", s="0.6")
    (status,) = desk.elements(modify(old, order(a=BTC, p="80001", s="0.6")))
    assert "resting" in status


def test_a_modify_to_another_coin_side_or_open_cloid_is_not_guessed(desk: Desk) -> None:
    old = desk.rest()
    desk.rest(p="2999", c=CLOID)
    for new in (order(a=BTC, p="80000"), order(b=False, p="3300"), order(c=CLOID)):
        assert desk.send(desk.envelope(modify(old, new))).not_implemented
    assert desk.send(desk.envelope({"type": "batchModify", "modifies": []})).not_implemented
    assert len(desk.open_oids()) == 2
