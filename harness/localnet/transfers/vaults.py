"""Money into vaults and out of them, and the vaults of the protocol, which have others below them.

Source: API docs, "For vault depositors", "For vault leaders" and "Protocol vaults", and the form of
`vaultDetails` there; a withdrawal at a profit (id 65795474359 of the text index). UNVERIFIED: that a vault
above others is worth what they are too, and is paid by them in their order; that a distribution leaves shares
as they are, lowers the basis in proportion and costs no commission, also when a vault is closed.
"""

import copy
from typing import TYPE_CHECKING

from harness.localnet.accounts import risk
from harness.localnet.accounts.ledger import Fill
from harness.localnet.accounts.vaults import PROTOCOL_LOCK_MS, Vault
from harness.localnet.events import Filled
from harness.localnet.markets.dexes import FIRST
from harness.localnet.markets.markets import Market
from harness.localnet.numbers import wire_usd
from harness.localnet.trading import vault_closing
from harness.localnet.trading.matching import fit_reduce_only
from harness.localnet.transfers.money import account_at, enter

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# The dir of what nets the positions of a vault's children (recorded: nautilus, mainnet).
NETTED = "Net Child Vaults"


def value_of(exchange: "Exchange", vault: Vault) -> int:
    """Return what a vault is worth, its children too, in 1e-6 USD."""
    everyone = (vault.address, *vault.children)
    return sum(risk.account_value(exchange.ledgers[one], exchange.markets) for one in everyone)


def payable(exchange: "Exchange", vault: Vault) -> int:
    """Return what a vault can pay without giving up orders or positions."""
    everyone = (vault.address, *vault.children)
    return sum(risk.withdrawable(exchange.ledgers[one], exchange.markets, FIRST.number) for one in everyone)


def can_pay(exchange: "Exchange", vault: Vault, usd: int) -> bool:
    """Say whether a withdrawal can be paid, if need be by giving up orders and positions; tried on a copy."""
    if usd <= payable(exchange, vault) and not vault.always_close:
        return True
    if vault.children:
        return usd <= payable(exchange, vault)
    tried = copy.deepcopy(exchange)
    cost = _make_room(tried, tried.vaults[vault.address], usd)
    return 0 <= usd - cost <= payable(tried, tried.vaults[vault.address])


def _make_room(exchange: "Exchange", vault: Vault, usd: int) -> int:
    """Let a vault have what it is to pay, and return what that has cost."""
    inside = exchange.ledgers[vault.address]
    if vault.children:
        _call_in(exchange, vault, usd)
        return 0
    if not vault.always_close and usd <= payable(exchange, vault):
        return 0
    part = (usd, value_of(exchange, vault)) if vault.always_close else None
    return vault_closing.free(exchange, inside, usd, part=part)


def _call_in(exchange: "Exchange", vault: Vault, usd: int) -> None:
    """Let the children of a vault pay what it lacks, each what it can."""
    inside = exchange.ledgers[vault.address]
    for address in vault.children:
        lacking = usd - risk.withdrawable(inside, exchange.markets, FIRST.number)
        child = exchange.ledgers[address]
        paid = min(max(0, lacking), risk.withdrawable(child, exchange.markets, FIRST.number))
        if paid:
            below = exchange.vaults[address]
            below.withdraw(vault.address, paid, value_of(exchange, below))
            child.balance -= paid
            inside.balance += paid


def withdraw(exchange: "Exchange", vault: Vault, user: str, usd: int) -> None:
    """Pay out, less what closing has cost and the leader's part of the profit.

    A depositor who asked for 310 with a basis of 156.636333 got 294.663634 and paid 15.336366: a tenth, cut.
    UNVERIFIED: that the leader has it in perp USDC, whose address the leader's row names, and that what
    closing has cost is the depositor's and lowers the profit.
    """
    inside, account = exchange.ledgers[vault.address], exchange.ledgers[user]
    value = value_of(exchange, vault)
    cost = _make_room(exchange, vault, usd)
    basis = vault.withdraw(user, usd, value)
    is_free = user == vault.leader or vault.commission_part is None
    profit = max(0, usd - cost - basis)
    commission = 0 if is_free or vault.commission_part is None else profit // vault.commission_part
    inside.balance -= usd - cost
    account.balance += usd - cost - commission
    delta: dict[str, object] = {
        "type": "vaultWithdraw",
        "vault": vault.address,
        "user": user,
        "requestedUsd": wire_usd(usd),
        "commission": wire_usd(commission),
        "closingCost": wire_usd(cost),
        "basis": wire_usd(basis),
        "netWithdrawnUsd": wire_usd(usd - cost - commission),
    }
    enter(exchange, delta, account)
    if commission:
        leader = exchange.ledgers[vault.leader]
        leader.balance += commission
        earned: dict[str, object] = {"type": "vaultLeaderCommission", "user": vault.leader}
        enter(exchange, earned | {"usdc": wire_usd(commission)}, leader)


