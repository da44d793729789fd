"""Flags, environment and configuration file: who wins, what is refused, and that no key is ever shown."""

import json
import os
from decimal import Decimal

import pytest

from harness.errors import SettingsError
from harness.settings import (
    ADDRESS_VARIABLE,
    CONFIG_VARIABLE,
    COUNTERPARTY_VARIABLE,
    KEY_VARIABLE,
    PASSWORD_FILE_VARIABLE,
    Key,
    Settings,
    read_keys,
    read_usd,
)
from harness.signing import address_of

KEY = "0x" + "ab" * 32
OTHER = "0x" + "cd" * 32
ADDRESS = "0x" + "Ef" * 20


@pytest.fixture
def config(tmp_path):
    """Writes a config.json and returns the environment that names it."""

    def write(content):
        path = tmp_path / "config.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return {CONFIG_VARIABLE: str(path)}

    return write


def refused(environment):
    with pytest.raises(SettingsError) as caught:
        read_keys(environment)
    return str(caught.value)


def test_empty_environment_names_no_key():
    keys = read_keys({})

    assert (keys.key, keys.account_address, keys.counterparty_key) == (None, None, None)


def test_variables_are_read():
    keys = read_keys({KEY_VARIABLE: KEY, ADDRESS_VARIABLE: ADDRESS, COUNTERPARTY_VARIABLE: OTHER})

    assert (keys.key, keys.account_address, keys.counterparty_key) == (KEY, ADDRESS.lower(), OTHER)


def test_config_file_is_read(config):
    keys = read_keys(config({"secret_key": KEY, "account_address": ADDRESS, "keystore_path": ""}))

    assert (keys.key, keys.account_address) == (KEY, ADDRESS.lower())


def test_variable_wins_over_config_file(config):
    environment = config({"secret_key": KEY, "account_address": "0x" + "11" * 20})

    keys = read_keys({**environment, KEY_VARIABLE: OTHER, ADDRESS_VARIABLE: ADDRESS})

    assert (keys.key, keys.account_address) == (OTHER, ADDRESS.lower())


def test_empty_variable_is_as_good_as_none(config):
    environment = {**config({"secret_key": KEY}), KEY_VARIABLE: "", ADDRESS_VARIABLE: ""}

    assert read_keys(environment).key == KEY


def test_config_of_the_sdks_examples_is_read_with_all_that_is_in_it(config):
    """The SDK's config.json.example also lists the signers of a multi-sig account."""
    content = {
        "keystore_path": "",
        "secret_key": KEY,
        "account_address": "",
        "multi_sig": {"authorized_users": [{"comment": "signer 1", "secret_key": ""}]},
    }

    assert read_keys(config(content)).key == KEY


PASSWORD = "geheim und lang"


@pytest.fixture(scope="module")
def keystore(tmp_path_factory):
    """An encrypted keystore of KEY."""
    import eth_account

    path = tmp_path_factory.mktemp("keystore") / "key.json"
    path.write_text(json.dumps(eth_account.Account.encrypt(KEY, PASSWORD, kdf="pbkdf2", iterations=2)))
    return path


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_keystore_is_opened_with_the_password_of_a_file(config, keystore, tmp_path, end):
    file = tmp_path / "password"
    file.write_bytes((PASSWORD + end).encode())
    environment = {**config({"keystore_path": str(keystore)}), PASSWORD_FILE_VARIABLE: str(file)}

    assert read_keys(environment).key == KEY


def test_keystore_is_opened_with_the_password_that_is_typed(config, keystore):
    asked = []

    def ask(prompt):
        asked.append(prompt)
        return PASSWORD

    assert read_keys(config({"keystore_path": str(keystore)}), ask_password=ask).key == KEY
    assert asked == [f"Password of the keystore {keystore}: "]


