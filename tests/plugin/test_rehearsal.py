"""Testnet, rehearsed: whole runs with --target=testnet against a localnet behind HTTP on loopback."""

import json
from functools import partial

import pytest

from harness.localnet import ACCOUNTS
from harness.targets.testnet import TestnetTarget
from tests.localnet.desk import Desk, order
from tests.plugin.conftest import KEY, text_of

OTHER = ACCOUNTS[5].private_key
LEFT = """
    @pytest.mark.coin("ETH")
    def test_left(trader, market):
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
        trader.exchange.order(**market.ask(depth_bps=-300, notional_usd=12, tif="Ioc"))
"""


def on_testnet(project, *arguments):
    return project.run("--target=testnet", *arguments)


def test_account_is_afterwards_as_it_was_before(project, world):
    (old,) = world.desk.statuses(order(p="2500"))
    world.desk.statuses(order(p="3200", s="0.02", tif="Ioc"))
    orders, positions = world.orders(), world.positions()
    assert orders == {old["resting"]["oid"]}
    assert positions == {"ETH": "0.02"}

    project.write(LEFT)
    on_testnet(project).assert_outcomes(passed=1)

    assert (world.orders(), world.positions()) == (orders, positions)
    assert world.actions == ["order", "order", "cancel", "order"]


@pytest.mark.parametrize("ending", ["assert False", "pytest.exit('stop')", "pytest.skip('x')"])
def test_scenario_is_swept_however_it_ends(project, world, ending):
    project.write(f"{LEFT}        {ending}\n")
    on_testnet(project)

    assert (world.orders(), world.positions()) == (set(), {})
    assert "cancel" in world.actions


def test_order_above_the_limit_does_not_leave(project, world):
    project.write(LEFT.replace("notional_usd=12", "notional_usd=60"))
    result = on_testnet(project)

    result.assert_outcomes(failed=1)
    assert "At most 50 USDC an order on testnet." in text_of(result)
    assert world.actions == []


def test_limit_can_be_raised(project, world):
    project.write(LEFT.replace("notional_usd=12", "notional_usd=60"))
    on_testnet(project, "--max-notional-usd=70").assert_outcomes(passed=1)

    assert (world.orders(), world.positions()) == (set(), {})


def test_orders_are_kept_and_listed_on_request(project, world):
    (old,) = world.desk.statuses(order(p="2500"))
    project.write(LEFT)
    result = on_testnet(project, "--keep-orders")

    result.assert_outcomes(passed=1)
    (oid,) = world.orders() - {old["resting"]["oid"]}
    assert str(old["resting"]["oid"]) not in text_of(result)
    assert f"order {oid} on ETH" in text_of(result)
    assert world.positions()["ETH"] in text_of(result)


def test_redirect_is_not_followed(project, world):
    world.instead = lambda path, body: (
        (307, {"Location": f"{world.url}/exchange"}, b"") if path == "/exchange" else None
    )
    project.write(LEFT)
    on_testnet(project).assert_outcomes(failed=1)

    assert world.actions == ["order"]


def test_header_names_the_testnet(project, world):
    project.write("def test_nothing(venue): pass")
    text = text_of(on_testnet(project))

    assert "target testnet (https://api.hyperliquid-testnet.xyz)" in text


def test_unknown_field_is_reported_and_fails_nothing(project, world):
    world.instead = lambda path, body: (
        (200, {"Content-Type": "application/json"}, b'{"role":"user","mood":1}')
        if body.get("type") == "userRole"
        else None
    )
    project.write("""
        from harness.shapes import UserRole

        def test_role(trader):
            assert UserRole.parse(trader.info.user_role(trader.address)).role == "user"
    """)
    result = on_testnet(project)

    result.assert_outcomes(passed=1)
    assert "test_role: $.mood" in text_of(result)
    on_testnet(project, "--strict-shapes").assert_outcomes(failed=1)


def test_sweep_goes_on_when_an_answer_has_another_form(project, world):
    def odd(path, body):
        made = world.net.handle(path, "application/json", json.dumps(body).encode())
        if body.get("type") != "openOrders" or made.body == b"[]":
            return made.status, {"Content-Type": made.content_type}, made.body
        return 200, {"Content-Type": made.content_type}, made.body.replace(b'"side":"B"', b'"side":7')

    world.instead = odd
    project.write(LEFT)
    on_testnet(project).assert_outcomes(passed=1)

    assert (world.orders(), world.positions()) == (set(), {})


