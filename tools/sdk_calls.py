"""A call of each method of the SDK that sends a request, with arguments that localnet knows."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from harness.localnet import ACCOUNTS

# In lower case: how an address of a transfer is signed in another case is not known.
MINE, OTHER, THIRD = (account.address.lower() for account in ACCOUNTS[:3])
NOBODY = "0x" + "12" * 20
MOMENT_MS = 1_767_225_600_000
GTC = {"limit": {"tif": "Gtc"}}
REQUEST = {
    "coin": "ETH",
    "is_buy": True,
    "sz": 0.01,
    "limit_px": 3000,
    "order_type": GTC,
    "reduce_only": False,
}


def cloid() -> Any:
    """Return an id of the client's own, in the SDK's form."""
    return importlib.import_module("hyperliquid.utils.types").Cloid.from_int(7)


ACTIONS: dict[str, Callable[[Any], Any]] = {
    "order": lambda x: x.order("ETH", True, 0.01, 3000, GTC),
    "bulk_orders": lambda x: x.bulk_orders([REQUEST, REQUEST]),
    "market_open": lambda x: x.market_open("ETH", True, 0.01),
    "market_close": lambda x: (x.market_open("ETH", True, 0.01), x.market_close("ETH"))[1],
    "modify_order": lambda x: (
        x.order("ETH", True, 0.01, 3000, GTC, cloid=cloid()),
        x.modify_order(cloid(), "ETH", True, 0.01, 2999, GTC, cloid=cloid()),
    )[1],
    "bulk_modify_orders_new": lambda x: x.bulk_modify_orders_new([{"oid": 1, "order": REQUEST}]),
    "cancel": lambda x: x.cancel("ETH", 1),
    "cancel_by_cloid": lambda x: x.cancel_by_cloid("ETH", cloid()),
    "bulk_cancel": lambda x: x.bulk_cancel([{"coin": "ETH", "oid": 1}]),
    "bulk_cancel_by_cloid": lambda x: x.bulk_cancel_by_cloid([{"coin": "ETH", "cloid": cloid()}]),
    "schedule_cancel": lambda x: x.schedule_cancel(None),
    "update_leverage": lambda x: x.update_leverage(5, "ETH"),
    "update_isolated_margin": lambda x: (
        x.update_leverage(5, "ETH", False),
        x.market_open("ETH", True, 0.01),
        x.update_isolated_margin(1, "ETH"),
    )[2],
    "set_referrer": lambda x: x.set_referrer("NOPE"),
    "create_sub_account": lambda x: x.create_sub_account("one"),
    "usd_class_transfer": lambda x: x.usd_class_transfer(1, True),
    "send_asset": lambda x: x.send_asset(OTHER, "", "spot", "USDC", 1),
    "sub_account_transfer": lambda x: x.sub_account_transfer(NOBODY, True, 1),
    "sub_account_spot_transfer": lambda x: x.sub_account_spot_transfer(NOBODY, True, "USDC", 1),
    "vault_usd_transfer": lambda x: x.vault_usd_transfer(NOBODY, True, 5_000_000),
    "usd_transfer": lambda x: x.usd_transfer(1, OTHER),
    "spot_transfer": lambda x: x.spot_transfer(1, OTHER, "USDC"),
    "withdraw_from_bridge": lambda x: x.withdraw_from_bridge(5, OTHER),
    "approve_agent": lambda x: x.approve_agent("bot")[0],
    "approve_builder_fee": lambda x: x.approve_builder_fee(OTHER, "0.001%"),
    "convert_to_multi_sig_user": lambda x: x.convert_to_multi_sig_user([OTHER, THIRD], 2),
    "spot_deploy_register_token": lambda x: x.spot_deploy_register_token(
        "TEST", 2, 8, 1_000_000_000_000, "Test token"
    ),
    "spot_deploy_user_genesis": lambda x: x.spot_deploy_user_genesis(0, [(OTHER, "1")], [(1, "1")]),
    "spot_deploy_enable_freeze_privilege": lambda x: x.spot_deploy_enable_freeze_privilege(9),
    "spot_deploy_freeze_user": lambda x: x.spot_deploy_freeze_user(9, OTHER, True),
    "spot_deploy_revoke_freeze_privilege": lambda x: x.spot_deploy_revoke_freeze_privilege(9),
    "spot_deploy_enable_quote_token": lambda x: x.spot_deploy_enable_quote_token(9),
    "spot_deploy_genesis": lambda x: x.spot_deploy_genesis(0, "1000", True),
    "spot_deploy_register_spot": lambda x: x.spot_deploy_register_spot(0, 0),
    "spot_deploy_register_hyperliquidity": lambda x: x.spot_deploy_register_hyperliquidity(
        9, 2.0, 4.0, 10, 2
    ),
    "spot_deploy_set_deployer_trading_fee_share": lambda x: x.spot_deploy_set_deployer_trading_fee_share(
        9, "100%"
    ),
    "perp_deploy_register_asset": lambda x: x.perp_deploy_register_asset(
        "test", None, "test:T", 2, "10.0", 10, False, None
    ),
    "perp_deploy_set_oracle": lambda x: x.perp_deploy_set_oracle(
        "test", {"test:T": "12.0"}, [{"test:T": "1"}], {"test:T": "1"}
    ),
    "c_signer_unjail_self": lambda x: x.c_signer_unjail_self(),
    "c_signer_jail_self": lambda x: x.c_signer_jail_self(),
    "c_validator_register": lambda x: x.c_validator_register(
        "1.2.3.4", "me", "it is me", True, 5, OTHER, False, 1
    ),
    "c_validator_change_profile": lambda x: x.c_validator_change_profile(
        None, None, None, False, None, None, None
    ),
    "c_validator_unregister": lambda x: x.c_validator_unregister(),
    "use_big_blocks": lambda x: x.use_big_blocks(True),
    "agent_enable_dex_abstraction": lambda x: x.agent_enable_dex_abstraction(),
    "agent_set_abstraction": lambda x: x.agent_set_abstraction("u"),
    "user_dex_abstraction": lambda x: x.user_dex_abstraction(MINE, True),
    "user_set_abstraction": lambda x: x.user_set_abstraction(MINE, "disabled"),
    "noop": lambda x: x.noop(MOMENT_MS),
    "gossip_priority_bid": lambda x: x.gossip_priority_bid(0, "1.2.3.4", 100_000_000),
}
QUERIES: dict[str, Callable[[Any], Any]] = {
    "user_state": lambda x: x.user_state(MINE),
    "spot_user_state": lambda x: x.spot_user_state(MINE),
    "open_orders": lambda x: x.open_orders(MINE),
    "frontend_open_orders": lambda x: x.frontend_open_orders(MINE),
    "all_mids": lambda x: x.all_mids(),
    "user_fills": lambda x: x.user_fills(MINE),
    "user_fills_by_time": lambda x: x.user_fills_by_time(MINE, 0),
    "meta": lambda x: x.meta(),
    "meta_and_asset_ctxs": lambda x: x.meta_and_asset_ctxs(),
    "perp_dexs": lambda x: x.perp_dexs(),
    "spot_meta": lambda x: x.spot_meta(),
    "spot_meta_and_asset_ctxs": lambda x: x.spot_meta_and_asset_ctxs(),
    "funding_history": lambda x: x.funding_history("ETH", 0),
    "user_funding_history": lambda x: x.user_funding_history(MINE, 0),
    "l2_snapshot": lambda x: x.l2_snapshot("ETH"),
    "candles_snapshot": lambda x: x.candles_snapshot("ETH", "1h", 0, 1_800_000_000_000),
    "user_fees": lambda x: x.user_fees(MINE),
    "user_staking_summary": lambda x: x.user_staking_summary(MINE),
    "user_staking_delegations": lambda x: x.user_staking_delegations(MINE),
    "user_staking_rewards": lambda x: x.user_staking_rewards(MINE),
    "delegator_history": lambda x: x.delegator_history(MINE),
    "query_order_by_oid": lambda x: x.query_order_by_oid(MINE, 1),
    "query_order_by_cloid": lambda x: x.query_order_by_cloid(MINE, cloid()),
    "query_referral_state": lambda x: x.query_referral_state(MINE),
    "query_sub_accounts": lambda x: x.query_sub_accounts(MINE),
    "query_user_to_multi_sig_signers": lambda x: x.query_user_to_multi_sig_signers(MINE),
    "query_perp_deploy_auction_status": lambda x: x.query_perp_deploy_auction_status(),
    "query_user_dex_abstraction_state": lambda x: x.query_user_dex_abstraction_state(MINE),
    "query_user_abstraction_state": lambda x: x.query_user_abstraction_state(MINE),
    "historical_orders": lambda x: x.historical_orders(MINE),
    "user_non_funding_ledger_updates": lambda x: x.user_non_funding_ledger_updates(MINE, 0),
    "portfolio": lambda x: x.portfolio(MINE),
    "user_twap_slice_fills": lambda x: x.user_twap_slice_fills(MINE),
    "user_vault_equities": lambda x: x.user_vault_equities(MINE),
    "user_role": lambda x: x.user_role(MINE),
    "user_rate_limit": lambda x: x.user_rate_limit(MINE),
    "query_spot_deploy_auction_status": lambda x: x.query_spot_deploy_auction_status(MINE),
    "extra_agents": lambda x: x.extra_agents(MINE),
}