@pytest.mark.parametrize("ask", [None, lambda prompt: None])
def test_keystore_without_a_terminal_names_the_variable(config, keystore, ask):
    with pytest.raises(SettingsError, match="there is no terminal to ask on") as caught:
        read_keys(config({"keystore_path": str(keystore)}), ask_password=ask)

    assert PASSWORD_FILE_VARIABLE in str(caught.value)


def test_wrong_password_is_told_and_not_shown(config, keystore):
    with pytest.raises(SettingsError, match="which does not open") as caught:
        read_keys(config({"keystore_path": str(keystore)}), ask_password=lambda prompt: "falsch")

    assert "falsch" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory"),
        ("", "which is not JSON"),
        ("[]", "which is no keystore"),
        ('{"crypto": 5}', "which is no keystore"),
        ('{"crypto": {}}', "which does not open"),
        ('{"version": 3, "crypto": {"kdf": "none"}}', "which does not open"),
    ],
)
def test_what_is_no_keystore_is_refused(config, tmp_path, content, told):
    path = tmp_path / "keystore.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=told):
        read_keys(config({"keystore_path": str(path)}), ask_password=lambda prompt: "x")


def test_password_file_that_is_not_there_is_refused(config, keystore, tmp_path):
    environment = {**config({"keystore_path": str(keystore)}), PASSWORD_FILE_VARIABLE: str(tmp_path)}

    assert "cannot be read: Is a directory" in refused(environment)


@pytest.fixture
def dotenv(tmp_path):
    """Writes a .env and returns its path."""

    def write(text):
        path = tmp_path / ".env"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_dotenv_is_read_and_gets_not_into_the_environment(dotenv, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    path = dotenv(f"# mine\nexport {KEY_VARIABLE}='{KEY}'\n{ADDRESS_VARIABLE}={ADDRESS} # master\nX=$HOME\n")
    keys = read_keys({}, dotenv=path)

    assert (keys.key, keys.account_address) == (KEY, ADDRESS.lower())
    assert KEY_VARIABLE not in os.environ


def test_precedence_is_variable_then_dotenv_then_config(config, dotenv):
    environment = config({"secret_key": "0x" + "11" * 32, "account_address": "0x" + "22" * 20})
    path = dotenv(f"{KEY_VARIABLE}={OTHER}\n{ADDRESS_VARIABLE}=\n")

    assert read_keys(environment, dotenv=path).key == OTHER
    assert read_keys({**environment, KEY_VARIABLE: KEY}, dotenv=path).key == KEY
    assert read_keys(environment, dotenv=path).account_address == "0x" + "22" * 20
    assert read_keys(environment).key == "0x" + "11" * 32


def test_dotenv_may_name_the_config(config, dotenv):
    path = dotenv(f"{CONFIG_VARIABLE}={config({'secret_key': KEY})[CONFIG_VARIABLE]}\n")

    assert read_keys({}, dotenv=path).key == KEY


def test_dotenv_need_not_exist(tmp_path):
    assert read_keys({}, dotenv=tmp_path / ".env").key is None


def test_dotenv_that_cannot_be_read_is_refused(dotenv, tmp_path):
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        read_keys({}, dotenv=dotenv(b"\xff\xfe"))
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        read_keys({}, dotenv=tmp_path)


def test_address_in_the_place_of_a_key_is_told(config):
    assert "That is an address" in refused({KEY_VARIABLE: ADDRESS})


def test_counterparty_of_the_same_account_is_refused():
    address = address_of(Key(OTHER).raw)

    message = refused({KEY_VARIABLE: KEY, ADDRESS_VARIABLE: address, COUNTERPARTY_VARIABLE: OTHER})

    assert "nobody can be filled by himself" in message


def test_keystore_beside_a_key_does_not_matter(config):
    environment = {**config({"keystore_path": "/home/me/key.json"}), KEY_VARIABLE: KEY}

    assert read_keys(environment).key == KEY


def test_key_and_address_without_prefix_are_read():
    keys = read_keys({KEY_VARIABLE: "ab" * 32, ADDRESS_VARIABLE: "Ef" * 20})

    assert keys.key.raw == bytes.fromhex("ab" * 32)
    assert keys.account_address == "0x" + "ef" * 20


@pytest.mark.parametrize(
    "value",
    [
        "0x12",
        "ab" * 31,
        "ab" * 33,
        "0x" + "gg" * 32,
        "0x" + "00" * 32,
        "0x" + "ff" * 32,
        " " + KEY,
        "0x" + KEY,
    ],
)
@pytest.mark.parametrize("name", [KEY_VARIABLE, COUNTERPARTY_VARIABLE])
def test_what_is_no_key_is_refused_without_showing_it(name, value):
    message = refused({KEY_VARIABLE: KEY, name: value})

    assert message.startswith(f"{name} does not hold a private key.")
    assert value not in message


def test_wrong_key_in_the_file_is_blamed_on_the_file(config):
    message = refused(config({"secret_key": "secret"}))

    assert message.startswith("secret_key of the file that HYPERLIQUID_CONFIG names")
    assert "secret\n" not in message


@pytest.mark.parametrize("value", ["0x12", "nobody", "0x" + "gg" * 20])
def test_what_is_no_address_is_refused(value):
    assert ADDRESS_VARIABLE in refused({KEY_VARIABLE: KEY, ADDRESS_VARIABLE: value})


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '"text"', "3", '{"secret_key": 5}', '{"account_address": []}']
)
def test_file_that_is_no_config_is_refused_by_name(config, content):
    environment = config(content)

    assert environment[CONFIG_VARIABLE] in refused(environment)


