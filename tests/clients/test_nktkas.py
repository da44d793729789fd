"""@nktkas/hyperliquid on Node: places, modifies, cancels, fills, closes, and follows on the websocket."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "nktkas"
NPM = [
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=0",
    "--fetch-timeout=20000",
    "--loglevel=error",
]
# By both networks: a query (id 70359400865 of the text index) and a subscription (wire rule 115).
REFUSED = {"alignedQuoteTokenInfo", "webData2"}
# `vaultDetails` is asked of what is no vault.
LACKING = {
    "borrowLendReserveState",
    "explorerBlock",
    "explorerTxs",
    "gossipPriorityAuctionStatus",
    "gossipRootIps",
    "validatorSummaries",
    "vaultDetails",
}
# What has nothing to tell until something happens.
EVENTS = {"candle", "notification", "orderUpdates", "outcomeMetaUpdates", "trades", "userEvents"}


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client installed."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} on the PATH")
    folder = tmp_path_factory.mktemp("nktkas")
    for file in HERE.iterdir():
        shutil.copy(file, folder)
    done = subprocess.run(NPM, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode != 0:
        pytest.skip(f"needs the npm registry: {done.stderr.strip()[:200]}")
    return folder


def test_it_follows_the_life_of_an_order(package: Path, served: dict[str, Any]) -> None:
    command = ["node", "life.mjs", served["url"], served["accounts"][0]["private_key"]]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["universe"] == ["BTC", "ETH"]
    assert (seen["placed"], seen["modified"]) == ("open", "2510.0")
    assert (seen["filled"], seen["position"], seen["closed"]) == ("0.01", "0.01", "0.01")
    assert seen["fills"] == ["Open Long", "Close Long"]
    assert seen["updates"] == ["open", "open", "canceled", "canceled", "open", "filled", "open", "filled"]
    assert seen["books"] > 0


def test_every_query_and_subscription_of_it_is_answered(package: Path, served: dict[str, Any]) -> None:
    """Those that fail are the ones that localnet lacks, or that the exchange refuses too."""
    command = ["node", "all.mjs", served["url"], served["accounts"][0]["address"]]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert set(seen["failed"]) <= REFUSED | LACKING, seen["failed"]
    assert set(seen["silent"]) <= EVENTS
    assert len(seen["answered"]) > 60
    assert {"webData2", "recentTrades", "vaultSummaries"} <= set(seen["answered"])
    assert {"assetCtxs", "spotAssetCtxs", "userHistoricalOrders", "webData3"} <= set(seen["heard"])