def distribute(exchange: "Exchange", vault: Vault, usd: int) -> None:
    """Pay all depositors their part of `usd`; with 0 everything, which closes the vault."""
    inside, value = exchange.ledgers[vault.address], value_of(exchange, vault)
    closes = not usd
    shares = vault.shares()
    for user, follower in list(vault.followers.items()):
        if not follower.shares:
            continue
        paid = follower.shares * (value if closes else usd) // shares
        follower.basis -= follower.basis * paid * shares // (follower.shares * value)
        inside.balance -= paid
        account = exchange.ledgers[user]
        account.balance += paid
        delta: dict[str, object] = {
            "type": "vaultDistribution",
            "vault": vault.address,
            "usdc": wire_usd(paid),
        }
        enter(exchange, delta, account)
    if closes:
        vault.close()


def open_protocol_vault(exchange: "Exchange", leader: str, name: str, usd: int, children: int) -> Vault:
    """Make a vault of the protocol and those below it, among which its money is divided; it is new."""
    account_at(exchange, leader)
    vault = _make(exchange, leader, name)
    vault.lock_ms, vault.commission_part = PROTOCOL_LOCK_MS, None
    now_ms = exchange.now_ms()
    for number in range(children):
        child = _make(exchange, leader, f"{name} strategy {number + 1}")
        child.parent, child.allow_deposits, child.commission_part = vault.address, False, None
        exchange.fund(child.address, usd // children)
        child.deposit(vault.address, usd // children, 0, now_ms)
        vault.children.append(child.address)
    exchange.fund(vault.address, usd - usd // children * children)
    vault.deposit(leader, usd, 0, now_ms)
    return vault


def _make(exchange: "Exchange", leader: str, name: str) -> Vault:
    address = exchange.new_address(f"vault {len(exchange.vaults)}")
    exchange.fund(address, 0)
    vault = Vault(address, leader, name, "A vault of the protocol.", created_ms=exchange.now_ms())
    exchange.vaults[address] = vault
    return vault


def net_children(exchange: "Exchange", vault: Vault) -> None:
    """Let the children of a vault close opposite positions against each other, at the mark and without fees.

    UNVERIFIED: when the exchange does so, at which price, and that nothing else moves; recorded is one fill
    with this dir, without a fee or a profit, of a child whose short grew.
    """
    for market in list(exchange.markets.values()):
        longs = [one for one in vault.children if exchange.ledgers[one].szi(market.perp.index) > 0]
        shorts = [one for one in vault.children if exchange.ledgers[one].szi(market.perp.index) < 0]
        while longs and shorts:
            sizes = [exchange.ledgers[one].szi(market.perp.index) for one in (longs[0], shorts[0])]
            _net(exchange, market, longs[0], shorts[0], min(sizes[0], -sizes[1]))
            for side in (longs, shorts):
                if not exchange.ledgers[side[0]].szi(market.perp.index):
                    side.pop(0)


def _net(exchange: "Exchange", market: Market, long: str, short: str, sz: int) -> None:
    tid = exchange.next_tid()
    for address, is_buy in ((long, False), (short, True)):
        ledger = exchange.ledgers[address]
        booked = ledger.book_fill(market.perp.index, is_buy=is_buy, px=market.mark, sz=sz, fee=0)
        fill = Fill(
            market.perp.name,
            market.mark,
            sz,
            is_buy,
            exchange.now_ms(),
            booked.start_position,
            NETTED,
            booked.closed_pnl,
            exchange.tx_hash,
            exchange.next_oid(),
            True,
            0,
            tid,
            None,
            exchange.trades,
        )
        ledger.fills.appendleft(fill)
        exchange.tell(Filled(address, fill))
        exchange.unjudged[address] = None
        fit_reduce_only(exchange, market, ledger)
