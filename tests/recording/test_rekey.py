"""Re-keying: total, injective, faithful in what is no address, and without effect on what is public."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import signing
from harness.errors import RecordingError
from harness.localnet import ACCOUNTS
from harness.recording import cassette
from harness.recording.checks import public_keys
from harness.recording.document import dump
from harness.recording.envelopes import envelope_of, signatures
from harness.recording.parts import parts
from harness.recording.rekey import PUBLIC_RING, accounts_on, rekey
from harness.recording.replay_values import is_placeholder, key_address, placeholder, public_draw
from harness.recording.survey import survey
from harness.recording.tape import Example, Frame, Place
from tests.recording.owned import START, SUB, Owner, owned_tape, sent, signed
from tests.recording.tapes import ADDRESS, full_tape, provenance, read, reply, request, steps, tape

CASSETTES = Path(__file__).parents[2] / "cassettes"
KEYS = st.binary(max_size=8).map(signing.keccak256)
OWNERS = st.builds(Owner, KEYS, KEYS, KEYS).filter(lambda one: len({one.first, one.second, one.agent}) == 3)


def owner():
    return Owner(*(signing.keccak256(name) for name in (b"first", b"second", b"agent")))


def values(made):
    return [found for part in parts(made) for found in re.findall(r"[0-9a-fA-F]{40,64}", part.text)]


@settings(max_examples=40)
@given(one=OWNERS, draws=st.lists(KEYS.map(lambda key: key[:20]), max_size=3, unique=True))
def test_nothing_private_stands_anywhere_and_all_else_is_as_it_was(one, draws):
    before = owned_tape(one, tuple(draws))
    made = rekey(before, one.ring)
    text = dump(made).decode().lower()

    assert [value for value in one.private if value in text] == []
    assert [draw.hex() for draw in draws if draw.hex() in text] == []
    assert "living room" not in text
    hidden = re.compile(r"[0-9a-fA-F]{40,64}|\"v\":\d+|\"name\":\"[^\"]*\"")
    for old, new in zip(parts(before), parts(made), strict=True):
        plain = [re.sub(r"0x[0-9a-f]{50,64}", "", hidden.sub("", part.text)) for part in (old, new)]
        assert plain[0] == plain[1]


@settings(max_examples=40)
@given(one=OWNERS)
def test_different_values_stay_different_and_equal_ones_equal(one):
    before, made = owned_tape(one), rekey(owned_tape(one), one.ring)
    became: dict[str, set[str]] = {}
    for old, new in zip(values(before), values(made), strict=True):
        if len(old) == len(new) == 40:
            became.setdefault(old.lower(), set()).add(new.lower())

    assert {len(new) for new in became.values()} == {1}
    assert len(set.union(*became.values())) == len(became)


@settings(max_examples=20)
@given(one=OWNERS)
def test_a_second_time_changes_nothing(one):
    made = rekey(owned_tape(one), one.ring)

    assert rekey(made, PUBLIC_RING) == made


@settings(max_examples=20)
@given(one=OWNERS)
def test_every_signature_is_that_of_the_same_role(one):
    before, made = owned_tape(one), rekey(owned_tape(one), one.ring)
    old = {one.address: "trader", one.other: "counterparty", one.agents: "agent"}
    new = {
        ACCOUNTS[0].address[2:].lower(): "trader",
        ACCOUNTS[1].address[2:].lower(): "counterparty",
        key_address(bytes.fromhex(made.sdk_draws[0])): "agent",
    }

    def roles(tape, known):
        envelopes = [envelope_of(step.request.body) for step in tape.steps]
        return [known[sig.signer] for env in envelopes if env for sig in signatures(env, known)]

    assert roles(before, old) == roles(made, new)
    assert set(roles(made, new)) == {"trader", "counterparty", "agent"}


def test_spelling_stays_and_so_do_figures():
    made = rekey(owned_tape(owner()), owner().ring)
    public = ACCOUNTS[0].address

    assert f'"{public}"' in made.steps[6].request.body
    assert f'"{public.lower()}"' in made.steps[7].request.body
    assert f'"0x{public[2:].upper()}"' in made.steps[8].request.body
    assert f"User: {public.lower()}" in made.steps[2].reply.body
    assert '"oid":77738308,"tid":118906512037719' in made.steps[8].reply.body
    assert '"px":"3000.50"' in made.steps[8].reply.body
    assert [step.clock_ms for step in made.steps] == [step.clock_ms for step in owned_tape(owner()).steps]


def test_what_the_exchange_made_is_the_same_placeholder_everywhere():
    made = rekey(owned_tape(owner()), owner().ring)
    found = re.search(r'"data":"0x([0-9a-f]{40})"', made.steps[3].reply.body)

    assert found
    assert is_placeholder(found[1])
    assert f'"subAccountUser":"0x{found[1]}"' in made.steps[4].request.body
    assert f'"vaultAddress":"0x{found[1]}"' in made.steps[5].request.body


def test_draws_become_those_of_localnet():
    made = rekey(owned_tape(owner(), (b"\x11\x22" * 8,)), owner().ring)
    scenario = made.provenance.scenario

    assert made.sdk_draws == [public_draw(scenario, "sdk", 1, 32).hex()]
    assert made.venue_draws == [public_draw(scenario, "venue", 1, 16).hex()]


def test_name_that_the_scenario_gave_stays_and_another_goes():
    made = rekey(owned_tape(owner()), owner().ring)

    assert '"agentName":"mine"' in made.steps[0].request.body
    assert '"name":"mine"' in made.steps[7].reply.body
    assert '"name":"name1"' in made.steps[7].reply.body


def test_address_that_the_scenario_names_first_is_its_own_text():
    literal = "0x" + "5e9ee108" * 5
    before = tape(read("userRole", user=literal))
    made = rekey(before, owner().ring)

    assert made == before


def test_stranger_of_an_answer_who_is_a_public_account_is_told_from_the_user():
    one = owner()
    before = tape(read("userRole", user=f"0x{one.address}"))
    answer = f'["0x{one.address}","{ADDRESS}"]'
    before = msgspec.structs.replace(
        before, steps=[msgspec.structs.replace(before.steps[0], reply=reply(answer.replace(",", ',"",')))]
    )
    made = rekey(before, one.ring)

    assert made.steps[0].reply.body.count(ADDRESS) == 1
    assert "0x" + placeholder("address", 1, 40) in made.steps[0].reply.body


def test_agents_in_a_sorted_list_keep_their_places():
    for number in range(12):
        one = Owner(
            *(signing.keccak256(b"%d %s" % (number, name)) for name in (b"first", b"second", b"agent"))
        )
        users = sorted(f"0x{value}" for value in (one.agents, one.address))
        signers = json.dumps({"authorizedUsers": users, "threshold": 1})
        before = owned_tape(one)
        action = {
            "type": "convertToMultiSigUser",
            "signatureChainId": "0x66eee",
            "hyperliquidChain": "Testnet",
            "signers": signers,
            "nonce": START,
        }
        more = steps(sent(one.first, action, START))
        made = rekey(msgspec.structs.replace(before, steps=before.steps + more), one.ring)
        found = re.findall(r"0x[0-9a-f]{40}(?![0-9a-f])", made.steps[-1].request.body)

        assert found == sorted(found)
        assert len(set(found)) == 2


def test_signature_of_somebody_whom_the_scenario_names_stays():
    stranger = signing.keccak256(b"stranger")
    body = sent(stranger, {"type": "noop"}, START)
    before = tape(read("userRole", user=signing.address_of(stranger)), body)

    assert rekey(before, owner().ring).steps[1].request == body


def test_signature_of_a_stranger_over_something_of_the_users_is_refused():
    one, stranger = owner(), signing.keccak256(b"stranger")
    action = {"type": "vaultTransfer", "vaultAddress": f"0x{one.address}", "isDeposit": True, "usd": 1}
    before = tape(read("userRole", user=signing.address_of(stranger)), sent(stranger, action, START))

    with pytest.raises(RecordingError, match="Step 2, the request, signature: it was made by somebody"):
        rekey(before, one.ring)


def test_public_tapes_of_the_repository_are_their_own_re_keying():
    for path in sorted(CASSETTES.glob("*/**/*.yaml"))[::7]:
        public = cassette.read(path, record_command="")
        told = frozenset(survey(parts(public)).told)

        assert rekey(public, PUBLIC_RING, public=told) == public
        once = rekey(public, PUBLIC_RING)
        assert rekey(once, PUBLIC_RING) == once
        assert public_keys(once) == public_keys(public)


def test_tape_of_everything_goes_through():
    made = rekey(full_tape(), PUBLIC_RING)

    assert made.frames == full_tape().frames
    assert made.examples == full_tape().examples
    assert made.provenance == provenance()
    assert made.sdk_draws != full_tape().sdk_draws


def test_action_posted_over_a_websocket_is_signed_anew():
    one = owner()
    order = {"type": "order", "orders": [{"a": 4, "b": True, "p": "1", "s": "1.0"}]}
    posted = {
        "method": "post",
        "id": 1,
        "request": {"type": "action", "payload": signed(one.first, order, START)},
    }
    before = msgspec.structs.replace(tape(), frames=[Frame(1, "sent", json.dumps(posted), Place())])
    (frame,) = rekey(before, one.ring).frames

    (signature,) = signatures(envelope_of(frame.text), public_keys(before))
    assert signature.signer == ACCOUNTS[0].address[2:].lower()
    assert rekey(before, one.ring).frames != before.frames


def test_arguments_of_examples_are_re_keyed_and_keep_their_values():
    one = owner()
    arguments = {"who": f"0x{one.address}", "n": 10**30, "x": float("inf"), "text": "\ud800", "f": 0.1}
    before = msgspec.structs.replace(tape(), examples=[Example(arguments, "passed", 0, 0)])
    (example,) = rekey(before, one.ring).examples

    assert example.arguments == {**arguments, "who": ADDRESS}


@pytest.mark.parametrize("how", ["vault", "mainnet", "expiry"])
def test_signature_that_covers_less_than_was_sent_is_made_anew_the_same_way(how):
    one, action = owner(), {"type": "noop"}
    vault = f"0x{one.other}" if how == "vault" else None
    made = signing.sign_l1_action(action, one.first, START, None, None, is_mainnet=how == "mainnet")
    envelope = {
        "action": action,
        "nonce": START,
        "signature": made.as_wire(),
        "vaultAddress": vault,
        "expiresAfter": START if how == "expiry" else None,
    }
    (step,) = rekey(tape(request(json.dumps(envelope), "/exchange")), one.ring).steps

    key = bytes.fromhex(ACCOUNTS[0].private_key[2:])
    expected = signing.sign_l1_action(action, key, START, None, None, is_mainnet=how == "mainnet")
    assert step.request.decoded()["signature"] == expected.as_wire()


def test_account_that_only_another_scenario_was_told_of_is_refused():
    one = owner()
    earlier = frozenset(accounts_on(owned_tape(one)))
    assert SUB in earlier

    rekey(owned_tape(one), one.ring, earlier=earlier)
    with pytest.raises(RecordingError, match=r"Step 1, .*\$.user: an account of yours from another scenario"):
        rekey(tape(read("userRole", user=f"0x{SUB}")), one.ring, earlier=earlier)


@pytest.mark.parametrize("body", ['{"user":"0xME"', "me: 0xME", '"0xME"'])
def test_text_that_is_no_json_is_re_keyed_too(body):
    one = owner()
    (step,) = rekey(tape(request(body.replace("ME", one.address))), one.ring).steps

    assert step.request.body == body.replace("0xME", ADDRESS)
