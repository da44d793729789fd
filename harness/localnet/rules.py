"""What of the exchange is a setting, because sources disagree on it or leave it open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rules:
    """Figures of the exchange that are settings, because sources disagree or leave them open.

    Args:
        taker_fee: parts of 100,000 of the notional (wire rule 85).
        maker_fee: the same for the resting side.
        spot_taker_fee: the same on spot.
        spot_maker_fee: the same on spot for the resting side.
        band_percent: how far a price may be from the reference (wire rules 27 and 167).
        spot_band_percent: the same on spot.
        oracle_check: refuse an order that would be entered further than 1 / max leverage beyond the oracle.
            UNVERIFIED: the exchange's figure is open (wire rule 168); this one fits every observation of it.
        ip_weight_a_minute: IP limit (wire rule 105), or None for no limit.
        liquidations: liquidate accounts below their maintenance margin.
        open_interest_caps_usd: the most that all long positions on a coin may be worth, in USD, by coin.
        address_limits: refuse actions beyond the address budget (wire rules 106 and 157).
        lower_case_destinations: hash the `destination` of a user-signed transfer in lower case, not as it was
            sent; which of them the exchange does is UNVERIFIED (see `actions.transfers`).
        unified_to_standard: let a unified account without positions and orders go back to standard. Sources
            disagree: GH metamask-mobile 29303 tells of the way there and back on mainnet, TI:60263552543
            names it as the remedy, and the SDK's user_abstraction.py asks for it; df-hyperliquid-core and
            LI.FI's docs say that it is refused.
        staking_times: whose times of stakes hold. Live answers of testnet, 2026-10-08, show a lock of two
            minutes, five minutes on the way back and a reward each hour (docs.rs, df-hyperliquid-core 0.0.9);
            the docs have a day, seven days and a day, which are mainnet's.
        staked_elsewhere_hype: what others than the accounts here have staked; what a stake earns falls with
            it. UNVERIFIED: the figure is the one at which the docs give the rate.
        vault_gas_usd: what making a vault costs; 100 until April 2026, 10,000 since (docs), more than a new
            account has here. The testnet's figure is not known.
    """

    taker_fee: int = 45
    maker_fee: int = 15
    spot_taker_fee: int = 70
    spot_maker_fee: int = 40
    band_percent: int = 95
    spot_band_percent: int = 80
    oracle_check: bool = True
    ip_weight_a_minute: int | None = None
    liquidations: bool = True
    open_interest_caps_usd: Mapping[str, int] = field(default_factory=dict)
    address_limits: bool = True
    lower_case_destinations: bool = False
    unified_to_standard: bool = True
    staking_times: Literal["testnet", "mainnet"] = "testnet"
    staked_elsewhere_hype: int = 400_000_000
    vault_gas_usd: int = 100
