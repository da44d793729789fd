"""An answer that does not come: what became of the request is found out, told, and nothing is sent twice."""

import pytest

from harness.errors import TargetUnavailable, UnknownOutcome
from harness.localnet import ACCOUNTS
from harness.recording.tape import Reply
from tests.localnet.desk import Desk, order, orders
from tests.safety.runs import FAR, Exchange, Run, lost

CLOID = "0x" + "ab" * 16
TWAP = {"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "0.3", "r": False, "m": 5, "t": False}}
SPOILED = {
    "reset": None,
    "502": Reply(502, "text/html", "<html>"),
    "500": Reply(500, "application/json", "null"),
    "truncated": Reply(200, "application/json", '{"status":"ok","resp'),
    "no object": Reply(200, "application/json", "null"),
}


@pytest.fixture
def exchange():
    """The exchange."""
    return Exchange()


@pytest.fixture
def desk(exchange):
    """The account's own desk."""
    return Desk(exchange.net, ACCOUNTS[4].private_key)


@pytest.fixture
def run(exchange, desk, tmp_path):
    """A run on that account."""
    return Run(exchange, desk, tmp_path)


def spoil(exchange, how, *, arrived, kind="order"):
    """Spoil the answer to the next action of a type."""
    left = [1]

    def spoiled(path, body):
        if body.get("action", {}).get("type") != kind or not left[0]:
            return None
        left[0] = 0
        return SPOILED[how] or lost()

    setattr(exchange, "after" if arrived else "instead", spoiled)


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("cloid", [None, CLOID])
@pytest.mark.parametrize(
    ("wish", "arrived", "found"),
    [
        pytest.param({"p": FAR}, True, "order {oid} on ETH rests", id="rests"),
        pytest.param({"p": "3500", "tif": "Ioc"}, True, "filled: +0.01 ETH", id="filled"),
        pytest.param({"p": "2000", "tif": "Ioc"}, True, "refused, or ended again", id="refused"),
        pytest.param({"p": FAR}, False, "it was never seen", id="never"),
    ],
)
def test_outcome_is_found_and_told(run, exchange, desk, how, cloid, wish, arrived, found):
    spoil(exchange, how, arrived=arrived)

    with pytest.raises(UnknownOutcome) as caught:
        run.act(orders(order(**wish, c=cloid)))

    oid = (desk.open_oids() or [None])[0]
    assert found.format(oid=oid) in str(caught.value)
    assert str(caught.value).startswith(f"order for {desk.address} (nonce ")
    assert exchange.actions == ["order", "noop"]
    assert len(run.keeper.unknown) == 1
    run.keeper.sweep(run.owner.master)
    assert (desk.open_oids(), desk.position()) == ([], "0.0")


def test_order_that_was_told_is_not_taken_for_the_lost_one_like_it(run, exchange, desk):
    told = run.rest()
    spoil(exchange, "reset", arrived=True)

    with pytest.raises(UnknownOutcome) as caught:
        run.rest()

    (lost_one,) = set(desk.open_oids()) - {told}
    assert f"Looked for it: order {lost_one} on ETH rests." in str(caught.value)


@pytest.mark.parametrize(("arrived", "found"), [(True, "TWAP 100001 runs"), (False, "it was never seen")])
def test_outcome_of_a_twap_is_found(run, exchange, arrived, found):
    spoil(exchange, "reset", arrived=arrived, kind="twapOrder")

    with pytest.raises(UnknownOutcome, match=found):
        run.act(TWAP)


@pytest.mark.parametrize(("arrived", "found"), [(True, "it has arrived"), (False, "it was never seen")])
def test_outcome_of_what_is_no_order_is_found(run, exchange, arrived, found):
    spoil(exchange, "reset", arrived=arrived, kind="updateLeverage")

    with pytest.raises(UnknownOutcome, match=found):
        run.act({"type": "updateLeverage", "asset": 4, "isCross": True, "leverage": 3})


def test_nothing_is_sent_for_the_account_before_the_outcome_is_known(run, exchange, desk):
    exchange.after = lambda path, body: lost() if "action" in body else None

    with pytest.raises(UnknownOutcome, match="what became of it is not known yet"):
        run.act(orders(order(p=FAR)))
    with pytest.raises(TargetUnavailable):
        run.act(orders(order(p="2100")))
    assert exchange.actions.count("order") == 1

    exchange.after = lambda path, body: None
    run.rest("2100")
    assert exchange.actions[-2:] == ["noop", "order"]
    run.keeper.sweep(run.owner.master)
    assert desk.open_oids() == []


@pytest.mark.parametrize("status", [429, 422, 400, 307])
def test_answer_that_says_it_was_not_taken_in_is_no_unknown_outcome(run, exchange, status):
    exchange.instead = lambda path, body: (
        Reply(status, "application/json", "{}") if body.get("action", {}).get("type") == "order" else None
    )

    run.act(orders(order(p=FAR)))

    assert run.keeper.unknown == []
    assert run.keeper.touched() == []
