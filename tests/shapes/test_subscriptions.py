"""Acknowledgements, errors and posts."""

import pytest

from harness.errors import ShapeError
from harness.shapes.subscriptions import AnySubscription, Pong, Post, SubscriptionResponse, WsError
from tests.shapes.answers import ADDRESS
from tests.shapes.every import CHANNELS

KEYS = {"user": ADDRESS, "coin": "ETH", "interval": "1m", "nSigFigs": None, "mantissa": None}


SHAPES = [getattr(shape, "__origin__", shape) for shape in AnySubscription.__args__]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_subscription_is_acknowledged_with_its_keys(shape):
    kind = shape.__struct_config__.tag
    needed = {key: KEYS[key] for key in shape.__struct_fields__ if key in KEYS}
    told = SubscriptionResponse.parse({"method": "subscribe", "subscription": {"type": kind, **needed}})
    assert told.subscription.kind == kind


def test_an_acknowledgement_of_something_else_is_a_surprise():
    for subscription in (
        {"type": "somethingNew"},
        {"type": "trades"},
        {"type": "trades", "coin": "ETH", "n": 1},
    ):
        with pytest.raises(ShapeError):
            SubscriptionResponse.parse({"method": "subscribe", "subscription": subscription})
    with pytest.raises(ShapeError):
        SubscriptionResponse.parse({**CHANNELS["subscriptionResponse"], "method": "ping"})


def test_pong_error_and_post():
    assert Pong.parse(None).wire is None
    assert WsError.parse("Already subscribed: {}").text == "Already subscribed: {}"
    assert Post.parse(CHANNELS["post"]).id == 7
