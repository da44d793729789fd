"""What the SDK sends for each of its methods: form, order of keys, envelope, signature.

Nothing is claimed about the answers: some of these actions localnet does not implement yet, and answers as
the exchange answers what it does not know. Each method is called plainly, then for a vault with an expiry,
both on tape; and once more as if for mainnet, where nothing is sent and the signature is recovered instead.

Covers: POST /exchange (every action of the SDK), POST /info (every read of the SDK).
"""

import contextlib
from types import SimpleNamespace

import pytest

from harness.signing import (
    USER_SIGNED,
    action_hash,
    address_of,
    l1_digest,
    multi_sig_digest,
    recover,
    user_signed_digest,
)

OTHER = "0x1111111111111111111111111111111111111111"
CHECKSUMMED = "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B"
# Long enough that rounding, an exponent or more decimals would show.
FIGURE = 1234567.5
MAINNET = "https://api.hyperliquid.xyz"
LIMIT = {"limit": {"tif": "Gtc"}}
STOP = {"trigger": {"triggerPx": 2500.5, "isMarket": True, "tpsl": "sl"}}
TAKE = {"trigger": {"triggerPx": 3500, "isMarket": False, "tpsl": "tp"}}

# What the SDK itself puts into an action's type, where it differs from one method to the next.
ORDER, MODIFY, SPOT_DEPLOY, PERP_DEPLOY = "order", "batchModify", "spotDeploy", "perpDeploy"


def one(coin="ETH", is_buy=True, sz=0.01, px=2500, order_type=LIMIT, reduce_only=False):
    return {
        "coin": coin,
        "is_buy": is_buy,
        "sz": sz,
        "limit_px": px,
        "order_type": order_type,
        "reduce_only": reduce_only,
    }


def tpsl(exit_type):
    return one(is_buy=False, px=2400, order_type=exit_type, reduce_only=True)


def cloid():
    from hyperliquid.utils.types import Cloid

    return Cloid.from_int(7)


