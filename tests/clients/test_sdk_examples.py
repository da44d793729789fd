"""The SDK's own examples, unmodified but for the URL: they do what they say or are refused as there.

HYPERLIQUID_SDK_EXAMPLES names the `examples` folder of a checkout of hyperliquid-python-sdk; the package on
PyPI does not bring it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import eth_account
import pytest
from hyperliquid.exchange import Exchange

from harness.localnet import ACCOUNTS, Localnet, WallClock
from harness.localnet.accounts.multi_sigs import MultiSig
from tests.localnet.serving.test_server import served as served_in_process

FOLDER = os.environ.get("HYPERLIQUID_SDK_EXAMPLES", "")
pytestmark = [
    pytest.mark.skipif(not FOLDER, reason="needs HYPERLIQUID_SDK_EXAMPLES: the examples of an SDK checkout"),
    pytest.mark.slow,
]

REDIRECT = """
import os
from hyperliquid.utils import constants
constants.TESTNET_API_URL = constants.LOCAL_API_URL = os.environ["LOCALNET_URL"]
if "READS_MAINNET" in os.environ:
    constants.MAINNET_API_URL = os.environ["LOCALNET_URL"]
"""
OK = "'status': 'ok', 'response': {'type': 'default'}"
CANCELLED = "'statuses': ['success']"
# What the examples name: the account that several sign for, and the builder.
MULTI_SIG_USER = "0x0000000000000000000000000000000000000005"
BUILDER = "0x8c967E73E7B15087c42A10D344cFf4c96D877f1D"

# What an example prints when it has done what it says.
DOES = {
    "basic_agent": CANCELLED,
    "basic_evm_use_big_blocks": OK,
    "basic_market_order": "filled 0.05 @",
    "basic_order": CANCELLED,
    "basic_order_modify": "modify result with cloid: {'status': 'ok'",
    "basic_order_with_cloid": CANCELLED,
    "basic_recover_user": "recovered user-signed action user: 0x",
    "basic_schedule_cancel": "open orders: []",
    "basic_send_asset": OK,
    "basic_spot_order": CANCELLED,
    "basic_spot_to_builder_deployed_perp_dex": f"{{{OK}}}\n{{{OK}}}",
    "basic_spot_to_perp": OK,
    "basic_spot_transfer": OK,
    "basic_sub_account": OK,
    "basic_tpsl": "waitingForTrigger",
    "basic_transfer": OK,
    "basic_withdraw": OK,
    "cancel_open_orders": "Running with account address",
    "rounding": "'filled'",
}
# What ends in a refusal, because the example names accounts that do not exist here or needs what the account
# has not; the refusal is the exchange's.
REFUSED = {
    "basic_builder_fee": "Builder fee has not been approved.",
    "basic_convert_to_multi_sig_user": "Multi-sig authorized user must exist on L1",
    "basic_leverage_adjustment": "Cannot update margin for empty position.",
    "basic_order_with_builder_deployed_dex": "Insufficient margin to place order.",
    "basic_set_referrer": "Referral code not registered",
    "basic_vault": "Vault not registered: 0x1719884eb866cb12b2287399b15f7db5e7d775ea",
    "basic_vault_transfer": "Vault not registered: 0xa15099a30bbf2e68942d6f4c43d70d04faeab0a0",
    "multi_sig_convert_to_normal_user": "Invalid multi-sig user",
    "multi_sig_order": "Invalid multi-sig user",
    "multi_sig_register_token": "Invalid multi-sig user",
    "multi_sig_usd_send": "Invalid multi-sig user",
    "perp_deploy": "Invalid perp deployer",
    "priority_fees": "Insufficient delegatable balance for priority order",
    "spot_deploy": "Gas auction completed. Try again later",
    "user_abstraction": "Sub-account 0x0000000000000000000000000000000000000000 is not registered to",
}


class World:
    """A localnet, and the examples with the URL turned to it; they run as account 0."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder / "examples"
        shutil.copytree(FOLDER, self.folder)
        (folder / "site").mkdir()
        (folder / "site" / "sitecustomize.py").write_text(REDIRECT)
        signers = [{"secret_key": key, "account_address": address} for address, key in ACCOUNTS[1:3]]
        config = {
            "keystore_path": "",
            "secret_key": ACCOUNTS[0].private_key,
            "account_address": "",
            "multi_sig": {"authorized_users": signers},
        }
        (self.folder / "config.json").write_text(json.dumps(config))
        here = {"LOCALNET_URL": url, "PYTHONPATH": str(folder / "site"), "PYTHONUNBUFFERED": "1"}
        self._environment = {**os.environ, **here}

    def run(self, name: str, *, chosen: Mapping[str, str] | None = None, **environment: str) -> str:
        """Run one example to its end and return what it printed.

        Args:
            name: its file, without the suffix.
            chosen: values of its constants that are there to be chosen, by name.
            environment: more variables.
        """
        script = [f"{name}.py"]
        if chosen is not None:
            script = ["-c", f"import {name}; vars({name}).update({dict(chosen)!r}); {name}.main()"]
        done = subprocess.run(
            [sys.executable, *script],
            cwd=self.folder,
            env=self._environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def watch(self, name: str, steps: list[tuple[Callable[[str], bool], Callable[[], object]]]) -> str:
        """Run an example that does not end: when a condition holds for what it has printed, take the step.

        Then stop it by SIGINT, as by hand, and return what it printed.
        """
        with (self.folder / "printed").open("w+") as printed:
            with subprocess.Popen(
                [sys.executable, f"{name}.py"],
                cwd=self.folder,
                env=self._environment,
                stdout=printed,
                # A shell's background jobs ignore SIGINT, and so would what they start.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            ) as process:
                try:
                    for holds, step in steps:
                        self._wait(process, holds)
                        step()
                finally:
                    process.send_signal(signal.SIGINT)
                    assert process.wait(timeout=20) == 0
            return self._printed()

    def _wait(self, process: subprocess.Popen[bytes], holds: Callable[[str], bool]) -> None:
        until = time.monotonic() + 40
        while not holds(self._printed()):
            assert process.poll() is None
            assert time.monotonic() < until, self._printed()
            time.sleep(0.05)

    def _printed(self) -> str:
        return (self.folder / "printed").read_text()

    def control(self, command: str, **fields: str) -> None:
        """Use the control API."""
        body = json.dumps(fields).encode()
        request = urllib.request.Request(
            f"{self.url}/control/{command}", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200

    def account(self, number: int = 0) -> Any:
        """Return the SDK's `Exchange` of an account."""
        return Exchange(eth_account.Account.from_key(ACCOUNTS[number].private_key), self.url)


@pytest.fixture
def world(served: dict[str, Any], tmp_path: Path) -> World:
    return World(served["url"], tmp_path)


@pytest.mark.parametrize("name", DOES)
def test_example_does_what_it_says(world: World, name: str) -> None:
    assert DOES[name] in world.run(name)


@pytest.mark.parametrize("name", REFUSED)
def test_example_ends_in_the_exchanges_refusal(world: World, name: str) -> None:
    assert REFUSED[name] in world.run(name)


def test_modes_are_set(world: World) -> None:
    """Portfolio margin asks for more than the sub-account has."""
    sub = world.account().create_sub_account("One")["response"]["data"]
    printed = world.run("user_abstraction", chosen={"SUB_ACCOUNT_USER": sub})
    assert "current user abstraction state: unifiedAccount" in printed
    assert "current sub-account user abstraction state: disabled" in printed


class TestWithWhatTheyNeed:
    """The examples that are refused above, after the account got what it lacks."""

    def test_an_order_on_a_builders_dex(self, world: World) -> None:
        world.account().send_asset(ACCOUNTS[0].address, "", "test", "USDC", 20.0)
        printed = world.run("basic_order_with_builder_deployed_dex")
        assert "'status': 'open'" in printed
        assert CANCELLED in printed

    def test_a_code_to_come_by(self, world: World) -> None:
        assert register(world.account(1), "ASDFASDF")["status"] == "ok"
        assert "'code': 'ASDFASDF'" in world.run("basic_set_referrer")

    def test_a_builder_who_has_money(self, world: World) -> None:
        world.control("fund", address=BUILDER, usd="100")
        printed = world.run("basic_builder_fee")
        assert OK in printed
        assert "'filled'" in printed

    def test_a_position_whose_margin_can_be_changed(self, world: World) -> None:
        account = world.account()
        account.update_leverage(5, "ETH", is_cross=False)
        account.market_open("ETH", True, 0.05)
        printed = world.run("basic_leverage_adjustment")
        # The type of margin cannot change with a position open (wire rule 93).
        assert "Cannot switch leverage type with open position." in printed
        assert printed.count(OK) == 2

    def test_users_who_exist(self, world: World) -> None:
        for last in "01":
            world.control("fund", address=f"0x{'0' * 39}{last}", usd="1")
        assert OK in world.run("basic_convert_to_multi_sig_user")

    def test_a_sub_account_of_the_name_they_look_for(self, world: World) -> None:
        world.account().create_sub_account("One")
        printed = world.run("dex_abstraction")
        assert printed.count(OK) == 5
        states = [line.rsplit(" ", 1)[1] for line in printed.splitlines() if "dex abstraction state" in line]
        assert states == ["False", "True", "False"]

    def test_stakes_are_read(self, world: World) -> None:
        """It calls `Info.user_stakes`, which the SDK does not have, after the summary."""
        with pytest.raises(AssertionError, match="'Info' object has no attribute 'user_stakes'"):
            world.run("basic_staking", READS_MAINNET="1")

    @pytest.mark.parametrize(
        ("name", "action", "answer"),
        [
            ("c_signer", "Jail", "Signer invalid or inactive for current epoch"),
            ("c_signer", "Unjail", "Signer invalid or inactive for current epoch"),
            ("c_validator", "Register", "Validator has delegations disabled"),
            ("c_validator", "ChangeProfile", "Unknown validator"),
            ("c_validator", "Unregister", "Action disabled on this chain"),
        ],
    )
    def test_an_action_that_is_chosen(self, world: World, name: str, action: str, answer: str) -> None:
        assert answer in world.run(name, chosen={"ACTION": action})


def register(account: Any, code: str) -> Any:
    """Make a referral code, which the SDK cannot."""
    from hyperliquid.utils.signing import get_timestamp_ms, sign_l1_action

    nonce, action = get_timestamp_ms(), {"type": "registerReferrer", "code": code}
    signature = sign_l1_action(account.wallet, action, None, nonce, None, False)
    return account.post("/exchange", {"action": action, "nonce": nonce, "signature": signature})


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("multi_sig_usd_send", OK),
        ("multi_sig_order", "'resting'"),
        ("multi_sig_register_token", "Gas auction completed. Try again later"),
        ("multi_sig_convert_to_normal_user", OK),
    ],
)
def test_several_sign_for_the_account_that_the_examples_name(tmp_path: Path, name: str, answer: str) -> None:
    """Nobody has its key, so it becomes a multi-sig account without having asked for it."""
    net = Localnet(WallClock())
    net.fund(MULTI_SIG_USER, net.began.balance_usd)
    users = tuple(account.address.lower() for account in ACCOUNTS[:3])
    net.exchange.multi_sigs[MULTI_SIG_USER] = MultiSig(users, 2)
    with served_in_process(net) as port:
        world = World(f"http://127.0.0.1:{port}", tmp_path)
        assert answer in world.run(name)
        if name == "multi_sig_convert_to_normal_user":
            assert "Invalid multi-sig user" in world.run(name)


def test_the_maker_places_cancels_and_follows_its_orders(world: World) -> None:
    """`basic_adding`: a quote a side, others when the price has gone; it is told of its fill."""

    def move(bps: str) -> Callable[[], None]:
        return lambda: world.control("move", coin="ETH", bps=bps)

    printed = world.watch(
        "basic_adding",
        [
            (lambda text: text.count("Placing order") >= 2, move("20")),
            (lambda text: text.count("Cancelling order due to deviation") >= 2, lambda: None),
            (lambda text: text.count("Placing order") >= 4, move("100")),
            (lambda text: "'dir': 'Open Short'" in text, lambda: None),
        ],
    )
    assert "Order is still in flight" not in printed
    assert "Cancelling unknown oid" not in printed


def test_every_subscription_of_the_feed_example_prints(world: World) -> None:
    """`basic_ws`: all but `webData2`, which is gone from the exchange (wire rule 115)."""
    channels = {
        *(
            "allMids",
            "l2Book",
            "trades",
            "user",
            "userFills",
            "candle",
            "orderUpdates",
            "userFundings",
            "bbo",
        ),
        *("userNonFundingLedgerUpdates", "activeAssetCtx", "activeSpotAssetCtx", "activeAssetData"),
    }

    def trade() -> None:
        account = world.account()
        account.order("PURR/USDC", True, 300, 0.1, {"limit": {"tif": "Ioc"}})
        account.market_open("ETH", True, 0.05)

    def heard(text: str) -> bool:
        return all(f"'channel': '{channel}'" in text for channel in channels)

    world.watch(
        "basic_ws", [(lambda text: "'channel': 'activeAssetData'" in text, trade), (heard, lambda: None)]
    )
