"""Portfolio margin: what an account has is lent by itself, and what it lacks is borrowed against its HYPE.

Covers: POST /exchange (userSetAbstraction, userPortfolioMargin, order), POST /info (spotClearinghouseState,
borrowLendUserState, userAbstraction, subAccounts, subAccounts2, webData2, userFills, userFillsByTime),
websocket spotState, webData3, userFills, userEvents.
"""

import pytest

from harness.shapes import (
    BorrowLendUserState,
    CreateSubAccountResponse,
    DefaultResponse,
    OrderResponse,
    SpotClearinghouseState,
    SubAccounts,
    SubAccounts2,
    UserAbstraction,
    UserFills,
    UserFillsByTime,
    WebData2,
)

pytestmark = [
    pytest.mark.ws,
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="changes how the account works, and loses money"),
]

PURR, HYPE = "PURR/USDC", "@1035"
IOC, GTC = {"limit": {"tif": "Ioc"}}, {"limit": {"tif": "Gtc"}}


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def lent(trader):
    """Return what the account lends and owes."""
    asked = {"type": "borrowLendUserState", "user": trader.address}
    return BorrowLendUserState.parse(trader.info.post("/info", asked))


def spot(trader):
    """Return the account's balances."""
    return SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address))


def priced(localnet, px):
    """Set the price of HYPE, on spot and as a perpetual."""
    localnet.set_mid("HYPE", px)
    localnet.set_mid(HYPE, px)


@pytest.fixture
def desk(trader):
    """The account with portfolio margin: 20,000 USDC and 100 HYPE in one."""
    action = {"type": "userPortfolioMargin", "user": trader.address.lower(), "enabled": True}
    accepted(trader.post_user_signed_action(action))
    return trader


@pytest.fixture
def debtor(desk, counterparty, localnet):
    """The same with 1,700 USDC borrowed of what the counterparty has supplied, and HYPE at 28."""
    supply = {"type": "borrowLend", "operation": "supply", "token": 0, "amount": "5000"}
    accepted(counterparty.post_l1_action(supply))
    priced(localnet, "28")
    localnet.set_liquidity(PURR, asks=[("0.1", "1000000")])
    assert OrderResponse.parse(desk.exchange.order(PURR, True, 217_000, 0.1, IOC)).filled
    return desk


def test_money_is_one_and_lent(trader):
    """What was on perpetuals is on spot; all of it earns, and the mode is told."""
    before = spot(trader).balance("USDC").total
    accepted(trader.exchange.user_set_abstraction(trader.address, "portfolioMargin"))

    mode = UserAbstraction.parse(trader.info.query_user_abstraction_state(trader.address)).mode
    state = spot(trader)
    assert (mode, state.portfolioMarginEnabled) == ("portfolioMargin", True)
    usdc = state.balance("USDC")
    assert usdc.total == before + 10_000
    assert usdc.supplied == dict(lent(trader).tokenToState)[0].supply.value_ == "20000.0"
    assert state.portfolioMarginRatio == "0.0"

    action = {"type": "userPortfolioMargin", "user": trader.address.lower(), "enabled": False}
    accepted(trader.post_user_signed_action(action))
    assert UserAbstraction.parse(trader.info.query_user_abstraction_state(trader.address)).mode == "disabled"


def test_what_is_lacking_is_borrowed(debtor):
    """The balance is below zero by it, and the health factor says what HYPE allows."""
    usdc, hype = spot(debtor).balance("USDC"), spot(debtor).balance("HYPE")
    assert (usdc.total_, usdc.borrowed, usdc.ltv) == ("-1700.0", "1700.0", "0.0")
    assert (hype.supplied, hype.ltv) == ("100.0", "0.65")
    state = lent(debtor)
    assert (state.health, state.healthFactor) == ("healthy", "1.0705882353")
    (borrowed,), (supplied,) = (
        spot(debtor).tokenToPortfolioBorrowRatio,
        spot(debtor).tokenToPortfolioSupplyRatio,
    )
    assert (borrowed, supplied) == ((0, "0.000034"), (1105, "0.0001"))


def test_bid_borrows_until_it_is_cancelled(desk, counterparty, localnet):
    """What it holds beyond the balance is owed meanwhile."""
    supply = {"type": "borrowLend", "operation": "supply", "token": 0, "amount": "5000"}
    accepted(counterparty.post_l1_action(supply))
    priced(localnet, "28")
    bid = OrderResponse.parse(desk.exchange.order(HYPE, True, 1_000, 21, GTC)).resting

    usdc = spot(desk).balance("USDC")
    assert (usdc.total_, usdc.spotHold, usdc.borrowed) == ("20000.0", "21000.0", "1000.0")

    desk.exchange.cancel(HYPE, bid.oid)
    assert spot(desk).balance("USDC").supplied == "20000.0"


