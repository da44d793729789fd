"""A token's deployment from outside: auction, genesis, a pair that trades, its Hyperliquidity, freezing."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from tests.localnet.desk import Desk, order

HOUSE = "0x" + "ff" * 20
DUMMY = "0x" + "0" * 39 + "1"
OTHER = ACCOUNTS[1].address.lower()
TOKEN, PAIR = 1280, 1166
ASSET, COIN = 10_000 + PAIR, f"@{PAIR}"
HYPE_GAS = 10**12
OK = {"status": "ok", "response": {"type": "default"}}


def deploy(desk: Desk, **variant: Any) -> Any:
    """Send one step."""
    return desk.act({"type": "spotDeploy", **variant})


def refusal(desk: Desk, **variant: Any) -> str:
    """Send a step that must be refused, and return the text."""
    answer = deploy(desk, **variant)
    assert answer["status"] == "err", answer
    text: str = answer["response"]
    return text


def spec(name: str = "TEST0", sz: int = 2, wei: int = 8) -> dict[str, Any]:
    """Return what a token is to be."""
    return {"name": name, "szDecimals": sz, "weiDecimals": wei}


def register(desk: Desk, max_gas: int = HYPE_GAS, **changed: Any) -> Any:
    """Register a token."""
    return deploy(desk, registerToken2={"spec": spec(**changed), "maxGas": max_gas, "fullName": "Test token"})


def give(
    desk: Desk,
    users: list[tuple[str, str]],
    holders: list[tuple[int, str]] | None = None,
    blacklist: list[tuple[str, bool]] | None = None,
) -> Any:
    """Say who begins with how much."""
    fields: dict[str, Any] = {"token": TOKEN, "userAndWei": users, "existingTokenAndWei": holders or []}
    return deploy(desk, userGenesis=fields if blacklist is None else fields | {"blacklistUsers": blacklist})


def genesis(desk: Desk, supply: str, **without: Any) -> Any:
    """End the genesis."""
    return deploy(desk, genesis={"token": TOKEN, "maxSupply": supply, **without})


def start(desk: Desk, n: int, seeded: int | None = None, px: str = "2.0", sz: str = "4.0") -> Any:
    """Let the pair trade."""
    fields: dict[str, Any] = {"spot": PAIR, "startPx": px, "orderSz": sz, "nOrders": n}
    return deploy(
        desk,
        registerHyperliquidity=fields if seeded is None else fields | {"nSeededLevels": seeded},
    )


def balance(desk: Desk, coin: str, user: str | None = None) -> Decimal:
    """Return what an account has of a token."""
    rows = desk.info("spotClearinghouseState", user=user or desk.address)["balances"]
    return sum((Decimal(row["total"]) for row in rows if row["coin"] == coin), Decimal(0))


def levels(desk: Desk) -> list[list[tuple[str, str]]]:
    """Return the book, as prices and sizes."""
    return [[(row["px"], row["sz"]) for row in side] for side in desk.info("l2Book", coin=COIN)["levels"]]


@pytest.fixture
def rich(desk: Desk) -> Desk:
    """Account 0 with HYPE, and an auction of tokens that is open."""
    desk.net.fund_token(desk.address, "HYPE", Decimal(5_000))
    desk.net.open_auction("spot", Decimal(1_000))
    return desk


@pytest.fixture
def deployer(rich: Desk) -> Desk:
    """Account 0 with a registered token."""
    assert register(rich) == {"status": "ok", "response": {"type": "spotDeploy", "data": TOKEN}}
    return rich


@pytest.fixture
def listed(deployer: Desk) -> Desk:
    """Account 0 with a pair whose Hyperliquidity has ten orders of 4, two of them bids."""
    assert give(deployer, [(HOUSE, "10000000000"), (deployer.address, "100000000000")]) == OK
    assert genesis(deployer, "110000000000") == OK
    answer = deploy(deployer, registerSpot={"tokens": [TOKEN, 0]})
    assert answer == {"status": "ok", "response": {"type": "spotDeploy", "data": PAIR}}
    assert start(deployer, 10, 2) == OK
    return deployer


def test_a_new_world_has_no_free_slot(desk: Desk) -> None:
    """NK met this on testnet, with a name and decimals that are refused otherwise."""
    text = "Error deploying spot: Gas auction completed. Try again later"
    assert register(desk, name="TestToken", sz=8)["response"] == text
    assert desk.info("spotDeployState")["gasAuction"]["currentGas"] is None


def test_an_opened_auction_falls_to_500_in_31_hours(rich: Desk) -> None:
    def gas() -> dict[str, Any]:
        found: dict[str, Any] = rich.info("spotDeployState")["gasAuction"]
        return found

    begun = gas()
    assert (begun["startGas"], begun["currentGas"], begun["endGas"]) == ("1000.0", "1000.0", None)
    rich.net.advance(111_600_000 // 2)
    assert Decimal(gas()["currentGas"]) == pytest.approx(Decimal(750), abs=Decimal("0.1"))
    rich.net.advance(111_600_000)
    # Nobody has bought; the next one begins where this one ended.
    assert (gas()["startGas"], gas()["currentGas"]) == ("500.0", "500.0")
    assert gas()["startTimeSeconds"] == begun["startTimeSeconds"] + 111_600


def test_who_buys_pays_in_hype_and_the_next_round_begins_at_twice_that(rich: Desk) -> None:
    before, total = balance(rich, "HYPE"), rich.net.total_token("HYPE")
    register(rich)
    paid = before - balance(rich, "HYPE")
    auction = rich.info("spotDeployState")["gasAuction"]
    assert (Decimal(auction["endGas"]), auction["currentGas"]) == (paid, None)
    assert 999 < paid <= 1000
    assert rich.net.total_token("HYPE") == total
    assert register(rich)["response"].endswith("Try again later")
    rich.net.advance(111_600_000)
    again = rich.info("spotDeployState")["gasAuction"]
    assert Decimal(again["startGas"]) == 2 * paid


def test_an_auction_begins_at_500_or_above(net: Localnet) -> None:
    with pytest.raises(LocalnetError, match="no first price"):
        net.open_auction("perp", Decimal("499.99"))


@pytest.mark.parametrize(
    ("changed", "max_gas"),
    [
        ({"name": "TESTTOK"}, HYPE_GAS),
        ({"name": ""}, HYPE_GAS),
        ({"sz": 4}, HYPE_GAS),
        ({"sz": 9, "wei": 18}, HYPE_GAS),
        ({"wei": 4_000_000_000}, HYPE_GAS),
        ({}, 999 * 10**8),
    ],
)
def test_a_token_is_refused_before_anything_is_paid(rich: Desk, changed: Any, max_gas: int) -> None:
    before = balance(rich, "HYPE")
    assert register(rich, max_gas, **changed)["response"].startswith("Error deploying spot: ")
    assert (balance(rich, "HYPE"), rich.info("spotDeployState")["states"]) == (before, [])


def test_gas_must_be_there(fresh: Desk) -> None:
    fresh.net.open_auction("spot")
    assert register(fresh)["response"].startswith("Error deploying spot: ")


def test_a_registered_token_is_listed_and_has_nothing_yet(deployer: Desk) -> None:
    row = next(row for row in deployer.info("spotMeta")["tokens"] if row["index"] == TOKEN)
    assert (row["name"], row["szDecimals"], row["weiDecimals"]) == ("TEST0", 2, 8)
    assert (row["fullName"], row["deployerTradingFeeShare"], len(row["tokenId"])) == ("Test token", "1.0", 34)
    (state,) = deployer.info("spotDeployState")["states"]
    assert state == {
        "token": TOKEN,
        "spec": spec(),
        "fullName": "Test token",
        "deployerTradingFeeShare": "1.0",
        "spots": [],
        "maxSupply": None,
        "hyperliquidityGenesisBalance": "0.0",
        "totalGenesisBalanceWei": "0",
        "userGenesisBalances": [],
        "existingTokenGenesisBalances": [],
        "blacklistUsers": [],
    }
    assert deployer.net.total_token("TEST0") == 0
    details = deployer.info("tokenDetails", tokenId=row["tokenId"])
    assert (details["deployer"], details["genesis"]) == (deployer.address, None)
    assert 999 < float(details["deployGas"]) <= 1000


def test_a_genesis_gives_to_users_and_to_holders_by_what_they_hold(deployer: Desk) -> None:
    """Holders count with what they have above a millionth of all there is (docs, "HIP-1")."""
    deployer.net.fund_token(OTHER, "PURR", Decimal(100_000))
    give(deployer, [(DUMMY, "500"), (HOUSE, "1000")])
    give(deployer, [])
    give(deployer, [], [(1, "100000000000000")], [(ACCOUNTS[2].address.lower(), True)])
    assert genesis(deployer, "100000000001499")["response"].startswith("Genesis error: ")
    assert genesis(deployer, "100000000001500") == OK
    assert balance(deployer, "TEST0", DUMMY) == Decimal("0.000005")
    mine, theirs = balance(deployer, "TEST0"), balance(deployer, "TEST0", OTHER)
    millionth = deployer.net.total_token("PURR") / 10**6
    assert theirs / mine == pytest.approx((150_000 - millionth) / (50_000 - millionth))
    assert balance(deployer, "TEST0", ACCOUNTS[2].address.lower()) == 0
    assert deployer.net.total_token("TEST0") == Decimal("1000000.000015")
    assert deployer.info("spotDeployState")["states"][0]["maxSupply"] == "1000000.000015"
    for step in (give(deployer, []), genesis(deployer, "100000000001500")):
        assert step["response"] == "Genesis error: genesis already happened"


def rows(desk: Desk, kind: str, user: str | None = None) -> list[Any]:
    """Return what an account's ledger tells of one kind, without its type."""
    told = desk.info("userNonFundingLedgerUpdates", startTime=0, user=user or desk.address)
    found = [row["delta"] for row in told if row["delta"]["type"] == kind]
    return [{key: value for key, value in delta.items() if key != "type"} for delta in found]