ACTIONS = {
    "order": (ORDER, lambda x: x.order("ETH", True, 0.01, 2500.5, LIMIT, False)),
    "order with cloid": (ORDER, lambda x: x.order("ETH", False, 0.1, 3500, LIMIT, True, cloid())),
    "order with builder": (
        ORDER,
        lambda x: x.order("ETH", True, 0.01, 2500, LIMIT, builder={"b": CHECKSUMMED, "f": 10}),
    ),
    "order with 8 decimals": (ORDER, lambda x: x.order("PURR/USDC", True, 1234567, 0.00012345, LIMIT)),
    "order on a numbered pair": (ORDER, lambda x: x.order("@1035", True, 1.25, 28.5, LIMIT)),
    "order on a named pair": (ORDER, lambda x: x.order("HYPE/USDC", False, 1.25, 29.5, LIMIT)),
    "stop market": (ORDER, lambda x: x.order("ETH", False, 0.01, 2400, STOP, True)),
    "take profit limit": (ORDER, lambda x: x.order("ETH", False, 0.01, 3500, TAKE, True)),
    "batch with normalTpsl": (
        ORDER,
        lambda x: x.bulk_orders([one(), tpsl(STOP), tpsl(TAKE)], grouping="normalTpsl"),
    ),
    "batch with positionTpsl": (
        ORDER,
        lambda x: x.bulk_orders([tpsl(STOP)], {"b": CHECKSUMMED, "f": 5}, "positionTpsl"),
    ),
    "batch with priority": (ORDER, lambda x: x.bulk_orders([one()], grouping={"p": 100})),
    "modify by oid": (MODIFY, lambda x: x.modify_order(12, "ETH", True, 0.01, 2500, LIMIT, True)),
    "modify by cloid": (
        MODIFY,
        lambda x: x.modify_order(cloid(), "ETH", False, 0.02, 3500, LIMIT, cloid=cloid()),
    ),
    "cancel": ("cancel", lambda x: x.cancel("ETH", 12)),
    "cancel by cloid": ("cancelByCloid", lambda x: x.cancel_by_cloid("ETH", cloid())),
    "schedule cancel": ("scheduleCancel", lambda x: x.schedule_cancel(1_800_000_000_000)),
    "schedule cancel at zero": ("scheduleCancel", lambda x: x.schedule_cancel(0)),
    "unschedule cancel": ("scheduleCancel", lambda x: x.schedule_cancel(None)),
    "update leverage": ("updateLeverage", lambda x: x.update_leverage(3, "ETH")),
    "update leverage isolated": ("updateLeverage", lambda x: x.update_leverage(4, "ETH", False)),
    "update isolated margin": ("updateIsolatedMargin", lambda x: x.update_isolated_margin(1.000001, "ETH")),
    "set referrer": ("setReferrer", lambda x: x.set_referrer("ASDFASDF")),
    "create sub account": ("createSubAccount", lambda x: x.create_sub_account("Example")),
    "usd class transfer": ("usdClassTransfer", lambda x: x.usd_class_transfer(FIGURE, True)),
    "send asset": ("sendAsset", lambda x: x.send_asset(CHECKSUMMED, "", "Spot", "USDC:0xABC", FIGURE)),
    "send asset from a dex": (
        "sendAsset",
        lambda x: x.send_asset(CHECKSUMMED, "Test", "", "USDC", 10.0),
    ),
    "sub account transfer": ("subAccountTransfer", lambda x: x.sub_account_transfer(CHECKSUMMED, True, 10)),
    "sub account spot transfer": (
        "subAccountSpotTransfer",
        lambda x: x.sub_account_spot_transfer(CHECKSUMMED, False, "PURR:0xABC", FIGURE),
    ),
    "vault transfer": ("vaultTransfer", lambda x: x.vault_usd_transfer(CHECKSUMMED, True, 5_000_000)),
    "usd send": ("usdSend", lambda x: x.usd_transfer(FIGURE, CHECKSUMMED)),
    "spot send": ("spotSend", lambda x: x.spot_transfer(FIGURE, CHECKSUMMED, "PURR:0xABC")),
    "token delegate": ("tokenDelegate", lambda x: x.token_delegate(CHECKSUMMED, 100_000_000, False)),
    "token undelegate": ("tokenDelegate", lambda x: x.token_delegate(CHECKSUMMED, 100_000_000, True)),
    "withdraw": ("withdraw3", lambda x: x.withdraw_from_bridge(FIGURE, CHECKSUMMED)),
    "approve agent": ("approveAgent", lambda x: x.approve_agent()),
    "approve named agent": ("approveAgent", lambda x: x.approve_agent("Desk")),
    "approve builder fee": ("approveBuilderFee", lambda x: x.approve_builder_fee(CHECKSUMMED, "1E-3%")),
    "convert to multi-sig": (
        "convertToMultiSigUser",
        lambda x: x.convert_to_multi_sig_user([CHECKSUMMED, OTHER], 1),
    ),
    "register token": (SPOT_DEPLOY, lambda x: x.spot_deploy_register_token("T0", 2, 8, 10**12, "Test 0")),
    "user genesis": (
        SPOT_DEPLOY,
        lambda x: x.spot_deploy_user_genesis(7, [(CHECKSUMMED, "1E2"), (OTHER, "50")], [(3, "20"), (1, "7")]),
    ),
    "enable freeze privilege": (SPOT_DEPLOY, lambda x: x.spot_deploy_enable_freeze_privilege(7)),
    "freeze user": (SPOT_DEPLOY, lambda x: x.spot_deploy_freeze_user(7, CHECKSUMMED, True)),
    "revoke freeze privilege": (SPOT_DEPLOY, lambda x: x.spot_deploy_revoke_freeze_privilege(7)),
    "enable quote token": (SPOT_DEPLOY, lambda x: x.spot_deploy_enable_quote_token(7)),
    "genesis": (SPOT_DEPLOY, lambda x: x.spot_deploy_genesis(7, "1E3", False)),
    "genesis without hyperliquidity": (SPOT_DEPLOY, lambda x: x.spot_deploy_genesis(7, "1000", True)),
    "register spot": (SPOT_DEPLOY, lambda x: x.spot_deploy_register_spot(7, 0)),
    "register hyperliquidity": (
        SPOT_DEPLOY,
        lambda x: x.spot_deploy_register_hyperliquidity(9, FIGURE, 4.0, 100, None),
    ),
    "register hyperliquidity seeded": (
        SPOT_DEPLOY,
        lambda x: x.spot_deploy_register_hyperliquidity(9, 4.0, FIGURE, 100, 0),
    ),
    "deployer fee share": (SPOT_DEPLOY, lambda x: x.spot_deploy_set_deployer_trading_fee_share(7, "1E2%")),
    "register perp": (
        PERP_DEPLOY,
        lambda x: x.perp_deploy_register_asset(
            "Test",
            10**12,
            "Test:TEST0",
            2,
            "1E1",
            10,
            True,
            {"fullName": "test dex", "collateralToken": 0, "oracleUpdater": CHECKSUMMED},
        ),
    ),
    "register perp without updater": (
        PERP_DEPLOY,
        lambda x: x.perp_deploy_register_asset(
            "test",
            None,
            "test:TEST1",
            2,
            "10.0",
            10,
            False,
            {"fullName": "test dex", "collateralToken": 0, "oracleUpdater": None},
        ),
    ),
    "register perp without schema": (
        PERP_DEPLOY,
        lambda x: x.perp_deploy_register_asset("test", None, "test:TEST2", 2, "10.0", 10, False, None),
    ),
    "set oracle": (
        PERP_DEPLOY,
        lambda x: x.perp_deploy_set_oracle(
            "Test",
            {"test:B": "2.0", "test:A": "1.0"},
            [{"test:B": "2.1", "test:A": "1.1"}, {"test:B": "2.2"}],
            {"test:B": "2.3", "test:A": "1.3"},
        ),
    ),
    "unjail": ("CSignerAction", lambda x: x.c_signer_unjail_self()),
    "jail": ("CSignerAction", lambda x: x.c_signer_jail_self()),
    "register validator": (
        "CValidatorAction",
        lambda x: x.c_validator_register("2001:DB8::1", "Name", "Text", True, 100, CHECKSUMMED, False, 10**8),
    ),
    "change validator": (
        "CValidatorAction",
        lambda x: x.c_validator_change_profile("2001:DB8::1", "Name", None, True, None, 50, CHECKSUMMED),
    ),
    "change validator without address": (
        "CValidatorAction",
        lambda x: x.c_validator_change_profile(None, None, "Text", False, False, None, None),
    ),
    "unregister validator": ("CValidatorAction", lambda x: x.c_validator_unregister()),
    "multi-sig": ("multiSig", lambda x: x.multi_sig(CHECKSUMMED, {"type": "noop"}, [], 1_767_225_600_123)),
    "multi-sig for a vault": (
        "multiSig",
        lambda x: x.multi_sig(CHECKSUMMED, {"type": "noop"}, [], 1_767_225_600_123, OTHER),
    ),
    **{
        f"multi-sig abstraction {mode}": (
            "multiSig",
            lambda x, mode=mode: x.multi_sig(
                CHECKSUMMED,
                {"type": "userSetAbstraction", "user": CHECKSUMMED, "abstraction": mode},
                [],
                1_767_225_600_123,
            ),
        )
        for mode in ("disabled", "unifiedAccount", "portfolioMargin", "other")
    },
    "multi-sig with an abstraction of another type": (
        "multiSig",
        lambda x: x.multi_sig(
            CHECKSUMMED, {"type": "noop", "abstraction": "disabled"}, [], 1_767_225_600_123
        ),
    ),
    "big blocks": ("evmUserModify", lambda x: x.use_big_blocks(True)),
    "enable dex abstraction": ("agentEnableDexAbstraction", lambda x: x.agent_enable_dex_abstraction()),
    "agent abstraction": ("agentSetAbstraction", lambda x: x.agent_set_abstraction("u")),
    "user dex abstraction": ("userDexAbstraction", lambda x: x.user_dex_abstraction(CHECKSUMMED, True)),
    "user abstraction": (
        "userSetAbstraction",
        lambda x: x.user_set_abstraction(CHECKSUMMED, "unifiedAccount"),
    ),
    "noop": ("noop", lambda x: x.noop(1_767_225_600_123)),
    "gossip priority bid": ("gossipPriorityBid", lambda x: x.gossip_priority_bid(1, "1.2.3.4", 10**8)),
}

