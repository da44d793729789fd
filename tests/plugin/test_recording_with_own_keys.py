"""Recorded on the rehearsed testnet with random keys, replayed elsewhere without them."""

import base64
import re
import secrets
import time
from functools import partial
from types import SimpleNamespace

import pytest
import requests

from harness import signing
from harness.localnet import ACCOUNTS
from harness.recording.checks import check
from harness.targets.testnet import TestnetTarget
from tests.localnet.desk import Desk, order, orders
from tests.plugin.conftest import text_of

SCENARIOS = """
    from decimal import Decimal
    from hypothesis import given
    from harness.shapes import CreateSubAccountResponse, DefaultResponse, OrderResponse
    from harness.strategies import resting_intents

    pytestmark = pytest.mark.coin("ETH")

    def ok(answer):
        assert DefaultResponse.parse(answer).ok

    def test_order(trader, market, venue):
        ticket = market.bid(depth_bps=1_000, notional_usd=12, cloid=venue.cloid())
        oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
        assert trader.info.query_order_by_oid(trader.address, oid)["order"]["status"] == "open"
        assert trader.exchange.cancel("ETH", oid)["status"] == "ok"

    def test_fill(trader, counterparty, market):
        ask = market.ask(depth_bps=-50, notional_usd=12, tif="Ioc")
        opened = OrderResponse.parse(trader.exchange.order(**ask)).filled
        assert opened
        bid = market.bid(depth_bps=-50, notional_usd=12, tif="Ioc")
        assert OrderResponse.parse(counterparty.exchange.order(**bid)).filled
        fill = trader.info.user_fills(trader.address.lower())[0]
        again = trader.info.user_fills_by_time(trader.address, fill["time"])
        assert again[0]["hash"] == fill["hash"]
        trader.info.post("/info", {"type": "recentTrades", "coin": "ETH"})

    def test_agents(trader, counterparty, market):
        agent = trader.agent()
        address = agent.exchange.wallet.address
        order = agent.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
        oid = OrderResponse.parse(order).resting.oid
        assert trader.exchange.cancel("ETH", oid)["status"] == "ok"
        role = trader.info.user_role(address)
        assert role == {"role": "agent", "data": {"user": trader.address.lower()}}
        named = trader.agent("night desk").exchange.wallet.address.lower()
        rows = {row["name"]: row["address"] for row in trader.info.extra_agents(trader.address)}
        assert rows["night desk"] == named
        assert len(rows) == 2
        other = counterparty.agent("x")
        refusal = str(other.exchange.usd_transfer(1, trader.address))
        assert f"User: {other.exchange.wallet.address.lower()}" in refusal

    @pytest.mark.moves_money("createSubAccount")
    def test_sub_account(trader, venue, market):
        address = CreateSubAccountResponse.parse(trader.exchange.create_sub_account("desk")).address
        ok(trader.exchange.sub_account_transfer(address, True, 50_000_000))
        sub = trader.acting_for(address).exchange
        assert OrderResponse.parse(sub.market_open("ETH", True, 0.005)).filled
        assert OrderResponse.parse(sub.market_close("ETH")).filled
        names = {row["name"]: row["subAccountUser"] for row in trader.info.query_sub_accounts(trader.address)}
        assert names["desk"] == address and len(names) == 2
        refused = trader.acting_for(venue.stranger()).exchange.order(
            **market.bid(depth_bps=1_000, notional_usd=12)
        )
        assert "Vault not registered: 0x" in str(refused)

    @pytest.mark.moves_money("setReferrer")
    def test_referral(trader, counterparty):
        state = trader.info.query_referral_state(trader.address)
        assert state["referredBy"]["referrer"] == counterparty.address.lower()
        assert "not registered" in str(trader.exchange.set_referrer("NOSUCH"))

    def test_clock(trader, venue):
        now = venue.clock.now_ms()
        ok(trader.exchange.noop(now))
        assert "duplicate nonce" in DefaultResponse.parse(trader.exchange.noop(now)).refusal
        trader.exchange.set_expires_after(venue.clock.now_ms() + 60_000)
        ok(trader.exchange.update_leverage(5, "ETH"))

    def test_feeds(trader, counterparty, market, venue):
        one = {"type": "orderUpdates", "user": trader.address}
        two = {"type": "trades", "coin": "ETH"}
        with trader.subscribed(one, two, {"type": "userFills", "user": trader.address}) as frames:
            trader.exchange.order(**market.ask(depth_bps=-50, notional_usd=12, tif="Ioc"))
            told = lambda: [row for one in frames if one["channel"] == "trades" for row in one["data"]]
            assert venue.until(lambda: [row for row in told() if trader.address.lower() in row["users"]])

    @given(intent=resting_intents())
    def test_property(venue, intent):
        with venue.trader() as trader:
            ticket = venue.market("ETH").ticket(intent)
            oid = OrderResponse.parse(trader.exchange.order(**ticket)).resting.oid
            assert trader.exchange.cancel("ETH", oid)["status"] == "ok"
"""
MULTI_SIG = """
    import json
    from harness.shapes import DefaultResponse
    from hyperliquid.utils.signing import (
        USD_SEND_SIGN_TYPES, sign_multi_sig_l1_action_payload, sign_multi_sig_user_signed_action_payload
    )

    @pytest.mark.moves_money("convertToMultiSigUser", "usdSend")
    def test_together(trader, counterparty, venue):
        agent = counterparty.agent()
        friend, address = venue.stranger(), trader.address.lower()
        wallet, outer = counterparty.exchange.wallet, counterparty.address.lower()
        crowd = [agent.exchange.wallet.address.lower(), address, outer, friend]
        assert DefaultResponse.parse(trader.exchange.convert_to_multi_sig_user(crowd, 1)).is_refused
        signers = [outer, friend]
        assert DefaultResponse.parse(trader.exchange.usd_transfer(10, friend)).ok
        assert DefaultResponse.parse(trader.exchange.convert_to_multi_sig_user(signers, 1)).ok
        told = trader.info.query_user_to_multi_sig_signers(trader.address)
        assert told["authorizedUsers"] == sorted(signers)

        nonce = venue.clock.now_ms()
        action = {"type": "noop"}
        signed = sign_multi_sig_l1_action_payload(wallet, action, False, None, nonce, None, address, outer)
        assert DefaultResponse.parse(counterparty.exchange.multi_sig(address, action, [signed], nonce)).ok

        nonce = venue.clock.now_ms()
        action = {
            "type": "usdSend", "signatureChainId": "0x66eee", "hyperliquidChain": "Testnet",
            "destination": friend, "amount": "5", "time": nonce,
        }
        signed = sign_multi_sig_user_signed_action_payload(
            wallet, action, False, USD_SEND_SIGN_TYPES, "HyperliquidTransaction:UsdSend", address, outer
        )
        assert DefaultResponse.parse(counterparty.exchange.multi_sig(address, action, [signed], nonce)).ok
"""


