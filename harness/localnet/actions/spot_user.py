"""`spotUser`: whether an account's spot dust is converted (wire rule 99).

Source: NK's test of the same name, whose every answer is a plain yes. UNVERIFIED: that dust which is there
stays from then on, and that it is converted at the next minute when the account wants that again.
"""

import msgspec

from harness.localnet.actions.registry import OK, Call, action
from harness.localnet.actions.typed import Form, TypedAction
from harness.localnet.trading.spot import watch_dust


class Dusting(Form):
    """Whether dust stays."""

    optOut: bool


class SpotUserAction(TypedAction):
    """A setting of an account's spot side."""

    toggleSpotDusting: Dusting = msgspec.field()


@action("spotUser", SpotUserAction)
def spot_user(call: Call, asked: SpotUserAction) -> dict[str, object]:
    """Keep the account's dust, or let it be converted."""
    exchange, account = call.exchange, call.account
    account.keeps_dust = asked.toggleSpotDusting.optOut
    for index in account.tokens:
        watch_dust(exchange, account, exchange.universe.tokens[index])
    return OK
