"""How the SDK spells orders, figures and cloids, pinned to literal text; nothing is sent.

A tape covers the figures that it recorded; here are those that are refused, rounded or scaled.

Covers: hyperliquid.utils.signing, hyperliquid.utils.types.Cloid.
"""

import json
from types import SimpleNamespace

import pytest

FRIEND = "0x5e9ee1089755c3435139848e47e6635505d5a13a"
LIMIT = {"a": 1, "b": True, "p": "100", "s": "100", "r": False, "t": {"limit": {"tif": "Gtc"}}}
STOP = {**LIMIT, "t": {"trigger": {"isMarket": True, "triggerPx": "103", "tpsl": "sl"}}}
CLOID = "0x00000000000000000000000000000001"


@pytest.fixture(scope="module")
def sdk():
    """The SDK's signing module; imported late, since it takes eth_account half a second to load."""
    import hyperliquid.utils.signing

    return hyperliquid.utils.signing


@pytest.fixture
def cloid_type():
    from hyperliquid.utils.types import Cloid

    return Cloid


REQUEST = {
    "coin": "ETH",
    "is_buy": True,
    "sz": 0.0147,
    "limit_px": 1670.1,
    "order_type": {"limit": {"tif": "Ioc"}},
    "reduce_only": False,
}
STOP_REQUEST = {
    **REQUEST,
    "is_buy": False,
    "order_type": {"trigger": {"triggerPx": 1500.0, "isMarket": True, "tpsl": "sl"}},
    "reduce_only": True,
}


@pytest.mark.parametrize(
    ("request_", "wire"),
    [
        pytest.param(
            REQUEST,
            '{"a": 4, "b": true, "p": "1670.1", "s": "0.0147", "r": false, "t": {"limit": {"tif": "Ioc"}}}',
            id="limit",
        ),
        pytest.param(
            {**REQUEST, "cloid": None},
            '{"a": 4, "b": true, "p": "1670.1", "s": "0.0147", "r": false, "t": {"limit": {"tif": "Ioc"}}}',
            id="limit-with-cloid-none",
        ),
        pytest.param(
            STOP_REQUEST,
            '{"a": 4, "b": false, "p": "1670.1", "s": "0.0147", "r": true,'
            ' "t": {"trigger": {"isMarket": true, "triggerPx": "1500", "tpsl": "sl"}}}',
            id="stop",
        ),
    ],
)
def test_an_order_is_spelled_in_the_order_that_is_signed(sdk, request_, wire):
    """Compared as text: another order of keys is another signature."""
    assert json.dumps(sdk.order_request_to_order_wire(request_, 4)) == wire


def test_a_cloid_is_the_last_key_of_an_order(sdk, cloid_type):
    request = {**REQUEST, "cloid": cloid_type.from_str(CLOID)}

    wire = sdk.order_request_to_order_wire(request, 4)

    assert list(wire) == ["a", "b", "p", "s", "r", "t", "c"]
    assert wire["c"] == CLOID


def test_an_empty_cloid_is_not_no_cloid(sdk):
    """Only None and a missing key mean none; what is no Cloid cannot be spelled."""
    with pytest.raises(AttributeError, match="to_raw"):
        sdk.order_request_to_order_wire({**REQUEST, "cloid": ""}, 4)


@pytest.mark.parametrize(
    ("arguments", "action"),
    [
        pytest.param({}, '{"type": "order", "orders": [], "grouping": "na"}', id="plain"),
        pytest.param(
            {"grouping": "positionTpsl"},
            '{"type": "order", "orders": [], "grouping": "positionTpsl"}',
            id="grouping",
        ),
        pytest.param(
            {"builder": {"b": FRIEND, "f": 10}},
            '{"type": "order", "orders": [], "grouping": "na", "builder": {"b": "' + FRIEND + '", "f": 10}}',
            id="builder",
        ),
        pytest.param(
            {"builder": {}}, '{"type": "order", "orders": [], "grouping": "na"}', id="empty-builder"
        ),
    ],
)
def test_an_order_action_is_spelled_in_the_order_that_is_signed(sdk, arguments, action):
    assert json.dumps(sdk.order_wires_to_order_action([], **arguments)) == action


def test_orders_keep_their_places_in_the_action(sdk):
    assert sdk.order_wires_to_order_action([LIMIT, STOP])["orders"] == [LIMIT, STOP]


@pytest.mark.parametrize("order_type", [{}, {"market": {}}, {"Limit": {"tif": "Gtc"}}], ids=json.dumps)
def test_an_order_that_is_neither_limit_nor_trigger_is_refused(sdk, order_type):
    with pytest.raises(ValueError, match="Invalid order type") as refusal:
        sdk.order_type_to_wire(order_type)

    assert refusal.value.args == ("Invalid order type", order_type)


def test_an_order_type_that_is_both_counts_as_limit(sdk):
    both = {"trigger": STOP_REQUEST["order_type"]["trigger"], "limit": {"tif": "Alo"}}

    assert sdk.order_type_to_wire(both) == {"limit": {"tif": "Alo"}}


