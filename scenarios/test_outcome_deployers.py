"""Who has staked enough lists outcomes on a venue, or takes a role of a quote token.

Covers: POST /exchange (activateOutcomeDeployer, authorizeAqav2Role, cDeposit), POST /info (outcomeMeta). The
SDK has no method for the first two; they are signed with its own signing.
"""

import pytest

from harness.shapes import DefaultResponse, OutcomeMeta

pytestmark = pytest.mark.targets("replay", "localnet", reason="takes more HYPE than anybody has on testnet")

HYPE = 10**8


def staked(trader, localnet, hype):
    """Stake so much."""
    localnet.fund_token(trader.address, "HYPE", hype)
    deposit = {"type": "cDeposit", "wei": hype * HYPE}
    assert DefaultResponse.parse(trader.post_user_signed_action(deposit)).ok


def test_venue_is_claimed_by_who_has_staked_enough(trader, localnet):
    """How much is enough is told: the exchange does not document it."""
    localnet.require_outcome_stake(1_000)
    staked(trader, localnet, 1_000)

    claim = {"type": "activateOutcomeDeployer", "activate": {"venueName": "desk"}}
    assert DefaultResponse.parse(trader.post_l1_action(claim)).ok

    told = OutcomeMeta.parse(trader.info.post("/info", {"type": "outcomeMeta"}))
    assert [(row.deployer, row.venue) for row in told.deployers] == [(trader.address.lower(), "desk")]


@pytest.mark.parametrize("role", ["technical", "treasury"])
def test_role_of_a_quote_token_takes_half_a_million(trader, localnet, role):
    """One less is refused."""
    staked(trader, localnet, 499_999)
    asked = {"type": "authorizeAqav2Role", "token": 0, "role": role}
    assert DefaultResponse.parse(trader.post_l1_action(asked)).refusal == "Insufficient stake"

    staked(trader, localnet, 1)

    assert DefaultResponse.parse(trader.post_l1_action(asked)).ok
