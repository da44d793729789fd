"""Leads this process from the testnet's name and port to a front on loopback, and lets it trust that front.

Nothing of the harness is changed: names are resolved and certificates trusted elsewhere, as on a machine with
another /etc/hosts and another authority. Other names resolve to nothing, so nothing leaves the machine.

As a plugin (`pytest -p tests.rehearsal.redirect`), for runs in a process of their own, it reads
REHEARSAL_PORT and REHEARSAL_AUTHORITY.
"""

import os
import socket
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.front import TESTNET

PORT_VARIABLE = "REHEARSAL_PORT"
AUTHORITY_VARIABLE = "REHEARSAL_AUTHORITY"
_LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "", None)


def redirect(patch: pytest.MonkeyPatch, port: int, authority: Path, name: str = TESTNET) -> None:
    """Redirect until `patch` is undone.

    Args:
        patch: what undoes it.
        port: of the front.
        authority: the certificate that the front's hangs on.
        name: the host that is led there; others are not found.
    """
    found = socket.getaddrinfo

    def resolve(host: Any, service: Any, *arguments: Any, **options: Any) -> Any:
        if host == name and int(service) == 443:
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]
        if host not in _LOCAL and not is_number(host):
            # As the real one tells before it asks anybody.
            sys.audit("socket.getaddrinfo", host, service, 0, 0, 0)
            raise socket.gaierror(socket.EAI_NONAME, f"{host} is not known in a rehearsal")
        return found(host, service, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", resolve)
    patch.setenv("REQUESTS_CA_BUNDLE", str(authority))


def is_number(host: Any) -> bool:
    """Say whether nobody has to be asked for the address of `host`."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def pytest_configure() -> None:
    if PORT_VARIABLE in os.environ:
        redirect(pytest.MonkeyPatch(), int(os.environ[PORT_VARIABLE]), Path(os.environ[AUTHORITY_VARIABLE]))
