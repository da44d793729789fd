"""What happened in a block, for those who listen: the feed, and tests."""

from typing import NamedTuple

from harness.localnet.book import Order
from harness.localnet.ledger import Fill


class OrderChanged(NamedTuple):
    """An order's status changed; `sz` is what was left of it then, in 1e-8."""

    owner: str
    order: Order
    sz: int
    status: str
    time_ms: int


class Filled(NamedTuple):
    """An account's order was filled, in whole or in part."""

    owner: str
    fill: Fill


class Traded(NamedTuple):
    """Two orders met; `is_buy` is the side of the one that arrived. Price and size in 1e-8."""

    asset: int
    is_buy: bool
    px: int
    sz: int
    time_ms: int
    tx_hash: str
    tid: int
    buyer: str
    seller: str


Event = OrderChanged | Filled | Traded
