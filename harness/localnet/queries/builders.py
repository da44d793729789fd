"""`maxBuilderFee`, `approvedBuilders`: what an account lets builders take."""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.parsing import Address
from harness.localnet.queries.registry import OfUser, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


class MaxBuilderFee(OfUser):
    """A user and a builder."""

    builder: Address = msgspec.field()


@query("maxBuilderFee", MaxBuilderFee)
def max_builder_fee(exchange: "Exchange", asked: MaxBuilderFee) -> int:
    """Return the highest fee in tenths of a bp; 0 without an approval."""
    return exchange.builders.highest(asked.user, asked.builder)


@query("approvedBuilders", OfUser)
def approved_builders(exchange: "Exchange", asked: OfUser) -> list[str]:
    """Return the builders that are approved. Their order is UNVERIFIED."""
    return exchange.builders.of(asked.user)
