"""Every text of the real exchange that localnet can answer, each with its source, in one place.

The short names of sources are those of the wire facts: ROQ, SHIELD, RIFT, CONN, SON, TW, BLD, NK are
recordings or measurements, TI:n is a file of the text index, DOC is the official documentation. UNVERIFIED
marks a text, or the use made of it, that no recording shows.
"""

from typing import Final

# HTTP level. RIFT; the charset is the usual axum value.
NOT_JSON: Final = "Failed to parse the request body as JSON"
WRONG_CONTENT_TYPE: Final = "Expected request with `Content-Type: application/json`"
WRONG_SHAPE: Final = "Failed to deserialize the JSON body into the target type"

# Refused batches: one status for all of it, no ending, no record (wire rules 34 and 36).
EMPTY_ORDERS: Final = "Orders are empty."  # RIFT
INVALID_PRICE: Final = "Order has invalid price."  # TI:57479446610
INVALID_SIZE: Final = "Order has invalid size."  # RIFT
ZERO_SIZE: Final = "Order has zero size."  # TI:21267811545
SPOT_REDUCE_ONLY: Final = "Reduce-only is invalid for spot trading"  # TI:69078189041, TI:69036876700
SPOT_TRIGGER: Final = "Placing trigger orders is not enabled on spot trading yet"  # TI:69078189041
BUILDER_NOT_APPROVED: Final = "Builder fee has not been approved."  # TI:59678841705
BUILDER_FEE_TOO_HIGH: Final = "Builder fee is too high."  # TI:71203822584

# Refused orders. ROQ, RIFT, SHIELD, CONN, TI:59202754128; DOC prints them without the ending (wire rule 36).
TICK: Final = "Price must be divisible by tick size."
MIN_VALUE: Final = "Order must have minimum value of $10."
MARGIN: Final = "Insufficient margin to place order."
REDUCE_ONLY: Final = "Reduce only order would increase position."
NO_MATCH: Final = "Order could not immediately match against any resting orders."
NO_LIQUIDITY: Final = "No liquidity available for market order."  # DOC; no ending known
ORACLE: Final = "Price too far from oracle"  # TI:57517055352
SPOT_BALANCE: Final = "Insufficient spot balance"  # TI:7548094062, TI:60899799552
OUTCOME_SETTLED: Final = "Outcome has been settled"  # TI:53217940430, TI:53342882371
MAX_POSITION: Final = "Order would cause position to exceed margin tier limit at current leverage"  # DOC
# DOC; no endings known.
AT_CAP: Final = "Order would increase open interest while open interest is capped"
TOO_AGGRESSIVE: Final = "Order rejected due to price more aggressive than oracle while at open interest cap"
GROWING: Final = "Order would increase open interest too quickly"
# Low confidence: listed by third parties (TI:53217940430, TI:53342882371); no ending known.
TOO_MANY_OPEN: Final = "Too many open orders"
CANCEL: Final = "Order was never placed, already canceled, or filled."  # ROQ, SON, TW

# Trigger orders. TI:67163194995, GH nautilus_trader 3611; TI:55451732004 for groups refused as a whole.
TRIGGER_PX: Final = "Invalid TP/SL price."
MAIN_TRIGGER: Final = "Main order cannot be trigger order."
TRIGGER_COUNT: Final = "Unexpected number of trigger orders"
# Low confidence: listed by third parties; that such groups are refused as a whole is documented. UNVERIFIED.
TRIGGER_NOT_REDUCE_ONLY: Final = "Trigger order is not reduce only."
TRIGGER_SIDE: Final = "Trigger order has unexpected side."
PRIORITY: Final = "Insufficient delegatable balance for priority order"  # NK

# TWAPs. SHIELD; TI:58105741026; DOC.
TWAP_REDUCE_ONLY: Final = "Reduce-only TWAP order would increase position."
TWAP_GONE: Final = "TWAP was never placed, already canceled, or filled."

# Modify. SHIELD; TI:59202754128; ROQ.
MODIFY_DEAD: Final = "Cannot modify canceled or filled order"
MODIFY_INVALID: Final = "Attempted to modify to invalid new order"

