"""`subAccounts`, `vaultDetails`, `userVaultEquities` and their like: accounts that belong to others."""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.modes import DEFAULT
from harness.localnet.accounts.vaults import LEADER_PART, Vault
from harness.localnet.numbers import MICRO, wire_usd
from harness.localnet.parsing import Address
from harness.localnet.queries.registry import OfUser, Query, query
from harness.localnet.queries.spot import spot_state
from harness.localnet.queries.state import perp_state
from harness.localnet.transfers.vaults import payable, value_of

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_DAY_MS: Final = 86_400_000
# NK: `vaultSummaries` shows vaults of the last two hours.
_NEW_MS: Final = 2 * 3_600_000
_PERIODS: Final = (
    "day",
    "week",
    "month",
    "allTime",
    "perpDay",
    "perpWeek",
    "perpMonth",
    "perpAllTime",
)


@query("subAccounts", OfUser)
def sub_accounts(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]] | None:
    """Return the sub-accounts, or null without any (wire rule 155)."""
    return [
        {
            "name": sub.name,
            "subAccountUser": sub.address,
            "master": sub.master,
            "clearinghouseState": perp_state(exchange, exchange.ledgers[sub.address]),
            "spotState": spot_state(exchange, exchange.ledgers[sub.address]),
        }
        for sub in exchange.sub_accounts.of(asked.user)
    ] or None


@query("subAccounts2", OfUser)
def sub_accounts_2(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]] | None:
    """Return the same by perp dex; the order of keys is that of NK.

    `abstraction` is recorded (JKorf), and by NK left out while it was never set.
    """
    return [
        {
            "name": sub.name,
            "subAccountUser": sub.address,
            "master": sub.master,
            "dexToClearinghouseState": [
                [dex.name, perp_state(exchange, exchange.ledgers[sub.address], dex)]
                for dex in exchange.universe.dexes
            ],
            "spotState": spot_state(exchange, exchange.ledgers[sub.address]),
            **_mode(exchange.ledgers[sub.address]),
        }
        for sub in exchange.sub_accounts.of(asked.user)
    ] or None


def _mode(ledger: Ledger) -> dict[str, object]:
    """Return a sub-account's mode; nothing where none was ever set (NK, `subAccounts2`)."""
    return {} if ledger.mode == DEFAULT else {"abstraction": ledger.mode}


class VaultDetails(Query):
    """A vault, and an account whose part of it is asked for."""

    vaultAddress: Address = msgspec.field()
    user: Address | None = None


@query("vaultDetails", VaultDetails)
def vault_details(exchange: "Exchange", asked: VaultDetails) -> dict[str, object] | None:
    """Return one vault; the form is that of the docs, and that the leader's row says so is NK's.

    Of what is no vault the answer is null (NK #189). UNVERIFIED: the empty histories, an apr of nothing, what
    may be distributed and withdrawn.
    """
    vault = exchange.vaults.get(asked.vaultAddress)
    if vault is None:
        return None
    value = value_of(exchange, vault)
    leading = vault.equity(vault.leader, value)
    may_leave = payable(exchange, vault)
    own = 0 if asked.user is None else vault.equity(asked.user, value)
    if asked.user == vault.leader and not vault.children:
        own = max(0, (own * LEADER_PART - value) // (LEADER_PART - 1))
    user = str(asked.user) if asked.user in vault.followers else None
    return {
        "name": vault.name,
        "vaultAddress": vault.address,
        "leader": vault.leader,
        "description": vault.description,
        "portfolio": [
            [period, {"accountValueHistory": [], "pnlHistory": [], "vlm": "0.0"}] for period in _PERIODS
        ],
        "apr": 0.0,
        "followerState": _follower(exchange, vault, user, value) if user else None,
        "leaderFraction": leading / value if value else 0.0,
        "leaderCommission": 1 / vault.commission_part if vault.commission_part else 0,
        "followers": [
            _follower(exchange, vault, one, value) | ({"user": "Leader"} if one == vault.leader else {})
            for one in vault.followers
        ],
        "maxDistributable": may_leave / MICRO,
        "maxWithdrawable": min(own, may_leave) / MICRO,
        "isClosed": vault.is_closed,
        "relationship": _relationship(vault),
        "allowDeposits": vault.allow_deposits,
        "alwaysCloseOnWithdraw": vault.always_close,
    }


def _relationship(vault: Vault) -> dict[str, object]:
    """Say what stands above or below a vault."""
    if vault.children:
        return {"type": "parent", "data": {"childAddresses": list(vault.children)}}
    return {"type": "normal" if vault.parent is None else "child"}


def _follower(exchange: "Exchange", vault: Vault, user: str, value: int) -> dict[str, object]:
    follower = vault.followers[user]
    equity = vault.equity(user, value)
    pnl = wire_usd(equity - follower.basis)
    return {
        "user": user,
        "vaultEquity": wire_usd(equity),
        "pnl": pnl,
        "allTimePnl": pnl,
        "daysFollowing": (exchange.now_ms() - follower.entered_ms) // _DAY_MS,
        "vaultEntryTime": follower.entered_ms,
        "lockupUntil": follower.locked_until_ms,
    }


@query("userVaultEquities", OfUser)
def user_vault_equities(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return the account's parts of vaults; that the leader's is among them is UNVERIFIED."""
    return [
        {
            "vaultAddress": vault.address,
            "equity": wire_usd(vault.equity(asked.user, value_of(exchange, vault))),
            "lockedUntilTimestamp": vault.followers[asked.user].locked_until_ms,
        }
        for vault in exchange.vaults.values()
        if asked.user in vault.followers
    ]


@query("leadingVaults", OfUser)
def leading_vaults(exchange: "Exchange", asked: OfUser) -> list[dict[str, object]]:
    """Return the vaults that an account leads, in the form of NK; that the oldest is first is UNVERIFIED."""
    return [
        {"address": vault.address, "name": vault.name}
        for vault in exchange.vaults.values()
        if vault.leader == asked.user
    ]


@query("vaultSummaries", Query)
def vault_summaries(exchange: "Exchange", asked: Query) -> list[dict[str, object]]:
    """Return the vaults of the last two hours (NK), oldest first: UNVERIFIED."""
    return [
        {
            "name": vault.name,
            "vaultAddress": vault.address,
            "leader": vault.leader,
            "tvl": wire_usd(value_of(exchange, vault)),
            "isClosed": vault.is_closed,
            "relationship": _relationship(vault),
            "createTimeMillis": vault.created_ms,
        }
        for vault in exchange.vaults.values()
        if vault.created_ms > exchange.now_ms() - _NEW_MS
    ]


def vault_equity_of(exchange: "Exchange", user: str) -> int:
    """Return what an account's parts of vaults are worth together, in 1e-6 USD."""
    return sum(
        vault.equity(user, value_of(exchange, vault))
        for vault in exchange.vaults.values()
        if user in vault.followers
    )
