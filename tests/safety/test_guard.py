"""The guard: testnet and loopback, no other host however it is written; no order above the limit."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import GuardError
from harness.safety.guard import check_host, check_notional, is_loopback, valued

LIMIT = Decimal(50)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.hyperliquid-testnet.xyz",
        "https://api.hyperliquid-testnet.xyz/info",
        "https://api.hyperliquid-testnet.xyz:443/exchange",
        "https://API.Hyperliquid-Testnet.xyz/info",
        "http://127.0.0.1:3001/info",
        "http://localhost:3001",
        "http://[::1]:3001/info",
        "https://127.9.9.9/info",
    ],
)
def test_testnet_and_loopback_pass(url):
    check_host(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.hyperliquid.xyz/exchange",
        "https://API.HYPERLIQUID.XYZ/exchange",
        "http://api.hyperliquid-testnet.xyz/info",
        "https://api.hyperliquid-testnet.xyz:8443/info",
        "https://api.hyperliquid-testnet.xyz.evil.example/info",
        "https://api.hyperliquid-testnet.xyz@evil.example/info",
        "https://evil.example\\@api.hyperliquid-testnet.xyz/info",
        "https://user:word@api.hyperliquid-testnet.xyz/info",
        "https://api.hyperliquid.xyz#@api.hyperliquid-testnet.xyz/info",
        "https://api.hyperliquid-testnet.xyz:port/info",
        "https://api.hyperliquid-testnet.xyz:99999/info",
        "https://[::1/info",
        "https://10.0.0.1/info",
        "ftp://127.0.0.1/info",
        "file:///etc/passwd",
        "api.hyperliquid-testnet.xyz/info",
        "//api.hyperliquid-testnet.xyz/info",
        "",
    ],
)
def test_every_other_host_is_refused(url):
    with pytest.raises(GuardError, match="Refusing to send"):
        check_host(url)


def test_mainnet_is_called_by_its_name():
    with pytest.raises(GuardError, match="mainnet, and scenarios place real orders"):
        check_host("https://api.hyperliquid.xyz/exchange")


def test_password_in_a_url_is_not_shown():
    with pytest.raises(GuardError) as caught:
        check_host("https://me:geheim@api.hyperliquid-testnet.xyz/info")

    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://localhost", "http://127.0.0.1:1", "http://[::1]"])
def test_this_machine_is_loopback(url):
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url", ["http://localhost.evil.example", "http://0.0.0.0", "http://example.com", "x"]
)
def test_other_machines_are_not_loopback(url):
    assert not is_loopback(url)


# Money


def orders(p, s):
    """An order of this price and size, in each action that can carry one."""
    order = {"a": 4, "b": True, "p": p, "s": s}
    bare = [
        {"type": "order", "orders": [{"a": 4, "b": True, "p": "1", "s": "1"}, order]},
        {"type": "batchModify", "modifies": [{"oid": 1, "order": order}]},
        {"type": "modify", "oid": 1, "order": order},
    ]
    return bare + [{"type": "multiSig", "payload": {"action": action}} for action in bare]


@pytest.mark.parametrize(("p", "s"), [("2500", "0.02"), ("50", "1"), ("0.5", "99.99")])
def test_order_up_to_the_limit_passes(p, s):
    for action in orders(p, s):
        check_notional({"action": action}, LIMIT)


@pytest.mark.parametrize(
    ("p", "s"),
    [
        ("2500", "0.0201"),
        ("50.000001", "1"),
        ("NaN", "1"),
        ("1", "Infinity"),
        ("-100", "-1"),
        ("1", None),
        ("a lot", "1"),
        (None, None),
    ],
)
def test_order_above_the_limit_or_of_unknown_worth_is_refused(p, s):
    for action in orders(p, s):
        with pytest.raises(GuardError, match=r"--max-notional-usd"):
            check_notional({"action": action}, LIMIT)


def test_refusal_gives_the_figures():
    with pytest.raises(GuardError, match=r"worth 110\.00 USDC \(p 1100 x s 0\.10\)"):
        check_notional({"action": orders("1100", "0.10")[0]}, LIMIT)


def test_order_without_price_and_size_is_refused():
    with pytest.raises(GuardError):
        check_notional({"action": {"type": "order", "orders": [{"a": 4}]}}, LIMIT)


TWAP = {"a": 4, "b": True, "s": "0.1", "r": False, "m": 5, "t": False}


def twap(**changed):
    return {"action": {"type": "twapOrder", "twap": TWAP | changed}}


def inside_multi_sig(payload):
    return {"action": {"type": "multiSig", "payload": payload}}


@pytest.mark.parametrize("wrapped", [lambda payload: payload, inside_multi_sig])
def test_twap_is_worth_its_size_at_the_mid(wrapped):
    with pytest.raises(GuardError, match=r"a TWAP worth 300\.0 USDC \(mid 3000 x s 0\.1\)"):
        check_notional(valued(wrapped(twap()), {4: Decimal(3000)}.get), Decimal("299.9"))

    check_notional(valued(wrapped(twap()), {4: Decimal(3000)}.get), Decimal(300))


def test_price_that_a_twap_claims_counts_for_nothing():
    with pytest.raises(GuardError, match="worth 300"):
        check_notional(valued(twap(p="0.001"), {4: Decimal(3000)}.get), LIMIT)


@pytest.mark.parametrize(
    "payload", [twap(), twap(a="4"), twap(p="1", a=5), {"action": {"type": "twapOrder", "twap": {"a": 5}}}]
)
def test_twap_whose_coin_has_no_mid_is_refused(payload):
    with pytest.raises(GuardError, match=r"a TWAP whose worth cannot be told \(mid unknown x s"):
        check_notional(valued(payload, lambda asset: None), LIMIT)


@pytest.mark.parametrize(
    "payload", [None, [], {"type": "meta"}, {"action": 5}, {"action": orders("1", "1")[0]}]
)
def test_what_is_no_twap_is_not_changed(payload):
    assert valued(payload, lambda asset: Decimal(1)) == payload


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        {"type": "l2Book"},
        {"action": None},
        {"action": {"type": "cancel", "cancels": [{"a": 4, "o": 1}]}},
        {"action": {"type": "order"}},
        {"action": {"type": "order", "orders": ["none"]}},
        {"action": {"type": "batchModify", "modifies": 5}},
        {"action": {"type": "multiSig"}},
    ],
)
def test_what_places_no_order_passes(payload):
    check_notional(payload, LIMIT)


@settings(deadline=None)
@given(
    p=st.decimals(min_value="0.0001", max_value=10**6, places=4),
    s=st.decimals(min_value="0.0001", max_value=10**3, places=4),
)
def test_the_limit_is_on_price_times_size(p, s):
    try:
        check_notional({"action": orders(str(p), str(s))[0]}, LIMIT)
    except GuardError:
        assert p * s > LIMIT
    else:
        assert p * s <= LIMIT
