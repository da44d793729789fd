"""What the SDK raises: for numbers it will not send, for HTTP errors, for silence.

Covers: POST /info and POST /exchange beyond what they accept; HTTP 400, 415, 422, 500, and no answer in time.
"""

import pytest
import requests

pytestmark = pytest.mark.coin("ETH")

LIMIT = {"limit": {"tif": "Gtc"}}


@pytest.fixture
def errors():
    """The SDK's exceptions."""
    from hyperliquid.utils import error

    return error


@pytest.mark.parametrize(
    "numbers",
    [pytest.param((0.123456789, 2500), id="size"), pytest.param((0.01, 2500.123456789), id="price")],
)
def test_number_with_nine_decimals_is_not_sent(trader, journal, numbers):
    """The SDK refuses to round: ValueError, and nothing has left."""
    with pytest.raises(ValueError, match="float_to_wire causes rounding"):
        trader.exchange.order("ETH", True, *numbers, LIMIT)

    assert len(journal) == 0


def test_unknown_order_type_is_not_sent(trader, journal):
    """Neither limit nor trigger: ValueError, and nothing has left."""
    with pytest.raises(ValueError, match="Invalid order type"):
        trader.exchange.order("ETH", True, 0.01, 2500, {"market": {}})

    assert len(journal) == 0


def test_unknown_coin_is_not_sent(trader, journal):
    """A coin that the metadata does not name: KeyError, and nothing has left."""
    with pytest.raises(KeyError):
        trader.exchange.order("NOCOIN", True, 0.01, 2500, LIMIT)

    assert len(journal) == 0


def test_isolated_margin_finer_than_a_millionth_is_not_sent(trader, journal):
    """Margin is sent in millionths of a USDC."""
    with pytest.raises(ValueError, match="float_to_int causes rounding"):
        trader.exchange.update_isolated_margin(0.1234567, "ETH")

    assert len(journal) == 0


@pytest.mark.targets("replay", "localnet", reason="an order of unknown worth does not leave for testnet")
def test_not_a_number_is_sent_as_such_and_refused(trader, errors):
    """SDK 0.24.0 signs NaN as a size; the exchange cannot read it."""
    with pytest.raises(errors.ClientError) as caught:
        trader.exchange.order("ETH", True, float("nan"), 2500, LIMIT)

    assert caught.value.status_code == 422


def test_unknown_request_type_is_a_client_error(trader, errors):
    """HTTP 422 with a text: the SDK gives status and text, and no code."""
    with pytest.raises(errors.ClientError) as caught:
        trader.info.post("/info", {"type": "noSuchType"})

    assert (caught.value.status_code, caught.value.error_code) == (422, None)
    assert caught.value.error_message == "Failed to deserialize the JSON body into the target type"
    assert caught.value.error_data["Content-Type"].startswith("text/plain")


def test_other_content_type_is_a_client_error(trader, errors):
    """HTTP 415 for anything but JSON."""
    trader.info.session.headers["Content-Type"] = "text/plain"

    with pytest.raises(errors.ClientError) as caught:
        trader.info.all_mids()

    assert caught.value.status_code == 415


def test_body_that_is_not_json_is_answered_with_400(trader):
    """What cannot be read at all never gets further."""
    response = trader.info.session.post(trader.info.base_url + "/info", data="not JSON")

    assert (response.status_code, response.text) == (400, "Failed to parse the request body as JSON")


def test_value_that_cannot_be_served_is_a_server_error(trader, errors):
    """HTTP 500 with `null` for the metadata of a dex that does not exist."""
    with pytest.raises(errors.ServerError) as caught:
        trader.info.meta(dex="nope_xyz")

    assert (caught.value.status_code, caught.value.message) == (500, "null")


def test_answer_that_comes_too_late_is_a_timeout(trader, localnet):
    """The SDK waits as long as it was told, then raises what its HTTP library raises."""
    impatient = trader.rebuilt(timeout_s=0.5)
    localnet.delay(2)

    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.info.all_mids()


def test_answer_within_the_timeout_is_no_error(trader, localnet):
    """A slow answer is an answer."""
    patient = trader.rebuilt(timeout_s=5)
    localnet.delay(2)

    assert "ETH" in patient.info.all_mids()


def test_timeout_of_the_exchange_object_reaches_its_own_info(trader):
    """Exchange hands its timeout to the Info that it builds."""
    impatient = trader.rebuilt(timeout_s=0.5)

    assert (impatient.exchange.timeout, impatient.exchange.info.timeout) == (0.5, 0.5)