def test_config_file_that_is_not_there_is_refused_by_name(tmp_path):
    message = refused({CONFIG_VARIABLE: str(tmp_path / "none.json")})

    assert "none.json, which cannot be read: No such file or directory" in message


def test_home_folder_is_understood(config, monkeypatch, tmp_path):
    config({"secret_key": KEY})
    monkeypatch.setenv("HOME", str(tmp_path))

    assert read_keys({CONFIG_VARIABLE: "~/config.json"}).key == KEY


# Settings


def test_recording_a_replay_is_refused():
    with pytest.raises(SettingsError, match="--record was given, but the target is replay"):
        Settings(record=True)


def test_the_testnet_can_be_recorded():
    assert Settings(target="testnet", record=True, key=Key(KEY)).record


def test_testnet_needs_a_key_and_says_where_from():
    with pytest.raises(SettingsError) as caught:
        Settings(target="testnet")

    assert KEY_VARIABLE in str(caught.value)
    assert CONFIG_VARIABLE in str(caught.value)


@pytest.mark.parametrize("shown", [repr, str, "{!r}".format, "{}".format])
def test_settings_and_keys_show_no_key(shown):
    settings = Settings(target="testnet", key=Key(KEY), counterparty_key=Key(OTHER))
    keys = read_keys({KEY_VARIABLE: KEY, COUNTERPARTY_VARIABLE: OTHER})

    assert not any("ab" * 8 in shown(one) or "cd" * 8 in shown(one) for one in (settings, keys))


def test_key_hides_in_what_pytest_prints_of_a_frame():
    key = Key(KEY)

    assert repr(key) == "Key(hidden)"
    assert repr([key, key.raw]) == "[Key(hidden), RawKey(hidden)]"
    assert (key, key.raw) == (KEY, bytes.fromhex("ab" * 32))


# Amounts


@pytest.mark.parametrize(("text", "amount"), [("50", 50), ("12.5", Decimal("12.5")), ("1e3", 1000)])
def test_amount_is_read(text, amount):
    assert read_usd("--max-notional-usd", text) == amount


@pytest.mark.parametrize("text", ["", "abc", "0", "-1", "nan", "inf", "-inf", "12,5"])
def test_what_is_no_amount_is_refused_by_flag(text):
    with pytest.raises(SettingsError, match=r"^--max-notional-usd=") as caught:
        read_usd("--max-notional-usd", text)

    assert "A number above zero" in str(caught.value)
