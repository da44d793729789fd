"""How the world begins."""

from decimal import Decimal

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk


def test_the_first_five_have_traded_and_have_tokens(net: Localnet) -> None:
    for account in ACCOUNTS[:5]:
        desk = Desk(net, account.private_key)
        balances = {row["coin"]: row["total"] for row in desk.info("spotClearinghouseState")["balances"]}
        assert balances == {
            "USDC": "10000.0",
            "PURR": "50000.0",
            "HYPE": "100.0",
            "UETH": "1.0",
            "USOL": "20.0",
        }
        assert Decimal(desk.info("userRateLimit")["cumVlm"]) >= 1_000_000
        assert desk.info("clearinghouseState")["withdrawable"] == "10000.0"
        assert {row["userCross"] for row in desk.info("userFees")["dailyUserVlm"]} == {"0.0"}


def test_the_others_are_new(net: Localnet) -> None:
    for account in ACCOUNTS[5:]:
        desk = Desk(net, account.private_key)
        assert desk.info("spotClearinghouseState") == {"balances": []}
        assert desk.info("userRateLimit")["cumVlm"] == "0.0"
        assert desk.info("clearinghouseState")["withdrawable"] == "10000.0"


def test_a_world_without_accounts_begins_too() -> None:
    assert Localnet(accounts=0).total_token("HYPE") == 10**9
