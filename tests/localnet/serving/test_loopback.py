"""Which hosts are this machine."""

import pytest

from harness.localnet.serving.loopback import is_loopback, is_loopback_host


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.com", "localhost.example.com", "0.0.0.0", "10.0.0.1", "::"])
def test_other_machines(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("header", ["LOCALHOST:1", "[::1]:3001", "127.0.0.1"])
def test_a_host_header_may_have_a_port(header: str) -> None:
    assert is_loopback_host(header)
