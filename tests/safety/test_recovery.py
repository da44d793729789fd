"""After a run was killed: what it made ends, nothing else is touched, at whatever point it died."""

import contextlib
import json
import os

import pytest

from harness.localnet import ACCOUNTS
from harness.recording.tape import Reply
from harness.safety import journals
from tests.localnet.desk import Desk, grouped, order, orders, trigger
from tests.safety.runs import FAR, Exchange, Killed, Run, lost


@pytest.fixture
def exchange():
    """The exchange."""
    return Exchange()


@pytest.fixture
def desk(exchange):
    """The account's own desk: what it does is not the run's."""
    return Desk(exchange.net, ACCOUNTS[4].private_key)


@pytest.fixture
def run(exchange, desk, tmp_path):
    """A run on that account."""
    return Run(exchange, desk, tmp_path)


def clean(recovered):
    assert all(one.is_clean for one in recovered), [one.lines() for one in recovered]
    return recovered


def killed_at(kind, *, arrived):
    """Return what dies when an action of this type is sent, before or after it has arrived."""

    def die(path, body):
        if body.get("action", {}).get("type") == kind:
            raise Killed

    return {"after" if arrived else "instead": die}


def dies(run, exchange, action, *, arrived, **envelope):
    for name, die in killed_at(action["type"], arrived=arrived).items():
        setattr(exchange, name, die)
    with pytest.raises(Killed):
        run.act(action, **envelope)
    exchange.instead = exchange.after = lambda path, body: None
    run.die()