def test_gas_and_what_a_genesis_gives_are_rows_of_the_ledger(deployer: Desk) -> None:
    assert rows(deployer, "deployGasAuction") == [{"token": "HYPE", "amount": "1000.0"}]
    assert give(deployer, [(OTHER, "300000000"), (DUMMY, "0"), (HOUSE, "100000000")]) == OK
    assert genesis(deployer, "400000000") == OK
    assert rows(deployer, "spotGenesis", OTHER) == [{"token": "TEST0", "amount": "3.0"}]
    assert rows(deployer, "spotGenesis", DUMMY) == rows(deployer, "spotGenesis") == []


def test_without_hyperliquidity_its_balance_is_none(deployer: Desk) -> None:
    give(deployer, [(DUMMY, "500"), (HOUSE, "1000")])
    assert genesis(deployer, "1500", noHyperliquidity=True)["status"] == "err"
    assert genesis(deployer, "500", noHyperliquidity=True) == OK
    deploy(deployer, registerSpot={"tokens": [TOKEN, 0]})
    assert start(deployer, 1)["response"].startswith("Error deploying spot: ")
    assert COIN not in deployer.info("allMids")
    assert start(deployer, 0) == OK
    assert (levels(deployer), deployer.info("allMids")[COIN]) == ([[], []], "2.0")
    assert deployer.info("spotDeployState")["states"] == []


