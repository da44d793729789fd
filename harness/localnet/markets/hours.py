"""The hours of funding that have passed; how they are settled is in `funding`."""

from dataclasses import dataclass, field
from typing import NamedTuple


class FundingRow(NamedTuple):
    """One row of `fundingHistory`; rate and premium in 1e-10."""

    time_ms: int
    rate: int
    premium: int


@dataclass(slots=True)
class Funding:
    """What has been paid per hour on each coin, once that is counted.

    Args:
        since_ms: when the exchange began.
        counted_ms: since when hours are counted; before that nothing could move a rate, and nobody paid.
        rows: what was counted, by asset.
    """

    since_ms: int
    counted_ms: int | None = None
    rows: dict[int, list[FundingRow]] = field(default_factory=dict)
