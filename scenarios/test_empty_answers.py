"""What an account or an exchange without something is answered: nothing, in the form of something.

A client that reads outcomes, lending, annotations or votes meets these forms wherever there are none.

Covers: POST /info (outcomeMeta, outcomeTemplates, settledOutcome,
borrowLendUserState, userBorrowLendInterest, perpAnnotation, perpCategories, perpConciseAnnotations,
validatorL1Votes, liquidatable, usdcRouting, legalCheck, isVip, leadingVaults, vaultSummaries).
"""

import pytest

from harness.shapes import (
    BorrowLendUserState,
    IsVip,
    LeadingVaults,
    LegalCheck,
    Liquidatable,
    OutcomeMeta,
    OutcomeTemplates,
    PerpAnnotation,
    PerpCategories,
    PerpConciseAnnotations,
    SettledOutcome,
    UsdcRouting,
    UserBorrowLendInterest,
    ValidatorL1Votes,
    VaultSummaries,
)

pytestmark = [pytest.mark.targets("replay", "localnet", reason="testnet has some of each")]


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("outcomeTemplates", OutcomeTemplates),
        ("perpCategories", PerpCategories),
        ("perpConciseAnnotations", PerpConciseAnnotations),
        ("validatorL1Votes", ValidatorL1Votes),
        ("liquidatable", Liquidatable),
        ("vaultSummaries", VaultSummaries),
    ],
)
def test_lists_of_the_exchange_are_empty(trader, kind, shape):
    """No rows, and no null."""
    assert list(shape.parse(ask(trader, kind))) == []


def test_there_are_no_outcomes(trader):
    """No open ones, no questions, no deployers; of one that nobody knows there is no settlement."""
    meta = OutcomeMeta.parse(ask(trader, "outcomeMeta"))

    assert (meta.outcomes, meta.questions, meta.deployers) == ((), (), ())
    assert SettledOutcome.parse(ask(trader, "settledOutcome", outcome=999_999_999)).settlement is None


def test_account_that_never_borrowed_is_healthy(trader):
    """Without a factor, without a row, without interest."""
    state = BorrowLendUserState.parse(ask(trader, "borrowLendUserState", user=trader.address))

    assert (state.tokenToState, state.health, state.healthFactor) == ((), "healthy", None)
    interest = ask(trader, "userBorrowLendInterest", user=trader.address, startTime=0)
    assert list(UserBorrowLendInterest.parse(interest)) == []


def test_coin_that_nobody_annotated_has_no_annotation(trader):
    """Null, for the first dex and for a builder's."""
    for coin in ("BTC", "test:ABC"):
        assert PerpAnnotation.parse(ask(trader, "perpAnnotation", coin=coin)).annotation is None


def test_usdc_goes_by_one_route(trader):
    """The same in both directions."""
    routing = UsdcRouting.parse(ask(trader, "usdcRouting"))

    assert (routing.depositRoute, routing.withdrawalRoute) == ("cctp", "cctp")


def test_page_lets_an_account_in_and_a_stranger_not(trader, venue):
    """Terms, restrictions and rank, of one that exists and of one that does not."""
    known = LegalCheck.parse(ask(trader, "legalCheck", user=trader.address))
    assert (known.userAllowed, known.restrictions) == (True, "n")
    assert IsVip.parse(ask(trader, "isVip", user=trader.address)).is_vip is False

    stranger = venue.stranger()
    assert LegalCheck.parse(ask(trader, "legalCheck", user=stranger)).userAllowed is False
    assert IsVip.parse(ask(trader, "isVip", user=stranger)).is_vip is None
    assert len(LeadingVaults.parse(ask(trader, "leadingVaults", user=stranger))) == 0
