"""A validator's life: registered, active, voting on a rate, jailed; and what it earns for others.

Covers: POST /exchange (CValidatorAction, CSignerAction, validatorL1Stream, tokenDelegate), POST /info
(validatorSummaries, delegatorRewards, validatorL1Votes).
"""

import pytest

from harness.shapes import DefaultResponse, DelegatorRewards, ValidatorL1Votes, ValidatorSummaries

pytestmark = [
    pytest.mark.targets("replay", "localnet", reason="its stake would be locked for a year"),
]

HYPE_WEI = 10**8
SELF_DELEGATION = 10_000
# Testnet pays each hour; how long its epochs take is not known.
EPOCH_S = 3600
NAMED = ["Final", "Who wins the final"]


def own_row(trader):
    """Return the account as validatorSummaries tells of it."""
    told = ValidatorSummaries.parse(trader.info.post("/info", {"type": "validatorSummaries"}))
    return next(row for row in told if row.validator == trader.address.lower())


def staked(trader, localnet, hype):
    """Give an account HYPE and move it into the staking balance."""
    localnet.fund_token(trader.address, "HYPE", hype)
    deposit = trader.post_user_signed_action({"type": "cDeposit", "wei": hype * HYPE_WEI})
    assert DefaultResponse.parse(deposit).ok


@pytest.fixture
def registered(trader, localnet):
    """The trader as a validator with what it takes, and a commission of 4 %; still jailed."""
    staked(trader, localnet, SELF_DELEGATION)
    answer = trader.exchange.c_validator_register(
        node_ip="1.2.3.4",
        name="desk",
        description="a desk of its own",
        delegations_disabled=False,
        commission_bps=400,
        # The SDK signs it as it is written, the exchange in lower case.
        signer=trader.address.lower(),
        unjailed=False,
        initial_wei=SELF_DELEGATION * HYPE_WEI,
    )
    assert DefaultResponse.parse(answer).ok
    return trader


@pytest.fixture
def active(registered, localnet):
    """The same, one epoch after it has unjailed itself."""
    assert DefaultResponse.parse(registered.exchange.c_signer_unjail_self()).ok
    localnet.advance(EPOCH_S)
    return registered


def test_validator_begins_jailed_and_is_active_an_epoch_after_unjailing(registered, localnet):
    """The summary tells each step."""
    began = own_row(registered)
    assert (began.name, str(began.commission)) == ("desk", "0.04")
    assert (began.isJailed, began.isActive) == (True, False)
    assert began.stake == SELF_DELEGATION * HYPE_WEI

    assert DefaultResponse.parse(registered.exchange.c_signer_unjail_self()).ok
    assert (own_row(registered).isJailed, own_row(registered).isActive) == (False, False)

    localnet.advance(EPOCH_S)
    assert own_row(registered).isActive


def test_profile_is_changed_in_what_is_named(active):
    """The rest stays, and a lower commission is taken."""
    answer = active.exchange.c_validator_change_profile(None, "new name", None, True, None, 300, None)

    assert DefaultResponse.parse(answer).ok
    assert (own_row(active).name, own_row(active).description) == ("new name", "a desk of its own")
    assert str(own_row(active).commission) == "0.03"


def test_active_validator_votes_on_the_risk_free_rate(active):
    """Nothing that can be read tells of it."""
    answer = active.post_l1_action({"type": "validatorL1Stream", "riskFreeRate": "0.04"})

    assert DefaultResponse.parse(answer).ok


def test_validator_that_jails_itself_leaves_with_the_epoch(active, localnet):
    """Until then it takes part."""
    assert DefaultResponse.parse(active.exchange.c_signer_jail_self()).ok
    assert (own_row(active).isJailed, own_row(active).isActive) == (True, True)

    localnet.advance(EPOCH_S)
    assert not own_row(active).isActive


def test_validator_that_others_jailed_waits_before_it_unjails_itself(active, localnet):
    """The summary says until when."""
    localnet.jail(active.address, 2 * EPOCH_S)
    jailed = own_row(active)
    assert (jailed.isJailed, jailed.unjailableAfter is None) == (True, False)

    localnet.advance(2 * EPOCH_S)
    assert not own_row(active).isActive
    assert DefaultResponse.parse(active.exchange.c_signer_unjail_self()).ok
    assert (own_row(active).isJailed, own_row(active).unjailableAfter) == (False, None)


