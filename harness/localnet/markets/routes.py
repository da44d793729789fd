"""By which way USDC comes to the exchange and leaves it: `usdcRouting`."""

from typing import Literal, NamedTuple

# NK: the exchange's own bridge, or Circle's transfer protocol.
Route = Literal["bridge", "cctp"]


class UsdcRoutes(NamedTuple):
    """Both routes, as NK's test met them on testnet; the exchange can switch back (OneKey's wallet does)."""

    deposit: Route = "cctp"
    withdrawal: Route = "cctp"
