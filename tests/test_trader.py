"""A trader: the SDK's own objects, for the account that is traded for."""

import json

import pytest

from harness import signing
from harness.errors import TargetUnavailable, UnexpectedAnswer, UnsupportedError
from harness.localnet import ACCOUNTS
from harness.recording.tape import Reply
from harness.recording.universe import Universe
from harness.sdk import Underlay
from harness.settings import Key
from harness.targets.localnet import LocalnetTarget, localnet_universe
from harness.trader import Trader
from tests.doors import JSON, closed_door, door

KEY, ADDRESS = ACCOUNTS[0].private_key, ACCOUNTS[0].address
OTHER = "0x" + "22" * 20


@pytest.fixture
def under():
    """Lays a door under the SDK, and takes it away again."""
    laid = []

    def lay(wire):
        laid.append(Underlay(wire))
        laid[-1].lay()
        return wire

    yield lay
    for underlay in reversed(laid):
        underlay.lift()


def trader(**options):
    return Trader(KEY, localnet_universe(), **options)


def test_sdk_objects_are_built_for_testnet_from_metadata_at_hand(under):
    _, target = (pair := door())
    under(pair[0])
    made = trader()

    assert made.exchange.base_url == made.info.base_url == "https://api.hyperliquid-testnet.xyz"
    assert made.info is made.exchange.info
    assert target.asked == []


def test_address_is_the_keys_own():
    assert trader().address.lower() == ADDRESS.lower()


def test_address_is_the_masters_when_the_key_is_an_agents():
    made = trader(account_address=OTHER)

    assert (made.address, made.exchange.account_address) == (OTHER, OTHER)


def test_trader_shows_its_address_and_no_key():
    made = Trader(Key("ab" * 32), localnet_universe())

    assert repr(made) == f"Trader({made.address})"
    assert "ab" * 8 not in repr(vars(made))


def test_acting_for_another_account_signs_for_it(under):
    wire, target = door()
    under(wire)
    acting = trader().acting_for(OTHER)
    acting.exchange.cancel("ETH", 1)

    assert acting.address == OTHER
    assert target.asked[0].decoded()["vaultAddress"] == OTHER


def test_agent_signs_with_its_own_key_for_its_master(under):
    wire = closed_door(target="localnet")
    wire.begin("test", LocalnetTarget("test"))
    under(wire)
    master = trader()
    agent = master.agent("desk")

    assert agent.address == master.address
    assert agent.exchange.wallet.address != master.exchange.wallet.address
    assert agent.exchange.cancel("ETH", 1)["status"] == "ok"


def test_refused_agent_is_told(under):
    wire, _ = door(Reply(200, JSON, '{"status":"err","response":"Too many agents."}'))
    under(wire)

    with pytest.raises(UnexpectedAnswer, match=r"approveAgent was refused: Too many agents\."):
        trader().agent()


def test_rebuilt_trader_has_the_options_and_the_account(under):
    wire, _ = door()
    under(wire)
    rebuilt = trader().rebuilt(timeout_s=0.5)

    assert (rebuilt.exchange.timeout, rebuilt.address.lower()) == (0.5, ADDRESS.lower())


def test_rebuilt_agent_is_still_an_agent():
    made = trader(account_address=OTHER).rebuilt(timeout_s=1)

    assert (made.address, made.exchange.account_address) == (OTHER, OTHER)


def test_rebuilt_vault_trader_still_acts_for_the_vault():
    made = trader().acting_for(OTHER).rebuilt(timeout_s=1)

    assert (made.address, made.exchange.vault_address) == (OTHER, OTHER)


def test_own_metadata_is_fetched_through_the_door(under):
    wire = closed_door(target="localnet")
    wire.begin("test", LocalnetTarget("test"))
    under(wire)
    made = trader().rebuilt(own_metadata=True)

    assert {entry.request["type"] for entry in wire.episode.journal} == {"meta", "spotMeta"}
    assert made.info.coin_to_asset["ETH"] == 4


DONE = Reply(200, JSON, '{"status":"ok","response":{"type":"default"}}')


def recovered(sent, digest):
    r, s = (int(sent["signature"][part], 16) for part in "rs")
    return signing.recover(digest, r, s, sent["signature"]["v"])


def test_an_l1_action_without_a_method_is_signed_as_the_sdk_signs(under):
    wire, target = door(DONE)
    under(wire)
    wire.begin("one", target)

    trader().post_l1_action({"type": "noop"})

    sent = target.asked[-1].decoded()
    assert sent["action"] == {"type": "noop"}
    digest = signing.l1_digest(signing.action_hash({"type": "noop"}, sent["nonce"], None, None))
    assert recovered(sent, digest) == ADDRESS.lower()


def test_a_user_signed_action_without_a_method_is_signed_as_the_sdk_signs(under):
    wire, target = door(DONE)
    under(wire)
    wire.begin("one", target)

    trader().post_user_signed_action({"type": "cDeposit", "wei": 5})

    sent = target.asked[-1].decoded()
    assert (sent["action"]["wei"], sent["action"]["nonce"]) == (5, sent["nonce"])
    assert recovered(sent, signing.user_signed_action_digest(sent["action"])) == ADDRESS.lower()


def test_a_type_that_is_not_user_signed_is_refused():
    with pytest.raises(UnsupportedError, match="'noop' is no user-signed action"):
        trader().post_user_signed_action({"type": "noop"})


PENDING = Reply(200, JSON, '{"status":"err","response":"User has pending agent removal"}')


def test_agent_is_approved_once_the_one_before_it_is_gone(under):
    wire, target = door(PENDING, PENDING, DONE)
    under(wire)
    wire.begin("one", target)
    waits = []

    agent = trader(wait=waits.append).agent("desk")

    approved = [request.decoded()["action"]["agentAddress"] for request in target.asked]
    assert approved == [agent.exchange.wallet.address] * 3
    assert len(waits) == 2


def test_agent_that_stays_refused_is_told(under):
    wire, target = door(*[PENDING] * 20)
    under(wire)
    wire.begin("one", target)

    with pytest.raises(UnexpectedAnswer, match="pending agent removal"):
        trader(wait=lambda seconds: None).agent()

    assert len(target.asked) == 10


def test_metadata_that_the_sdk_cannot_read_is_told():
    universe = localnet_universe()
    sparse = {**universe.spot_meta, "tokens": universe.spot_meta["tokens"][:1]}
    bodies = {"meta": json.dumps(universe.meta), "spotMeta": json.dumps(sparse)}

    with pytest.raises(TargetUnavailable, match="cannot be built with the exchange's meta and spotMeta"):
        Trader(KEY, Universe(bodies))
