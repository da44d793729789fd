"""ccxt and ccxt.pro: every unified method of theirs, and orders followed on the websocket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

pro = pytest.importorskip("ccxt.pro", reason="needs ccxt: python -m pip install -e '.[test]'")

ETH = "ETH/USDC:USDC"
PURR = "PURR/USDC"
LISTED = {"symbol": ETH, "type": "limit", "side": "buy", "amount": 0.01}


@asynccontextmanager
async def client(served: dict[str, Any]) -> AsyncIterator[Any]:
    """ccxt.pro's hyperliquid as account 0, in sandbox mode, with its URLs turned to the localnet."""
    account, url = served["accounts"][0], served["url"]
    made = pro.hyperliquid({"walletAddress": account["address"], "privateKey": account["private_key"]})
    made.set_sandbox_mode(True)
    made.urls["api"] = {"public": url, "private": url, "ws": {"public": f"{url.replace('http', 'ws')}/ws"}}
    # ccxt waits between requests as the exchange's weights ask.
    made.enableRateLimit = False
    try:
        await made.load_markets()
        yield made
    finally:
        await made.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what comes over the websocket."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)


async def follow(exchange: Any, seen: list[Any], watch: str, *arguments: Any) -> None:
    """Keep what a watch tells."""
    while True:
        seen.append(await getattr(exchange, watch)(*arguments))


def test_orders_are_placed_edited_and_followed_on_the_websocket(served: dict[str, Any]) -> None:
    async def life() -> None:
        async with client(served) as exchange:
            watches: dict[str, tuple[Any, ...]] = {
                "watch_orders": (ETH,),
                "watch_my_trades": (ETH,),
                "watch_order_book": (ETH,),
                "watch_trades": (ETH,),
                "watch_ohlcv": (ETH, "1m"),
                "watch_ticker": (ETH,),
                "watch_tickers": ([ETH],),
                "watch_balance": (),
                "watch_positions": (),
            }
            seen: dict[str, list[Any]] = {name: [] for name in watches}
            tasks = [
                asyncio.create_task(follow(exchange, seen[name], name, *arguments))
                for name, arguments in watches.items()
            ]
            quiet = {"watch_orders", "watch_my_trades", "watch_trades", "watch_ohlcv"}
            await until(lambda: all(seen[name] for name in watches.keys() - quiet))

            placed = await exchange.create_order_ws(ETH, "limit", "buy", 0.01, 2500)
            edited = await exchange.edit_order_ws(placed["id"], ETH, "limit", "buy", 0.01, 2600)
            await exchange.cancel_order_ws(edited["id"], ETH)
            both = await exchange.create_orders_ws([LISTED | {"price": 2500}, LISTED | {"price": 2510}])
            await exchange.cancel_orders_ws([order["id"] for order in both], ETH)
            await exchange.create_order_ws(ETH, "market", "buy", 0.01, 3102)
            await exchange.create_order_ws(ETH, "market", "sell", 0.01, 3102, {"reduceOnly": True})

            trades = seen["watch_my_trades"]
            await until(lambda: [trade["side"] for told in trades for trade in told][-2:] == ["buy", "sell"])
            await until(lambda: all(seen.values()))
            updates = {order["id"]: order["status"] for told in seen["watch_orders"] for order in told}
            assert {updates[order["id"]] for order in (placed, edited, *both)} == {"canceled"}
            assert sorted(updates.values()) == ["canceled"] * 4 + ["closed"] * 2
            assert seen["watch_ohlcv"][-1][-1][5] in (0.01, 0.02)
            book = seen["watch_order_book"][-1]
            assert book["bids"][0][0] < book["asks"][0][0]
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {asyncio.CancelledError}

    asyncio.run(life())