READS = {
    "user state": lambda x: x.user_state(CHECKSUMMED),
    "user state on a dex": lambda x: x.user_state(CHECKSUMMED, "Test"),
    "spot user state": lambda x: x.spot_user_state(CHECKSUMMED),
    "open orders": lambda x: x.open_orders(CHECKSUMMED),
    "open orders on a dex": lambda x: x.open_orders(CHECKSUMMED, "Test"),
    "frontend open orders": lambda x: x.frontend_open_orders(CHECKSUMMED),
    "frontend open orders on a dex": lambda x: x.frontend_open_orders(CHECKSUMMED, "Test"),
    "all mids": lambda x: x.all_mids(),
    "all mids on a dex": lambda x: x.all_mids("Test"),
    "user fills": lambda x: x.user_fills(CHECKSUMMED),
    "user fills from": lambda x: x.user_fills_by_time(CHECKSUMMED, 1_767_225_600_000),
    "user fills between": lambda x: x.user_fills_by_time(
        CHECKSUMMED, 1_767_225_600_000, 1_767_225_700_000, True
    ),
    "perp dexs": lambda x: x.perp_dexs(),
    "spot contexts": lambda x: x.spot_meta_and_asset_ctxs(),
    "funding history from": lambda x: x.funding_history("ETH", 1_767_225_600_000),
    "funding history between": lambda x: x.funding_history("ETH", 1_767_225_600_000, 1_767_225_700_000),
    "funding history until zero": lambda x: x.funding_history("ETH", 0, 0),
    "user funding until zero": lambda x: x.user_funding_history(CHECKSUMMED, 0, 0),
    "ledger until zero": lambda x: x.user_non_funding_ledger_updates(CHECKSUMMED, 0, 0),
    "user funding from": lambda x: x.user_funding_history(CHECKSUMMED, 1_767_225_600_000),
    "user funding between": lambda x: x.user_funding_history(
        CHECKSUMMED, 1_767_225_600_000, 1_767_225_700_000
    ),
    "book of a named pair": lambda x: x.l2_snapshot("HYPE/USDC"),
    "candles": lambda x: x.candles_snapshot("HYPE/USDC", "1M", 1_767_225_600_000, 1_767_225_700_000),
    "funding of a named pair": lambda x: x.funding_history("HYPE/USDC", 1_767_225_600_000),
    "staking summary": lambda x: x.user_staking_summary(CHECKSUMMED),
    "staking delegations": lambda x: x.user_staking_delegations(CHECKSUMMED),
    "staking rewards": lambda x: x.user_staking_rewards(CHECKSUMMED),
    "delegator history": lambda x: x.delegator_history(CHECKSUMMED),
    "order by oid": lambda x: x.query_order_by_oid(CHECKSUMMED, 12),
    "order by cloid": lambda x: x.query_order_by_cloid(CHECKSUMMED, cloid()),
    "referral": lambda x: x.query_referral_state(CHECKSUMMED),
    "sub accounts": lambda x: x.query_sub_accounts(CHECKSUMMED),
    "multi-sig signers": lambda x: x.query_user_to_multi_sig_signers(CHECKSUMMED),
    "perp deploy auction": lambda x: x.query_perp_deploy_auction_status(),
    "dex abstraction": lambda x: x.query_user_dex_abstraction_state(CHECKSUMMED),
    "abstraction": lambda x: x.query_user_abstraction_state(CHECKSUMMED),
    "historical orders": lambda x: x.historical_orders(CHECKSUMMED),
    "ledger from": lambda x: x.user_non_funding_ledger_updates(CHECKSUMMED, 1_767_225_600_000),
    "ledger between": lambda x: x.user_non_funding_ledger_updates(
        CHECKSUMMED, 1_767_225_600_000, 1_767_225_700_000
    ),
    "portfolio": lambda x: x.portfolio(CHECKSUMMED),
    "twap slice fills": lambda x: x.user_twap_slice_fills(CHECKSUMMED),
    "vault equities": lambda x: x.user_vault_equities(CHECKSUMMED),
    "user role": lambda x: x.user_role(CHECKSUMMED),
    "user rate limit": lambda x: x.user_rate_limit(CHECKSUMMED),
    "spot deploy state": lambda x: x.query_spot_deploy_auction_status(CHECKSUMMED),
    "extra agents": lambda x: x.extra_agents(CHECKSUMMED),
    "user fees": lambda x: x.user_fees(CHECKSUMMED),
    "meta of a dex": lambda x: x.meta("Test"),
    "a request without content": lambda x: x.post("/info"),
}