class Person:
    """A random key with an account on the rehearsed testnet."""

    def __init__(self, url, usd="500000"):
        self.raw = secrets.token_bytes(32)
        self.key = "0x" + self.raw.hex()
        self.address = signing.address_of(self.raw)
        self._url = url
        # For its envelopes and signatures alone; requests go to the served exchange.
        self._desk = Desk(SimpleNamespace(clock=SimpleNamespace(now_ms=self._now)), self.key)
        if usd:
            command(url, "fund", address=self.address, usd=usd)

    @staticmethod
    def _now():
        return int(time.time() * 1000)

    def act(self, action):
        return self._post(self._desk.envelope(action))

    def user_act(self, action):
        nonce = self._desk.nonce()
        head = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet", "nonce": nonce}
        return self._post(self._desk.user_envelope(head | action, nonce))

    def _post(self, body):
        answer = requests.post(f"{self._url}/exchange", json=body, timeout=10).json()
        assert answer["status"] == "ok", answer
        return answer["response"].get("data")


def command(url, name, **fields):
    assert requests.post(f"{url}/control/{name}", json=fields, timeout=10).status_code == 200


@pytest.fixture
def people(served, monkeypatch):
    """Trader and counterparty, served as the testnet; and what of them must not be on tape."""
    url = served["url"]
    # Signers are sorted on tape: the trader's address stands above the counterparty's, as in a replay.
    both = sorted((Person(url) for _ in range(2)), key=lambda one: one.address, reverse=True)
    trader, counterparty = both
    monkeypatch.setattr("harness.venue.TestnetTarget", partial(TestnetTarget, url))
    for name in ("TESTNET_ACCOUNT_ADDRESS", "CONFIG"):
        monkeypatch.delenv(f"HYPERLIQUID_{name}", raising=False)
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", trader.key)
    monkeypatch.setenv("HYPERLIQUID_TESTNET_COUNTERPARTY_KEY", counterparty.key)
    digits = [one.key[2:] for one in both] + [one.address[2:] for one in both]
    return SimpleNamespace(trader=trader, counterparty=counterparty, url=url, digits=digits, names=[])