def test_fixture_that_commands_the_exchange_skips_with_the_reason(project, world):
    project.write("def test_move(localnet): pass")
    result = on_testnet(project, "-rs")

    result.assert_outcomes(skipped=1)
    assert "runs with --target=localnet" in text_of(result)


def test_counterparty_needs_a_key_of_its_own(project, world, monkeypatch):
    project.write("def test_two(trader, counterparty): assert trader.address != counterparty.address")
    result = on_testnet(project)
    result.assert_outcomes(errors=1)
    assert "HYPERLIQUID_TESTNET_COUNTERPARTY_KEY" in text_of(result)

    monkeypatch.setenv("HYPERLIQUID_TESTNET_COUNTERPARTY_KEY", OTHER)
    on_testnet(project).assert_outcomes(passed=1)


def test_agents_key_trades_for_its_master(project, world, monkeypatch):
    agent = Desk(world.net, "0x" + "77" * 32)
    world.desk.approve(agent.address)
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", "0x" + agent.key.hex())
    monkeypatch.setenv("HYPERLIQUID_TESTNET_ACCOUNT_ADDRESS", world.desk.address)
    project.write(LEFT + f"        assert trader.address.lower() == {world.desk.address!r}\n")

    on_testnet(project).assert_outcomes(passed=1)
    assert (world.orders(), world.positions()) == (set(), {})


def test_property_has_a_small_budget(project, world):
    project.write("""
        from hypothesis import given
        from harness.strategies import resting_intents

        @given(intent=resting_intents())
        def test_property(venue, intent):
            with venue.trader() as trader:
                trader.exchange.order(**venue.market("ETH").ticket(intent))
    """)
    on_testnet(project).assert_outcomes(passed=1)

    assert 1 <= world.actions.count("order") <= 5
    assert world.orders() == set()


def test_journal_holds_every_request_and_neither_key_nor_signature(project, world):
    project.write(LEFT)
    on_testnet(project).assert_outcomes(passed=1)
    (path,) = (project.path / ".hl-harness").glob("journal-*.jsonl")
    text = path.read_text()
    lines = [json.loads(line) for line in text.splitlines()]

    sent = [line["sent"] for line in lines if "sent" in line]
    assert [one["action"]["type"] for one in sent if "action" in one] == world.actions
    assert {line["by"] for line in lines if "by" in line} == {"scenario", "harness", "sweep"}
    assert KEY.removeprefix("0x") not in text
    assert "signature" not in text


@pytest.mark.parametrize("broken", ["harness.trader._wallet", "hyperliquid.info.Info.__init__"])
def test_key_stands_in_no_traceback_even_with_locals(project, world, monkeypatch, broken):
    def fail(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(broken, fail)
    project.write(LEFT)
    result = on_testnet(project, "--showlocals", "--tb=long", "--full-trace", "-vv")

    result.assert_outcomes(errors=1)
    text = text_of(result).lower()
    assert "runtimeerror: broken" in text
    assert KEY.removeprefix("0x").lower() not in text
    assert repr(bytes.fromhex(KEY.removeprefix("0x"))).lower()[2:-1] not in text


def test_key_stands_in_no_traceback_of_a_failed_sweep(project, world):
    world.instead = lambda path, body: (
        (200, {"Content-Type": "application/json"}, b'{"status":"err","response":"no"}')
        if body.get("action", {}).get("type") == "cancel"
        else None
    )
    project.write(LEFT)
    result = on_testnet(project, "--showlocals", "--tb=long", "--full-trace", "-vv")

    result.assert_outcomes(passed=1, errors=1)
    assert "left order " in text_of(result)
    assert KEY.removeprefix("0x").lower() not in text_of(result).lower()


def test_testnet_out_of_reach_is_told(project, world, monkeypatch):
    monkeypatch.setattr("harness.venue.TestnetTarget", partial(TestnetTarget, "http://127.0.0.1:9"))
    project.write(LEFT)
    result = on_testnet(project)

    result.assert_outcomes(errors=1)
    assert "TargetUnavailable: http://127.0.0.1:9 did not answer meta" in text_of(result)
    assert "urllib3" not in text_of(result)
