"""Money that moved: userFunding, userNonFundingLedgerUpdates.

Source: wire rules 98, 109 and 163; API docs, "Info endpoint". Of the ledger's kinds,
accountClassTransfer, deposit, spotTransfer and send are recorded; the others are in the schema of
nktkas/hyperliquid, which is held against testnet, but for the last three, whose sources stand with them.
"""

from typing import Annotated, Any, ClassVar, Literal

import msgspec

from harness.shapes.base import Address, Amount, Count, Figure, Hash, Millis, Number, Rows, Shape

Nonce = Annotated[int, msgspec.Meta(ge=0)]


class FundingPayment(Shape, frozen=True):
    """One funding payment: `usdc` above zero was received. `nSamples` is null for a single hour."""

    type: Literal["funding"]
    coin: str
    usdc_: Number
    szi_: Number
    fundingRate: Number
    nSamples: Count | None

    usdc = Figure("usdc_")
    szi = Figure("szi_")
    funding_rate = Figure("fundingRate")


class FundingRow(Shape, frozen=True):
    """A funding payment with its time."""

    time: Millis
    hash: Hash
    delta: FundingPayment


class UserFunding(Rows[FundingRow]):
    """The answer to userFunding: at most 500 rows, oldest first."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[FundingRow, ...]


class Entry(Shape, frozen=True, tag_field="type"):
    """What all ledger entries share: their kind."""

    @property
    def kind(self) -> str:
        """The entry's `type` on the wire."""
        return str(self.__struct_config__.tag)


class AccountClassTransfer(Entry, frozen=True, tag="accountClassTransfer"):
    """Between spot and perpetuals."""

    usdc: Amount
    toPerp: bool


class Deposit(Entry, frozen=True, tag="deposit"):
    """From outside."""

    usdc: Amount


class InternalTransfer(Entry, frozen=True, tag="internalTransfer"):
    """USDC to another account."""

    usdc: Amount
    user: Address
    destination: Address
    fee: Amount


class LiquidatedPosition(Shape, frozen=True):
    """One position that was liquidated."""

    coin: str
    szi: Number


class LedgerLiquidation(Entry, frozen=True, tag="liquidation"):
    """A liquidation of the account."""

    liquidatedNtlPos: Amount
    accountValue: Number
    leverageType: Literal["Cross", "Isolated"]
    liquidatedPositions: tuple[LiquidatedPosition, ...]


class RewardsClaim(Entry, frozen=True, tag="rewardsClaim"):
    """Rewards taken."""

    amount: Amount
    token: str


class SpotTransfer(Entry, frozen=True, tag="spotTransfer"):
    """A token to another account; `feeToken` is empty when no fee was charged."""

    token: str
    amount: Amount
    usdcValue: Amount
    user: Address
    destination: Address
    fee: Amount
    nativeTokenFee: Amount
    nonce: Nonce | None
    feeToken: str


class SubAccountTransfer(Entry, frozen=True, tag="subAccountTransfer"):
    """USDC between master and sub-account."""

    usdc: Amount
    user: Address
    destination: Address


class VaultCreate(Entry, frozen=True, tag="vaultCreate"):
    """A new vault."""

    vault: Address
    usdc: Amount
    fee: Amount


class VaultDeposit(Entry, frozen=True, tag="vaultDeposit"):
    """Into a vault."""

    vault: Address
    usdc: Amount


class VaultDistribution(Entry, frozen=True, tag="vaultDistribution"):
    """From a vault to its depositors."""

    vault: Address
    usdc: Amount


class VaultWithdraw(Entry, frozen=True, tag="vaultWithdraw"):
    """Out of a vault."""

    vault: Address
    user: Address
    requestedUsd: Amount
    commission: Amount
    closingCost: Amount
    basis: Amount
    netWithdrawnUsd: Amount


class VaultLeaderCommission(Entry, frozen=True, tag="vaultLeaderCommission"):
    """A leader's share."""

    user: Address
    usdc: Amount


class Withdraw(Entry, frozen=True, tag="withdraw"):
    """To outside."""

    usdc: Amount
    nonce: Nonce
    fee: Amount


class Send(Entry, frozen=True, tag="send"):
    """sendAsset: both sides get the same entry, with the same positive amount (wire rule 98)."""

    user: Address
    destination: Address
    sourceDex: str
    destinationDex: str
    token: str
    amount: Amount
    usdcValue: Amount
    fee: Amount
    nativeTokenFee: Amount
    nonce: Nonce
    feeToken: str


class DeployGasAuction(Entry, frozen=True, tag="deployGasAuction"):
    """Gas paid in an auction."""

    token: str
    amount: Amount


class StakingTransfer(Entry, frozen=True, tag="cStakingTransfer"):
    """Between spot and staking."""

    token: str
    amount: Amount
    isDeposit: bool


class BorrowLend(Entry, frozen=True, tag="borrowLend"):
    """Borrowing and lending."""

    token: str
    operation: Literal["supply", "withdraw", "repay", "borrow"]
    amount: Amount
    interestAmount: Amount


class SpotGenesis(Entry, frozen=True, tag="spotGenesis"):
    """A share of a new token."""

    token: str
    amount: Number


class ActivateDexAbstraction(Entry, frozen=True, tag="activateDexAbstraction"):
    """A move between dexes by the account's mode."""

    dex: str
    token: str
    amount: Amount


class AccountActivationGas(Entry, frozen=True, tag="accountActivationGas"):
    """What a new account cost (wire rule 96).

    Source: text-index 61444236440 and 55132434525 (seen in answers), 63486200823 (the node's events).
    """

    token: str
    amount: Amount


class GossipPriorityGasAuction(Entry, frozen=True, tag="gossipPriorityGasAuction"):
    """Gas paid for a place near the validators. Source: text-index 65792531932 (a row of an answer)."""

    token: str
    amount: Amount


class LiquidatorDeposit(Entry, frozen=True, tag="hip3LiquidatorDeposit"):
    """Into the liquidator of a builder's dex.

    Source: text-index 70961940886 has it among the node's events; its name in answers is UNVERIFIED.
    """

    dex: str
    token: str
    amount: Amount


LedgerEntry = (
    AccountClassTransfer
    | Deposit
    | InternalTransfer
    | LedgerLiquidation
    | RewardsClaim
    | SpotTransfer
    | SubAccountTransfer
    | VaultCreate
    | VaultDeposit
    | VaultDistribution
    | VaultWithdraw
    | VaultLeaderCommission
    | Withdraw
    | Send
    | DeployGasAuction
    | StakingTransfer
    | BorrowLend
    | SpotGenesis
    | ActivateDexAbstraction
    | AccountActivationGas
    | GossipPriorityGasAuction
    | LiquidatorDeposit
)


class LedgerRow(Shape, frozen=True):
    """A ledger entry with its time."""

    time: Millis
    hash: Hash
    delta: LedgerEntry


class UserNonFundingLedgerUpdates(Rows[LedgerRow]):
    """The answer to userNonFundingLedgerUpdates: oldest first."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[LedgerRow, ...]

    def of(self, kind: str) -> tuple[LedgerRow, ...]:
        """Return the rows of one kind, such as `send`, in the order of the answer."""
        return tuple(row for row in self.rows if row.delta.kind == kind)
