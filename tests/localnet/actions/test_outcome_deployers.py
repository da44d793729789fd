"""Who lists outcomes on a venue, and who is ready for a role of a quote token."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk

OK = {"status": "ok", "response": {"type": "default"}}
HYPE = 10**8
DAY_MS = 86_400_000
LITTLE = {"status": "err", "response": "Insufficient stake"}


def activate(venue: str = "out") -> dict[str, Any]:
    """Return the action that claims a venue."""
    return {"type": "activateOutcomeDeployer", "activate": {"venueName": venue}}


def staked(desk: Desk, hype: int) -> None:
    """Stake so much."""
    desk.net.fund_token(desk.address, "HYPE", Decimal(hype))
    assert desk.user_act({"type": "cDeposit", "wei": hype * HYPE})["status"] == "ok"


def role(name: str = "technical", token: int = 0) -> dict[str, Any]:
    """Return the action that takes a role of a quote token."""
    return {"type": "authorizeAqav2Role", "token": token, "role": name}


def not_covered(desk: Desk, action: dict[str, Any]) -> bool:
    """Say whether localnet does not know the answer."""
    return desk.send(desk.envelope(action)).not_implemented


def test_a_venue_takes_the_stake_that_was_told(desk: Desk) -> None:
    staked(desk, 99)
    assert not_covered(desk, activate())
    desk.net.require_outcome_stake(Decimal(100))
    assert desk.act(activate()) == LITTLE
    staked(desk, 1)
    assert desk.act(activate()) == OK
    assert desk.info("outcomeMeta")["deployers"] == [
        {"deployer": desk.address, "venue": "out", "subDeployers": []}
    ]
    assert not_covered(desk, activate("more"))


def test_a_perp_dex_takes_a_stake_of_its_own(desk: Desk) -> None:
    desk.net.require_outcome_stake(Decimal(100))
    desk.net.set_deployer("test", desk.address)
    staked(desk, 500_000)
    assert desk.act(activate()) == LITTLE
    staked(desk, 100)
    assert desk.act(activate()) == OK


@pytest.mark.parametrize("name", ["a", "abcde", "AB", "a1", "spot", "test"])
def test_names_that_cannot_be_had_are_not_guessed(desk: Desk, name: str) -> None:
    desk.net.require_outcome_stake(Decimal(1))
    staked(desk, 1)
    assert not_covered(desk, activate(name))


def test_a_venue_is_given_up_after_183_days_and_stays_reserved(desk: Desk, other: Desk) -> None:
    desk.net.require_outcome_stake(Decimal(1))
    staked(desk, 1)
    staked(other, 1)
    end = {"type": "activateOutcomeDeployer", "deactivate": None}
    assert desk.act(activate()) == OK
    assert not_covered(desk, end)
    desk.net.advance(183 * DAY_MS)
    number = desk.net.list_outcome("Recurring", venue="out")
    assert not_covered(desk, end)
    desk.net.settle_outcome(number, Decimal(1))
    assert desk.act(end) == OK
    assert desk.info("outcomeMeta")["deployers"] == []
    assert not_covered(desk, activate("new"))
    assert not_covered(other, activate("out"))
    gone = {"status": "err", "response": "Error deploying outcome: not an outcome deployer"}
    assert desk.act(end) == gone


def test_exactly_one_variant_is_sent(desk: Desk) -> None:
    both = activate() | {"isDeactivate": True}
    assert desk.send(desk.envelope(both)).status == 422
    assert desk.send(desk.envelope({"type": "activateOutcomeDeployer"})).status == 422


@pytest.mark.parametrize("name", ["technical", "treasury"])
def test_a_role_takes_half_a_million(desk: Desk, name: str) -> None:
    staked(desk, 499_999)
    assert desk.act(role(name)) == LITTLE
    staked(desk, 1)
    assert desk.act(role(name)) == OK
    assert desk.net.exchange.universe.quote_roles == {(0, name): desk.address}
    assert not_covered(desk, role(name, token=1105))


def test_stake_is_conserved(net: Localnet, desk: Desk) -> None:
    staked(desk, 500_000)
    total = net.total_token("HYPE")
    desk.act(role())
    assert net.total_token("HYPE") == total
