"""What the deployer of a token is called, wherever the token is told.

Covers: POST /exchange (spotDeploy: registerToken2, setDeployerLabel), POST /info (spotMeta,
spotMetaAndAssetCtxs). The SDK has no method for the label; it is signed with its own signing.
"""

import pytest

from harness.shapes import DefaultResponse, SpotDeployResponse, SpotMeta, SpotMetaAndAssetCtxs

pytestmark = pytest.mark.targets("replay", "localnet", reason="costs hundreds of HYPE, and the token stays")


def test_tokens_are_told_with_their_deployers_label(trader, localnet):
    """Set once, it stands on all of the deployer's tokens."""
    localnet.fund_token(trader.address, "HYPE", 2_000)
    localnet.open_auction("spot", 500)
    answer = trader.exchange.spot_deploy_register_token("DESK", 2, 8, 600 * 10**8, "Desk token")
    token = SpotDeployResponse.parse(answer).number

    label = {"type": "spotDeploy", "setDeployerLabel": {"label": "Acme Labs"}}
    assert DefaultResponse.parse(trader.post_l1_action(label)).ok

    meta = SpotMeta.parse(trader.info.spot_meta())
    both, _ = SpotMetaAndAssetCtxs.parse(trader.info.spot_meta_and_asset_ctxs()).wire
    for tokens in (meta.tokens, both.tokens):
        assert {row.index: row.deployerLabel for row in tokens}[token] == "Acme Labs"
