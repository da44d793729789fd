"""`webData2`, and what the feed `webData3` shows: all that the web page wants of one account.

Source: NK for the forms; TI:68955515377 and TI:70146751433 for recorded frames of `webData3`; Galleon
(galleonlabs/hypergrok-trading-desk pull request 19), which asked for `webData2` on 2026-08-28.
"""

from typing import TYPE_CHECKING

import msgspec

from harness.localnet.accounts.ledger import Ledger
from harness.localnet.accounts.modes import DEFAULT
from harness.localnet.markets.dexes import FIRST, dex_meta_json, dex_of
from harness.localnet.numbers import wire_usd
from harness.localnet.parsing import Address
from harness.localnet.queries.groups import leading_vaults, vault_equity_of
from harness.localnet.queries.orders import frontend_open_orders
from harness.localnet.queries.registry import OfUser, OfUserOnDex, ledger_of, query
from harness.localnet.queries.spot import spot_contexts, spot_state
from harness.localnet.queries.state import perp_state
from harness.localnet.queries.twaps import twap_state
from harness.localnet.queries.universe import contexts
from harness.localnet.trading.interest import at_cap

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("webData2", OfUser)
def web_data_2(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return the first dex, spot and one account; the exchange answers it as a query only (Galleon).

    NK's tests meet accounts with and without `spotState`; that it is left out where no token has a row is
    UNVERIFIED.
    """
    user = str(asked.user)
    ledger = ledger_of(exchange, user)
    at_their_cap = at_cap(exchange, FIRST)
    spot = spot_state(exchange, ledger)
    return {
        "clearinghouseState": perp_state(exchange, ledger),
        "leadingVaults": leading_vaults(exchange, asked),
        "totalVaultEquity": wire_usd(vault_equity_of(exchange, user)),
        "openOrders": frontend_open_orders(exchange, OfUserOnDex(asked.user)),
        **_agent(exchange, user),
        "cumLedger": wire_usd(_cum_ledger(exchange, user)),
        "meta": msgspec.Raw(dex_meta_json(FIRST)),
        "assetCtxs": contexts(exchange, FIRST),
        "serverTime": exchange.now_ms(),
        "isVault": user in exchange.vaults,
        "user": user,
        "twapStates": [
            [twap_id, twap_state(twap)]
            for twap_id, twap in ledger.twaps.running.items()
            if dex_of(twap.asset) == FIRST.number
        ],
        **({"spotState": spot} if spot["balances"] or "evmEscrows" in spot else {}),
        "spotAssetCtxs": spot_contexts(exchange),
        **_dusting(ledger),
        **({"perpsAtOpenInterestCap": at_their_cap} if at_their_cap else {}),
    }


def web_data_3(exchange: "Exchange", user: Address) -> dict[str, object]:
    """Return an account's agent, mode and vaults, and a row for each perp dex; vaults are on the first."""
    ledger = ledger_of(exchange, str(user))
    mode = ledger.mode
    state: dict[str, object] = {
        **_agent(exchange, user),
        "cumLedger": wire_usd(_cum_ledger(exchange, user)),
        "serverTime": exchange.now_ms(),
        "isVault": user in exchange.vaults,
        "user": str(user),
        **_dusting(ledger),
    }
    if mode != DEFAULT:
        state |= {"dexAbstractionEnabled": mode == "dexAbstraction"}
        state |= {} if mode == "dexAbstraction" else {"abstraction": mode}
    rows: list[dict[str, object]] = []
    for dex in exchange.universe.dexes:
        equity = vault_equity_of(exchange, user) if dex is FIRST else 0
        row: dict[str, object] = {"totalVaultEquity": wire_usd(equity)}
        at_their_cap = at_cap(exchange, dex)
        if at_their_cap:
            row["perpsAtOpenInterestCap"] = at_their_cap
        led = leading_vaults(exchange, OfUser(user)) if dex is FIRST else None
        if led:
            row["leadingVaults"] = led
        rows.append(row)
    return {"userState": state, "perpDexStates": rows}


def _agent(exchange: "Exchange", user: str) -> dict[str, object]:
    """Return the unnamed agent; that a named one does not show is UNVERIFIED."""
    agent = exchange.signers.unnamed_agent(user)
    return {
        "agentAddress": None if agent is None else agent.address,
        "agentValidUntil": None if agent is None else agent.valid_until_ms,
    }


def _dusting(ledger: Ledger) -> dict[str, object]:
    """Return that an account keeps its dust; nothing where it does not (NK)."""
    return {"optOutOfSpotDusting": True} if ledger.keeps_dust else {}


def _cum_ledger(exchange: "Exchange", user: str) -> int:
    """Return what has come to an account's perpetuals by anything but trading, less what has left.

    UNVERIFIED: what the exchange counts; recorded figures are net, one is below zero. Fills beyond those that
    are kept, and what a backstop liquidation took, count as moved.
    """
    ledger = ledger_of(exchange, user)
    perp_fills = (
        fill
        for fill in (*ledger.fills, *(fill for _, fill in ledger.slice_fills))
        if fill.coin in exchange.universe.perp_of
    )
    earned = sum(fill.closed_pnl - fill.fee for fill in perp_fills)
    held = ledger.all_usd + sum(position.collateral for position in ledger.positions.values())
    return held - earned + sum(ledger.funding_paid.values())
