"""Tokens and spot pairs."""

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.markets.tokens import PAIRS, TOKENS
from harness.localnet.markets.universe import Universe
from tests.localnet.desk import Desk


def test_bare_names_work_for_canonical_tokens_only() -> None:
    # Wire rule 21.
    assert [token.name for token in TOKENS if Universe().token_named(token.name) is token] == ["USDC", "PURR"]
    assert all(Universe().token_named(f"{token.name}:{token.token_id}") is token for token in TOKENS)
    assert Universe().token_named(TOKENS[0].token_id) is None


def test_pairs_are_numbered_from_ten_thousand() -> None:
    assert [pair.index for pair in PAIRS] == [10_000, 10_001, 10_008, 11_035, 11_137, 11_165]
    assert Universe().pairs[11_035].px_step == 100
    assert Universe().pairs[10_000].tick_at(6_643_750) == 100
    assert [pair.base.lot for pair in PAIRS] == [100_000, 10_000_000, 1, 1_000_000, 100_000, 100_000]


def test_contexts_name_their_pairs(desk: Desk) -> None:
    desk.place(a=11_035, p="29", s="1", tif="Ioc")
    meta, contexts = desk.info("spotMetaAndAssetCtxs")
    assert meta == desk.info("spotMeta")
    assert [row["coin"] for row in contexts] == [row["name"] for row in meta["universe"]]
    hype = contexts[3]
    assert (hype["midPx"], hype["markPx"], hype["dayBaseVlm"]) == ("28.718", "28.718", "1.0")
    assert hype["totalSupply"] == hype["circulatingSupply"] == "1000000500.0"


def test_details_of_a_token(desk: Desk) -> None:
    told = desk.info("tokenDetails", tokenId="0x7317beb7cceed72ef0b346074cc8e7ab")
    assert (told["name"], told["szDecimals"], told["weiDecimals"]) == ("HYPE", 2, 8)
    assert desk.info("tokenDetails", tokenId=TOKENS[0].token_id)["markPx"] == "1.0"
    assert desk.send({"type": "tokenDetails", "tokenId": "0x12"}, "/info").not_implemented


def test_there_is_no_total_of_what_is_not_there(net: Localnet) -> None:
    with pytest.raises(LocalnetError, match="no token 'NOPE'"):
        net.total_token("NOPE")
