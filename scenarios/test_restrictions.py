"""What the web page keeps from an account, and how a client reads it.

Covers: POST /info (legalCheck).
"""

import pytest

from harness.shapes import LegalCheck

pytestmark = [
    pytest.mark.targets("replay", "localnet", reason="who is restricted is not for clients to choose"),
]


@pytest.mark.parametrize(("code", "is_allowed"), [("a", False), ("o", True), ("u", True)])
def test_restriction_is_a_letter(trader, localnet, code, is_allowed):
    """Everything, outcomes, or what residents of the UK may not see; lifted, it is `n` again."""

    def told():
        return LegalCheck.parse(trader.info.post("/info", {"type": "legalCheck", "user": trader.address}))

    localnet.restrict(trader.address, code)
    assert (told().restrictions, told().userAllowed) == (code, is_allowed)

    localnet.restrict(trader.address, "n")
    assert (told().restrictions, told().userAllowed) == ("n", True)