# Refused actions.
NO_SIGNER: Final = "Unable to recover signer."  # RIFT
NONCE_MISMATCH: Final = "Nonce mismatch."  # RIFT-SIM, TI:71362882325
WRONG_CHAIN: Final = "Mainnet and testnet require different signature."  # TI:70873832004
EXPIRED: Final = "Action already expired"  # SHIELD
NO_EXPIRY: Final = "Action does not support expires_after"  # RIFT-SIM
OVERWEIGHT: Final = "Signed action over weight limit of 200."  # TW
BAD_LEVERAGE: Final = "Invalid leverage value"  # TW
SWITCH_LEVERAGE: Final = "Cannot switch leverage type with open position."  # SHIELD
NO_CROSS: Final = "Cross margin is not allowed for this asset."  # TI:59674299775
# Low confidence: listed by third parties, never seen in a recorded answer. UNVERIFIED.
LOWER_LEVERAGE: Final = (
    "Cross position does not have sufficient margin available to decrease leverage. "
    "To decrease leverage, deposit more collateral."
)
LOWER_ISOLATED: Final = (  # TW
    "Isolated position does not have sufficient margin available to decrease leverage. "
    "To decrease leverage, add margin to the position."
)
# Low confidence: from the same list as the text above, which was measured later. UNVERIFIED.
NO_MARGIN_UPDATE: Final = "Update to isolated margin cannot be zero."
NO_POSITION: Final = "Cannot update margin for empty position."
NO_MARGIN_TO_ADD: Final = "Account does not have sufficient margin available for increase."
NO_MARGIN_TO_TAKE: Final = "Position does not have sufficient margin for reduction."
MARGIN_STAYS: Final = "Cannot remove isolated margin for this asset. To remove margin, reduce the position."
AGENT_EXPIRED: Final = "Agent valid_until already expired."  # SHIELD
AGENT_USED: Final = "Extra agent already used."  # SHIELD
AGENT_PENDING: Final = "User has pending agent removal"  # SHIELD, NK


# Refused transfers. RIFT, SHIELD; TI:61975821577 and TI:71485011122 for withdrawals.
AGENT_SEND: Final = "Agent can only send asset to same user or their sub-accounts."
INVALID_SEND: Final = "Invalid send"
BAD_DEX: Final = "Invalid perp DEX"
NO_DECIMAL: Final = "Invalid decimal number"
SEND_ZERO: Final = "Send amount cannot be zero"
BAD_DECIMALS: Final = "Invalid number of decimals"
NO_BALANCE: Final = "Insufficient balance for token transfer"
NO_QUOTE_GAS: Final = "Insufficient quote token (e.g., 1 USDC or USDT) balance for token transfer gas."
WITHDRAW_ZERO: Final = "Withdrawal amount cannot be zero"
NOT_WITHDRAWABLE: Final = "Insufficient balance for withdrawal."
TOO_MANY_SUB_ACCOUNTS: Final = "Too many sub-accounts."  # EPI
NO_VAULT_BALANCE: Final = "Insufficient balance to create vault"  # NK
NOT_LEADER: Final = "Only leader can perform this vault action"  # NK
LEAST_DISTRIBUTED: Final = "Must distribute at least $10"  # NK, an older test of vaultDistribute

NOT_ISOLATED: Final = "Position does not use isolated margin."  # SHIELD
NO_REFERRAL_CODE: Final = "Referral code not registered"  # SHIELD


# Builders, referrals, modes. TI:52802089376, BLD; SHIELD; NK; TI:54757820659; TI:55903139573.
BUILDER_POOR: Final = "Builder has insufficient balance to be approved."
NO_REWARDS: Final = "No rewards to claim"
TRANSITION: Final = "Abstraction transition not allowed"
PORTFOLIO_MARGIN: Final = "Portfolio margin requires account value of $10000 or total volume of $5000000."
UNIFIED_DISABLED: Final = "Action disabled when unified account is active"
UNIFIED_SPOT_ONLY: Final = "Unified account only supports sending assets through spot"

