"""What happened in a block, for those who listen: the feed, and tests."""

from typing import NamedTuple

from harness.localnet.accounts.balances import LedgerUpdate
from harness.localnet.accounts.ledger import Fill
from harness.localnet.accounts.twaps import TwapRow
from harness.localnet.markets.book import Order


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


class SliceFilled(NamedTuple):
    """A slice of an account's TWAP was filled, in whole or in part."""

    owner: str
    twap_id: int
    fill: Fill


class TwapChanged(NamedTuple):
    """A TWAP started or ended."""

    owner: str
    row: TwapRow


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


class LedgerUpdated(NamedTuple):
    """Money moved into or out of an account other than by trading or funding."""

    owner: str
    update: LedgerUpdate


class Acted(NamedTuple):
    """An account's action was carried out, or refused as a whole with a text."""

    owner: str
    action: dict[str, object]
    error: str | None
    time_ms: int
    height: int
    tx_hash: str


class OutcomesChanged(NamedTuple):
    """An outcome or a question was made, changed or settled; a row of `outcomeMetaUpdates`."""

    row: dict[str, object]


Event = OrderChanged | Filled | SliceFilled | TwapChanged | Traded | LedgerUpdated | OutcomesChanged | Acted
