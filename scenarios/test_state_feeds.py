"""Feeds that show the state of an account: margin and positions, tokens, mode, on one dex and on all.

Covers: websocket clearinghouseState, allDexsClearinghouseState, spotState, openOrders, twapStates,
activeAssetData, webData3, subscriptionResponse; POST /exchange (order, updateLeverage, userSetAbstraction,
userDexAbstraction, agentSetAbstraction, sendAsset).
"""

import pytest

from harness.shapes import CreateVaultResponse, DefaultResponse, OrderResponse

pytestmark = [
    pytest.mark.ws,
    pytest.mark.coin("ETH"),
    pytest.mark.spends,
    pytest.mark.targets(
        "replay", "localnet", reason="changes how the account works, and needs its own prices"
    ),
]

GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}
PAIR = "@1035"
COIN = "test:ABC"


class Heard:
    """What state feeds have told."""

    def __init__(self, frames):
        self._frames = frames

    def last(self, channel, dex=None):
        """Return the newest message of a channel, of one dex if it names any."""
        found = [frame["data"] for frame in self._frames if frame["channel"] == channel]
        return next(data for data in reversed(found) if dex is None or data["dex"] == dex)


@pytest.fixture
def heard(trader):
    """The states of the account on both dexes, from before the scenario's first action on."""
    user = trader.address
    of_all = ("allDexsClearinghouseState", "spotState", "webData3")
    of_dex = ("clearinghouseState", "openOrders", "twapStates")
    feeds = [{"type": feed, "user": user} for feed in (*of_all, *of_dex)]
    feeds += [{"type": feed, "user": user, "dex": "test"} for feed in of_dex]
    with trader.subscribed(*feeds) as frames:
        yield Heard(frames)


def accepted(answer):
    """Check that an action was carried out."""
    assert DefaultResponse.parse(answer).ok


def position(state):
    """Return the one position of a state; None without."""
    return next((row["position"] for row in state["assetPositions"]), None)


@pytest.fixture
def on_dex(trader, localnet):
    """The account with an SDK that knows the dex `test`, and 1000 USDC there."""
    accepted(trader.exchange.send_asset(trader.address.lower(), "", "test", "USDC", 1_000))
    localnet.set_mid(COIN, "1")
    return trader.rebuilt(perp_dexs=["", "test"])


@pytest.mark.parametrize("is_buy", [True, False], ids=["long", "short"])
@pytest.mark.parametrize("is_cross", [True, False], ids=["cross", "isolated"])
def test_position_is_shown_with_its_margin(trader, heard, localnet, venue, is_buy, is_cross):
    """How it is margined, and where it would be liquidated, if at all."""
    localnet.set_mid("ETH", "3000")
    accepted(trader.exchange.update_leverage(10, "ETH", is_cross))

    assert OrderResponse.parse(trader.exchange.market_open("ETH", is_buy, 0.1)).filled
    shown = venue.until(lambda: position(heard.last("clearinghouseState", "")["clearinghouseState"]))

    assert (shown["szi"], shown["leverage"]["type"]) == (
        "0.1" if is_buy else "-0.1",
        "cross" if is_cross else "isolated",
    )
    assert ("rawUsd" in shown["leverage"]) != is_cross
    dexes = dict(heard.last("allDexsClearinghouseState")["clearinghouseStates"])
    assert position(dexes[""]) == shown
    assert position(dexes["test"]) is None


def test_builders_dex_has_a_state_of_its_own(trader, heard, on_dex, venue):
    """Its money, its position and its orders are not those of the first."""
    assert OrderResponse.parse(on_dex.exchange.order(COIN, True, 150, 1.05, IOC)).filled
    oid = OrderResponse.parse(on_dex.exchange.order(COIN, True, 50, 0.9, GTC)).resting.oid
    venue.until(lambda: heard.last("openOrders", "test")["orders"])

    assert [order["oid"] for order in heard.last("openOrders", "test")["orders"]] == [oid]
    assert heard.last("openOrders", "")["orders"] == []
    dexes = dict(heard.last("allDexsClearinghouseState")["clearinghouseStates"])
    assert position(dexes["test"])["coin"] == COIN
    assert position(dexes["test"]) == position(heard.last("clearinghouseState", "test")["clearinghouseState"])

    on_dex.exchange.cancel(COIN, oid)
    assert OrderResponse.parse(on_dex.exchange.order(COIN, False, 150, 0.95, IOC)).filled


def test_tokens_follow_what_is_bought_and_held(trader, heard, venue):
    """A purchase adds the token, a resting bid holds USDC."""
    trader.exchange.order(PAIR, True, 2, 30, IOC)
    oid = OrderResponse.parse(trader.exchange.order(PAIR, True, 1, 20, GTC)).resting.oid

    def balances():
        return {row["coin"]: row for row in heard.last("spotState")["spotState"]["balances"]}

    venue.until(lambda: balances()["USDC"]["hold"] == "20.0")

    assert float(balances()["HYPE"]["entryNtl"]) > 0
    trader.exchange.cancel(PAIR, oid)
    venue.until(lambda: balances()["USDC"]["hold"] == "0.0")