@pytest.mark.parametrize(
    ("figure", "wire"),
    [
        pytest.param(0, "0", id="zero"),
        pytest.param(1000, "1000", id="whole-number-keeps-its-zeros"),
        pytest.param(100.0, "100", id="trailing-zeros-go"),
        pytest.param(1670.10, "1670.1", id="one-decimal"),
        pytest.param(1e-8, "0.00000001", id="eighth-decimal"),
        pytest.param(0.00001231, "0.00001231", id="no-exponent"),
        pytest.param(0.1 + 0.2, "0.3", id="binary-residue-goes"),
        pytest.param(9.9e-13, "0", id="residue-just-small-enough"),
        pytest.param(99999999.99999999, "99999999.99999999", id="sixteen-figures"),
        pytest.param(1e16, "10000000000000000", id="large"),
        pytest.param(-1.5, "-1.5", id="negative"),
    ],
)
def test_a_figure_is_written_with_at_most_eight_decimals(sdk, figure, wire):
    assert sdk.float_to_wire(figure) == wire


@pytest.mark.parametrize("figure", [0.123456789, 5e-9, 1e-9, 1e-11, 1e-12, -1e-12])
def test_a_figure_that_would_be_rounded_is_refused(sdk, figure):
    with pytest.raises(ValueError, match="float_to_wire causes rounding") as refusal:
        sdk.float_to_wire(figure)

    assert refusal.value.args == ("float_to_wire causes rounding", figure)


@pytest.mark.parametrize(
    ("figure", "wire"), [(-0.0, "-0"), (float("nan"), "NaN"), (float("inf"), "Infinity")], ids=str
)
def test_figures_that_slip_through(sdk, figure, wire):
    """Observed in SDK 0.24.0: it signs what the exchange refuses. A release that stops this shows here."""
    assert sdk.float_to_wire(figure) == wire


@pytest.mark.parametrize(
    ("function", "figure", "integer"),
    [
        pytest.param("float_to_int_for_hashing", 123123123123, 12312312312300000000, id="published-large"),
        pytest.param("float_to_int_for_hashing", 0.00001231, 1231, id="published-small"),
        pytest.param("float_to_int_for_hashing", 1.033, 103300000, id="published-nearest-not-below"),
        pytest.param("float_to_int_for_hashing", -1.25, -125000000, id="negative"),
        pytest.param("float_to_int_for_hashing", 9e-12, 0, id="residue-just-small-enough"),
        pytest.param("float_to_usd_int", 10.5, 10500000, id="usd-in-millionths"),
        pytest.param("float_to_usd_int", 0.000001, 1, id="usd-smallest"),
        pytest.param("float_to_usd_int", 9e-10, 0, id="usd-residue-just-small-enough"),
    ],
)
def test_a_figure_is_scaled_to_an_integer(sdk, function, figure, integer):
    scaled = getattr(sdk, function)(figure)

    assert (type(scaled), scaled) == (int, integer)


@pytest.mark.parametrize(
    ("function", "figure"),
    [
        ("float_to_int_for_hashing", 0.000012312312),
        ("float_to_int_for_hashing", 1.1e-11),
        ("float_to_int_for_hashing", 1e-11),
        ("float_to_usd_int", 1.0000001),
        ("float_to_usd_int", 1e-9),
    ],
)
def test_a_figure_that_does_not_scale_is_refused(sdk, function, figure):
    with pytest.raises(ValueError, match="float_to_int causes rounding") as refusal:
        getattr(sdk, function)(figure)

    assert refusal.value.args == ("float_to_int causes rounding", figure)


def test_the_nonce_is_the_clock_in_whole_milliseconds(sdk, monkeypatch):
    monkeypatch.setattr(sdk, "time", SimpleNamespace(time=lambda: 1677777606.0409))

    nonce = sdk.get_timestamp_ms()

    assert (type(nonce), nonce) == (int, 1677777606040)


@pytest.mark.parametrize(
    ("number", "raw"),
    [
        (0, "0x00000000000000000000000000000000"),
        (1, "0x00000000000000000000000000000001"),
        (0xABC, "0x00000000000000000000000000000abc"),
        (2**128 - 1, "0xffffffffffffffffffffffffffffffff"),
    ],
    ids=["zero", "one", "letters", "largest"],
)
def test_a_cloid_is_sixteen_bytes_of_hex(cloid_type, number, raw):
    cloid = cloid_type.from_int(number)

    assert cloid.to_raw() == raw
    assert (str(cloid), repr(cloid)) == (raw, raw)
    assert cloid_type.from_str(raw).to_raw() == raw
    assert isinstance(cloid, cloid_type)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        pytest.param("", "cloid is not a hex string", id="empty"),
        pytest.param("1" * 32, "cloid is not a hex string", id="no-prefix"),
        pytest.param("0X" + "1" * 32, "cloid is not a hex string", id="upper-case-prefix"),
        pytest.param("0x" + "1" * 31, "cloid is not 16 bytes", id="too-short"),
        pytest.param("0x" + "1" * 33, "cloid is not 16 bytes", id="too-long"),
    ],
)
def test_what_is_no_cloid_is_refused(cloid_type, raw, complaint):
    with pytest.raises(TypeError, match=f"^{complaint}$"):
        cloid_type(raw)

    with pytest.raises(TypeError, match=f"^{complaint}$"):
        cloid_type.from_str(raw)


@pytest.mark.parametrize("number", [2**128, -1], ids=["too-large", "negative"])
def test_a_number_that_is_no_cloid_is_refused(cloid_type, number):
    with pytest.raises(TypeError, match="cloid is not"):
        cloid_type.from_int(number)
