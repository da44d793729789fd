"""The embedded exchange as a target: deterministic, fresh, and commanded from outside."""

import json
from decimal import Decimal

import pytest
import requests

from harness.errors import HarnessError
from harness.localnet import ACCOUNTS, LocalnetError
from harness.targets.localnet import LocalnetTarget
from tests.recording.tapes import read


def tell(target, name, /, **fields):
    """Command as the `localnet` fixture does."""
    target.command(name, [json.dumps(fields)])


def mids(target):
    return target.answer(read("allMids")).body


def test_clock_moves_with_every_request():
    target = LocalnetTarget("x")
    before = target.now_ms()
    target.answer(read("allMids"))

    assert target.now_ms() > before


def test_nonces_rise_even_when_the_clock_stands():
    target = LocalnetTarget("x")
    nonces = [target.nonce_ms() for _ in range(3)]

    assert nonces == [target.now_ms(), target.now_ms() + 1, target.now_ms() + 2]


def test_waiting_moves_the_clock():
    target = LocalnetTarget("x")
    before = target.now_ms()
    target.wait(1.5)

    assert target.now_ms() == before + 1_500


def test_draws_depend_on_scenario_stream_and_turn_alone():
    def draws(name):
        target = LocalnetTarget(name)
        return [target.draw(stream, 8) for stream in ("sdk", "venue", "sdk", "venue")]

    assert draws("x") == draws("x")
    assert len({*draws("x"), *draws("y")}) == 8


def test_draws_have_the_length_that_was_asked():
    assert [len(LocalnetTarget("x").draw("sdk", size)) for size in (0, 1, 20, 64)] == [0, 1, 20, 64]


def test_late_answer_is_marked_and_takes_its_time():
    target = LocalnetTarget("x")
    target.command("delay", ["2.5"])
    before = target.now_ms()

    assert [target.answer(read("allMids")).delay_s for _ in range(2)] == [2.5, 0.0]
    assert target.now_ms() >= before + 2_500


def test_price_is_moved():
    target = LocalnetTarget("x")
    tell(target, "setMid", coin="ETH", px="2000")

    assert abs(target.net.mid("ETH") - 2000) < 1


def test_liquidity_is_replaced():
    target = LocalnetTarget("x")
    tell(target, "setLiquidity", coin="ETH", bids=[("3099", "1"), ("3098", "2")])

    book = target.answer(read("l2Book", coin="ETH")).body
    bids, asks = json.loads(book)["levels"]
    assert [(Decimal(one["px"]), Decimal(one["sz"])) for one in bids] == [(3099, 1), (3098, 2)]
    assert asks == []


def test_account_is_funded():
    target = LocalnetTarget("x")
    before = target.net.total_usd()
    tell(target, "fund", address="0x" + "11" * 20, usd="250.5")

    assert target.net.total_usd() - before == Decimal("250.5")


def test_clock_is_advanced():
    target = LocalnetTarget("x")
    before = target.now_ms()
    tell(target, "advance", ms=86_400_000)

    assert target.now_ms() == before + 86_400_000


def test_unknown_command_is_refused():
    with pytest.raises(HarnessError, match="knows no command 'explode'"):
        tell(LocalnetTarget("x"), "explode")


def test_unknown_coin_is_an_error_of_the_harness():
    with pytest.raises(HarnessError):
        tell(LocalnetTarget("x"), "setMid", coin="NOCOIN", px="1")


def test_fresh_exchange_knows_nothing_of_the_old_one():
    target = LocalnetTarget("x")
    first, start = mids(target), LocalnetTarget("x").now_ms()
    tell(target, "setMid", coin="ETH", px="2000")
    target.command("delay", ["9"])
    target.nonce_ms()

    target.fresh()

    assert target.now_ms() == target.nonce_ms() == start
    assert target.answer(read("allMids")).delay_s == 0
    assert mids(target) == first


def test_what_localnet_does_not_know_is_marked_unproven():
    reply = LocalnetTarget("x").answer(read("tokenDetails", tokenId="0x" + "12" * 16))

    assert (reply.unproven, reply.status) == (True, 422)


def test_exchange_has_no_end():
    LocalnetTarget("x").finish(torn_down=True)


def balances(target):
    return target.answer(read("clearinghouseState", user=ACCOUNTS[0].address)).body


def test_snapshot_and_revert_are_by_the_scenarios_name():
    target = LocalnetTarget("x")
    target.command("snapshot", ["1"])
    before, nonce = target.now_ms(), target.nonce_ms()
    shown = balances(target)
    tell(target, "fund", address=ACCOUNTS[0].address, usd="5")
    tell(target, "move", coin="ETH", bps="-50")
    target.wait(60)

    target.command("revert", ["1"])

    assert (target.now_ms(), target.nonce_ms(), balances(target)) == (before, nonce, shown)
    with pytest.raises(HarnessError, match="no snapshot 2"):
        target.command("revert", ["2"])
    target.fresh()
    with pytest.raises(HarnessError, match="no snapshot 1"):
        target.command("revert", ["1"])


def test_time_can_stand_still():
    target = LocalnetTarget("x")
    tell(target, "pause")
    before = target.now_ms()
    mids(target)
    assert target.now_ms() == before
    tell(target, "resume")
    mids(target)
    assert target.now_ms() > before


def test_tokens_are_funded():
    target = LocalnetTarget("x")
    stranger = "0x" + "42" * 20
    tell(target, "fundToken", address=stranger, token="PURR", amount="2.5")
    assert '"total":"2.5"' in target.answer(read("spotClearinghouseState", user=stranger)).body


