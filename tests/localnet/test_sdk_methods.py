"""Every method of the SDK's `Exchange` and `Info` against localnet: what answers, and what is not covered.

The signatures are the SDK's own, so an action that localnet rebuilt differently would be somebody else's.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.coverage import coverage

# The tools are scripts, not a package.
sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

from sdk_calls import ACTIONS, GTC, MINE, NOBODY, OTHER, QUERIES, THIRD

VALIDATOR = "0xa012b9040d83c5cbad9e6ea73c525027b755f596"
OK = {"status": "ok", "response": {"type": "default"}}

# No request of their own: helpers, sockets, and what the tests beside this one send.
ELSEWHERE = {
    "c_signer_inner",
    "disconnect_websocket",
    "multi_sig",
    "name_to_asset",
    "set_expires_after",
    "set_perp_meta",
    "spot_deploy_token_action_inner",
    "subscribe",
    "unsubscribe",
}


class Sdk:
    """The SDK of account 0 at a fresh exchange."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import eth_account
        from hyperliquid import exchange
        from hyperliquid.info import Info

        self.net = Localnet()
        self.not_covered = False
        self.sent: list[dict[str, Any]] = []
        self._nonce = 0
        monkeypatch.setattr(requests.Session, "post", self._post)
        monkeypatch.setattr(exchange, "get_timestamp_ms", self.nonce)
        url = "http://127.0.0.1:3001"
        keys = [eth_account.Account.from_key(account.private_key) for account in ACCOUNTS[:4]]
        self.wallets = keys
        self.exchange = exchange.Exchange(keys[0], url)
        self.leader = exchange.Exchange(keys[1], url)
        self.info = Info(url, skip_ws=True)

    def nonce(self) -> int:
        """Return a new time."""
        self._nonce = max(self._nonce + 1, self.net.clock.now_ms())
        return self._nonce

    def _post(self, url: str, json: Any = None, **_: Any) -> requests.Response:
        path = url[url.index("/", 9) :]
        self.sent.append(json)
        answer = self.net.handle(path, "application/json", _bytes(json))
        self.not_covered = self.not_covered or answer.not_implemented
        response = requests.Response()
        response.status_code, response._content = answer.status, answer.body
        return response


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> Sdk:
    """The SDK without a network."""
    return Sdk(monkeypatch)


STATES = coverage()["/exchange"] | coverage()["/info"]
NOT_MINE = "Error deploying spot: incorrect deployer"
GENESIS_DONE = "Genesis error: genesis already happened"
NO_SIGNER = "Signer invalid or inactive for current epoch"
REFUSED: dict[str, str] = {
    "set_referrer": "Referral code not registered",
    "sub_account_transfer": f"Invalid sub-account transfer from {MINE} to {NOBODY}",
    "sub_account_spot_transfer": f"Invalid sub-account transfer from {MINE} to {NOBODY}",
    "vault_usd_transfer": f"Vault not registered: {NOBODY}",
    "spot_deploy_register_token": "Error deploying spot: Gas auction completed. Try again later",
    "spot_deploy_user_genesis": GENESIS_DONE,
    "spot_deploy_enable_freeze_privilege": NOT_MINE,
    "spot_deploy_freeze_user": NOT_MINE,
    "spot_deploy_revoke_freeze_privilege": NOT_MINE,
    "spot_deploy_enable_quote_token": NOT_MINE,
    "spot_deploy_genesis": GENESIS_DONE,
    "spot_deploy_register_spot": NOT_MINE,
    "spot_deploy_register_hyperliquidity": NOT_MINE,
    "spot_deploy_set_deployer_trading_fee_share": NOT_MINE,
    "perp_deploy_register_asset": "Invalid perp deployer",
    "perp_deploy_set_oracle": "Invalid perp deployer",
    "c_signer_unjail_self": "Signer invalid or inactive for current epoch",
    "c_signer_jail_self": NO_SIGNER,
    "c_validator_register": "Validator has delegations disabled",
    "c_validator_change_profile": "Unknown validator",
    "c_validator_unregister": "Action disabled on this chain",
    "gossip_priority_bid": "Insufficient gas at current auction price.",
}


def _methods(of: type) -> set[str]:
    return {name for name, value in vars(of).items() if callable(value) and not name.startswith("_")}


def test_each_method_is_tried() -> None:
    from hyperliquid.exchange import Exchange
    from hyperliquid.info import Info

    assert _methods(Exchange) - ELSEWHERE == {*ACTIONS, "token_delegate"}
    assert _methods(Info) - ELSEWHERE == QUERIES.keys()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_of_the_sdk(sdk: Sdk, name: str) -> None:
    text = REFUSED.get(name)
    answer = ACTIONS[name](sdk.exchange)
    assert answer["status"] == ("ok" if text is None else "err"), answer
    if text is not None:
        assert answer["response"] == text
    assert not sdk.not_covered
    assert [row for row in rows_sent(sdk) if STATES.get(row, "not there") == "not there"] == []


def rows_sent(sdk: Sdk) -> set[str]:
    """Return the rows of the coverage table that the SDK has asked for."""
    rows: set[str] = set()
    for body in sdk.sent:
        action = body.get("action", {})
        kind = action.get("type", body.get("type"))
        variants = [name for name in action if f"{kind}.{name}" in STATES]
        rows |= {f"{kind}.{name}" for name in variants} or {kind}
    return rows


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_query_of_the_sdk(sdk: Sdk, name: str) -> None:
    QUERIES[name](sdk.info)
    assert not sdk.not_covered
    assert {STATES.get(row) for row in rows_sent(sdk)} == {"whole"}