# Multi-sig. TI:70873832004, recorded on testnet.
MULTI_SIG_REQUIRED: Final = "Multi-sig required"
MULTI_SIG_THRESHOLD: Final = "Multi-sig threshold not met"
MULTI_SIG_INNER: Final = "Invalid multi-sig inner signer"
MULTI_SIG_OUTER: Final = "Invalid multi-sig outer signer"
MULTI_SIG_OUTER_UNKNOWN: Final = "Multi-sig outer signer must be an L1 user."
MULTI_SIG_USER: Final = "Invalid multi-sig user"
MULTI_SIG_BAD_THRESHOLD: Final = "Invalid multi-sig threshold"
MULTI_SIG_SIGNER_UNKNOWN: Final = "Multi-sig authorized user must exist on L1"
MULTI_SIG_SELF: Final = "Cannot register self as multi-sig authorized user"
MULTI_SIG_MANY: Final = "Too many multi-sig signers"
MULTI_SIG_MALFORMED: Final = "Unexpected error (code=148)"

# Deployers and validators. NK; GAS_AUCTION_OVER from its older tests (id 21218500932 of the text index).
NOT_DEPLOYER: Final = "Invalid perp deployer"
GAS_AUCTION_OVER: Final = "Gas auction completed. Try again later"  # of tokens, after the beginning below
SPOT_DEPLOYER: Final = "Error deploying spot: incorrect deployer"  # the same older tests
GENESIS_DONE: Final = "Genesis error: genesis already happened"  # the same
NO_MAX_SUPPLY: Final = "Error deploying spot: missing token max_supply"  # LayerZero, hyperliquid-composer
# UNVERIFIED: that frozen holders are refused is documented, no text was found.
FROZEN: Final = "User is frozen for this token"
# Met by those who set prices: ids 7831099895, 60334879925 and 71605891028 of the text index.
ORACLE_TOO_OFTEN: Final = "Oracle price update too often"
NO_EXTERNAL: Final = "externalPerpPxs missing perp"  # what follows is not known
NOT_UPDATER: Final = "Invalid oracle updater"
NO_EVM_CONTRACT: Final = "Error deploying spot: Pending EVM contract missing"
UNKNOWN_VALIDATOR: Final = "Unknown validator"
INSUFFICIENT_STAKE: Final = "Insufficient stake"  # of other deployers
VALIDATOR_CLOSED: Final = "Validator has delegations disabled"
DISABLED_HERE: Final = "Action disabled on this chain"
NO_VALIDATOR_SIGNER: Final = "Signer invalid or inactive for current epoch"
INVALID_INPUT: Final = "Invalid input number"  # TI:69050350994
NOT_OUTCOME_DEPLOYER: Final = "Error deploying outcome: not an outcome deployer"
NO_BACKSTOP_DEPOSIT: Final = "Insufficient funds available to deposit."
STAKING_LINK: Final = "Staking link error"  # what may follow is not known
GAS_TOO_LOW: Final = "Insufficient gas at current auction price."


def spot_deploy_error(why: str) -> str:
    """Refuse a step of a spot deployment. Only the beginning is known (NK): the rest is UNVERIFIED."""
    return f"Error deploying spot: {why}"


def invalid_outcome(what: str) -> str:
    """Say that an outcome or question does not exist. Only the beginning is known (NK): UNVERIFIED."""
    return f"Invalid {what}"


def outcome_error(why: str) -> str:
    """Refuse a conversion of shares. TI:69050350994 has one text; others are UNVERIFIED."""
    return f"Outcome error: {why}"


def perp_deploy_error(why: str) -> str:
    """Refuse what a deployer of a perp dex asks for, in localnet's own words: UNVERIFIED."""
    return why


def genesis_error(why: str) -> str:
    """Refuse a step of a genesis. Only the beginning is known (NK): the rest is UNVERIFIED."""
    return f"Genesis error: {why}"


def unknown_coin(coin: str) -> str:
    """Say that a deployer's coin does not exist. SON, NK."""
    return f"Unknown coin {coin}"


def already(what: str, subscription: str) -> str:
    """Say that a feed is subscribed to, or unsubscribed from, already. WSP."""
    return f"Already {what}: {subscription}"


def bad_frame(text: str) -> str:
    """Say that a websocket frame was not understood. WSP, ROQ, TI:57395103147."""
    return f"Error parsing JSON into valid websocket request: {text}"


def too_many_users(limit: int) -> str:
    """Say that no further user can be watched. TI:52889193467."""
    return f"Cannot track more than {limit} total users."