not_on_testnet = pytest.mark.targets(
    "replay", "localnet", reason="claims nothing but the form of a request, and some of these move money"
)
each_action = pytest.mark.parametrize(
    ("kind", "call"), [pytest.param(*row, id=name.replace(" ", "-")) for name, row in ACTIONS.items()]
)
# The vault that a multi-sig action is hashed with is not part of what is sent.
each_action_with_its_vault = pytest.mark.parametrize(
    ("kind", "call"),
    [
        pytest.param(*row, id=name.replace(" ", "-"))
        for name, row in ACTIONS.items()
        if name != "multi-sig for a vault"
    ],
)
each_read = pytest.mark.parametrize(
    "call", [pytest.param(call, id=name.replace(" ", "-")) for name, call in READS.items()]
)


def made(call, *sdk_object):
    """Make the call; an HTTP error is an answer, and no answer is claimed here."""
    from hyperliquid.utils.error import ClientError, ServerError

    with contextlib.suppress(ClientError, ServerError):
        call(*sdk_object)


@not_on_testnet
@each_action
def test_action_as_it_is_sent(trader, journal, kind, call):
    """The action leaves once, under its type, for no vault and without expiry."""
    made(call, trader.exchange)

    (entry,) = journal
    assert entry.action["type"] == kind
    assert (entry.request["vaultAddress"], entry.request["expiresAfter"]) == (None, None)


