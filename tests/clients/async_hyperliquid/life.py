"""The life of an order by async-hyperliquid; URL, address and key are its arguments.

It runs in an environment of its own, and prints what it saw.
"""

import asyncio
import json
import sys

from async_hyperliquid import AsyncHyperliquid
from async_hyperliquid._async_hyperliquid import core

url, address, key = sys.argv[1:]
# Its hosts are constants.
core.TESTNET_API_URL = url
OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
GTC = {"limit": {"tif": "Gtc"}}
OF_AN_ADDRESS = (
    "get_user_rate_limit",
    "get_user_order_history",
    "get_user_twap_fills",
    "get_user_subaccounts",
    "get_user_vault_deposits",
    "get_user_role",
    "get_user_portfolio",
    "get_user_referral",
    "get_user_fees",
    "get_user_delegations",
    "get_user_staking",
    "get_user_staking_summary",
    "get_user_staking_history",
    "get_user_staking_rewards",
    "get_user_dex_abstraction",
    "get_user_token_balances",
    "get_spot_clearinghouse_state",
    "get_spot_deploy_state",
)
OF_ALL = (
    "get_perp_meta_ctx",
    "get_perp_dexs",
    "get_predicted_funding",
    "get_perps_at_open_interest_cap",
    "get_perp_deploy_status",
    "get_spot_meta_ctx",
)


async def main() -> None:
    client = AsyncHyperliquid(address, key, is_mainnet=False)
    try:
        await client.init_metas()
        placed = await client.place_order("ETH", True, 0.01, 2500, False, order_type=GTC)
        (status,) = placed["response"]["data"]["statuses"]
        oid = status["resting"]["oid"]
        seen = {"placed": (await client.get_order_status(oid))["order"]["status"]}
        await client.modify_order(oid, "ETH", True, 0.01, 2510, False, GTC)
        (row,) = await client.get_user_open_orders()
        seen["modified"] = row["limitPx"]
        await client.cancel_order("ETH", row["oid"])
        seen["left"] = len(await client.get_user_open_orders())
        await client.place_market_order("ETH", True, 0.01)
        seen["position"] = [position["szi"] for position in await client.get_all_positions()]
        await client.close_all_positions()
        seen["closed"] = await client.get_all_positions()
        seen["fills"] = [fill["dir"] for fill in await client.info.get_user_fills(address)]
        seen["answers"] = [
            (await answer)["status"]
            for answer in (
                client.update_leverage(5, "ETH"),
                client.create_sub_account("async"),
                client.usd_transfer(1.0, OTHER),
                client.initiate_withdrawal(5.0),
                client.usd_class_transfer(5.0, False),
                client.staking_deposit(1.0),
                client.approve_builder_fee(0.001, OTHER),
                client.use_big_block(True),
                client.place_twap("ETH", True, 1.0, 30),
            )
        ]
        # A query that is not served raises.
        for name in OF_AN_ADDRESS:
            await getattr(client.info, name)(address)
        for name in OF_ALL:
            await getattr(client.info, name)()
        sys.stdout.write(json.dumps(seen))
    finally:
        await client.close()


asyncio.run(main())