@pytest.fixture
def established(people):
    """The same, with things of their own from before: an agent, a sub-account, a referral code."""
    trader, counterparty = people.trader, people.counterparty
    laptop = Person(people.url, usd="")
    trader.user_act({"type": "approveAgent", "agentAddress": laptop.address, "agentName": "my old laptop"})
    # Sub-accounts and referral codes are for those who have traded.
    for one in (trader, counterparty):
        for _ in range(20):
            one.act(orders(order(p="3300", s="1", tif="Ioc")))
            one.act(orders(order(b=False, p="2900", s="1", tif="Ioc")))
    savings = trader.act({"type": "createSubAccount", "name": "savings pot"})
    counterparty.act({"type": "registerReferrer", "code": "MYNAME77"})
    trader.act({"type": "setReferrer", "code": "MYNAME77"})
    people.digits += [laptop.key[2:], laptop.address[2:], savings[2:]]
    people.names += ["my old laptop", "savings pot", "MYNAME77"]
    return people


def leaked(cassettes, digits, names=()):
    """Return what of these values stands in the files, in any spelling."""
    found = []
    for file, content in cassettes.items():
        text = content.decode()
        low = text.lower()
        for one in digits:
            raw = bytes.fromhex(one.zfill(len(one) + len(one) % 2))
            spelled = [str(int(one, 16)), one, raw.hex(), one.encode().hex(), ",".join(map(str, raw))]
            spelled += [base64.b64encode(raw)[:-4].decode().lower()]
            found += [(file, one, how) for how in spelled if how in low]
        found += [(file, name, name) for name in names if name in text]
    return found


def replay_elsewhere(project, monkeypatch, outcomes):
    """Replay without keys and without an exchange."""
    for name in ("PRIVATE_KEY", "COUNTERPARTY_KEY"):
        monkeypatch.delenv(f"HYPERLIQUID_TESTNET_{name}")
    project.run().assert_outcomes(**outcomes)


def of_tapes(project, pattern):
    """All matches in the tapes."""
    return {one for text in project.cassettes.values() for one in re.findall(pattern, text.decode())}


def test_what_was_recorded_with_own_keys_replays_without_them(project, established, monkeypatch):
    project.write(SCENARIOS)
    told = []
    real = TestnetTarget.answer

    def listening(self, request):
        reply = real(self, request)
        told.append(request.body + reply.body)
        return reply

    monkeypatch.setattr(TestnetTarget, "answer", listening)
    result = project.run("--target=testnet", "--record")
    result.assert_outcomes(passed=8)

    assert len(project.tapes) == 8
    seen = {one.lower() for text in told for one in re.findall(r"0x[0-9a-fA-F]{40,64}(?![0-9a-fA-F])", text)}
    known = {account.address.lower() for account in ACCOUNTS}
    own = {one[2:] for one in seen - known if len(set(one[2:])) > 4}
    contracts = {
        one[2:].lower() for name, text in project.cassettes.items() if "universe" in name
        for one in re.findall(r"0x[0-9a-fA-F]{40,64}", text.decode())
    }  # fmt: skip
    assert len(own) > 20
    assert leaked(project.cassettes, {*established.digits, *own} - contracts, established.names) == []
    assert "target: testnet\n" in project.cassettes["test_s/test_order.yaml"].decode()
    assert "clock: wall\n" in project.cassettes["test_s/test_order.yaml"].decode()
    folder = project.path / "cassettes"
    assert [one for tape in project.tapes for one in check(folder / tape, folder)] == []
    replay_elsewhere(project, monkeypatch, {"passed": 8})


def test_inner_and_outer_signatures_of_a_multi_sig_account_are_made_anew(project, people, monkeypatch):
    project.write(MULTI_SIG)
    project.run("--target=testnet", "--record").assert_outcomes(passed=1)

    assert leaked(project.cassettes, people.digits, people.names) == []
    assert "multiSig" in project.cassettes["test_s/test_together.yaml"].decode()
    assert check(project.cassette("test_together"), project.path / "cassettes") == []
    replay_elsewhere(project, monkeypatch, {"passed": 1})


def test_agents_key_and_its_account_become_one_on_tape(project, people, monkeypatch):
    agent = Person(people.url, usd="")
    people.trader.user_act({"type": "approveAgent", "agentAddress": agent.address, "agentName": "robot nine"})
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", agent.key)
    monkeypatch.setenv("HYPERLIQUID_TESTNET_ACCOUNT_ADDRESS", people.trader.address)
    project.write("""
        @pytest.mark.coin("ETH")
        def test_order(trader, market):
            trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
            trader.info.extra_agents(trader.address.lower())
            trader.info.open_orders(trader.address)
    """)
    project.run("--target=testnet", "--record").assert_outcomes(passed=1)

    digits = [*people.digits, agent.key[2:], agent.address[2:]]
    assert leaked(project.cassettes, digits, [*people.names, "robot nine"]) == []
    replay_elsewhere(project, monkeypatch, {"passed": 1})


