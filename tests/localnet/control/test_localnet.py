"""What tests may do to a localnet."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet, LocalnetError
from harness.localnet.markets.assets import LIVE_PERPS
from tests.localnet.desk import Desk, order, orders


def test_all_accounts_are_funded() -> None:
    net = Localnet(accounts=2, balance_usd=Decimal("12.5"))
    values = [
        Desk(net, account.private_key).info("clearinghouseState")["withdrawable"] for account in ACCOUNTS[:3]
    ]
    assert values == ["12.5", "12.5", "0.0"]
    assert net.total_usd() == 25


def test_funding_makes_an_account(net: Localnet, desk: Desk) -> None:
    stranger = Desk(net, "0x" + "42" * 32)
    net.fund(stranger.address, Decimal(100))
    assert stranger.info("userRole") == {"role": "user"}
    assert "resting" in stranger.place()
    assert net.total_usd() == 100_100


def test_what_comes_by_hand_is_a_deposit_in_the_ledger(net: Localnet, desk: Desk) -> None:
    net.fund(desk.address, Decimal("12.5"))
    net.fund(desk.address, Decimal(0))
    (row,) = desk.info("userNonFundingLedgerUpdates", startTime=0)
    assert row["delta"] == {"type": "deposit", "usdc": "12.5"}


@pytest.mark.parametrize("px", ["0", "-1", "0.001", "0.000000001", "NaN"])
def test_a_price_must_be_one(net: Localnet, px: str) -> None:
    with pytest.raises(LocalnetError):
        net.set_mid("ETH", Decimal(px))


def test_one_tick_above_zero_nobody_bids(net: Localnet, desk: Desk) -> None:
    desk.rest(b=False, p="3200")
    net.set_mid("ETH", Decimal("0.01"))
    bids, asks = desk.info("l2Book", coin="ETH")["levels"]
    assert bids == []
    assert len(asks) == 6


@pytest.mark.parametrize("coin", ["nope", "UNLISTED5", "@9999"])
def test_a_coin_must_be_live(net: Localnet, coin: str) -> None:
    with pytest.raises(LocalnetError, match="no market"):
        net.mid(coin)


@pytest.mark.parametrize(("px", "sz"), [("3000.123", "1"), ("3000", "0.00001"), ("0", "1"), ("3000", "0")])
def test_house_levels_must_be_legal(net: Localnet, px: str, sz: str) -> None:
    with pytest.raises(LocalnetError):
        net.set_liquidity("ETH", [(Decimal(px), Decimal(sz))], [])


@pytest.mark.parametrize("accounts", [-1, 11])
def test_there_are_ten_accounts(accounts: int) -> None:
    with pytest.raises(LocalnetError, match="0 to 10"):
        Localnet(accounts=accounts)


def test_an_address_must_be_one(net: Localnet) -> None:
    with pytest.raises(LocalnetError, match="no address"):
        net.fund("0x12", Decimal(1))


def test_two_runs_give_the_same_answers_and_another_seed_others() -> None:
    def run(seed: int) -> list[bytes]:
        desk = Desk(Localnet(seed=seed))
        bodies = [
            desk.envelope(orders(order(p="3200", tif="Ioc"))),
            desk.envelope(orders(order(p="3000", s="1"))),
        ]
        answers = [desk.send(body).body for body in bodies]
        queries = ("userFills", "l2Book", "historicalOrders", "clearinghouseState")
        asked = [
            desk.send({"type": kind, "user": desk.address, "coin": "ETH"}, "/info").body for kind in queries
        ]
        return answers + asked

    assert run(0) == run(0)
    assert run(0) != run(1)


@settings(max_examples=60, deadline=None)
@given(coin=st.sampled_from([perp.name for perp in LIVE_PERPS]), bps=st.integers(-9_000, 100_000))
def test_wherever_a_price_goes_the_house_quotes_around_it(coin: str, bps: int) -> None:
    net = Localnet(accounts=1)
    perp = next(perp for perp in LIVE_PERPS if perp.name == coin)
    px = net.mid(coin) * (10_000 + bps) / 10_000
    px = px.quantize(Decimal(1).scaleb(perp.sz_decimals - 6))

    net.set_mid(coin, px)

    tick = Decimal(perp.tick_at(int(px * 10**8))) / 10**8
    assert abs(net.mid(coin) - px) <= tick
    bids, asks = Desk(net).info("l2Book", coin=coin)["levels"]
    assert len(asks) == 5
    assert Decimal(bids[0]["px"]) < Decimal(asks[0]["px"])
