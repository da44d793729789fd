"""Accounts that several users act for together."""

from dataclasses import dataclass
from typing import Final

MOST_USERS: Final = 10


@dataclass(frozen=True, slots=True)
class MultiSig:
    """Who may sign for an account, and how many must."""

    users: tuple[str, ...]
    threshold: int
