"""The steps of a token's deployment, each with its checks and its effect.

Source: API docs, "Deploying HIP-1 and HIP-2 assets", "HIP-1" and "Permissionless spot quote assets"; SDK
`examples/spot_deploy.py`; NK. UNVERIFIED: the order of the checks, but for three that NK's answers show:
a finished auction comes before a bad name, a finished genesis before a wrong deployer, and a wrong deployer
before pairs of a token with itself.
"""

import re
from typing import TYPE_CHECKING, Final

from harness.localnet import messages
from harness.localnet.accounts.ledger import HOUSE, Ledger
from harness.localnet.answers import Refused
from harness.localnet.deploys.gas import buy_slot
from harness.localnet.deploys.hyperliquidity import renew
from harness.localnet.markets.deployments import WHOLE_SHARE, Deployment, Registered
from harness.localnet.markets.ladders import Ladder, prices
from harness.localnet.markets.tokens import HYPE, SPOT_ASSETS, USDC, Pair, Token
from harness.localnet.numbers import E8, wire
from harness.localnet.trading.matching import end_resting
from harness.localnet.trading.spot import available
from harness.localnet.transfers.money import account_at, enter

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Documented: a name has at most six characters, and szDecimals + 5 <= weiDecimals.
_NAME_LENGTH: Final = 6
_MORE_DECIMALS: Final = 5
# Prices have 8 - szDecimals decimals, supplies 64 bits; that these bound the decimals is UNVERIFIED.
_SZ_DECIMALS: Final = 8
_WEI_DECIMALS: Final = 18
LARGEST_WEI: Final = 2**64 - 1
# Holders of another token count with what they have above a millionth of all there is of it (docs).
_MILLIONTH: Final = 10**6
# What a quote token must be, and what its deployer must have staked on testnet (docs).
_QUOTE_DECIMALS: Final = (2, 8)
_QUOTE_STAKE: Final = 50 * HYPE.unit
# Ladders of about 4000 orders have been seen; localnet's own bound.
_LONGEST_LADDER: Final = 10_000
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,3}))?%", re.ASCII)
_WEI: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


