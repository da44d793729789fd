"""What the deployer of a dex says of its coins, for pages to show.

Covers: POST /exchange (perpDeploy: setPerpAnnotation), POST /info (perpAnnotation, perpCategories,
perpConciseAnnotations).
"""

import pytest

from harness.shapes import DefaultResponse, PerpAnnotation, PerpCategories, PerpConciseAnnotations

pytestmark = [pytest.mark.targets("replay", "localnet", reason="needs a dex of one's own")]

PLAIN = ("test:ABC", "indices", "Of the alphabet.", None, [])
NAMED = ("test:GOLD", "commodities", "An ounce.", "GOLDBAR", ["metal", "ounce"])


@pytest.fixture
def deployer(trader, localnet):
    """The trader, who runs a builder's dex."""
    localnet.set_deployer("test", trader.address)
    return trader


def annotated(trader, coin, category, description, display_name, keywords):
    """Annotate a coin and return the answer."""
    words = {"coin": coin, "category": category, "description": description}
    words |= {"displayName": display_name, "keywords": keywords}
    return DefaultResponse.parse(trader.post_l1_action({"type": "perpDeploy", "setPerpAnnotation": words}))


def told(trader, coin):
    """Return the words about a coin."""
    return PerpAnnotation.parse(
        trader.info.post("/info", {"type": "perpAnnotation", "coin": coin})
    ).annotation


def test_words_are_shown_as_far_as_they_were_given(deployer):
    """A category and a description always; a name and keywords where there are any."""
    assert annotated(deployer, *PLAIN).ok
    assert annotated(deployer, *NAMED).ok

    plain, named = told(deployer, "test:ABC"), told(deployer, "test:GOLD")
    assert (plain.category, plain.description) == ("indices", "Of the alphabet.")
    assert not plain.displayName
    assert not plain.keywords
    assert (named.displayName, named.keywords) == ("GOLDBAR", ("metal", "ounce"))
    assert told(deployer, "test:SP500") is None


def test_all_coins_with_words_are_listed(deployer):
    """By category, and with all but the description."""
    assert annotated(deployer, *PLAIN).ok
    assert annotated(deployer, *NAMED).ok

    by_category = PerpCategories.parse(deployer.info.post("/info", {"type": "perpCategories"}))
    concise = PerpConciseAnnotations.parse(deployer.info.post("/info", {"type": "perpConciseAnnotations"}))

    assert dict(by_category) == {"test:ABC": "indices", "test:GOLD": "commodities"}
    assert [(coin, words.category) for coin, words in concise] == list(by_category)


def test_others_have_nothing_to_say(deployer, counterparty):
    """Whoever does not run the dex is refused, and nothing is shown."""
    assert annotated(counterparty, *PLAIN).refusal == "Invalid perp deployer"

    assert told(counterparty, "test:ABC") is None