def test_unified_account_shows_what_it_may_lose(trader, heard, venue):
    """One balance for all, and what of it is left after maintenance."""
    accepted(trader.exchange.user_set_abstraction(trader.address, "unifiedAccount"))
    venue.until(lambda: "abstraction" in heard.last("webData3")["userState"])

    assert heard.last("webData3")["userState"]["abstraction"] == "unifiedAccount"
    ((token, _),) = heard.last("spotState")["spotState"]["tokenToAvailableAfterMaintenance"]
    assert token == 0


def test_mode_that_was_switched_off_is_shown(trader, heard, venue):
    """Disabled is a mode that was chosen; default says nothing."""
    assert "abstraction" not in heard.last("webData3")["userState"]

    accepted(trader.exchange.user_set_abstraction(trader.address, "disabled"))

    venue.until(lambda: heard.last("webData3")["userState"].get("abstraction") == "disabled")


def test_older_mode_has_a_word_of_its_own(trader, heard, venue):
    """Dex abstraction by its own action."""
    assert "dexAbstractionEnabled" not in heard.last("webData3")["userState"]

    accepted(trader.exchange.user_dex_abstraction(trader.address, True))

    venue.until(lambda: heard.last("webData3")["userState"].get("dexAbstractionEnabled"))


def test_page_names_the_agent_and_the_vaults(trader, heard, venue):
    """The agent without a name with its end, and the vaults that the account leads."""
    trader.agent()
    action = {
        "type": "createVault",
        "name": "Night desk",
        "description": "What the desk trades at night.",
        "initialUsd": 1_000 * 10**6,
        "nonce": 1,
    }
    vault = CreateVaultResponse.parse(trader.post_l1_action(action)).address
    venue.until(lambda: "leadingVaults" in heard.last("webData3")["perpDexStates"][0])

    page = heard.last("webData3")
    assert page["perpDexStates"][0]["leadingVaults"] == [{"address": vault, "name": "Night desk"}]
    assert page["perpDexStates"][0]["totalVaultEquity"] == "1000.0"
    assert page["userState"]["agentAddress"] is not None


def test_page_names_the_coins_at_their_cap(trader, heard, on_dex, localnet, venue):
    """A builder lowers the cap below what is open."""
    localnet.set_deployer("test", trader.address)
    assert OrderResponse.parse(on_dex.exchange.order(COIN, True, 150, 1.05, IOC)).filled

    caps = {"type": "perpDeploy", "setOpenInterestCaps": [[COIN, 100_000_000]]}
    accepted(trader.post_l1_action(caps))
    venue.until(lambda: "perpsAtOpenInterestCap" in heard.last("webData3")["perpDexStates"][1])

    assert heard.last("webData3")["perpDexStates"][1]["perpsAtOpenInterestCap"] == [COIN]
    assert "perpsAtOpenInterestCap" not in heard.last("webData3")["perpDexStates"][0]
    for state, order in (
        ("positionIncreaseAtOpenInterestCapRejected", (COIN, True, 50, 1.05, IOC)),
        ("positionFlipAtOpenInterestCapRejected", (COIN, False, 200, 0.95, IOC)),
    ):
        with trader.subscribed(
            {"type": "orderUpdates", "user": trader.address},
            {"type": "userHistoricalOrders", "user": trader.address},
        ) as frames:
            assert OrderResponse.parse(on_dex.exchange.order(*order)).rejected
            venue.until(lambda frames=frames: len(frames) == 3)
        updates = next(frame["data"] for frame in frames if frame["channel"] == "orderUpdates")
        assert [row["status"] for row in updates] == [state]
    assert OrderResponse.parse(on_dex.exchange.order(COIN, False, 150, 0.95, IOC)).filled


def test_account_that_keeps_its_dust_says_so(trader, heard, venue):
    """Opted out of dusting."""
    assert "optOutOfSpotDusting" not in heard.last("webData3")["userState"]

    accepted(trader.post_l1_action({"type": "spotUser", "toggleSpotDusting": {"optOut": True}}))

    venue.until(lambda: heard.last("webData3")["userState"].get("optOutOfSpotDusting"))


def test_vault_is_shown_as_one(trader, venue):
    """The page of a vault's own address."""
    action = {
        "type": "createVault",
        "name": "Night desk",
        "description": "What the desk trades at night.",
        "initialUsd": 200 * 10**6,
        "nonce": 1,
    }
    vault = CreateVaultResponse.parse(trader.post_l1_action(action)).address

    with trader.subscribed({"type": "webData3", "user": vault}) as frames:
        venue.until(lambda: frames)

    assert frames[0]["data"]["userState"]["isVault"] is True


def test_what_can_be_traded_follows_an_isolated_position(trader, localnet, venue):
    """Its leverage has the money behind it once there is a position."""
    localnet.set_mid("ETH", "3000")

    with trader.subscribed({"type": "activeAssetData", "user": trader.address, "coin": "ETH"}) as frames:
        accepted(trader.exchange.update_leverage(5, "ETH", is_cross=False))
        assert OrderResponse.parse(trader.exchange.market_open("ETH", True, 0.1)).filled
        venue.until(lambda: "rawUsd" in frames[-1]["data"]["leverage"])

    assert frames[-1]["data"]["leverage"]["type"] == "isolated"
    assert float(frames[-1]["data"]["leverage"]["rawUsd"]) < 0
