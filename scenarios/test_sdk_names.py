"""Names, order and defaults of the parameters that callers of the SDK write down. Nothing is sent.

A parameter that is renamed, moved or given another default changes what a caller's code does, though the SDK
may still send every request of the other files as recorded.

Covers: hyperliquid.api, hyperliquid.info, hyperliquid.exchange, hyperliquid.utils.
"""

import importlib
import inspect

import pytest

PARAMETERS = {
    ("hyperliquid.api", "API.__init__"): "base_url=None, timeout=None",
    ("hyperliquid.api", "API.post"): "url_path, payload=None",
    ("hyperliquid.api", "API._handle_exception"): "response",
    ("hyperliquid.info", "Info.__init__"): (
        "base_url=None, skip_ws=False, meta=None, spot_meta=None, perp_dexs=None, timeout=None"
    ),
    ("hyperliquid.info", "Info.set_perp_meta"): "meta, offset",
    ("hyperliquid.info", "Info.disconnect_websocket"): "",
    ("hyperliquid.info", "Info.user_state"): "address, dex=''",
    ("hyperliquid.info", "Info.spot_user_state"): "address",
    ("hyperliquid.info", "Info.open_orders"): "address, dex=''",
    ("hyperliquid.info", "Info.frontend_open_orders"): "address, dex=''",
    ("hyperliquid.info", "Info.all_mids"): "dex=''",
    ("hyperliquid.info", "Info.user_fills"): "address",
    ("hyperliquid.info", "Info.user_fills_by_time"): (
        "address, start_time, end_time=None, aggregate_by_time=False"
    ),
    ("hyperliquid.info", "Info.meta"): "dex=''",
    ("hyperliquid.info", "Info.meta_and_asset_ctxs"): "",
    ("hyperliquid.info", "Info.perp_dexs"): "",
    ("hyperliquid.info", "Info.spot_meta"): "",
    ("hyperliquid.info", "Info.spot_meta_and_asset_ctxs"): "",
    ("hyperliquid.info", "Info.funding_history"): "name, startTime, endTime=None",
    ("hyperliquid.info", "Info.user_funding_history"): "user, startTime, endTime=None",
    ("hyperliquid.info", "Info.l2_snapshot"): "name",
    ("hyperliquid.info", "Info.candles_snapshot"): "name, interval, startTime, endTime",
    ("hyperliquid.info", "Info.user_fees"): "address",
    ("hyperliquid.info", "Info.user_staking_summary"): "address",
    ("hyperliquid.info", "Info.user_staking_delegations"): "address",
    ("hyperliquid.info", "Info.user_staking_rewards"): "address",
    ("hyperliquid.info", "Info.delegator_history"): "user",
    ("hyperliquid.info", "Info.query_order_by_oid"): "user, oid",
    ("hyperliquid.info", "Info.query_order_by_cloid"): "user, cloid",
    ("hyperliquid.info", "Info.query_referral_state"): "user",
    ("hyperliquid.info", "Info.query_sub_accounts"): "user",
    ("hyperliquid.info", "Info.query_user_to_multi_sig_signers"): "multi_sig_user",
    ("hyperliquid.info", "Info.query_perp_deploy_auction_status"): "",
    ("hyperliquid.info", "Info.query_user_dex_abstraction_state"): "user",
    ("hyperliquid.info", "Info.query_user_abstraction_state"): "user",
    ("hyperliquid.info", "Info.historical_orders"): "user",
    ("hyperliquid.info", "Info.user_non_funding_ledger_updates"): "user, startTime, endTime=None",
    ("hyperliquid.info", "Info.portfolio"): "user",
    ("hyperliquid.info", "Info.user_twap_slice_fills"): "user",
    ("hyperliquid.info", "Info.user_vault_equities"): "user",
    ("hyperliquid.info", "Info.user_role"): "user",
    ("hyperliquid.info", "Info.user_rate_limit"): "user",
    ("hyperliquid.info", "Info.query_spot_deploy_auction_status"): "user",
    ("hyperliquid.info", "Info.extra_agents"): "user",
    ("hyperliquid.info", "Info.subscribe"): "subscription, callback",
    ("hyperliquid.info", "Info.unsubscribe"): "subscription, subscription_id",
    ("hyperliquid.info", "Info.name_to_asset"): "name",
    ("hyperliquid.exchange", "Exchange.__init__"): (
        "wallet, base_url=None, meta=None, vault_address=None, account_address=None, spot_meta=None, "
        "perp_dexs=None, timeout=None"
    ),
    ("hyperliquid.exchange", "Exchange._post_action"): "action, signature, nonce",
    ("hyperliquid.exchange", "Exchange._slippage_price"): "name, is_buy, slippage, px=None",
    ("hyperliquid.exchange", "Exchange.set_expires_after"): "expires_after",
    ("hyperliquid.exchange", "Exchange.order"): (
        "name, is_buy, sz, limit_px, order_type, reduce_only=False, cloid=None, builder=None"
    ),
    ("hyperliquid.exchange", "Exchange.bulk_orders"): "order_requests, builder=None, grouping='na'",
    ("hyperliquid.exchange", "Exchange.modify_order"): (
        "oid, name, is_buy, sz, limit_px, order_type, reduce_only=False, cloid=None"
    ),
    ("hyperliquid.exchange", "Exchange.bulk_modify_orders_new"): "modify_requests",
    ("hyperliquid.exchange", "Exchange.market_open"): (
        "name, is_buy, sz, px=None, slippage=0.05, cloid=None, builder=None"
    ),
    ("hyperliquid.exchange", "Exchange.market_close"): (
        "coin, sz=None, px=None, slippage=0.05, cloid=None, builder=None"
    ),
    ("hyperliquid.exchange", "Exchange.cancel"): "name, oid",
    ("hyperliquid.exchange", "Exchange.cancel_by_cloid"): "name, cloid",
    ("hyperliquid.exchange", "Exchange.bulk_cancel"): "cancel_requests",
    ("hyperliquid.exchange", "Exchange.bulk_cancel_by_cloid"): "cancel_requests",
    ("hyperliquid.exchange", "Exchange.schedule_cancel"): "time",
    ("hyperliquid.exchange", "Exchange.update_leverage"): "leverage, name, is_cross=True",
    ("hyperliquid.exchange", "Exchange.update_isolated_margin"): "amount, name",
    ("hyperliquid.exchange", "Exchange.set_referrer"): "code",
    ("hyperliquid.exchange", "Exchange.create_sub_account"): "name",
    ("hyperliquid.exchange", "Exchange.usd_class_transfer"): "amount, to_perp",
    ("hyperliquid.exchange", "Exchange.send_asset"): (
        "destination, source_dex, destination_dex, token, amount"
    ),
    ("hyperliquid.exchange", "Exchange.sub_account_transfer"): "sub_account_user, is_deposit, usd",
    ("hyperliquid.exchange", "Exchange.sub_account_spot_transfer"): (
        "sub_account_user, is_deposit, token, amount"
    ),
    ("hyperliquid.exchange", "Exchange.vault_usd_transfer"): "vault_address, is_deposit, usd",
    ("hyperliquid.exchange", "Exchange.usd_transfer"): "amount, destination",
    ("hyperliquid.exchange", "Exchange.spot_transfer"): "amount, destination, token",
    ("hyperliquid.exchange", "Exchange.token_delegate"): "validator, wei, is_undelegate",
    ("hyperliquid.exchange", "Exchange.withdraw_from_bridge"): "amount, destination",
    ("hyperliquid.exchange", "Exchange.approve_agent"): "name=None",
    ("hyperliquid.exchange", "Exchange.approve_builder_fee"): "builder, max_fee_rate",
    ("hyperliquid.exchange", "Exchange.convert_to_multi_sig_user"): "authorized_users, threshold",
    ("hyperliquid.exchange", "Exchange.spot_deploy_register_token"): (
        "token_name, sz_decimals, wei_decimals, max_gas, full_name"
    ),
    ("hyperliquid.exchange", "Exchange.spot_deploy_user_genesis"): (
        "token, user_and_wei, existing_token_and_wei"
    ),
    ("hyperliquid.exchange", "Exchange.spot_deploy_enable_freeze_privilege"): "token",
    ("hyperliquid.exchange", "Exchange.spot_deploy_freeze_user"): "token, user, freeze",
    ("hyperliquid.exchange", "Exchange.spot_deploy_revoke_freeze_privilege"): "token",
    ("hyperliquid.exchange", "Exchange.spot_deploy_enable_quote_token"): "token",
    ("hyperliquid.exchange", "Exchange.spot_deploy_token_action_inner"): "variant, token",
    ("hyperliquid.exchange", "Exchange.spot_deploy_genesis"): "token, max_supply, no_hyperliquidity",
    ("hyperliquid.exchange", "Exchange.spot_deploy_register_spot"): "base_token, quote_token",
    ("hyperliquid.exchange", "Exchange.spot_deploy_register_hyperliquidity"): (
        "spot, start_px, order_sz, n_orders, n_seeded_levels"
    ),
    ("hyperliquid.exchange", "Exchange.spot_deploy_set_deployer_trading_fee_share"): "token, share",
    ("hyperliquid.exchange", "Exchange.perp_deploy_register_asset"): (
        "dex, max_gas, coin, sz_decimals, oracle_px, margin_table_id, only_isolated, schema"
    ),
    ("hyperliquid.exchange", "Exchange.perp_deploy_set_oracle"): (
        "dex, oracle_pxs, all_mark_pxs, external_perp_pxs"
    ),
    ("hyperliquid.exchange", "Exchange.c_signer_unjail_self"): "",
    ("hyperliquid.exchange", "Exchange.c_signer_jail_self"): "",
    ("hyperliquid.exchange", "Exchange.c_signer_inner"): "variant",
    ("hyperliquid.exchange", "Exchange.c_validator_register"): (
        "node_ip, name, description, delegations_disabled, commission_bps, signer, unjailed, initial_wei"
    ),
    ("hyperliquid.exchange", "Exchange.c_validator_change_profile"): (
        "node_ip, name, description, unjailed, disable_delegations, commission_bps, signer"
    ),
    ("hyperliquid.exchange", "Exchange.c_validator_unregister"): "",
    ("hyperliquid.exchange", "Exchange.multi_sig"): (
        "multi_sig_user, inner_action, signatures, nonce, vault_address=None"
    ),
    ("hyperliquid.exchange", "Exchange.use_big_blocks"): "enable",
    ("hyperliquid.exchange", "Exchange.agent_enable_dex_abstraction"): "",
    ("hyperliquid.exchange", "Exchange.agent_set_abstraction"): "abstraction",
    ("hyperliquid.exchange", "Exchange.user_dex_abstraction"): "user, enabled",
    ("hyperliquid.exchange", "Exchange.user_set_abstraction"): "user, abstraction",
    ("hyperliquid.exchange", "Exchange.noop"): "nonce",
    ("hyperliquid.exchange", "Exchange.gossip_priority_bid"): "slot_id, ip, max_gas",
    ("hyperliquid.utils.types", "Cloid.__init__"): "raw_cloid",
    ("hyperliquid.utils.types", "Cloid.from_int"): "cloid",
    ("hyperliquid.utils.types", "Cloid.from_str"): "cloid",
    ("hyperliquid.utils.types", "Cloid.to_raw"): "",
    ("hyperliquid.utils.error", "ClientError.__init__"): (
        "status_code, error_code, error_message, header, error_data=None"
    ),
    ("hyperliquid.utils.error", "ServerError.__init__"): "status_code, message",
    ("hyperliquid.utils.signing", "order_type_to_wire"): "order_type",
    ("hyperliquid.utils.signing", "address_to_bytes"): "address",
    ("hyperliquid.utils.signing", "action_hash"): "action, vault_address, nonce, expires_after",
    ("hyperliquid.utils.signing", "construct_phantom_agent"): "hash, is_mainnet",
    ("hyperliquid.utils.signing", "l1_payload"): "phantom_agent",
    ("hyperliquid.utils.signing", "user_signed_payload"): "primary_type, payload_types, action",
    ("hyperliquid.utils.signing", "sign_l1_action"): (
        "wallet, action, active_pool, nonce, expires_after, is_mainnet"
    ),
    ("hyperliquid.utils.signing", "sign_user_signed_action"): (
        "wallet, action, payload_types, primary_type, is_mainnet"
    ),
    ("hyperliquid.utils.signing", "add_multi_sig_types"): "sign_types",
    ("hyperliquid.utils.signing", "add_multi_sig_fields"): "action, payload_multi_sig_user, outer_signer",
    ("hyperliquid.utils.signing", "sign_multi_sig_user_signed_action_payload"): (
        "wallet, action, is_mainnet, sign_types, tx_type, payload_multi_sig_user, outer_signer"
    ),
    ("hyperliquid.utils.signing", "sign_multi_sig_l1_action_payload"): (
        "wallet, action, is_mainnet, vault_address, timestamp, expires_after, "
        "payload_multi_sig_user, outer_signer"
    ),
    ("hyperliquid.utils.signing", "sign_multi_sig_action"): (
        "wallet, action, is_mainnet, vault_address, nonce, expires_after"
    ),
    ("hyperliquid.utils.signing", "sign_usd_transfer_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_spot_transfer_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_withdraw_from_bridge_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_usd_class_transfer_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_send_asset_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_user_dex_abstraction_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_user_set_abstraction_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_convert_to_multi_sig_user_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_agent"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_approve_builder_fee"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_token_delegate_action"): "wallet, action, is_mainnet",
    ("hyperliquid.utils.signing", "sign_inner"): "wallet, data",
    ("hyperliquid.utils.signing", "recover_agent_or_user_from_l1_action"): (
        "action, signature, active_pool, nonce, expires_after, is_mainnet"
    ),
    ("hyperliquid.utils.signing", "recover_user_from_user_signed_action"): (
        "action, signature, payload_types, primary_type, is_mainnet"
    ),
    ("hyperliquid.utils.signing", "float_to_wire"): "x",
    ("hyperliquid.utils.signing", "float_to_int_for_hashing"): "x",
    ("hyperliquid.utils.signing", "float_to_usd_int"): "x",
    ("hyperliquid.utils.signing", "float_to_int"): "x, power",
    ("hyperliquid.utils.signing", "get_timestamp_ms"): "",
    ("hyperliquid.utils.signing", "order_request_to_order_wire"): "order, asset",
    ("hyperliquid.utils.signing", "order_wires_to_order_action"): (
        "order_wires, builder=None, grouping='na'"
    ),
}


@pytest.mark.parametrize(
    ("module", "name"), [pytest.param(*where, id=".".join(where)) for where in PARAMETERS]
)
def test_parameters_of_the_sdk(module, name):
    """Names, order and defaults are what callers rely on; annotations are not."""
    called = importlib.import_module(module)
    for part in name.split("."):
        called = getattr(called, part)

    signature = inspect.signature(called)
    parameters = [
        str(parameter.replace(annotation=parameter.empty))
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    ]

    assert ", ".join(parameters) == PARAMETERS[module, name]
