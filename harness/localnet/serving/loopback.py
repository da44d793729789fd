"""Which hosts are this machine."""

import ipaddress
from functools import lru_cache


# Each request names its host.
@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Say whether a host name or an address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_host(header: str) -> bool:
    """Say whether a Host header names this machine, with any port."""
    name = header[1 : header.find("]")] if header.startswith("[") else header.partition(":")[0]
    return is_loopback(name.lower())