def too_many_posts(number: int) -> str:
    """Say that too many posts are in flight. NK."""
    return f"too many pending post requests id={number}"


def on_asset(text: str, asset: int) -> str:
    """Add the ending that most run-time texts have (wire rule 36)."""
    return f"{text} asset={asset}"


def post_only(bid: str, ask: str) -> str:
    """Say why an Alo was refused; prices without the added zero. TI:59202754128, TI:70679828995."""
    return f"Post only order would have immediately matched, bbo was {bid}@{ask}."


def spot_min_value(least: int, quote: str) -> str:
    """Say that a spot order is too small. RIFT; for outcomes TI:69078189041."""
    return f"Order must have minimum value of {least} {quote}."


def band(percent: int) -> str:
    """Say that a price left the reference band. ROQ, TI:53236861333."""
    return f"Order price cannot be more than {percent}% away from the reference price"


def value_cap(usd: int) -> str:
    """Say that an order is too large. ROQ."""
    return f"Order value too large. Max is ${usd}."


def twap_value(usd: int) -> str:
    """Say that a TWAP is worth too little. TI:58105741026."""
    return f"TWAP order value too small. Min is ${usd}."


def twap_duration(minutes: int) -> str:
    """Say that a TWAP is too short or too long. DOC."""
    return f"Invalid TWAP duration: {minutes} min(s)"


def modify_failed(text: str) -> str:
    """Say that the new order of a modify was refused after the old one had gone. TI:59202754128."""
    return f"Error placing new order during modify: {text}"


def unknown_wallet(address: str) -> str:
    """Say that a signer is neither user nor agent. SHIELD, ROQ, SON."""
    return f"User or API Wallet {address} does not exist."


def must_deposit(address: str) -> str:
    """Say that an address has no account. SHIELD."""
    return f"Must deposit before performing actions. User: {address}"


def vault_unknown(address: str) -> str:
    """Say that an address is no vault or sub-account. SHIELD."""
    return f"Vault not registered: {address}"


def not_for_vaults() -> str:
    """Say that a vault or sub-account cannot do this. GH ccxt 27010; TI:61975821577 lacks the full stop."""
    return "Vault may not perform this action."


def not_registered(address: str, user: str) -> str:
    """Say that an address is not one's sub-account. NK, whose quotation ends before the user."""
    return f"Sub-account {address} is not registered to {user}"


def unknown_token(text: str) -> str:
    """Say that a token is not known. RIFT."""
    return f"Unknown token {text}"


def no_gas(token: str) -> str:
    """Say that the fee for a new address cannot be paid in the quote token that is sent. RIFT."""
    return f"Insufficient {token} balance for token transfer gas."


def foreign_sub_account(user: str, address: str) -> str:
    """Say that an address is not one's sub-account. SHIELD, NK."""
    return f"Invalid sub-account transfer from {user} to {address}"


def volume_gate(what: str, required_usd: int, traded: str) -> str:
    """Say that something needs more traded volume; `traded` has two decimals. SHIELD."""
    return f"Cannot {what} until enough volume traded. Required: ${required_usd}. Traded: ${traded}."


def nonce_used(nonce: int) -> str:
    """Say that a nonce is used. RIFT."""
    return f"Invalid nonce: duplicate nonce {nonce}"


def nonce_low(nonce: int, bound: int) -> str:
    """Say that a nonce is below its window. RIFT."""
    return f"Invalid nonce: nonce too low {nonce} < {bound}"


def nonce_high(nonce: int, bound: int) -> str:
    """Say that a nonce is above its window. RIFT."""
    return f"Invalid nonce: nonce too high {nonce} > {bound}"


def too_many_agents(limit: int) -> str:
    """Say that no named agent is left. SHIELD."""
    return f"Too many extra agents for cumulative volume traded. Current limit is {limit}"


def budget_spent(used: int, cap: int, volume_usd: str) -> str:
    """Say that the request budget is spent; the first figure is the counter plus one. TW, TI:71425630976."""
    return (
        f"Too many cumulative requests sent ({used} > {cap}) for cumulative volume traded ${volume_usd}. "
        "Place taker orders to free up 1 request per USDC traded."
    )