def register_token(
    exchange: "Exchange", deployer: Ledger, name: str, decimals: tuple[int, int], full: str | None, most: int
) -> int:
    """Register a token, which costs gas, and return its number.

    Args:
        exchange: where.
        deployer: who pays, and goes on with it.
        name: its name.
        decimals: szDecimals and weiDecimals.
        full: its full name.
        most: the most gas to be paid, in wei of HYPE.
    """
    auction, universe = exchange.auctions.spot, exchange.universe
    if auction.round(exchange.now_ms() // 1000).sold is not None:
        raise Refused(messages.spot_deploy_error(messages.GAS_AUCTION_OVER))
    sz_decimals, wei_decimals = decimals
    if not 0 < len(name) <= _NAME_LENGTH:
        raise Refused(messages.spot_deploy_error("invalid token name"))
    if (
        sz_decimals > _SZ_DECIMALS
        or wei_decimals > _WEI_DECIMALS
        or sz_decimals + _MORE_DECIMALS > wei_decimals
    ):
        raise Refused(messages.spot_deploy_error("invalid decimals"))
    gas = buy_slot(exchange, deployer, auction, most, messages.spot_deploy_error)
    index = universe.next_token()
    token_id = exchange.new_address(f"token {index}")[:34]
    universe.add_token(Token(index, name, sz_decimals, wei_decimals, token_id, full_name=full))
    universe.deployments[index] = Deployment(deployer.address, gas, exchange.now_ms())
    return index


def in_genesis(exchange: "Exchange", deployer: Ledger, index: int) -> tuple[Token, Deployment]:
    """Return a token whose genesis is still to come."""
    deployment = exchange.universe.deployments.get(index)
    if deployment is None and index not in exchange.universe.tokens:
        raise Refused(messages.genesis_error("unknown token"))
    if deployment is None or deployment.max_supply is not None:
        raise Refused(messages.GENESIS_DONE)
    if deployment.deployer != deployer.address:
        raise Refused(messages.genesis_error("incorrect deployer"))
    return exchange.universe.tokens[index], deployment


def deployed(exchange: "Exchange", deployer: Ledger, index: int) -> tuple[Token, Deployment]:
    """Return a token that is one's own to deploy."""
    deployment = exchange.universe.deployments.get(index)
    if deployment is None or deployment.deployer != deployer.address:
        raise Refused(messages.SPOT_DEPLOYER)
    return exchange.universe.tokens[index], deployment


def read_wei(text: str) -> int:
    """Read an amount of wei."""
    if not _WEI.fullmatch(text) or int(text) > LARGEST_WEI:
        raise Refused(messages.genesis_error("invalid wei"))
    return int(text)


def give(
    exchange: "Exchange",
    deployer: Ledger,
    index: int,
    users: list[tuple[str, str]],
    holders: list[tuple[int, str]],
    blacklist: list[tuple[str, bool]],
) -> None:
    """Note who is to begin with how much; nothing has changed if it is refused.

    A later amount takes the place of an earlier one: there is a recorded state with an amount of 0.0 (id
    57546578139 of the text index). UNVERIFIED.
    """
    _, deployment = in_genesis(exchange, deployer, index)
    balances = deployment.balances | {user: read_wei(wei) for user, wei in users}
    for anchor, _ in holders:
        if anchor == USDC.index:
            raise Refused(messages.NO_MAX_SUPPLY)
        if anchor == index or anchor not in exchange.universe.tokens or _has_no_supply(exchange, anchor):
            raise Refused(messages.genesis_error("invalid existing token"))
    anchors = deployment.anchors | {anchor: read_wei(wei) for anchor, wei in holders}
    if sum(balances.values()) + sum(anchors.values()) > LARGEST_WEI:
        raise Refused(messages.genesis_error("supply too large"))
    deployment.balances, deployment.anchors = balances, anchors
    for user, is_listed in blacklist:
        if is_listed:
            deployment.blacklist[user] = None
        else:
            deployment.blacklist.pop(user, None)


def _has_no_supply(exchange: "Exchange", index: int) -> bool:
    deployment = exchange.universe.deployments.get(index)
    return deployment is not None and deployment.max_supply is None


def hold_genesis(
    exchange: "Exchange", deployer: Ledger, index: int, supply: str, *, has_hyperliquidity: bool
) -> None:
    """Let the token come into being; the supply must be what was given out.

    What cannot be divided among the holders of another token is burned: UNVERIFIED. So is that each who
    begins with some gets a row, in the form of NK (`userNonFundingLedgerUpdates`).
    """
    token, deployment = in_genesis(exchange, deployer, index)
    total = deployment.total - (0 if has_hyperliquidity else deployment.balances.get(HOUSE, 0))
    if read_wei(supply) != total:
        raise Refused(messages.genesis_error("max supply mismatch"))
    if not has_hyperliquidity:
        deployment.balances.pop(HOUSE, None)
    deployment.max_supply, deployment.has_hyperliquidity = total, has_hyperliquidity
    for user, wei in deployment.balances.items():
        owner = exchange.house if user == HOUSE else account_at(exchange, user)
        _begin_with(exchange, owner, token, wei)
    for anchor, wei in deployment.anchors.items():
        shares = _shares(exchange, exchange.universe.tokens[anchor], wei, deployment)
        for ledger, share in shares:
            _begin_with(exchange, ledger, token, share)
        exchange.burn(token, wei - sum(share for _, share in shares))


def _begin_with(exchange: "Exchange", owner: Ledger, token: Token, wei: int) -> None:
    owner.tokens_of(token.index).total += wei
    if wei and owner is not exchange.house:
        amount = wire(wei, token.wei_decimals)
        enter(exchange, {"type": "spotGenesis", "token": token.name, "amount": amount}, owner)


def _shares(
    exchange: "Exchange", anchor: Token, wei: int, deployment: Deployment
) -> list[tuple[Ledger, int]]:
    """Divide an amount among a token's holders; the house, which is localnet's own, is none of them."""
    known = exchange.universe.deployments.get(anchor.index)
    supply = exchange.total_token(anchor) if known is None else known.max_supply or 0
    weights = {
        ledger.address: anchored.total - supply // _MILLIONTH
        for ledger in exchange.ledgers.values()
        if ledger.address not in deployment.blacklist
        and (anchored := ledger.tokens.get(anchor.index)) is not None
        and anchored.total > supply // _MILLIONTH
    }
    whole = sum(weights.values())
    return [(exchange.ledgers[address], wei * weight // whole) for address, weight in weights.items()]


def register_spot(exchange: "Exchange", deployer: Ledger, tokens: tuple[int, int]) -> int:
    """Register a pair and return its number; it trades from its Hyperliquidity step on.

    The first pair of a token is part of its deployment; further ones anybody may register, for gas.
    """
    base, quote = tokens
    universe = exchange.universe
    own = universe.deployments.get(base)
    is_first = own is not None and own.deployer == deployer.address and not own.spots
    if not is_first and not (base in universe.usdc_pairs and base != quote):
        raise Refused(messages.SPOT_DEPLOYER)
    if own is not None and own.max_supply is None:
        raise Refused(messages.spot_deploy_error("missing token max_supply"))
    if base == quote or not universe.is_quote(quote):
        raise Refused(messages.spot_deploy_error("invalid quote token"))
    pairs = {(pair.base.index, pair.quote.index) for pair in universe.pairs.values()}
    if tokens in pairs or tokens in {(one.base, one.quote) for one in universe.registered.values()}:
        raise Refused(messages.spot_deploy_error("spot pair already exists"))
    if not is_first:
        buy_slot(exchange, deployer, exchange.auctions.spot_pair, None, messages.spot_deploy_error)
    number = universe.next_pair()
    universe.registered[number] = Registered(base, quote, deployer.address)
    if own is not None:
        own.spots.append(number)
    return number


def start_trading(
    exchange: "Exchange", deployer: Ledger, number: int, figures: tuple[int, int], orders: int, seeded: int
) -> None:
    """Let a registered pair trade, with its Hyperliquidity if it has some.

    Args:
        exchange: where.
        deployer: who registered it, and pays for bids.
        number: the pair's.
        figures: the first price, and the size of an order, in 1e-8.
        orders: how many orders.
        seeded: how many of them begin as bids.
    """
    universe, (start, size) = exchange.universe, figures
    registered = universe.registered.get(number)
    if registered is None or registered.deployer != deployer.address:
        raise Refused(messages.SPOT_DEPLOYER)
    base, quote = universe.tokens[registered.base], universe.tokens[registered.quote]
    own = universe.deployments.get(base.index)
    pair = Pair(SPOT_ASSETS + number, number, f"@{number}", base, start, quote, is_deployed=True)
    if start <= 0 or start % pair.tick_at(start):
        raise Refused(messages.spot_deploy_error("invalid start price"))
    ladder = None
    cost = 0
    if orders:
        if own is None or quote is not USDC or not own.has_hyperliquidity:
            raise Refused(messages.spot_deploy_error("hyperliquidity is disabled"))
        if not size or size % pair.sz_step or not seeded <= orders <= _LONGEST_LADDER:
            raise Refused(messages.spot_deploy_error("invalid hyperliquidity orders"))
        pxs = prices(pair, start, orders)
        cost = sum(pair.value(px, size) for px in pxs[:seeded])
        offered = (orders - seeded) * size
        if own.balances.get(HOUSE, 0) * E8 < offered * base.unit:
            raise Refused(messages.spot_deploy_error("insufficient hyperliquidity balance"))
        if available(exchange, deployer, USDC) < cost:
            raise Refused(messages.spot_deploy_error("insufficient USDC balance to seed levels"))
        ladder = Ladder(pxs, size, offered, cost)
    del universe.registered[number]
    universe.add_pair(pair)
    market = exchange.spot_market(pair)
    if own is not None:
        own.is_done, own.seeded = True, own.seeded + cost
    if ladder is not None:
        deployer.tokens_of(USDC.index).total -= cost
        exchange.house.tokens_of(USDC.index).total += cost
        exchange.ladders[pair.index] = ladder
        renew(exchange, market, ladder)


def set_share(exchange: "Exchange", deployer: Ledger, index: int, share: str) -> None:
    """Set the deployer's part of the fees that are taken in the token; it can only fall."""
    _, deployment = deployed(exchange, deployer, index)
    match = _PERCENT.fullmatch(share)
    parts = None if match is None else int(match[1]) * 1_000 + int((match[2] or "").ljust(3, "0"))
    if parts is None or parts > WHOLE_SHARE:
        raise Refused(messages.spot_deploy_error("invalid deployer trading fee share"))
    if parts > deployment.share or deployment.is_quote:
        raise Refused(messages.spot_deploy_error("deployer trading fee share cannot increase"))
    deployment.share = parts
    exchange.universe.changed()


def enable_quote(exchange: "Exchange", deployer: Ledger, index: int) -> None:
    """Let other tokens be quoted in this one; there is no way back."""
    token, deployment = deployed(exchange, deployer, index)
    stake = exchange.stakes.get(deployer.address)
    if not deployment.is_done or (token.sz_decimals, token.wei_decimals) != _QUOTE_DECIMALS:
        raise Refused(messages.spot_deploy_error("invalid quote token"))
    if deployment.share:
        raise Refused(messages.spot_deploy_error("deployer trading fee share must be zero"))
    if stake is None or stake.total < _QUOTE_STAKE:
        raise Refused(messages.spot_deploy_error(messages.INSUFFICIENT_STAKE))
    deployment.is_quote = True


def enable_freezing(exchange: "Exchange", deployer: Ledger, index: int) -> None:
    """Let holders be frozen; only before the genesis (LayerZero, `hyperliquid-composer`)."""
    _, deployment = deployed(exchange, deployer, index)
    if deployment.max_supply is not None:
        raise Refused(messages.GENESIS_DONE)
    deployment.can_freeze = True


def freeze(exchange: "Exchange", deployer: Ledger, index: int, user: str, *, is_frozen: bool) -> None:
    """Freeze a holder, who can no longer trade, send or receive the token, or thaw one.

    That open orders end as canceled is UNVERIFIED.
    """
    token, deployment = deployed(exchange, deployer, index)
    if not deployment.can_freeze:
        raise Refused(messages.spot_deploy_error("freeze privilege is not enabled"))
    if not is_frozen:
        deployment.frozen.pop(user, None)
        return
    deployment.frozen[user] = None
    ledger = exchange.ledger(user)
    for pair in exchange.universe.pairs.values():
        if ledger is not None and token in (pair.base, pair.quote):
            for order in list(ledger.resting_on(pair.index)):
                end_resting(exchange, exchange.spot_market(pair), order, "canceled")


def revoke_freezing(exchange: "Exchange", deployer: Ledger, index: int) -> None:
    """Give up freezing for good; who is frozen is so no longer: UNVERIFIED."""
    _, deployment = deployed(exchange, deployer, index)
    if not deployment.can_freeze:
        raise Refused(messages.spot_deploy_error("freeze privilege is not enabled"))
    deployment.can_freeze = False
    deployment.frozen.clear()
