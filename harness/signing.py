"""The wire's signing scheme: what is hashed, what is signed, and who signed it.

There are two schemes. An *L1 action* (order, cancel, leverage, ...) is packed with msgpack and hashed with
its nonce, vault and expiry; the hash is signed as the `connectionId` of a phantom agent. A *user-signed*
action (transfer, approval, ...) is itself the EIP-712 message. Both end in a digest of 32 bytes, which is
signed, or from which the signer is recovered.

Nothing here knows the SDK: localnet checks with this file what the SDK signed, so it is a second opinion.
`tests/test_signing.py` holds it against the SDK.

Source: wire rules 72 to 77 (API docs, "Signing"); EIP-712; RFC 6979.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec
from coincurve import PrivateKey, PublicKey

from harness.typed_data import (
    SigningError as SigningError,
)
from harness.typed_data import (
    address_bytes,
    domain_prefix,
    encode,
    keccak256,
    struct_hash,
    type_hash,
)


class UnrecoverableSignature(SigningError):
    """A signature belongs to no address."""


class Signature(NamedTuple):
    """An ECDSA signature with its recovery value."""

    r: int
    s: int
    v: int

    def as_wire(self) -> dict[str, str | int]:
        """Return the signature as the envelope carries it, in the SDK's hex: no leading zeros."""
        return {"r": hex(self.r), "s": hex(self.s), "v": self.v}


@dataclass(frozen=True)
class UserSigned:
    """How one user-signed action is signed.

    Args:
        primary_type: the EIP-712 primary type, with its `HyperliquidTransaction:` prefix.
        fields: name and solidity type of each signed field, in signing order; other keys are not signed.
        nonce_field: the field that has to equal the nonce of the envelope.
    """

    primary_type: str
    fields: tuple[tuple[str, str], ...]
    nonce_field: str

    def for_multi_sig(self) -> "UserSigned":
        """Return the form for the payload of a multi-sig account, which names account and outer signer."""
        chain, *rest = self.fields
        return UserSigned(self.primary_type, (chain, *_MULTI_SIG_FIELDS, *rest), self.nonce_field)


_MULTI_SIG_FIELDS: Final = (("payloadMultiSigUser", "address"), ("outerSigner", "address"))


def _user_signed(name: str, *fields: str, nonce_field: str = "nonce") -> UserSigned:
    """Spell a user-signed type as solidity does: `"address user"`; chain and nonce are always there."""
    signed = ("string hyperliquidChain", *fields, f"uint64 {nonce_field}")
    pairs = (field.split(" ") for field in signed)
    return UserSigned(
        f"HyperliquidTransaction:{name}", tuple((field, solidity) for solidity, field in pairs), nonce_field
    )


USER_SIGNED: Final[Mapping[str, UserSigned]] = MappingProxyType(
    {
        "usdSend": _user_signed("UsdSend", "string destination", "string amount", nonce_field="time"),
        "spotSend": _user_signed(
            "SpotSend", "string destination", "string token", "string amount", nonce_field="time"
        ),
        "withdraw3": _user_signed("Withdraw", "string destination", "string amount", nonce_field="time"),
        "usdClassTransfer": _user_signed("UsdClassTransfer", "string amount", "bool toPerp"),
        "sendAsset": _user_signed(
            "SendAsset",
            "string destination",
            "string sourceDex",
            "string destinationDex",
            "string token",
            "string amount",
            "string fromSubAccount",
        ),
        "approveAgent": _user_signed("ApproveAgent", "address agentAddress", "string agentName"),
        "approveBuilderFee": _user_signed("ApproveBuilderFee", "string maxFeeRate", "address builder"),
        "userDexAbstraction": _user_signed("UserDexAbstraction", "address user", "bool enabled"),
        "userSetAbstraction": _user_signed("UserSetAbstraction", "address user", "string abstraction"),
        "tokenDelegate": _user_signed(
            "TokenDelegate", "address validator", "uint64 wei", "bool isUndelegate"
        ),
        "convertToMultiSigUser": _user_signed("ConvertToMultiSigUser", "string signers"),
        # Beyond the SDK. Source: nktkas/hyperliquid, src/api/exchange/_methods; UNVERIFIED.
        "cDeposit": _user_signed("CDeposit", "uint64 wei"),
        "cWithdraw": _user_signed("CWithdraw", "uint64 wei"),
        "linkStakingUser": _user_signed("LinkStakingUser", "address user", "bool isFinalize"),
        "stakingLinkDisableTradingUser": _user_signed("StakingLinkDisableTradingUser", "address tradingUser"),
        "userPortfolioMargin": _user_signed("UserPortfolioMargin", "address user", "bool enabled"),
        "sendToEvmWithData": _user_signed(
            "SendToEvmWithData",
            "string token",
            "string amount",
            "string sourceDex",
            "string destinationRecipient",
            "string addressEncoding",
            "uint32 destinationChainId",
            "uint64 gasLimit",
            "bytes data",
        ),
        # The envelope of a multi-sig action: its message is made by `multi_sig_digest`, not sent.
        "multiSig": _user_signed("SendMultiSig", "bytes32 multiSigActionHash"),
    }
)