def test_states_are_pushed_and_shown_on_the_page(desk, counterparty, localnet, venue):
    """The feed of balances and the page's own query have the same keys."""
    supply = {"type": "borrowLend", "operation": "supply", "token": 0, "amount": "5000"}
    accepted(counterparty.post_l1_action(supply))
    priced(localnet, "28")
    user = {"user": desk.address}
    with desk.subscribed({"type": "spotState", **user}, {"type": "webData3", **user}) as frames:
        assert OrderResponse.parse(desk.exchange.order(HYPE, True, 1_000, 21, GTC)).resting

        def told(channel):
            return [frame["data"] for frame in frames if frame["channel"] == channel]

        venue.until(lambda: "borrowed" in told("spotState")[-1]["spotState"]["balances"][0])
    pushed = told("spotState")[-1]["spotState"]
    assert (pushed["balances"][0]["borrowed"], pushed["balances"][0]["spotHold"]) == ("1000.0", "21000.0")
    assert told("webData3")[-1]["userState"]["abstraction"] == "portfolioMargin"
    page = WebData2.parse(desk.info.post("/info", {"type": "webData2", **user}))
    assert page.spotState == spot(desk)
    assert page.spotState.portfolioMarginRatio == "0.0457194083"


def test_sub_account_is_margined_by_itself(trader, counterparty, localnet):
    """Its own HYPE secures what it borrows, and both lists of sub-accounts show it."""
    supply = {"type": "borrowLend", "operation": "supply", "token": 0, "amount": "5000"}
    accepted(counterparty.post_l1_action(supply))
    priced(localnet, "28")
    sub = CreateSubAccountResponse.parse(trader.exchange.create_sub_account("margin")).address
    hype = next(t["tokenId"] for t in trader.info.spot_meta()["tokens"] if t["name"] == "HYPE")
    accepted(trader.exchange.sub_account_transfer(sub, True, 10_000 * 10**6))
    accepted(trader.exchange.sub_account_spot_transfer(sub, True, f"HYPE:{hype}", 100))
    accepted(trader.exchange.user_set_abstraction(sub, "portfolioMargin"))

    theirs = trader.acting_for(sub)
    assert OrderResponse.parse(theirs.exchange.order(HYPE, True, 500, 21, GTC)).resting

    asked = {"user": trader.address}
    one = SubAccounts.parse(trader.info.query_sub_accounts(trader.address)).named("margin")
    (two,) = SubAccounts2.parse(trader.info.post("/info", {"type": "subAccounts2", **asked}))
    assert (one.spotState, two.abstraction) == (two.spotState, "portfolioMargin")
    usdc = one.spotState.balance("USDC")
    assert (usdc.total_, usdc.spotHold, usdc.borrowed) == ("10000.0", "10500.0", "500.0")


@pytest.mark.parametrize(
    ("px", "word", "direction"),
    [("20", "marketLiquidatable", "Partial"), ("19", "backstopLiquidatable", "Backstop")],
)
def test_loan_that_goes_bad_is_taken_over(debtor, localnet, venue, px, word, direction):
    """A fifth of the collateral at a time, or all of it with the loan; until then the health says so."""
    user = {"user": debtor.address}
    with debtor.subscribed({"type": "userFills", **user}, {"type": "userEvents", **user}) as frames:
        priced(localnet, px)
        assert lent(debtor).health == word
        localnet.advance(3)

        def told(channel):
            found = [frame["data"].get("fills", []) for frame in frames if frame["channel"] == channel]
            return [fill for fills in found for fill in fills if "Borrow" in fill["dir"]]

        venue.until(lambda: told("user") and told("userFills"))

    first = told("user")[0]
    assert told("userFills")[0] == first
    assert (first["dir"], first["coin"], first["side"]) == (f"{direction} Borrow Liquidation", HYPE, "A")
    assert first["sz"] == ("20.0" if direction == "Partial" else "100.0")
    fills = UserFills.parse(debtor.info.user_fills(debtor.address))
    assert first["tid"] in [fill.tid for fill in fills if fill.dir == first["dir"]]
    assert list(UserFillsByTime.parse(debtor.info.user_fills_by_time(debtor.address, 0))) == list(fills)[::-1]


def test_price_that_falls_a_little_only_warns(debtor, localnet):
    """Below a health factor of 1 nothing more can be borrowed; nothing is taken."""
    priced(localnet, "25")

    assert (lent(debtor).health, lent(debtor).healthFactor) == ("atRisk", "0.9558823529")
    refused = OrderResponse.parse(debtor.exchange.order(PURR, True, 1_000, 0.1, IOC)).rejected
    assert "Insufficient spot balance" in refused.reason
    localnet.advance(30)
    assert spot(debtor).balance("HYPE").total == 100