def faults(target, *rules):
    tell(target, "setFaults", rules=rules)


def test_faults_come_through_the_door_as_the_network_has_them():
    target = LocalnetTarget("x")
    faults(target, {"fault": "rateLimited", "calls": [1]}, {"fault": "reset", "calls": [2]})
    assert target.answer(read("allMids")).status == 429
    with pytest.raises(requests.exceptions.ConnectionError, match="reset"):
        target.answer(read("allMids"))
    assert target.answer(read("allMids")).status == 200


def test_late_answers_of_faults_and_of_delay_add_up():
    target = LocalnetTarget("x")
    faults(target, {"fault": "delay", "seconds": 2})
    target.command("delay", ["1"])
    before = target.now_ms()
    assert target.answer(read("allMids")).delay_s == 3
    assert target.now_ms() >= before + 3_000


def test_neither_delays_nor_faults_meet_what_the_harness_asks():
    target = LocalnetTarget("x")
    faults(target, {"fault": "rateLimited", "calls": [1]})
    target.command("delay", ["1"])
    asked = target.answer_harness(read("allMids"))
    assert (asked.status, asked.delay_s, asked.unproven) == (200, 0, False)
    answered = target.answer(read("allMids"))
    assert (answered.status, answered.delay_s) == (429, 1)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([{"fault": "lost", "action": "order", "calls": [3, 2]}], r"lost \(action order, calls 2, 3\)"),
        ([{"fault": "wsDrop", "channel": "trades"}], r"wsDrop \(channel trades\)"),
        ([{"fault": "delay", "seconds": 1, "path": "/info"}, {"fault": "reset"}], "never did: reset"),
    ],
)
def test_fault_that_met_nothing_is_told_at_the_end(rules, told):
    target = LocalnetTarget("x")
    faults(target, *rules)
    target.answer(read("allMids"))
    target.finish(torn_down=False)

    with pytest.raises(LocalnetError, match=told):
        target.finish(torn_down=True)


def test_fault_that_met_nothing_is_told_though_another_script_followed():
    target = LocalnetTarget("x")
    faults(target, {"fault": "reset", "info": "meta"})
    faults(target)

    with pytest.raises(LocalnetError, match=r"reset \(info meta\)"):
        target.finish(torn_down=True)


def test_delay_that_nothing_followed_is_told():
    target = LocalnetTarget("x")
    target.command("delay", ["2.5"])
    target.answer_harness(read("allMids"))
    faults(target)

    with pytest.raises(LocalnetError, match=r"a delay of 2\.5 s"):
        target.finish(torn_down=True)


def test_what_may_stay_away_is_not_missed():
    target = LocalnetTarget("x")
    faults(target, {"fault": "reset", "probability": 0.5}, {"fault": "reset", "times": 0})
    target.finish(torn_down=True)

    faults(target, {"fault": "lost", "action": "modify"})
    target.fresh()
    target.finish(torn_down=True)


def test_harness_hears_what_localnet_does_not_know():
    assert LocalnetTarget("x").answer_harness(read("tokenDetails", tokenId="0x" + "12" * 16)).unproven


@pytest.mark.parametrize(
    ("fault", "unproven"), [("truncated", True), ("badGateway", True), ("serverError", False)]
)
def test_spoiled_answers_prove_nothing(fault, unproven):
    target = LocalnetTarget("x")
    faults(target, {"fault": fault})
    assert target.answer(read("allMids")).unproven is unproven


def test_mark_and_oracle_leave_the_mid():
    target = LocalnetTarget("x")
    tell(target, "setMid", coin="ETH", px="3000")
    tell(target, "setOracle", coin="ETH", px="3010")
    tell(target, "setMark", coin="ETH", px="2990")

    meta, contexts = json.loads(target.answer(read("metaAndAssetCtxs")).body)
    eth = contexts[[row["name"] for row in meta["universe"]].index("ETH")]
    assert (eth["oraclePx"], eth["markPx"]) == ("3010.0", "2990.0")


def test_auction_is_opened():
    target = LocalnetTarget("x")
    tell(target, "openAuction", of="perp", gas="800")

    assert '"startGas":"800.0"' in target.answer(read("perpDeployAuctionStatus")).body
    with pytest.raises(HarnessError, match=r"'bonds'(.|\n)*of \(spot, spotPair, perp, gossip0"):
        tell(target, "openAuction", of="bonds", gas="800")


def test_outcomes_are_listed_and_settled():
    target = LocalnetTarget("x")
    tell(target, "listOutcome", name="Over", sides=("template:Over", "template:Under"), venue="out")
    tell(target, "listQuestion", name="Final", description="who wins", named=["A", "B"])

    meta = json.loads(target.answer(read("outcomeMeta")).body)
    assert [row["name"] for row in meta["outcomes"]] == ["Over", "template fallback", "A", "B"]
    assert meta["outcomes"][0]["sideSpecs"] == [{"name": "template:Over"}, {"name": "template:Under"}]
    tell(target, "settleOutcome", outcome=0, fraction="0.66", details="void")
    assert '"outcome":0' not in target.answer(read("outcomeMeta")).body


def test_deployer_is_set():
    target = LocalnetTarget("x")
    tell(target, "setDeployer", dex="test", address=ACCOUNTS[0].address)

    assert f'"deployer":"{ACCOUNTS[0].address.lower()}"' in target.answer(read("perpDexs")).body