def test_steps_of_others_are_refused_as_recorded(deployer: Desk, other: Desk) -> None:
    wrong = "Error deploying spot: incorrect deployer"
    done = "Genesis error: genesis already happened"
    none: dict[str, Any] = {"userAndWei": [], "existingTokenAndWei": []}
    ladder = {"spot": 0, "startPx": "1", "orderSz": "1", "nOrders": 1, "nSeededLevels": 1}
    assert refusal(other, userGenesis={"token": 0} | none | {"blacklistUsers": []}) == done
    assert refusal(other, genesis={"token": 0, "maxSupply": "1", "noHyperliquidity": True}) == done
    assert refusal(other, registerSpot={"tokens": [0, 0]}) == wrong
    assert refusal(other, registerHyperliquidity=ladder) == wrong
    assert refusal(other, setDeployerTradingFeeShare={"token": 0, "share": "0%"}) == wrong
    for token in (TOKEN, 0, 9):
        for name in ("enableQuoteToken", "enableFreezePrivilege", "revokeFreezePrivilege"):
            assert refusal(other, **{name: {"token": token}}) == wrong
        assert refusal(other, freezeUser={"token": token, "user": DUMMY, "freeze": True}) == wrong
        assert refusal(other, userGenesis={"token": token} | none).startswith("Genesis error: ")


@pytest.mark.parametrize(
    ("users", "holders"),
    [
        ([(DUMMY, "-1")], []),
        ([(DUMMY, "1.5")], []),
        ([(DUMMY, str(2**64))], []),
        ([(DUMMY, str(2**64 - 1)), (OTHER, "1")], []),
        ([], [(TOKEN, "1")]),
        ([], [(9, "1")]),
    ],
)
def test_a_bad_genesis_changes_nothing(deployer: Desk, users: Any, holders: Any) -> None:
    assert give(deployer, users, holders)["response"].startswith("Genesis error: ")
    assert deployer.info("spotDeployState")["states"][0]["totalGenesisBalanceWei"] == "0"


