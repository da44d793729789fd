"""The development accounts."""

from eth_account import Account

from harness.localnet import ACCOUNTS

MNEMONIC = "test test test test test test test test test test test junk"


def test_the_accounts_are_those_of_the_known_mnemonic() -> None:
    Account.enable_unaudited_hdwallet_features()
    for index, account in enumerate(ACCOUNTS):
        wallet = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
        assert account.address == wallet.address
        assert account.private_key == "0x" + wallet.key.hex().removeprefix("0x")