@not_on_testnet
@each_action
def test_action_for_a_vault_with_an_expiry(trader, journal, venue, kind, call):
    """The envelope names vault and expiry, except for the two actions that name their source themselves."""
    acting = trader.acting_for(CHECKSUMMED).exchange
    expiry = venue.clock.now_ms() + 60_000
    acting.set_expires_after(expiry)

    made(call, acting)

    (entry,) = journal
    vault = None if kind in ("usdClassTransfer", "sendAsset") else CHECKSUMMED
    assert (entry.request["vaultAddress"], entry.request["expiresAfter"]) == (vault, expiry)


@not_on_testnet
@each_read
def test_read_as_it_is_sent(trader, journal, call):
    """The read leaves once, to /info."""
    made(call, trader.info)

    assert [entry.path for entry in journal] == ["/info"]


@each_action_with_its_vault
def test_action_is_signed_for_mainnet_when_its_url_is_mainnets(mainnet_exchange, kind, call):
    """Nothing is sent; what would have been is signed with the mainnet's source and chain."""
    call(mainnet_exchange)

    (payload,) = mainnet_exchange.unsent
    assert payload["action"]["type"] == kind
    assert signer_on_mainnet(payload) == address_of(KEY)


KEY = b"\x11" * 32


@pytest.fixture
def mainnet_exchange(monkeypatch):
    """The SDK's Exchange at the mainnet's URL, with its way out cut off; what it posts goes to `unsent`."""
    import eth_account
    from hyperliquid import exchange

    unsent = []
    meta = {"universe": [{"name": name, "szDecimals": 4} for name in ("SOL", "ETH")]}
    tokens = [{"name": name, "index": n, "szDecimals": 2} for n, name in enumerate(("USDC", "PURR", "HYPE"))]
    pairs = [
        {"name": "PURR/USDC", "index": 0, "tokens": [1, 0]},
        {"name": "@1035", "index": 1035, "tokens": [2, 0]},
    ]
    monkeypatch.setattr(exchange.Exchange, "post", lambda self, path, payload: unsent.append(payload))
    wallet = eth_account.Account.from_key(KEY)
    spot_meta = {"universe": pairs, "tokens": tokens}
    sdk = getattr(exchange, "Exchange")(wallet, MAINNET, meta=meta, spot_meta=spot_meta)  # noqa: B009
    sdk.unsent = unsent
    return sdk


def signer_on_mainnet(payload):
    """Return who signed, by the harness's own reading of the signing scheme."""
    action, signature = dict(payload["action"]), SimpleNamespace(**payload["signature"])
    kind = action["type"]
    scheme = USER_SIGNED.get(kind)
    if kind == "multiSig":
        digest = multi_sig_digest(action, payload["nonce"], None, None, is_mainnet=True)
    elif scheme is not None:
        assert action["hyperliquidChain"] == "Mainnet"
        message = {"agentName": "", **action}
        chain_id = int(action["signatureChainId"], 16)
        digest = user_signed_digest(scheme.primary_type, scheme.fields, message, chain_id)
    else:
        hashed = action_hash(action, payload["nonce"], payload["vaultAddress"], payload["expiresAfter"])
        digest = l1_digest(hashed, is_mainnet=True)
    return recover(digest, int(signature.r, 16), int(signature.s, 16), signature.v)
