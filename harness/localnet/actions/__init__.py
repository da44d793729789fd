"""`POST /exchange`: the registry, filled by the handlers."""

from harness.localnet.actions import (
    agents,
    cancel,
    gates,
    leverage,
    modify,
    noop,
    order,
    schedule_cancel,
    spot,
    sub_accounts,
    transfers,
    twap,
    vaults,
)
from harness.localnet.actions.known import KNOWN
from harness.localnet.actions.registry import ACTIONS, Action, Call

__all__ = [
    "ACTIONS",
    "KNOWN",
    "Action",
    "Call",
    "agents",
    "cancel",
    "gates",
    "leverage",
    "modify",
    "noop",
    "order",
    "schedule_cancel",
    "spot",
    "sub_accounts",
    "transfers",
    "twap",
    "vaults",
]