def test_holders_of_usdc_cannot_be_given_anything(deployer: Desk) -> None:
    text = "Error deploying spot: missing token max_supply"
    assert give(deployer, [], [(0, "")])["response"] == text


def test_hyperliquidity_quotes_a_ladder(listed: Desk) -> None:
    """Prices 0.3 % apart, each rounded to five figures; two bids, eight asks."""
    bids, asks = levels(listed)
    assert bids == [("2.006", "4.0"), ("2.0", "4.0")]
    assert asks[:3] == [("2.012", "4.0"), ("2.018", "4.0"), ("2.0241", "4.0")]
    assert len(asks) == 8
    row = next(row for row in listed.info("spotMeta")["universe"] if row["index"] == PAIR)
    assert row == {"tokens": [TOKEN, 0], "name": COIN, "index": PAIR, "isCanonical": False}
    context = next(one for one in listed.info("spotMetaAndAssetCtxs")[1] if one["coin"] == COIN)
    assert (context["midPx"], context["totalSupply"]) == ("2.009", "1100.0")
    details = listed.info("tokenDetails", tokenId=listed.info("spotMeta")["tokens"][-1]["tokenId"])
    assert (details["seededUsdc"], details["maxSupply"]) == ("16.024", "1100.0")
    assert details["genesis"]["userBalances"] == [[listed.address, "1000.0"]]


def test_the_ladder_takes_the_other_side_after_three_seconds(listed: Desk) -> None:
    listed.net.advance(3_000)
    usdc = listed.net.total_token("USDC")
    (bought,) = listed.statuses(order(a=ASSET, p="2.1", s="6", tif="Ioc"))
    assert bought["filled"]["totalSz"] == "6.0"
    bids, asks = levels(listed)
    assert bids[0] == ("2.012", "4.0")
    assert asks[0] == ("2.018", "2.0")
    (sold,) = listed.statuses(order(a=ASSET, b=False, p="2.012", s="5.9", tif="Ioc"))
    assert sold["filled"]["totalSz"] == "4.0"
    listed.net.advance(2_000)
    assert levels(listed)[1][0] == ("2.018", "2.0")
    listed.net.advance(1_000)
    assert (levels(listed)[0][0], levels(listed)[1][0]) == (("2.006", "4.0"), ("2.012", "2.0"))
    assert listed.net.total_token("USDC") == usdc
    assert [row["n"] for row in listed.info("candleSnapshot", req=candles(listed))] == [3]


def candles(desk: Desk) -> dict[str, Any]:
    """Return a request for the pair's candles of a day."""
    return {"coin": COIN, "interval": "1d", "startTime": 0, "endTime": desk.net.now_ms()}


def test_the_ladder_waits_while_somebody_is_in_its_way(listed: Desk, other: Desk) -> None:
    listed.statuses(order(a=ASSET, p="2.1", s="8", tif="Ioc"))
    # Before it can bid there again, somebody asks below.
    listed.statuses(order(a=ASSET, b=False, p="2.01", s="5"))
    listed.net.advance(3_000)
    assert levels(listed)[0][0] == ("2.006", "4.0")
    other.statuses(order(a=ASSET, p="2.01", s="5", tif="Ioc"))
    listed.net.advance(3_000)
    assert levels(listed)[0][0] == ("2.018", "4.0")


def test_fees_in_the_token_go_to_its_deployer_as_far_as_its_share(listed: Desk, other: Desk) -> None:
    before, total = balance(listed, "TEST0"), listed.net.total_token("TEST0")
    other.statuses(order(a=ASSET, p="2.1", s="8", tif="Ioc"))
    whole = balance(listed, "TEST0") - before
    assert whole == Decimal(8) - balance(other, "TEST0") > 0
    share = {"token": TOKEN, "share": "25.5%"}
    assert deploy(listed, setDeployerTradingFeeShare=share) == OK
    assert listed.info("spotMeta")["tokens"][-1]["deployerTradingFeeShare"] == "0.255"
    before = balance(listed, "TEST0")
    other.statuses(order(a=ASSET, p="2.1", s="8", tif="Ioc"))
    assert balance(listed, "TEST0") - before == pytest.approx(whole * Decimal("0.255"), abs=Decimal("1e-8"))
    assert listed.net.total_token("TEST0") == total
    for text in ("25.501%", "100%", "1", "0.0001%", "-1%"):
        refused = refusal(listed, setDeployerTradingFeeShare={"token": TOKEN, "share": text})
        assert refused.startswith("Error deploying spot: ")


