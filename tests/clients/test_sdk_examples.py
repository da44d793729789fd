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

import eth_account
import pytest
from hyperliquid.exchange import Exchange

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
    "user_abstraction": "Sub-account 0x0000000000000000000000000000000000000000 is not registered to",
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

    def one(name: str, **named: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, f"{name}.py"]
        folder = tmp_path / "examples"
        for placeholder, value in named.items():
            text = (folder / f"{name}.py").read_text()
            (folder / f"{name}.py").write_text(text.replace(placeholder, value))
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


@pytest.fixture
def sub_account(served: dict[str, Any]) -> str:
    """A sub-account of account 0 with the name that an example looks for."""
    wallet = eth_account.Account.from_key(served["accounts"][0]["private_key"])
    made = Exchange(wallet, served["url"]).create_sub_account("One")
    address: str = made["response"]["data"]
    return address


def test_user_abstraction_sets_what_it_says(run: Any, sub_account: str) -> None:
    """With a sub-account in place of the placeholder; portfolio margin asks for more than that has."""
    done = run("user_abstraction", **{"0x" + "00" * 20: sub_account})

    assert done.returncode == 0, done.stderr
    assert done.stdout.count(OK) == 4
    assert "state: unifiedAccount" in done.stdout
    assert "state: disabled" in done.stdout
    assert "Portfolio margin requires account value of $10000" in done.stdout


@pytest.mark.usefixtures("sub_account")
def test_dex_abstraction_sets_what_it_says(run: Any) -> None:
    done = run("dex_abstraction")

    assert done.returncode == 0, done.stderr
    assert "'status': 'err'" not in done.stdout
    assert "sub-account user dex abstraction state: True" in done.stdout
    assert "sub-account user dex abstraction state: False" in done.stdout
