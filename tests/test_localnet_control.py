"""What the `localnet` fixture says to the door; names and forms of commands are on tapes and must stay."""

from decimal import Decimal

from harness.localnet_control import LocalnetControl
from tests.doors import door

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
        ("set_mid", ["ETH", "2000.5"]),
        ("set_oracle", ["ETH", "2001"]),
        ("set_mark", ["ETH", "1999"]),
        ("open_auction", ["spot", "1000"]),
        ("open_auction", ["gossip0", "0.1"]),
        ("openVote", [f'{{"action":{{"D":"ETH"}},"ms":60000,"voters":["{ADDRESS}"]}}']),
        ("jail", [f'{{"address":"{ADDRESS}","ms":60000}}']),
        ("restrict", [f'{{"address":"{ADDRESS}","restriction":"o"}}']),
        ("set_deployer", ["test", ADDRESS]),
        ("list_outcome", ["Recurring", "a:b", "Yes/No", "out"]),
        ("list_question", ["Final", "", "", "A", "B"]),
        ("settle_outcome", ["3", "0.5", "void"]),
        ("move", ["ETH", "-50"]),
        ("set_liquidity", ["ETH", "2990x1 2980x2", ""]),
        ("fund", [ADDRESS, "5"]),
        ("fund_token", [ADDRESS, "PURR", "2.5"]),
        ("advance", ["1500"]),
        ("delay", ["2"]),
        ("pause", []),
        ("resume", []),
        ("faults", ['{"rules":[{"fault":"reset","info":"meta"}],"seed":3}']),
    ]


def test_snapshots_are_named_by_the_scenario_so_that_a_replay_knows_them():
    wire, target = door()
    localnet = LocalnetControl(wire)
    first, second = localnet.snapshot(), localnet.snapshot()
    localnet.revert(first)

    assert (first, second) == ("1", "2")
    assert target.commanded == [("snapshot", ["1"]), ("snapshot", ["2"]), ("revert", ["1"])]