def test_a_deployer_is_called_by_a_label_that_is_set_once(listed: Desk, other: Desk) -> None:
    assert "deployerLabel" not in listed.info("spotMeta")["tokens"][-1]
    for label in ("", "test"):
        assert listed.send(
            listed.envelope({"type": "spotDeploy", "setDeployerLabel": {"label": label}})
        ).not_implemented
    assert deploy(listed, setDeployerLabel={"label": "Acme"}) == OK
    tokens = listed.info("spotMeta")["tokens"]
    assert [row["name"] for row in tokens if row.get("deployerLabel") == "Acme"] == ["TEST0"]
    again = {"type": "spotDeploy", "setDeployerLabel": {"label": "More"}}
    assert listed.send(listed.envelope(again)).not_implemented
    assert other.send(other.envelope(again)).not_implemented


def test_a_pair_is_registered_once_and_after_the_genesis(deployer: Desk, other: Desk) -> None:
    assert refusal(deployer, registerSpot={"tokens": [TOKEN, 0]}).startswith("Error deploying spot: ")
    give(deployer, [(DUMMY, "500")])
    genesis(deployer, "500")
    assert refusal(deployer, registerSpot={"tokens": [TOKEN, 1]}).startswith("Error deploying spot: ")
    deploy(deployer, registerSpot={"tokens": [TOKEN, 0]})
    for desk in (deployer, other):
        assert (
            refusal(desk, registerSpot={"tokens": [TOKEN, 0]}) == "Error deploying spot: incorrect deployer"
        )
    assert start(other, 0)["response"] == "Error deploying spot: incorrect deployer"
    for n, seeded, px, sz in ((1, 0, "2", "4"), (0, 0, "0", "4"), (0, 0, "2.00001", "4"), (1, 2, "2", "4")):
        assert start(deployer, n, seeded, px, sz)["response"].startswith("Error deploying spot: ")
    assert start(deployer, 0, px="x")["response"].startswith("Error deploying spot: ")
    assert deployer.info("spotDeployState")["states"][0]["spots"] == [PAIR]


def test_a_quote_token_needs_a_stake_and_no_fee_share(listed: Desk) -> None:
    """Documented: 50 HYPE on testnet, decimals of 2 and 8, a share of zero."""
    quote = {"token": TOKEN}
    assert refusal(listed, enableQuoteToken=quote).startswith("Error deploying spot: ")
    deploy(listed, setDeployerTradingFeeShare=quote | {"share": "0%"})
    assert refusal(listed, enableQuoteToken=quote).startswith("Error deploying spot: ")
    listed.user_act({"type": "cDeposit", "wei": 50 * 10**8})
    assert deploy(listed, enableQuoteToken=quote) == OK
    answer = deploy(listed, registerSpot={"tokens": [1105, TOKEN]})
    assert answer["response"]["data"] == PAIR + 1
    assert listed.info("spotPairDeployAuctionStatus")["endGas"] == "500.0"
    again = deploy(listed, registerSpot={"tokens": [1, TOKEN]})
    assert again["response"].endswith("Try again later")
    fields = {"spot": PAIR + 1, "startPx": "28.7", "orderSz": "0", "nOrders": 0}
    assert deploy(listed, registerHyperliquidity=fields) == OK
    asset = ASSET + 1
    assert listed.statuses(order(a=asset, p="28", s="1"))[0].keys() == {"resting"}
    before = balance(listed, "TEST0")
    seller = Desk(listed.net, ACCOUNTS[1].private_key)
    assert seller.statuses(order(a=asset, b=False, p="28", s="1"))[0]["filled"]["avgPx"] == "28.0"
    assert before - balance(listed, "TEST0") == 28
    assert balance(seller, "TEST0") == Decimal(28) * (1 - Decimal("0.0007"))


