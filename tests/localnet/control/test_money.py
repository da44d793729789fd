"""What only the control can do with names, ways and agents."""

from pathlib import Path

import pytest

from harness.localnet import ACCOUNTS, Localnet
from harness.localnet.accounts.auth import Agent
from harness.localnet.asks import LocalnetError
from harness.localnet.control import saves
from harness.localnet.control.commands import carry_out
from tests.localnet.desk import Desk


def approve(desk: Desk, name: str) -> None:
    nonce = desk.nonce()
    action = {"type": "approveAgent", "agentAddress": "0x" + "11" * 20, "agentName": name, "nonce": nonce}
    body = {"signatureChainId": "0x66eee", "hyperliquidChain": "Testnet"} | action
    assert desk.send_user_signed(body, nonce)["status"] == "ok"


def test_agents_can_last(net: Localnet, desk: Desk) -> None:
    with pytest.raises(LocalnetError, match="no named agent"):
        net.keep_agents(desk.address)
    unnamed = Agent(ACCOUNTS[8].address.lower(), "", 1)
    net.exchange.signers.approve(desk.address, unnamed, net.now_ms())
    with pytest.raises(LocalnetError, match="no named agent"):
        net.keep_agents(desk.address)
    approve(desk, "desk")
    carry_out(net, "keepAgents", {"address": desk.address})
    (agent,) = desk.info("extraAgents")
    assert agent["validUntil"] is None
    assert desk.info("webData2")["agentValidUntil"] is not None


def test_usdc_can_go_another_way(net: Localnet, desk: Desk) -> None:
    carry_out(net, "setUsdcRoutes", {"deposit": "bridge", "withdrawal": "cctp"})
    assert desk.info("usdcRouting") == {"depositRoute": "bridge", "withdrawalRoute": "cctp"}
    with pytest.raises(LocalnetError, match="not understood"):
        carry_out(net, "setUsdcRoutes", {"deposit": "pigeon", "withdrawal": "cctp"})


def test_ways_and_agents_are_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    net.set_usdc_routes("bridge", "bridge")
    approve(Desk(net), "desk")
    net.keep_agents(ACCOUNTS[0].address)
    saves.dump(net, tmp_path / "state")
    again = saves.load(tmp_path / "state").exchange
    assert again.universe.routes.deposit == "bridge"
    assert again.signers.named_agents(ACCOUNTS[0].address.lower())[0].valid_until_ms is None
