"""Votes of validators, told from outside, and whether they have a quorum."""

from typing import Any

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.control.commands import carry_out
from tests.localnet.desk import Desk
from tests.localnet.transfers.test_rewards import EPOCH_MS, HOUSE, register, stake

NAMED = ["a name", "a description"]
PROPOSALS: list[dict[str, Any]] = [
    {"D": "BLAST"},
    {"C": ["a", "b"]},
    {"O": {"registerTokensAndStandaloneOutcome": {"quoteToken": 0, "nameAndDescription": NAMED}}},
    {
        "O": {
            "registerTokensAndQuestion": {
                "quoteToken": 0,
                "questionNameAndDescription": NAMED,
                "fallbackNameAndDescription": NAMED,
                "namedOutcomes": [NAMED],
            }
        }
    },
    {
        "O": {
            "registerTemplate": {
                "id": "t",
                "role": "question",
                "nameAndDescription": NAMED,
                "keywordToHint": [["k", "hlPerp"]],
            }
        }
    },
    {
        "O": {
            "registerTemplate": {
                "id": "t",
                "role": {"standaloneOutcome": {"sideNames": ["Yes", "No"]}},
                "nameAndDescription": NAMED,
                "keywordToHint": [],
            }
        }
    },
    {"O": {"settleOutcome": {"outcome": 1, "settleFraction": "0.5", "details": "tie"}}},
    {"O": {"settleQuestion": {"question": 1, "settleFractionsAndDetails": [[2, ["1", "won"]]]}}},
    {
        "O": {
            "settleQuestion2": {
                "question": 1,
                "outcomeSettlements": [
                    {
                        "outcome": 2,
                        "settleFraction": "1",
                        "details": "won",
                        "nameAndDescription": NAMED,
                        "sideNames": ["Yes", "No"],
                    }
                ],
                "nameAndDescription": NAMED,
            }
        }
    },
    {
        "E": {
            "token": 0,
            "technicalStaker": HOUSE,
            "treasuryStaker": HOUSE,
            "treasuryEvmAddress": HOUSE,
            "evmRebalanceContract": HOUSE,
        }
    },
]


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda value: str(value)[:40])
def test_a_vote_is_shown_as_it_was_told(net: Localnet, desk: Desk, proposal: dict[str, Any]) -> None:
    assert carry_out(net, "openVote", {"action": proposal, "voters": [], "ms": 1_000}) == {}
    (vote,) = desk.info("validatorL1Votes")
    assert (vote["action"], vote["votes"], vote["quorumReached"]) == (proposal, [], False)
    assert 0 < vote["expireTime"] - net.now_ms() <= 1_000
    net.advance(1_000)
    assert desk.info("validatorL1Votes") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"action": {}},
        {"action": {"D": "X", "C": []}},
        {"action": {"Z": 1}},
        {"action": {"D": 1}},
        {"action": {"O": {}}},
        {"action": {"O": {"settleOutcome": {"outcome": 1, "settleFraction": "-1", "details": ""}}}},
        {"action": {"D": "X"}, "voters": ["0x" + "12" * 20]},
        {"action": {"D": "X"}, "voters": ["nobody"]},
        {"action": {"D": "X"}, "ms": 0},
    ],
)
def test_what_is_no_vote_is_refused_and_changes_nothing(
    net: Localnet, desk: Desk, fields: dict[str, Any]
) -> None:
    with pytest.raises(LocalnetError):
        carry_out(net, "openVote", fields)
    assert desk.info("validatorL1Votes") == []


def test_a_quorum_is_more_than_two_thirds_of_the_active_stake(net: Localnet, desk: Desk, other: Desk) -> None:
    register(desk)
    net.open_vote({"D": "X"}, [desk.address])
    net.open_vote({"D": "Y"}, [HOUSE])
    quorums = [vote["quorumReached"] for vote in desk.info("validatorL1Votes")]
    # Who is not active yet does not count; with nothing staked all others count alike.
    assert quorums == [False, True]
    net.advance(EPOCH_MS)
    assert [vote["quorumReached"] for vote in desk.info("validatorL1Votes")] == [True, False]
    stake(other, 5_001)
    assert [vote["quorumReached"] for vote in desk.info("validatorL1Votes")] == [False, False]


@pytest.mark.parametrize(("code", "is_allowed"), [("n", True), ("a", False), ("o", True), ("u", True)])
def test_a_restriction_is_told_and_trading_goes_on(
    net: Localnet, desk: Desk, code: str, is_allowed: bool
) -> None:
    carry_out(net, "restrict", {"address": desk.address, "restriction": code})
    told = desk.info("legalCheck")
    assert told == {"acceptedTerms": True, "userAllowed": is_allowed, "restrictions": code}
    assert desk.place(p="2000")["resting"]


def test_no_nodes_are_named(desk: Desk) -> None:
    assert desk.info("gossipRootIps") == []
