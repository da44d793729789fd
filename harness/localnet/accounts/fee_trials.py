"""Fee trials: a part of what an account pays for its fills waits apart from the exchange's fees.

That there are such trials is known from the names in `userFees`, and from fills with `feeTrialEscrow` that
NK's tests find on testnet. UNVERIFIED is all else: that the escrow is a part of the fee, that it concerns
perpetuals of the first dex alone, and that it stays for as long as the exchange does nothing.
"""

from dataclasses import dataclass

PERCENT = 100


@dataclass(slots=True)
class FeeTrial:
    """The part of its fees, in percent, that an account on trial has in escrow, and what is there by now."""

    percent: int
    # In 1e-6 USD.
    escrow: int = 0

    def hold(self, fee: int) -> int:
        """Put a fee's part into escrow, cut, and return it."""
        held = fee * self.percent // PERCENT
        self.escrow += held
        return held