# Each is asked in this order, after a trade; what it must answer. Of `has` only `fetchDepositWithdrawFee` is
# left out: ccxt itself raises `NotSupported`.
READS: dict[str, tuple[tuple[Any, ...], Callable[[Any], bool]]] = {
    "fetch_time": ((), lambda now: now > 1_700_000_000_000),
    "fetch_status": ((), lambda status: status["status"] == "ok"),
    "fetch_currencies": ((), lambda all_of: {"USDC", "HYPE", "PURR"} <= all_of.keys()),
    "fetch_markets": ((), lambda rows: {ETH, PURR} <= {row["symbol"] for row in rows}),
    "fetch_tickers": ((), lambda all_of: all_of[ETH]["close"] > 0),
    "fetch_ticker": ((ETH,), lambda row: row["symbol"] == ETH),
    "fetch_order_book": ((PURR,), lambda book: book["bids"][0] < book["asks"][0]),
    "fetch_l2_order_book": ((ETH,), lambda book: len(book["bids"]) == 5),
    "fetch_trades": ((ETH,), lambda rows: len(rows) == 1),
    "fetch_ohlcv": ((ETH, "1m"), lambda rows: max(row[5] for row in rows) == 0.02),
    "fetch_funding_rate": ((ETH,), lambda row: row["fundingRate"] == 0.0000125),
    "fetch_funding_rates": ((), lambda all_of: all_of[ETH]["markPrice"] > 0),
    "fetch_funding_rate_history": ((ETH,), lambda rows: rows == []),
    "fetch_funding_history": ((ETH,), lambda rows: rows == []),
    "fetch_open_interest": ((ETH,), lambda row: row["openInterestAmount"] == 0.02),
    "fetch_open_interests": ((), lambda all_of: ETH in all_of),
    "fetch_balance": ((), lambda row: row["USDC"]["total"] > row["USDC"]["free"] > 9_000),
    "fetch_position": ((ETH,), lambda row: row["contracts"] == 0.02),
    "fetch_positions": ((), lambda rows: len(rows) == 1),
    "fetch_orders": ((ETH,), lambda rows: {row["status"] for row in rows} == {"closed", "canceled"}),
    "fetch_open_orders": ((ETH,), lambda rows: rows == []),
    "fetch_closed_orders": ((ETH,), lambda rows: len(rows) == 1),
    "fetch_canceled_orders": ((ETH,), lambda rows: len(rows) == 1),
    "fetch_canceled_and_closed_orders": ((ETH,), lambda rows: len(rows) == 2),
    "fetch_my_trades": ((ETH,), lambda rows: rows[0]["amount"] == 0.02),
    "fetch_my_liquidations": ((ETH,), lambda rows: rows == []),
    "fetch_deposits": ((), lambda rows: rows == []),
    "fetch_withdrawals": ((), lambda rows: len(rows) == 1),
    "fetch_ledger": ((), lambda rows: len(rows) == 2),
    "fetch_trading_fee": ((ETH,), lambda row: (row["maker"], row["taker"]) == (0.00015, 0.00045)),
}


def test_every_read_is_answered(served: dict[str, Any]) -> None:
    async def read() -> None:
        async with client(served) as exchange:
            await exchange.transfer("USDC", 10, "swap", "spot")
            await exchange.withdraw("USDC", 5, served["accounts"][0]["address"])
            placed = await exchange.create_order(ETH, "limit", "buy", 0.01, 2500)
            await exchange.cancel_order(placed["id"], ETH)
            await exchange.create_order(ETH, "market", "buy", 0.02, 3102)
            for name, (arguments, holds) in READS.items():
                answer = await getattr(exchange, name)(*arguments)
                assert holds(answer), (name, answer)

    asyncio.run(read())


def test_every_order_kind_and_margin_call_is_carried_out(served: dict[str, Any]) -> None:
    async def trade() -> None:
        async with client(served) as exchange:
            await exchange.set_leverage(7, ETH)
            await exchange.set_margin_mode("isolated", ETH, {"leverage": 3})
            await exchange.create_market_order(ETH, "buy", 0.02, 3102)
            await exchange.add_margin(ETH, 5)
            await exchange.reduce_margin(ETH, 2)
            position = await exchange.fetch_position(ETH)
            assert (position["marginMode"], position["leverage"]) == ("isolated", 3)

            await exchange.create_trigger_order(ETH, "limit", "sell", 0.02, 2800, 2900, {"reduceOnly": True})
            await exchange.create_stop_order(ETH, "limit", "buy", 0.01, 3600, 3500)
            await exchange.create_order_with_take_profit_and_stop_loss(
                ETH, "limit", "buy", 0.01, 2500, 2900, 2400
            )
            await exchange.create_limit_order(ETH, "buy", 0.01, 2550)
            rows = await exchange.fetch_open_orders(ETH)
            assert sorted(row["triggerPrice"] or 0 for row in rows) == [0, 0, 2400, 2900, 2900, 3500]

            (resting,) = (row for row in rows if row["price"] == 2550)
            (edited,) = await exchange.edit_orders([LISTED | {"id": resting["id"], "price": 2560}])
            (first,) = await exchange.create_orders([LISTED | {"price": 2570}])
            await exchange.cancel_orders_for_symbols([{"id": first["id"], "symbol": ETH}])
            rows = await exchange.fetch_open_orders(ETH)
            assert edited["id"] in {row["id"] for row in rows}
            # The children end with the entry that they wait for.
            entry_last = sorted(rows, key=lambda row: row["price"] == 2500 and row["triggerPrice"] is None)
            await exchange.cancel_orders([row["id"] for row in entry_last], ETH)
            assert await exchange.fetch_open_orders() == []

            await exchange.create_reduce_only_order(ETH, "market", "sell", 0.02, 3102)
            assert await exchange.fetch_positions() == []
            await exchange.create_limit_order(PURR, "buy", 300, 0.05)
            await exchange.cancel_all_orders_after(60_000)
            assert len(await exchange.fetch_open_orders()) == 1

    asyncio.run(trade())