def test_the_sdk_delegates(sdk: Sdk) -> None:
    from tests.localnet.desk import Desk

    Desk(sdk.net).user_act({"type": "cDeposit", "wei": 10**8})
    sdk.nonce()
    assert sdk.exchange.token_delegate(VALIDATOR, 10**8, False) == OK
    assert sdk.info.user_staking_summary(MINE)["delegated"] == "1.0"


def test_the_sdk_deploys_a_token(sdk: Sdk) -> None:
    """The steps of the SDK's `examples/spot_deploy.py`, with its figures."""
    sdk.net.fund_token(MINE, "HYPE", Decimal(500))
    sdk.net.open_auction("spot")
    me = sdk.exchange
    token = me.spot_deploy_register_token("TEST0", 2, 8, 1_000_000_000_000, "Test token")["response"]["data"]
    hyperliquidity = "0xffffffffffffffffffffffffffffffffffffffff"
    pot = "100000000000000"
    answers = [
        me.spot_deploy_user_genesis(token, [(OTHER, pot), (hyperliquidity, pot)], []),
        me.spot_deploy_user_genesis(token, [], []),
        me.spot_deploy_user_genesis(token, [], [(1, pot)]),
        me.spot_deploy_enable_freeze_privilege(token),
        me.spot_deploy_freeze_user(token, OTHER, True),
        me.spot_deploy_freeze_user(token, OTHER, False),
        me.spot_deploy_genesis(token, "300000000000000", False),
    ]
    spot = me.spot_deploy_register_spot(token, 0)["response"]["data"]
    answers += [
        me.spot_deploy_register_hyperliquidity(spot, 2.0, 4.0, 100, None),
        me.spot_deploy_set_deployer_trading_fee_share(token, "0%"),
        me.spot_deploy_revoke_freeze_privilege(token),
    ]
    sdk.nonce()
    sdk.net.fund_token(MINE, "HYPE", Decimal(50))
    from tests.localnet.desk import Desk

    Desk(sdk.net).user_act({"type": "cDeposit", "wei": 50 * 10**8})
    sdk.nonce()
    answers.append(me.spot_deploy_enable_quote_token(token))
    assert answers == [OK] * len(answers)
    book = sdk.info.post("/info", {"type": "l2Book", "coin": f"@{spot}"})
    assert (book["levels"][0], book["levels"][1][0]) == ([], {"px": "2.0", "sz": "4.0", "n": 1})
    assert not sdk.not_covered


def test_the_sdk_pays_a_builder(sdk: Sdk) -> None:
    sdk.exchange.approve_builder_fee(OTHER, "0.05%")
    sdk.exchange.market_open("ETH", True, 0.01, builder={"b": OTHER, "f": 50})
    assert "builderFee" in sdk.info.user_fills(MINE)[0]


@pytest.mark.parametrize("kind", ["order", "usdSend", "userSetAbstraction", "approveAgent"])
def test_the_sdk_acts_for_a_multi_sig_account(sdk: Sdk, kind: str) -> None:
    from hyperliquid.utils import signing

    sdk.exchange.convert_to_multi_sig_user([OTHER, THIRD], 2)
    nonce, leader = sdk.nonce(), OTHER
    head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"}
    actions: dict[str, tuple[dict[str, Any], list[dict[str, str]], str]] = {
        "usdSend": (
            {"type": "usdSend"} | head | {"destination": OTHER, "amount": "1.0", "time": nonce},
            signing.USD_SEND_SIGN_TYPES,
            "UsdSend",
        ),
        "userSetAbstraction": (
            {"type": "userSetAbstraction"} | head | {"user": MINE, "abstraction": "disabled", "nonce": nonce},
            signing.USER_SET_ABSTRACTION_SIGN_TYPES,
            "UserSetAbstraction",
        ),
        "approveAgent": (
            {"type": "approveAgent"}
            | head
            | {"agentAddress": "0x" + "31" * 20, "agentName": "bot", "nonce": nonce},
            [
                {"name": "hyperliquidChain", "type": "string"},
                {"name": "agentAddress", "type": "address"},
                {"name": "agentName", "type": "string"},
                {"name": "nonce", "type": "uint64"},
            ],
            "ApproveAgent",
        ),
    }
    order = {"a": 4, "b": True, "p": "3000", "s": "0.01", "r": False, "t": GTC}
    if kind == "order":
        action: dict[str, Any] = {"type": "order", "orders": [order], "grouping": "na"}
        signed = [
            signing.sign_multi_sig_l1_action_payload(wallet, action, False, None, nonce, None, MINE, leader)
            for wallet in sdk.wallets[1:3]
        ]
    else:
        action, types, primary = actions[kind]
        signed = [
            signing.sign_multi_sig_user_signed_action_payload(
                wallet, action, False, types, f"HyperliquidTransaction:{primary}", MINE, leader
            )
            for wallet in sdk.wallets[1:3]
        ]
    answer = sdk.leader.multi_sig(MINE, action, signed, nonce)
    assert answer["status"] == "ok", answer