def test_delegators_earn_and_the_validator_takes_its_commission(active, counterparty, localnet):
    """A row for each source, each hour; nothing for the epoch in which one came."""
    staked(counterparty, localnet, 1_000)
    assert DefaultResponse.parse(
        counterparty.exchange.token_delegate(active.address, 1_000 * HYPE_WEI, False)
    ).ok

    localnet.advance(3 * EPOCH_S)

    theirs = DelegatorRewards.parse(counterparty.info.user_staking_rewards(counterparty.address))
    assert [row.source for row in theirs] == ["delegation", "delegation"]
    ours = DelegatorRewards.parse(active.info.user_staking_rewards(active.address))
    assert {row.source for row in ours} == {"delegation", "commission"}
    # An hour of 1,000 HYPE at 2.37 % a year, less 4 %.
    assert float(theirs[0].total_amount) == pytest.approx(1_000 * 0.0237 / 365 / 24 * 0.96, rel=0.001)


PROPOSALS = {
    "delisting": {"D": "BLAST"},
    "texts": {"C": ["one", "two"]},
    "outcome": {"O": {"registerTokensAndStandaloneOutcome": {"quoteToken": 0, "nameAndDescription": NAMED}}},
    "question": {
        "O": {
            "registerTokensAndQuestion": {
                "quoteToken": 0,
                "questionNameAndDescription": NAMED,
                "fallbackNameAndDescription": ["Other", ""],
                "namedOutcomes": [["Home", ""], ["Away", ""]],
            }
        }
    },
    "template of outcomes": {
        "O": {
            "registerTemplate": {
                "id": "match",
                "role": {"standaloneOutcome": {"sideNames": ["Yes", "No"]}},
                "nameAndDescription": ["{team} on {day}", "{team} wins at {start}, by {source}"],
                "keywordToHint": [
                    ["team", "string"],
                    ["day", "date"],
                    ["start", "dateTime"],
                    ["source", "shortString"],
                ],
            }
        }
    },
    "template of questions": {
        "O": {
            "registerTemplate": {
                "id": "price",
                "role": "question",
                "nameAndDescription": ["{coin} above {px}", "in {count} days"],
                "keywordToHint": [["coin", "hlPerp"], ["px", "uDecimal"], ["count", "uInt"]],
            }
        }
    },
    "template of a question's outcomes": {
        "O": {
            "registerTemplate": {
                "id": "bin",
                "role": {"questionOutcome": {"parent": "price"}},
                "nameAndDescription": ["above {px}", ""],
                "keywordToHint": [["px", "uDecimal"]],
            }
        }
    },
    "end of an outcome": {"O": {"settleOutcome": {"outcome": 7, "settleFraction": "0.5", "details": "tie"}}},
    "end of a question": {
        "O": {
            "settleQuestion": {
                "question": 3,
                "settleFractionsAndDetails": [[7, ["1", "won"]], [8, ["0", "lost"]]],
            }
        }
    },
    "end of what is left of a question": {
        "O": {
            "settleQuestion2": {
                "question": 3,
                "outcomeSettlements": [
                    {
                        "outcome": 7,
                        "settleFraction": "1",
                        "details": "won",
                        "nameAndDescription": ["Home", ""],
                        "sideNames": ["Yes", "No"],
                    }
                ],
                "nameAndDescription": NAMED,
            }
        }
    },
    "treasury": {
        "E": {
            "token": 0,
            "technicalStaker": "0x" + "01" * 20,
            "treasuryStaker": "0x" + "02" * 20,
            "treasuryEvmAddress": "0x" + "03" * 20,
            "evmRebalanceContract": "0x" + "04" * 20,
        }
    },
}


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=PROPOSALS)
def test_open_vote_is_shown_with_who_has_voted(active, localnet, proposal):
    """More than two thirds of the active stake are a quorum; a vote that has run out is gone."""
    localnet.open_vote(proposal, active.address, seconds=3_600)

    (vote,) = ValidatorL1Votes.parse(active.info.post("/info", {"type": "validatorL1Votes"}))
    assert (vote.votes, vote.quorumReached) == ((active.address.lower(),), True)

    localnet.advance(3_600)
    assert len(ValidatorL1Votes.parse(active.info.post("/info", {"type": "validatorL1Votes"}))) == 0