def test_what_a_killed_run_made_is_swept_and_nothing_else(run, desk):
    old = desk.rest(p=FAR)
    desk.place(p="3500", s="0.02", tif="Ioc")
    stop = desk.statuses(trigger(px="1500", p="1400", b=False, r=True, s="0.02"))[0]["resting"]["oid"]
    run.rest()
    run.take("0.01")
    run.act(orders(trigger(px="1600", p="1400", b=False, r=True, s="0.01")))
    run.act({"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "0.3", "r": False, "m": 5, "t": False}})
    meanwhile = desk.rest(p="2100")
    run.die()

    (recovered,) = clean(run.recover())

    assert sorted(desk.open_oids()) == sorted([old, stop, meanwhile])
    assert desk.position() == "0.02"
    assert desk.info("twapHistory")[0]["status"]["status"] == "terminated"
    assert sum("cancelled" in line for line in recovered.lines()) == 3


def test_second_sweep_finds_nothing(run, exchange):
    run.rest()
    run.die()
    clean(run.recover())
    seen = len(exchange.seen)

    assert run.recover() == []
    assert len(exchange.seen) == seen


def test_living_run_is_left_alone(run, desk):
    oid = run.rest()

    assert run.recover() == []
    assert desk.open_oids() == [oid]


def test_run_that_ended_by_itself_is_not_swept_again(run, desk):
    run.rest()
    run.keeper.sweep(run.owner.master)
    run.keeper.end(is_kept=False)
    run.die()

    assert run.recover() == []


def test_run_that_was_to_keep_its_orders_is_left_alone(exchange, desk, tmp_path):
    run = Run(exchange, desk, tmp_path, keep_orders=True)
    oid = run.rest()
    run.die()

    assert run.recover() == []
    assert desk.open_oids() == [oid]


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("cloid", [None, "0x" + "ab" * 16])
@pytest.mark.parametrize("tif", ["Gtc", "Ioc"])
def test_order_in_flight_when_the_run_died_is_swept(run, exchange, desk, arrived, cloid, tif):
    desk.rest(p=FAR, s="0.02")
    dies(run, exchange, orders(order(p="3500" if tif == "Ioc" else FAR, tif=tif, c=cloid)), arrived=arrived)

    clean(run.recover())

    assert (len(desk.open_oids()), desk.position()) == (1, "0.0")


def test_order_that_has_not_arrived_cannot_arrive_after_the_sweep(run, exchange, desk):
    late = []

    def keep(path, body):
        if body.get("action", {}).get("type") == "order":
            late.append(body)
            raise Killed

    exchange.instead = keep
    with pytest.raises(Killed):
        run.act(orders(order(p=FAR)))
    exchange.instead = lambda path, body: None
    run.die()
    clean(run.recover())

    answer = json.loads(desk.send(late[0]).body)

    assert "duplicate nonce" in answer["response"]
    assert desk.open_oids() == []


@pytest.mark.parametrize("arrived", [True, False])
def test_group_trigger_twap_and_modify_in_flight_are_swept(exchange, desk, tmp_path, arrived):
    for number, make in enumerate(
        (
            lambda run: grouped(
                "normalTpsl", order(p="2200"), trigger(px="1900", p="1800", b=False, r=True, s="0.01")
            ),
            lambda run: {
                "type": "twapOrder",
                "twap": {"a": 4, "b": True, "s": "0.3", "r": False, "m": 5, "t": False},
            },
            lambda run: {"type": "modify", "oid": run.rest("2300"), "order": order(p="2301")},
        )
    ):
        run = Run(exchange, desk, tmp_path / str(number))
        dies(run, exchange, make(run), arrived=arrived)
        clean(run.recover())
        assert desk.open_oids() == [], number
    assert {row["twapId"] for row in desk.info("twapHistory") if row["status"]["status"] == "activated"} == {
        row["twapId"] for row in desk.info("twapHistory") if row["status"]["status"] == "terminated"
    }


def test_lookalike_of_somebody_else_is_named_and_not_touched(run, exchange, desk):
    dies(run, exchange, orders(order(p=FAR)), arrived=True)
    (ours,) = desk.open_oids()
    theirs = desk.rest(p=FAR)

    (recovered,) = run.recover()

    assert sorted(desk.open_oids()) == [ours, theirs]
    assert not recovered.is_clean
    assert f"1 of the orders [{ours}, {theirs}] may be the run's" in str(recovered.lines())


def test_lookalike_from_before_the_run_is_not_doubted(run, exchange, desk):
    old = desk.rest(p=FAR)
    dies(run, exchange, orders(order(p=FAR)), arrived=True)

    clean(run.recover())

    assert desk.open_oids() == [old]


@pytest.mark.parametrize("calls", range(1, 14))
def test_sweep_may_be_killed_anywhere(run, exchange, desk, calls):
    desk.place(p="3500", s="0.02", tif="Ioc")
    old = desk.rest(p=FAR)
    run.rest("2100")
    run.take("0.03", is_buy=False)
    run.die()
    for arrived in (False, True):
        left = [calls]

        def die(path, body, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise Killed

        setattr(exchange, "after" if arrived else "instead", die)
        with contextlib.suppress(Killed):
            run.recover()
        exchange.instead = exchange.after = lambda path, body: None

    clean(run.recover())

    assert (desk.open_oids(), desk.position()) == ([old], "0.02")


@pytest.mark.parametrize("arrived", [True, False])
def test_lost_answer_to_the_sweeps_own_close_does_not_close_twice(run, exchange, desk, arrived):
    desk.place(p="3500", s="0.02", tif="Ioc")
    run.take("0.03")
    run.die()
    left = [2]

    def lose(path, body):
        if body.get("action", {}).get("type") == "order" and left[0]:
            left[0] -= 1
            lost()

    setattr(exchange, "after" if arrived else "instead", lose)

    clean(run.recover())

    assert desk.position() == "0.02"


def test_position_that_somebody_closed_by_hand_is_not_opened_again(run, desk):
    run.take("0.02")
    run.die()
    desk.place(b=False, p="2700", s="0.02", r=True, tif="Ioc")

    clean(run.recover())

    assert desk.position() == "0.0"


@pytest.mark.parametrize(("before", "run_s", "other"), [("0.02", "0.01", "0.05"), ("0.05", "0.03", "0.01")])
def test_fills_of_others_stay(run, desk, before, run_s, other):
    desk.place(p="3500", s=before, tif="Ioc")
    run.take(run_s)
    desk.place(p="3500", s=other, tif="Ioc")
    run.die()

    clean(run.recover())

    assert float(desk.position()) == pytest.approx(float(before) + float(other))


def test_sub_account_that_was_acted_for_is_swept(run, exchange, desk):
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    desk.act({"type": "subAccountTransfer", "subAccountUser": sub, "isDeposit": True, "usd": 500_000_000})
    desk.act(orders(order(p="2001")), vault=sub)
    run.act(orders(order(p=FAR)), vault=sub)
    run.take("0.01", vault=sub)
    run.die()

    (recovered,) = clean(run.recover())

    rows = json.loads(desk.send({"type": "openOrders", "user": sub}, "/info").body)
    assert [row["limitPx"] for row in rows] == ["2001.0"]
    state = json.loads(desk.send({"type": "clearinghouseState", "user": sub}, "/info").body)
    assert state["assetPositions"] == []
    assert [swept.account for swept in recovered.accounts] == [sub]


@pytest.mark.parametrize("arrived", [True, False])
def test_order_of_an_agent_is_swept_with_its_masters_key(run, exchange, desk, arrived):
    agent = Desk(exchange.net, "0x" + "77" * 32)
    nonce = desk.nonce()
    approval = {
        "type": "approveAgent",
        "signatureChainId": "0x66eee",
        "hyperliquidChain": "Testnet",
        "agentAddress": agent.address,
        "agentName": "",
        "nonce": nonce,
    }
    assert run.post(desk.user_envelope(approval, nonce))["status"] == "ok"
    run.act(orders(order(p="2100")), by=agent)
    dies(run, exchange, orders(order(p=FAR)), arrived=arrived, by=agent)

    clean(run.recover())

    assert desk.open_oids() == []


def test_builders_dex_is_swept(run, exchange, desk):
    desk.act({"type": "agentSetAbstraction", "abstraction": "u"})
    send = {
        "type": "sendAsset",
        "signatureChainId": "0x66eee",
        "hyperliquidChain": "Testnet",
        "destination": desk.address,
        "sourceDex": "",
        "destinationDex": "test",
        "token": "USDC",
        "amount": "500",
        "fromSubAccount": "",
        "nonce": 0,
    }
    nonce = desk.nonce()
    desk.send_user_signed(send | {"nonce": nonce}, nonce)
    exchange_mid = exchange.net.mid("test:GOLD")
    px = str(int(exchange_mid * 11 / 10))
    answer = run.act(
        orders(
            order(a=110_001, p=px, s="0.1", tif="Ioc"),
            order(a=110_001, p=str(int(exchange_mid / 2)), s="0.1"),
        )
    )
    assert "filled" in str(answer), answer
    run.die()

    clean(run.recover())

    assert desk.info("openOrders", dex="test") == []
    assert desk.info("clearinghouseState", dex="test")["assetPositions"] == []


def test_key_that_is_not_at_hand_leaves_it_and_says_so(run, exchange, desk):
    oid = run.rest()
    run.die()
    stranger = Run(exchange, Desk(exchange.net, ACCOUNTS[5].private_key), run.folder / "x").owner

    (recovered,) = run.recover(stranger)

    assert f"it belongs to {desk.address}, whose key is not at hand" in str(recovered.lines())
    assert desk.open_oids() == [oid]
    clean(run.recover())
    assert desk.open_oids() == []


def test_dry_run_sends_nothing_signed(run, exchange, desk):
    oid = run.rest()
    run.take("0.01")
    run.die()
    acted = list(exchange.actions)

    (recovered,) = run.recover(dry_run=True)

    assert exchange.actions == acted
    assert recovered.lines() == [
        f"{desk.address}: LEFT order {oid} on ETH",
        f"{desk.address}: LEFT position 0.01 ETH",
    ]
    clean(run.recover())


def test_cancel_that_fails_keeps_no_position_open_and_is_told(run, exchange, desk):
    oid = run.rest()
    run.take("0.01")
    run.die()
    refusal = Reply(200, "application/json", '{"status":"err","response":"no way"}')
    exchange.instead = lambda path, body: refusal if body.get("action", {}).get("type") == "cancel" else None

    (recovered,) = run.recover()

    assert not recovered.is_clean
    assert desk.position() == "0.0"
    assert recovered.accounts[0].left == [f"order {oid} on ETH", "no way"]


def test_exchange_out_of_reach_is_told_and_swept_later(run, exchange, desk):
    run.rest()
    run.die()
    exchange.instead = lambda path, body: lost()

    (recovered,) = run.recover()

    assert not recovered.is_clean
    exchange.instead = lambda path, body: None
    clean(run.recover())
    assert desk.open_oids() == []


def test_line_that_power_loss_cut_is_passed_over(run, desk):
    run.rest()
    run.die()
    with open(run.file.path, "ab") as file:
        file.write(b'{"n":99,"at":1,"by":"scen')

    clean(run.recover())

    assert desk.open_oids() == []
    assert '"done"' in run.file.path.read_text().splitlines()[-1]


def test_signed_request_and_what_was_there_are_on_disk_before_it_leaves(run, exchange, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda one: (synced.append(run.file.path.read_text()), real(one)))
    at_sending = []
    exchange.instead = lambda path, body: at_sending.append((body, len(synced))) and None
    run.act(orders(order(p=FAR, c="0x" + "ab" * 16)))

    body, count = at_sending[-1]
    lines = [json.loads(line) for line in synced[count - 1].splitlines()]
    assert [line["before"] for line in lines if "before" in line] == [run.desk.address]
    assert lines[-1]["sent"]["action"] == body["action"]
    assert (lines[-1]["account"], lines[-1]["master"]) == (run.desk.address, run.desk.address)
    assert "signature" not in lines[-1]["sent"]


def test_journals_that_are_done_are_forgotten_in_time(run, tmp_path):
    for _ in range(50):
        file = journals.start(tmp_path / "many", keep_orders=False)
        file.journal.note({"done": 1})
        file.end(worth_keeping=True)

    assert 40 <= len(journals.journals(tmp_path / "many")) <= 42


def test_answers_that_a_loss_of_power_took_are_not_needed(run, desk):
    """They are not synced; the requests and what was there before are."""
    old = desk.rest(p=FAR)
    desk.place(p="3500", s="0.02", tif="Ioc")
    for px, cloid in (("2100", None), ("2100", None), ("2200", "0x" + "ab" * 16)):
        run.rest(px, c=cloid)
    run.take("0.03", is_buy=False)
    run.act(orders(trigger(px="3400", p="3500", b=True, s="0.01")))
    run.act({"type": "twapOrder", "twap": {"a": 4, "b": True, "s": "0.3", "r": False, "m": 5, "t": False}})
    run.act({"type": "modify", "oid": run.rest("2300"), "order": order(p="2301")})
    run.die()
    lines = run.file.path.read_text().splitlines()
    run.file.path.write_text("\n".join(line for line in lines if '"status"' not in line))

    clean(run.recover())

    assert (desk.open_oids(), desk.position()) == ([old], "0.02")
    assert desk.info("twapHistory")[0]["status"]["status"] == "terminated"


def test_scheduled_cancel_of_a_run_is_taken_back(run, exchange, desk):
    old = desk.rest(p=FAR)
    in_a_while = exchange.net.clock.now_ms() + 60_000
    assert run.act({"type": "scheduleCancel", "time": in_a_while})["status"] == "ok"
    run.die()

    clean(run.recover())
    exchange.net.advance(120)

    assert desk.open_oids() == [old]