# The SDK signs an unnamed agent with the name "" and then leaves the key out of what it sends.
_SIGNED_WHEN_ABSENT: Final[Mapping[str, object]] = {"agentName": ""}

_CURVE_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


def _as_plain(value: object) -> object:
    """Let msgspec pack subclasses of `str` and `int`, which msgpack packs as what they are."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    raise TypeError(f"no wire form for {type(value).__name__}")


# Packs three times as fast as msgpack, to the same bytes.
_pack: Final = msgspec.msgpack.Encoder(enc_hook=_as_plain).encode


def action_hash(action: object, nonce: int, vault_address: str | None, expires_after: int | None) -> bytes:
    """Return the hash of an L1 action, in which the order of the action's keys counts.

    Args:
        action: JSON values, or msgspec structs whose fields stand in wire order.
        nonce: the envelope's nonce.
        vault_address: the vault or sub-account that the envelope names, in any case of letters.
        expires_after: the envelope's `expiresAfter`, milliseconds.

    Raises:
        SigningError: the action holds what msgpack cannot carry, or a figure or an address is out of form.

    Source: wire rule 72.
    """
    try:
        packed = _pack(action)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise SigningError(
            f"This action cannot be packed: {error}.",
            needed="JSON values, with integers of at most 64 bits.",
        ) from error
    packed += _uint64(nonce, "nonce")
    packed += b"\x00" if vault_address is None else b"\x01" + address_bytes(vault_address, "vaultAddress")
    if expires_after is not None:
        packed += b"\x00" + _uint64(expires_after, "expiresAfter")
    return keccak256(packed)


def _uint64(value: int, name: str) -> bytes:
    if type(value) is int and 0 <= value < 1 << 64:
        return value.to_bytes(8, "big")
    return encode("uint64", value, name)[-8:]


_L1_PREFIX: Final = domain_prefix("Exchange", 1337)
_AGENT_TYPE_HASH: Final = type_hash("Agent", (("source", "string"), ("connectionId", "bytes32")))
_MAINNET_AGENT: Final = _AGENT_TYPE_HASH + encode("string", "a", "source")
_TESTNET_AGENT: Final = _AGENT_TYPE_HASH + encode("string", "b", "source")


def l1_digest(connection_id: bytes, *, is_mainnet: bool = False) -> bytes:
    """Return the digest that is signed for the L1 action with the hash `connection_id`.

    The network stands in the phantom agent's `source`: `a` on mainnet, `b` on testnet.
    """
    if len(connection_id) != 32:
        raise SigningError(
            f"connectionId has {len(connection_id)} bytes.", needed="32 bytes, from action_hash."
        )
    return keccak256(
        _L1_PREFIX + keccak256((_MAINNET_AGENT if is_mainnet else _TESTNET_AGENT) + connection_id)
    )


def user_signed_digest(
    primary_type: str, fields: Sequence[tuple[str, str]], message: Mapping[str, object], chain_id: int
) -> bytes:
    """Return the digest that is signed for a user-signed action.

    Args:
        primary_type: the EIP-712 primary type, prefix included.
        fields: (name, solidity type) in signing order.
        message: the action as sent; keys that are no field are not signed.
        chain_id: the number in `signatureChainId`; the exchange takes any (wire rule 74).

    Raises:
        SigningError: a field is absent, or not of its type. Addresses may be checksummed or lower case.
    """
    return keccak256(
        domain_prefix("HyperliquidSignTransaction", chain_id)
        + struct_hash(primary_type, tuple(fields), message)
    )


def multi_sig_digest(
    action: Mapping[str, object],
    nonce: int,
    vault_address: str | None,
    expires_after: int | None,
    *,
    is_mainnet: bool = False,
) -> bytes:
    """Return the digest that the outer signer of a `multiSig` action signs.

    It covers the hash of the whole action, inner signatures included, but for its `type`.
    """
    untagged = {key: value for key, value in action.items() if key != "type"}
    envelope = {
        "hyperliquidChain": _chain_name(is_mainnet),
        "multiSigActionHash": action_hash(untagged, nonce, vault_address, expires_after),
        "nonce": nonce,
    }
    form = USER_SIGNED["multiSig"]
    return user_signed_digest(form.primary_type, form.fields, envelope, signature_chain_id(action))


_CHAIN_ID: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")


def signature_chain_id(action: Mapping[str, object]) -> int:
    """Return the chain id of a user-signed action, as a number.

    Raises:
        SigningError: `signatureChainId` is absent or not hex with `0x`.
    """
    text = action.get("signatureChainId")
    if not isinstance(text, str) or not _CHAIN_ID.fullmatch(text):
        raise SigningError(f"signatureChainId is {text!r}.", needed='A chain id in hex, such as "0x66eee".')
    return int(text, 16)


def _chain_name(is_mainnet: bool) -> str:
    return "Mainnet" if is_mainnet else "Testnet"


# A run uses a handful of keys, and making a key costs more than signing with it.
@lru_cache(maxsize=64)
def _key(private_key: bytes) -> PrivateKey:
    if len(private_key) != 32:
        raise SigningError(f"A private key of {len(private_key)} bytes.", needed="32 bytes.")
    if not 0 < int.from_bytes(private_key, "big") < _CURVE_ORDER:
        raise SigningError(
            "This private key is not on the curve.", needed="A number above zero, below its order."
        )
    return PrivateKey(private_key)


def _address(public_key: PublicKey) -> str:
    return _address_at(public_key.format(compressed=False)[1:])


# The same few sign again and again.
@lru_cache(maxsize=1024)
def _address_at(point: bytes) -> str:
    return "0x" + keccak256(point)[-20:].hex()


def address_of(private_key: bytes) -> str:
    """Return the address of a key, in lower case."""
    return _address(_key(private_key).public_key)


def sign_digest(digest: bytes, private_key: bytes) -> Signature:
    """Sign a digest; the same digest and key give the same signature each time (RFC 6979, low s)."""
    if len(digest) != 32:
        raise SigningError(f"A digest of {len(digest)} bytes.", needed="32 bytes.")
    raw = _key(private_key).sign_recoverable(digest, hasher=None)
    return Signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64] + 27)


_PARITIES: Final = {27: b"\0", 28: b"\1", 0: b"\0", 1: b"\1"}


def recover(digest: bytes, r: int, s: int, v: int) -> str:
    """Return the address that signed `digest`, in lower case.

    `v` is 27 or 28; 0 and 1, which some libraries write, are read as the same (UNVERIFIED on the exchange).
    A high `s` recovers as its low twin does with the other `v`. A wrong digest cannot be told: it gives
    another address (wire rule 75).

    Raises:
        UnrecoverableSignature: r, s or v is out of range, or no point of the curve fits.
    """
    if len(digest) != 32:
        raise SigningError(f"A digest of {len(digest)} bytes.", needed="32 bytes.")
    parity = _PARITIES.get(v)
    if parity is None:
        raise UnrecoverableSignature(f"The signature's v is {v}.", needed="27 or 28.")
    try:
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big") + parity
        return _address(PublicKey.from_signature_and_message(raw, digest, hasher=None))
    # coincurve raises a bare Exception here.
    except Exception as error:
        if 0 < r < _CURVE_ORDER and 0 < s < _CURVE_ORDER:
            raise UnrecoverableSignature("The signature belongs to no point of the curve.") from error
        raise UnrecoverableSignature(
            f"The signature's {'s' if 0 < r < _CURVE_ORDER else 'r'} is out of range.",
            needed="A number above zero, below the curve's order.",
        ) from error


def sign_l1_action(
    action: object,
    private_key: bytes,
    nonce: int,
    vault_address: str | None = None,
    expires_after: int | None = None,
    *,
    is_mainnet: bool = False,
) -> Signature:
    """Sign an L1 action with everything of its envelope that the signature covers."""
    connection_id = action_hash(action, nonce, vault_address, expires_after)
    return sign_digest(l1_digest(connection_id, is_mainnet=is_mainnet), private_key)


def user_signed_action_digest(
    action: Mapping[str, object], *, is_mainnet: bool = False, multi_sig: bool = False
) -> bytes:
    """Return the digest of a user-signed action as sent.

    Args:
        action: the action; a missing `hyperliquidChain` is filled in, another network's is refused.
        is_mainnet: the network that is signed for.
        multi_sig: whether the action is the payload of a multi-sig account; it then also holds
            `payloadMultiSigUser` and `outerSigner`.

    Raises:
        SigningError: the type is not user-signed, or the action lacks something that is signed.
    """
    kind = action.get("type")
    form = USER_SIGNED.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise SigningError(f"{kind!r} is no user-signed action.", needed=f"One of {sorted(USER_SIGNED)}.")
    chain = _chain_name(is_mainnet)
    if action.get("hyperliquidChain", chain) != chain:
        raise SigningError(
            f"The action says hyperliquidChain {action['hyperliquidChain']!r}.",
            needed=f"{chain!r} to sign for it.",
        )
    if multi_sig:
        form = form.for_multi_sig()
    message = {**_SIGNED_WHEN_ABSENT, "hyperliquidChain": chain, **action}
    return user_signed_digest(form.primary_type, form.fields, message, signature_chain_id(action))


def sign_user_signed_action(
    action: Mapping[str, object], private_key: bytes, *, is_mainnet: bool = False
) -> Signature:
    """Sign a user-signed action as sent; see `user_signed_action_digest`."""
    return sign_digest(user_signed_action_digest(action, is_mainnet=is_mainnet), private_key)
