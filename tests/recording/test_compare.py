"""What a mismatch says: each field that differs, and what the difference means."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.recording import compare
from harness.recording.tape import Request
from tests.recording.tapes import order, read, request, steps


def said(recorded, sent):
    """Paths that differ, and their meaning."""
    found = compare.differences(recorded, sent)
    return [one.path for one in found], compare.meaning(found, sent)


def test_equal_requests_do_not_differ():
    assert compare.differences(order(), order()) == []


def test_field_of_the_action_is_named_with_both_values():
    (px, signature) = compare.differences(order("2792.4"), order("2792.5", r="0x90"))

    assert px == ("action.orders[0].p", '"2792.4"', '"2792.5"')
    assert signature.path == "signature.r"


def test_changed_action_would_do_something_else():
    paths, meaning = said(order("2792.4"), order("2792.5", r="0x90"))

    assert paths == ["action.orders[0].p", "signature.r"]
    assert meaning.startswith("The action itself differs, and with it the signature")


def test_number_in_the_place_of_a_text_is_a_change_of_the_action():
    """An SDK that sends 2792.4 for "2792.4" signs something else."""
    text, number = order(), order(r="0x90")
    number = request(number.body.replace('"2792.4"', "2792.4"), "/exchange")

    paths, meaning = said(text, number)

    assert paths == ["action.orders[0].p", "signature.r"]
    assert compare.differences(text, number)[0][1:] == ('"2792.4"', "2792.4")
    assert meaning.startswith("The action itself differs")


@pytest.mark.parametrize(
    ("old", "new"), [("1.0", "1.00"), ("0", "-0"), ("1e5", "100000.0"), ("1", "1.0"), ("NaN", "null")]
)
def test_numbers_differ_by_their_digits(old, new):
    found = compare.differences(request(f'{{"a":{old}}}'), request(f'{{"a":{new}}}'))

    assert found == [("a", old, new)]


def test_not_a_number_is_equal_to_itself():
    found = compare.differences(request('{"a":NaN,"b":1}'), request('{"a":NaN,"b":2}'))

    assert [one.path for one in found] == ["b"]


def test_order_of_keys_in_an_action_would_recover_another_signer():
    swapped = request(order(r="0x90").body.replace('"a":4,"b":true', '"b":true,"a":4'), "/exchange")

    paths, meaning = said(order(), swapped)

    assert paths == ["action.orders[0]: order of keys", "signature.r"]
    assert "keys in another order" in meaning
    assert "another signer" in meaning


def test_order_of_keys_of_the_action_itself_is_one_of_the_action():
    swapped = request(
        order()
        .body.replace('"type":"order",', "")
        .replace('"grouping":"na"', '"grouping":"na","type":"order"'),
        "/exchange",
    )

    assert said(order(), swapped)[0] == ["action: order of keys"]
    assert "keys in another order" in said(order(), swapped)[1]


def test_signature_alone_points_at_hash_network_or_key():
    paths, meaning = said(order(), order(r="0x90"))

    assert paths == ["signature.r"]
    assert meaning.startswith("Only the signature differs")


def test_signed_envelope_is_told_from_the_action():
    paths, meaning = said(order(), order(nonce=1, r="0x90"))

    assert paths == ["nonce", "signature.r"]
    assert "its signed envelope (nonce, vaultAddress, expiresAfter) differs" in meaning


def test_envelope_that_is_not_signed_is_told_as_such():
    paths, meaning = said(order(), order(vault='"0x1"'))

    assert paths == ["vaultAddress"]
    assert meaning == "Only the envelope around the signed action differs."


def test_absent_and_null_are_different():
    without = request(order().body.replace(',"vaultAddress":null', ""), "/exchange")

    assert compare.differences(order(), without) == [("vaultAddress", "null", "absent")]
    assert compare.differences(without, order()) == [("vaultAddress", "absent", "null")]


def test_action_in_the_place_of_another_kind_is_a_change_of_the_action():
    empty = request('{"action":null,"nonce":1}', "/exchange")

    assert "action" in said(order(), empty)[0]
    assert said(order(), empty)[1].startswith("The action itself differs")


def test_another_read_signs_nothing():
    paths, meaning = said(read("openOrders", user="0x1"), read("openOrders", user="0x2"))

    assert paths == ["user"]
    assert meaning == "This is a read: another read was sent, nothing is signed."


def test_header_is_named():
    one, two = read("meta"), read("meta")
    two = Request(two.method, two.uri, (("content-type", "text/plain"), ("x-new", "1")), two.body)

    assert compare.differences(one, two) == [
        ("header content-type", "application/json", "text/plain"),
        ("header x-new", "absent", "1"),
    ]
    assert (
        said(one, two)[1] == "This is a read: the same read in another envelope was sent, nothing is signed."
    )


def test_timeout_method_and_uri_are_named():
    one = request('{"type":"meta"}', timeout_s=5.0)
    two = request('{"type":"meta"}', "/infos", method="PUT")

    assert [difference.path for difference in compare.differences(one, two)] == ["method", "uri", "timeout_s"]


@pytest.mark.parametrize("body", ["no JSON", ""])
def test_bodies_that_are_not_json_are_shown_whole(body):
    assert compare.differences(request(body), request("something else")) == [("body", body, "something else")]


def test_key_that_stands_twice_is_a_difference():
    found = compare.differences(request('{"a":1}'), request('{"a":1,"a":1}'))

    assert found == [("body", '{"a":1}', '{"a":1,"a":1}')]


def test_bare_values_are_compared():
    assert compare.differences(request("[1,2]"), request("[1]")) == [("[1]", "2", "absent")]
    assert compare.differences(request("1"), request("2")) == [("body", "1", "2")]


def test_long_values_are_cut():
    (found,) = compare.differences(request('{"a":""}'), request(json.dumps({"a": "x" * 500})))

    assert len(found.sent) == 160
    assert found.sent.endswith("…")


def test_long_tables_are_cut_and_count_the_rest():
    old, new = ({f"k{number}": value for number in range(20)} for value in (1, 2))
    table = compare.table(compare.differences(request(json.dumps(old)), request(json.dumps(new))))

    assert table.splitlines()[0] == "  k0   recorded 1  sent 2"
    assert table.splitlines()[-1] == "  … and 8 more"
    assert len(table.splitlines()) == 13


def test_summary_is_one_line():
    assert compare.summary(order()).startswith('{"type":"order","orders":[{"a":4')
    assert compare.summary(read("meta")) == '/info {"type":"meta"}'
    assert compare.summary(request('{"action":1}')) == '/info {"action":1}'


def test_nearest_step_is_the_equal_one_wherever_it_stands():
    tape = steps(*(read(kind) for kind in "abcdef"))

    assert compare.nearest(tape, 1, read("e")) == 4
    assert compare.nearest(tape, 5, read("a")) == 0


def test_nearest_step_is_the_expected_one_unless_a_neighbour_is_nearer():
    tape = steps(read("a", x=1, y=1), read("a", x=2, y=2), read("a", x=3, y=3))

    assert compare.nearest(tape, 1, read("a", x=4, y=4)) == 1
    assert compare.nearest(tape, 1, read("a", x=3, y=4)) == 2
    assert compare.nearest(tape, 3, read("a", x=3, y=4)) == 2


def test_neighbours_of_another_kind_are_not_near():
    tape = steps(read("a", x=1), read("b", x=2), read("c", x=3))

    assert compare.nearest(tape, 1, read("d", x=3)) == 1
    assert compare.nearest(tape, 3, read("d", x=3)) == 2


@pytest.mark.parametrize(
    ("sent", "kind"),
    [(order(), "order"), (read("meta"), "meta"), (request("[]"), ""), (request('{"action":null}'), "")],
)
def test_kind_is_the_exchanges_word(sent, kind):
    assert compare.kind(sent) == kind


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "1", "NaN"]) | st.just(1.0),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(values, values, st.booleans())
def test_a_difference_is_found_exactly_when_the_bytes_differ(old, new, is_action):
    path = "/exchange" if is_action else "/info"
    one, two = request(json.dumps({"action": old}), path), request(json.dumps({"action": new}), path)
    found = compare.differences(one, two)

    assert bool(found) == (one.body != two.body)
    if found:
        assert compare.meaning(found, two)
        assert compare.table(found)
        assert not is_action or "action" in compare.meaning(found, two)
