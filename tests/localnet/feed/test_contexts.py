"""Feeds of all contexts, and the silent one of outcomes."""

from harness.localnet import Localnet
from tests.localnet.desk import Desk
from tests.localnet.feed.line import Line


def test_contexts_of_a_dex_are_those_of_the_query(net: Localnet, line: Line, desk: Desk) -> None:
    acknowledged, first = line.send({"method": "subscribe", "subscription": {"type": "assetCtxs"}})
    assert acknowledged["data"]["subscription"] == {"type": "assetCtxs", "dex": ""}
    assert first["data"] == {"dex": "", "ctxs": desk.info("metaAndAssetCtxs")[1]}
    (other,) = line.subscribe("assetCtxs", dex="test")
    assert other["data"] == {"dex": "test", "ctxs": desk.info("metaAndAssetCtxs", dex="test")[1]}

    desk.info("meta")
    assert line.heard() == []
    desk.place(p="3200")
    (data,) = line.on("assetCtxs")
    assert data["ctxs"] == desk.info("metaAndAssetCtxs")[1]


def test_contexts_of_spot_are_a_list(line: Line, desk: Desk) -> None:
    (first,) = line.subscribe("spotAssetCtxs")
    assert first["data"] == desk.info("spotMetaAndAssetCtxs")[1]


def test_contexts_of_an_unknown_dex_are_not_covered(line: Line) -> None:
    asked = {"method": "subscribe", "subscription": {"type": "assetCtxs", "dex": "nope"}}
    assert line.send(asked)[0]["channel"] == "error"
    assert len(line.connection.missing) == 1


def test_no_outcome_is_told_of(line: Line, desk: Desk) -> None:
    assert line.subscribe("outcomeMetaUpdates") == []
    desk.place(p="3200")
    assert line.heard() == []