def test_who_is_frozen_neither_trades_nor_sends_nor_receives(deployer: Desk, other: Desk) -> None:
    token = {"token": TOKEN}
    frozen = token | {"user": OTHER, "freeze": True}
    assert refusal(deployer, freezeUser=frozen).startswith("Error deploying spot: ")
    assert deploy(deployer, enableFreezePrivilege=token) == OK
    give(deployer, [(OTHER, "10000000000"), (deployer.address, "10000000000")])
    genesis(deployer, "20000000000")
    assert refusal(deployer, enableFreezePrivilege=token) == "Genesis error: genesis already happened"
    deploy(deployer, registerSpot={"tokens": [TOKEN, 0]})
    start(deployer, 0)
    (resting,) = other.statuses(order(a=ASSET, b=False, p="3", s="5"))
    assert deploy(deployer, freezeUser=frozen) == OK
    assert other.info("orderStatus", oid=resting["resting"]["oid"])["order"]["status"] == "canceled"
    assert "error" in other.statuses(order(a=ASSET, b=False, p="3", s="5"))[0]
    name = "TEST0:" + deployer.info("spotMeta")["tokens"][-1]["tokenId"]
    send = {"type": "spotSend", "token": name, "amount": "1"}
    for desk, to in ((other, deployer.address), (deployer, OTHER)):
        now = desk.nonce()
        head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
        answer = desk.send_user_signed(send | head | {"destination": to, "time": now}, now)
        assert answer["status"] == "err"
    assert deploy(deployer, freezeUser=frozen | {"freeze": False}) == OK
    assert "resting" in other.statuses(order(a=ASSET, b=False, p="3", s="5"))[0]
    deploy(deployer, freezeUser=frozen)
    assert deploy(deployer, revokeFreezePrivilege=token) == OK
    assert "resting" in other.statuses(order(a=ASSET, b=False, p="3", s="5"))[0]
    assert refusal(deployer, revokeFreezePrivilege=token).startswith("Error deploying spot: ")


def test_a_price_set_by_hand_takes_the_ladders_place(listed: Desk) -> None:
    listed.net.set_mid(COIN, Decimal(3))
    assert float(listed.net.mid(COIN)) == pytest.approx(3, rel=1e-4)
    listed.net.advance(10_000)
    assert len(levels(listed)[0]) == 5


def test_a_deployment_is_saved_and_reverted_to(listed: Desk, tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    desk = Desk(net)
    net.fund_token(desk.address, "HYPE", Decimal(5_000))
    net.open_auction("spot", Decimal(700))
    register(desk)
    give(desk, [(HOUSE, "10000000000"), (desk.address, "100000000000")])
    snapshot = net.snapshot()
    genesis(desk, "110000000000")
    deploy(desk, registerSpot={"tokens": [TOKEN, 0]})
    start(desk, 10, 2)
    desk.statuses(order(a=ASSET, p="2.1", s="6", tif="Ioc"))
    net.advance(5_000)
    copied = copy.deepcopy(net.exchange)
    assert saves.seal(copied) == saves.seal(net.exchange)
    saves.dump(net, tmp_path / "state")
    loaded = saves.load(tmp_path / "state")
    assert levels(Desk(loaded)) == levels(desk)
    net.revert(snapshot)
    assert COIN not in desk.info("allMids")
    assert genesis(desk, "110000000000") == OK


@settings(max_examples=25, deadline=None)
@given(
    trades=st.lists(st.tuples(st.booleans(), st.integers(1, 30), st.sampled_from([0, 1_000, 3_000]))),
    seeded=st.integers(0, 10),
)
def test_whoever_trades_with_a_ladder_loses_nothing_to_it(
    trades: list[tuple[bool, int, int]], seeded: int
) -> None:
    """All that there is stays, the book is never crossed, and the ladder can pay for what it quotes."""
    net = Localnet()
    desk = Desk(net)
    net.fund_token(desk.address, "HYPE", Decimal(1_000))
    net.open_auction("spot")
    register(desk)
    give(desk, [(HOUSE, str(40 * 10**8)), (desk.address, str(10**10))])
    genesis(desk, str(40 * 10**8 + 10**10))
    deploy(desk, registerSpot={"tokens": [TOKEN, 0]})
    assert start(desk, 10, seeded, sz="4") == OK
    totals = {name: net.total_token(name) for name in ("USDC", "TEST0", "HYPE")}
    for is_buy, sz, wait in trades:
        px = "2.1" if is_buy else "1.9"
        desk.statuses(order(a=ASSET, b=is_buy, p=px, s=str(sz), tif="Ioc"))
        net.advance(wait)
        assert {name: net.total_token(name) for name in totals} == totals
        bids, asks = levels(desk)
        assert not (bids and asks) or Decimal(bids[0][0]) < Decimal(asks[0][0])
        ladder = net.exchange.ladders[ASSET]
        ladder.count_fills(net.exchange.universe.pairs[ASSET])
        offered = sum(int(Decimal(size) * 10**8) for _, size in asks)
        bid = sum(int(Decimal(px) * Decimal(size) * 10**8) for px, size in bids)
        assert offered <= ladder.sz
        assert bid <= ladder.money
