"""What is taken from cassettes to be changed."""

from pathlib import Path

import pytest

from harness.errors import CassetteError, SettingsError
from harness.mutants import answers_in, conversations_in

CASSETTES = Path(__file__).resolve().parents[2] / "cassettes"


def test_answers_of_a_folder_are_one_of_each_kind_and_no_refusal_where_there_is_better() -> None:
    answers = answers_in(CASSETTES / "test_cancel")
    assert '"success"' in answers["exchange", "cancel"]
    assert ("info", "meta") not in answers


def test_metadata_lies_beside_the_cassettes() -> None:
    answers = answers_in(CASSETTES / "universe")
    assert set(answers) == {("info", "meta"), ("info", "spotMeta")}


def test_a_conversation_has_its_subscriptions_and_all_that_came() -> None:
    (one,) = conversations_in(
        CASSETTES / "test_subscriptions/test_subscription_is_acknowledged_with_its_defaults.yaml"
    )
    assert one.subscriptions == ({"type": "l2Book", "coin": "ETH"},)
    assert ["subscriptionResponse" in frame for frame in one.frames] == [True, False]


def test_each_websocket_is_a_conversation() -> None:
    found = list(
        conversations_in(CASSETTES / "test_subscriptions/test_orders_of_two_accounts_need_two_sockets.yaml")
    )
    assert [len(one.frames) for one in found] == [1, 2]
    assert all(one.subscriptions[0]["type"] == "orderUpdates" for one in found)


def test_a_cassette_without_a_websocket_has_none() -> None:
    assert list(conversations_in(CASSETTES / "test_cancel")) == []


def test_a_path_that_is_not_there_is_named() -> None:
    with pytest.raises(CassetteError, match=r"no\.yaml"):
        list(conversations_in(CASSETTES / "no.yaml"))
    with pytest.raises(SettingsError, match=r"no\.yaml"):
        answers_in(CASSETTES / "no.yaml")