def refused(project, scenario, *told):
    """Check that a scenario passes, and that its tape is refused and the old one left alone."""
    project.write(scenario)
    (project.path / "cassettes" / "test_s").mkdir(parents=True)
    project.cassette("test_it").write_text("old")
    before = project.cassettes
    result = project.run("--target=testnet", "--record")
    result.assert_outcomes(passed=1, errors=1)
    assert [text for text in told if text not in text_of(result)] == []
    assert project.cassettes == before
    return text_of(result)


@pytest.mark.parametrize(
    ("spelled", "told"),
    [
        ("str(int(trader.address, 16))", "an address of yours, as a decimal number"),
        ("trader._key", "a private key of yours"),
    ],
)
def test_tape_with_something_of_the_users_is_refused_whole(project, people, spelled, told):
    text = refused(
        project,
        f"""
        from hyperliquid.utils.error import ClientError

        def test_it(trader):
            trader.info.all_mids()
            with pytest.raises(ClientError):
                trader.info.post("/info", {{"type": "userRole", "user": {spelled}}})
        """,
        f"Step 2, the request, $.user: {told} still stands there",
        "the old cassette is as it was",
    )
    assert people.trader.key[2:] not in text


def test_refusal_shows_no_key_even_with_locals(project, people):
    project.write("""
        def test_it(trader):
            from hyperliquid.utils.error import ClientError

            trader.agent()
            with pytest.raises(ClientError):
                trader.info.user_role(trader.address[:-1])
    """)
    result = project.run("--target=testnet", "--record", "--showlocals", "--tb=long", "--full-trace", "-vv")

    text = text_of(result)
    assert "an address of yours still stands there" in text
    (path,) = (project.path / ".hl-harness").glob("journal-*.jsonl")
    journal = path.read_text()
    assert '"approveAgent"' in journal
    assert [key for key in people.digits[:2] if key in text.lower()] == []
    assert "sdk_draws" not in text


def test_capitals_of_the_users_own_cannot_be_re_keyed(project, people):
    refused(
        project,
        """
        def test_it(trader):
            odd = "".join(c.upper() if n % 3 else c.lower() for n, c in enumerate(trader.address[2:]))
            trader.info.user_role("0x" + odd)
        """,
        "Step 1, the request: one of your addresses stands there with capital letters",
    )


def test_sorted_list_that_would_lose_its_order_is_refused(project, people, monkeypatch):
    monkeypatch.setenv("HYPERLIQUID_TESTNET_PRIVATE_KEY", people.counterparty.key)
    monkeypatch.setenv("HYPERLIQUID_TESTNET_COUNTERPARTY_KEY", people.trader.key)
    refused(
        project,
        """
        @pytest.mark.moves_money("convertToMultiSigUser")
        def test_it(trader, counterparty):
            both = [trader.address.lower(), counterparty.address.lower()]
            trader.exchange.convert_to_multi_sig_user(both, 7)
        """,
        "Step 1, the request holds a sorted list of addresses",
        "Exchange the two keys",
    )


def test_public_account_that_stands_for_the_users_own_is_refused(project, people):
    refused(
        project,
        f"def test_it(trader): trader.info.user_role({ACCOUNTS[1].address!r})",
        "the scenario names 0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
    )


def test_signature_over_something_else_is_refused(project, people):
    refused(
        project,
        """
        def test_it(trader):
            from hyperliquid.utils.signing import sign_l1_action

            exchange, nonce = trader.exchange, 1_767_225_600_000
            made = sign_l1_action(exchange.wallet, {"type": "other"}, None, nonce, None, False)
            exchange._post_action({"type": "noop"}, made, nonce)
        """,
        "Step 1, the request, signature: nobody known on this tape made this signature",
    )


def test_recording_tells_what_it_changes(project, people):
    project.write("def test_it(trader): trader.info.user_role(trader.address)")
    project.record().assert_outcomes(passed=1)
    old = project.cassette("test_it").read_text()
    project.cassette("test_it").write_text(old.replace('{"role": "user"}', '{"role": "user", "mood": 1}'))
    result = project.run("--target=testnet", "--record")

    result.assert_outcomes(passed=1)
    assert "cassettes written: 0 new, 1 changed, 0 as before" in text_of(result)
    assert "drift: what this recording changes" in text_of(result)
    assert "$.mood" in text_of(result)


def test_replay_names_the_target_that_a_cassette_comes_from(project, people):
    project.write("def test_it(trader): trader.info.all_mids()")
    project.run("--target=testnet", "--record").assert_outcomes(passed=1)
    project.edit("all_mids()", "meta()")

    assert "pytest scenarios/test_s.py::test_it --target=testnet --record" in text_of(project.run())
