"""A trading account and the one that stakes for it: linked for ever, and locked by the one that stakes."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk, quiet
from tests.localnet.transfers.test_rewards import OK, stake

ERROR = {"status": "err", "response": "Staking link error"}
YEAR_MS = 365 * 86_400_000


def link(desk: Desk, user: str, *, finalize: bool) -> Any:
    return desk.user_act({"type": "linkStakingUser", "user": user, "isFinalize": finalize})


def disable(desk: Desk, trader: str) -> Any:
    return desk.user_act({"type": "stakingLinkDisableTradingUser", "tradingUser": trader})


def is_covered(desk: Desk, action: dict[str, Any]) -> bool:
    nonce = desk.nonce()
    whole = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce} | action
    return not desk.send(desk.user_envelope(whole, nonce)).not_implemented


@pytest.fixture
def linked(desk: Desk, other: Desk) -> Desk:
    """Account 0, which trades with what account 1 has staked."""
    assert link(desk, other.address, finalize=False) == OK
    assert link(other, desk.address, finalize=True) == OK
    return desk


def test_a_link_is_asked_for_by_the_trader_and_finalized_by_the_staker(desk: Desk, other: Desk) -> None:
    assert link(other, desk.address, finalize=True) == ERROR
    assert link(desk, "0x" + "0" * 39 + "1", finalize=False) == ERROR
    assert link(desk, other.address, finalize=False) == OK
    asked = {"type": "requested", "stakingUser": other.address}
    assert [one.info("userFees")["stakingLink"] for one in (desk, other)] == [asked, None]
    assert link(other, desk.address, finalize=True) == OK
    assert [one.info("userFees")["stakingLink"] for one in (desk, other)] == [
        {"type": "tradingUser", "stakingUser": other.address},
        {"type": "stakingUser", "tradingUser": desk.address},
    ]


def test_a_stake_takes_its_tier_off_the_fees_of_whoever_it_is_linked_to(linked: Desk, other: Desk) -> None:
    stake(other, 10_001)
    discount = {"bpsOfMaxSupply": "0.10001", "discount": "0.2"}
    fees = linked.info("userFees")
    assert (fees["activeStakingDiscount"], fees["userCrossRate"]) == (discount, "0.00036")
    none = {"bpsOfMaxSupply": "0.0", "discount": "0.0"}
    assert other.info("userFees")["activeStakingDiscount"] == none
    quiet(linked.net, ask="3100")
    before = linked.net.total_usd()
    linked.place(p="3100", s="0.1", tif="Ioc")
    other.place(p="3100", s="0.1", tif="Ioc")
    assert [one.info("userFills")[0]["fee"] for one in (linked, other)] == ["0.1116", "0.1395"]
    assert linked.net.total_usd() == before


@pytest.mark.parametrize(
    ("hype", "discount", "fee"),
    [
        (10, "0.0", "0.1395"),
        (11, "0.05", "0.132525"),
        (101, "0.1", "0.12555"),
        (1_001, "0.15", "0.118575"),
        (10_001, "0.2", "0.1116"),
        (100_001, "0.3", "0.09765"),
        (500_001, "0.4", "0.0837"),
    ],
)
def test_tiers_are_those_of_the_docs(desk: Desk, hype: int, discount: str, fee: str) -> None:
    stake(desk, hype)
    fees = desk.info("userFees")
    assert fees["activeStakingDiscount"]["discount"] == discount
    # 475,779.98927 HYPE read 4.7577998927 in the docs' example.
    assert Decimal(fees["activeStakingDiscount"]["bpsOfMaxSupply"]) == Decimal(hype) / 100_000
    quiet(desk.net, ask="3100")
    desk.place(p="3100", s="0.1", tif="Ioc")
    assert desk.info("userFills")[0]["fee"] == fee


def test_makers_sub_accounts_and_spot_have_the_discount_too(desk: Desk) -> None:
    stake(desk, 500_001)
    fees = desk.info("userFees")
    rates = [fees[f"user{kind}Rate"] for kind in ("Cross", "Add", "SpotCross", "SpotAdd")]
    assert rates == ["0.00027", "0.00009", "0.00042", "0.00024"]
    made = desk.act({"type": "createSubAccount", "name": "sub"})
    sub = made["response"]["data"]
    assert desk.info("userFees", user=sub)["userCrossRate"] == "0.00027"


def test_what_is_not_known_of_links_is_not_guessed(linked: Desk, other: Desk, net: Localnet) -> None:
    third = Desk(net, ACCOUNTS[2].private_key)
    for who, user in ((linked, third), (other, third), (third, linked), (third, other), (third, third)):
        action = {"type": "linkStakingUser", "user": user.address, "isFinalize": False}
        assert not is_covered(who, action)


def test_a_locked_account_can_do_nothing_and_is_handed_over_in_a_year(
    linked: Desk, other: Desk, net: Localnet
) -> None:
    assert disable(linked, other.address) == ERROR
    before = net.total_usd(), {token: net.total_token(token) for token in ("USDC", "HYPE", "PURR")}
    assert disable(other, linked.address) == OK
    assert linked.send(linked.envelope({"type": "noop"})).not_implemented
    assert not is_covered(linked, {"type": "cDeposit", "wei": 1})
    held, theirs = net.exchange.ledgers[linked.address], net.exchange.ledgers[other.address]
    usd, hype = held.balance + theirs.balance, held.tokens[1105].total + theirs.tokens[1105].total
    net.advance(YEAR_MS - 1_000_000)
    assert held.balance
    net.advance(1_000_000)
    assert (held.balance, theirs.balance) == (0, usd)
    assert (held.tokens[1105].total, theirs.tokens[1105].total) == (0, hype)
    after = net.total_usd(), {token: net.total_token(token) for token in ("USDC", "HYPE", "PURR")}
    assert after == before


def test_an_account_with_more_than_money_is_not_locked(linked: Desk, other: Desk) -> None:
    oid = linked.rest(p="2000")
    action = {"type": "stakingLinkDisableTradingUser", "tradingUser": linked.address}
    assert not is_covered(other, action)
    linked.act({"type": "cancel", "cancels": [{"a": 4, "o": oid}]})
    assert is_covered(other, action)
    assert not is_covered(other, action)
