"""The SDK's own examples, unmodified but for the URL: they do what they say or are refused as there.

HYPERLIQUID_SDK_EXAMPLES names the `examples` folder of a checkout of hyperliquid-python-sdk; the package on
PyPI does not bring it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = os.environ.get("HYPERLIQUID_SDK_EXAMPLES", "")
pytestmark = [
    pytest.mark.skipif(not FOLDER, reason="needs HYPERLIQUID_SDK_EXAMPLES: the examples of an SDK checkout"),
    pytest.mark.slow,
]

REDIRECT = """
import os
from hyperliquid.utils import constants
constants.TESTNET_API_URL = constants.LOCAL_API_URL = os.environ["LOCALNET_URL"]
"""
OK = "'status': 'ok', 'response': {'type': 'default'}"

# What an example prints when it has done what it says.
DOES = {
    "basic_agent": "'statuses': ['success']",
    "basic_evm_use_big_blocks": OK,
    "basic_market_order": "filled 0.05 @",
    "basic_order": "'statuses': ['success']",
    "basic_order_modify": "modify result with cloid: {'status': 'ok'",
    "basic_order_with_cloid": "'statuses': ['success']",
    "basic_recover_user": "recovered user-signed action user: 0x",
    "basic_schedule_cancel": "open orders: []",
    "basic_spot_order": "'statuses': ['success']",
    "basic_spot_to_perp": OK,
    "basic_spot_transfer": OK,
    "basic_sub_account": OK,
    "basic_tpsl": "waitingForTrigger",
    "basic_transfer": OK,
    "cancel_open_orders": "Running with account address",
    "rounding": "'filled'",
}
# What ends in a refusal, because the example names accounts that do not exist here or needs what the account
# has not; the refusal is the exchange's.
REFUSED = {
    "basic_builder_fee": "Builder fee has not been approved.",
    "basic_convert_to_multi_sig_user": "Multi-sig authorized user must exist on L1",
    "basic_leverage_adjustment": "Cannot update margin for empty position.",
    "basic_vault": "Vault not registered: 0x1719884eb866cb12b2287399b15f7db5e7d775ea",
    "basic_vault_transfer": "Vault not registered: 0xa15099a30bbf2e68942d6f4c43d70d04faeab0a0",
    "multi_sig_convert_to_normal_user": "Invalid multi-sig user",
    "multi_sig_order": "Invalid multi-sig user",
    "multi_sig_register_token": "Invalid multi-sig user",
    "multi_sig_usd_send": "Invalid multi-sig user",
    "spot_deploy": "Gas auction completed. Try again later",
}


@pytest.fixture
def run(served: dict[str, Any], tmp_path: Path) -> Any:
    """Runs an example as account 0 against the localnet; returns what it printed."""
    shutil.copytree(FOLDER, tmp_path / "examples")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(REDIRECT)
    accounts = served["accounts"]
    signers = [{"secret_key": one["private_key"], "account_address": one["address"]} for one in accounts[1:3]]
    config = {
        "keystore_path": "",
        "secret_key": accounts[0]["private_key"],
        "account_address": "",
        "multi_sig": {"authorized_users": signers},
    }
    (tmp_path / "examples" / "config.json").write_text(json.dumps(config))
    environment = {**os.environ, "LOCALNET_URL": served["url"], "PYTHONPATH": str(tmp_path / "site")}

    def one(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, f"{name}.py"]
        folder = tmp_path / "examples"
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    return one


@pytest.mark.parametrize("name", DOES)
def test_example_does_what_it_says(run: Any, name: str) -> None:
    done = run(name)

    assert done.returncode == 0, done.stderr
    assert DOES[name] in done.stdout


@pytest.mark.parametrize("name", REFUSED)
def test_example_ends_in_the_exchanges_refusal(run: Any, name: str) -> None:
    done = run(name)

    assert done.returncode == 0, done.stderr
    assert REFUSED[name] in done.stdout
