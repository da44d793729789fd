"""What the `localnet` fixture says to the door; names and forms of commands are on tapes and must stay."""

from decimal import Decimal
from pathlib import Path

from harness.localnet_control import LocalnetControl
from tests.doors import door

DOCS = Path(__file__).parents[1] / "docs" / "scenarios.md"
ADDRESS = "0x" + "42" * 20


def test_commands_reach_the_target_in_the_form_that_is_taped():
    wire, target = door()
    localnet = LocalnetControl(wire)
    localnet.set_mid("ETH", Decimal("2000.5"))
    localnet.set_oracle("ETH", Decimal(2001))
    localnet.set_mark("ETH", "1999")
    localnet.open_auction("spot", 1000)
    localnet.open_auction("gossip0")
    localnet.open_vote({"D": "ETH"}, ADDRESS, seconds=60)
    localnet.jail(ADDRESS, 60)
    localnet.restrict(ADDRESS, "o")
    localnet.set_deployer("test", ADDRESS)
    localnet.list_outcome("Recurring", description="a:b", venue="out")
    localnet.list_question("Final", ["A", "B"])
    localnet.settle_outcome(3, Decimal("0.5"), "void")
    localnet.register_template({"id": "t", "name": "{a}", "keywords": [["a", "string"]]})
    localnet.list_from_template("t", {"a": "b"}, named=[("u", {})], venue="out")
    localnet.list_from_template("t", {})
    localnet.require_outcome_stake(1_000)
    localnet.cap_open_interest("ETH", 6_000)
    localnet.cap_open_interest("ETH", None)
    localnet.slow_open_interest("ETH")
    localnet.slow_open_interest("ETH", is_too_quick=False)
    localnet.limit_open_orders(3)
    localnet.limit_open_orders(None)
    localnet.fail_order(ADDRESS, 7)
    localnet.set_venue_funding("ETH", "BinPerp", "-0.0001", next_ms=5, hours=8)
    localnet.set_venue_funding("ETH", "OkxPerp", None)
    localnet.move("ETH", -50)
    localnet.set_liquidity("ETH", bids=[("2990", "1"), ("2980", "2")])
    localnet.fund(ADDRESS, 5)
    localnet.fund_token(ADDRESS, "PURR", Decimal("2.5"))
    localnet.advance(1.5)
    localnet.delay(2)
    localnet.pause()
    localnet.resume()
    localnet.faults({"info": "meta", "fault": "reset"}, seed=3)

    assert target.commanded == [
        ("setMid", ['{"coin":"ETH","px":"2000.5"}']),
        ("setOracle", ['{"coin":"ETH","px":"2001"}']),
        ("setMark", ['{"coin":"ETH","px":"1999"}']),
        ("openAuction", ['{"gas":"1000","of":"spot"}']),
        ("openAuction", ['{"gas":null,"of":"gossip0"}']),
        ("openVote", [f'{{"action":{{"D":"ETH"}},"ms":60000,"voters":["{ADDRESS}"]}}']),
        ("jail", [f'{{"address":"{ADDRESS}","ms":60000}}']),
        ("restrict", [f'{{"address":"{ADDRESS}","restriction":"o"}}']),
        ("setDeployer", [f'{{"address":"{ADDRESS}","dex":"test"}}']),
        ("listOutcome", ['{"description":"a:b","name":"Recurring","sides":["Yes","No"],"venue":"out"}']),
        ("listQuestion", ['{"description":"","name":"Final","named":["A","B"],"venue":null}']),
        ("settleOutcome", ['{"details":"void","fraction":"0.5","outcome":3}']),
        ("registerTemplate", ['{"id":"t","keywords":[["a","string"]],"name":"{a}"}']),
        ("listFromTemplate", ['{"named":[["u",{}]],"template":"t","values":{"a":"b"},"venue":"out"}']),
        ("listFromTemplate", ['{"named":[],"template":"t","values":{},"venue":null}']),
        ("requireOutcomeStake", ['{"hype":"1000"}']),
        ("capOpenInterest", ['{"coin":"ETH","usd":"6000"}']),
        ("capOpenInterest", ['{"coin":"ETH","usd":null}']),
        ("slowOpenInterest", ['{"coin":"ETH","isTooQuick":true}']),
        ("slowOpenInterest", ['{"coin":"ETH","isTooQuick":false}']),
        ("limitOpenOrders", ['{"most":3}']),
        ("limitOpenOrders", ['{"most":null}']),
        ("failOrder", [f'{{"address":"{ADDRESS}","oid":7}}']),
        ("setVenueFunding", ['{"coin":"ETH","hours":8,"nextMs":5,"rate":"-0.0001","venue":"BinPerp"}']),
        ("setVenueFunding", ['{"coin":"ETH","hours":null,"nextMs":0,"rate":null,"venue":"OkxPerp"}']),
        ("move", ['{"bps":"-50","coin":"ETH"}']),
        ("setLiquidity", ['{"asks":[],"bids":[["2990","1"],["2980","2"]],"coin":"ETH"}']),
        ("fund", [f'{{"address":"{ADDRESS}","usd":"5"}}']),
        ("fundToken", [f'{{"address":"{ADDRESS}","amount":"2.5","token":"PURR"}}']),
        ("advance", ['{"ms":1500}']),
        ("delay", ["2"]),
        ("pause", ["{}"]),
        ("resume", ["{}"]),
        ("setFaults", ['{"rules":[{"fault":"reset","info":"meta"}],"seed":3}']),
    ]


def test_money_from_others_is_taped_as_the_control_api_takes_it():
    wire, target = door()
    localnet = LocalnetControl(wire)
    localnet.send_from_evm(ADDRESS, "USDC", Decimal("2.5"), activate=False)
    localnet.open_protocol_vault(ADDRESS, 4_000)
    localnet.net_child_vaults(ADDRESS)
    localnet.start_fee_trial(ADDRESS, 40)
    localnet.set_usdc_routes("bridge", "cctp")
    localnet.keep_agents(ADDRESS)

    assert target.commanded == [
        ("sendFromEvm", [f'{{"activate":false,"address":"{ADDRESS}","amount":"2.5","token":"USDC"}}']),
        ("openProtocolVault", [f'{{"children":2,"leader":"{ADDRESS}","usd":"4000"}}']),
        ("netChildVaults", [f'{{"vault":"{ADDRESS}"}}']),
        ("startFeeTrial", [f'{{"address":"{ADDRESS}","percent":40}}']),
        ("setUsdcRoutes", ['{"deposit":"bridge","withdrawal":"cctp"}']),
        ("keepAgents", [f'{{"address":"{ADDRESS}"}}']),
    ]


def test_snapshots_are_named_by_the_scenario_so_that_a_replay_knows_them():
    wire, target = door()
    localnet = LocalnetControl(wire)
    first, second = localnet.snapshot(), localnet.snapshot()
    localnet.revert(first)

    assert (first, second) == ("1", "2")
    assert target.commanded == [("snapshot", ["1"]), ("snapshot", ["2"]), ("revert", ["1"])]


def test_the_docs_name_every_command():
    page = DOCS.read_text(encoding="utf-8")
    commands = [name for name in vars(LocalnetControl) if not name.startswith("_")]

    assert [name for name in commands if f".{name}(" not in page] == []
