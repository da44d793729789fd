"""A hundred ways to reach mainnet from a scenario on testnet: each is tried, and not one byte leaves.

Under the harness lies a second watch, told by Python's audit events after the harness's own guard: what gets
that far and does not lead to loopback is stopped there and noted, and so is every look-up of another name.
Each way runs in one scenario of one run, which fails for all of them, and the watch has to have noted none.
"""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from tests.plugin.conftest import text_of
from tests.rehearsal.front import MAINNET, TESTNET, Front
from tests.rehearsal.redirect import is_number, redirect

# So many scenarios in a second are more than the limits allow.
WITHOUT_LIMITS = pytest.mark.parametrize("stage", [False], indirect=True, ids=["without-limits"])
WAYS: dict[str, str] = {}


# How a base_url can say mainnet, or seem to say testnet.
URLS = {
    "plain": f"https://{MAINNET}",
    "upper": f"https://{MAINNET.upper()}",
    "mixed": "https://Api.HyperLiquid.xyz",
    "dot": f"https://{MAINNET}.",
    "port": f"https://{MAINNET}:443",
    "http": f"http://{MAINNET}",
    "slash": f"https://{MAINNET}/",
    "path": f"https://{MAINNET}/{TESTNET}",
    "query": f"https://{MAINNET}?{TESTNET}",
    "fragment": f"https://{MAINNET}#@{TESTNET}",
    "user": f"https://{TESTNET}@{MAINNET}",
    "user_password": f"https://{TESTNET}:443@{MAINNET}",
    "user_twice": f"https://a@{TESTNET}@{MAINNET}",
    "backslash": f"https://{MAINNET}\\@{TESTNET}",
    "backslash_after": f"https://{TESTNET}\\@{MAINNET}",
    "backslashes": f"https:\\\\{MAINNET}",
    "no_scheme": f"//{MAINNET}",
    "bare": MAINNET,
    "three_slashes": f"https:///{MAINNET}",
    "space_before": f" https://{MAINNET}",
    "space_after": f"https://{MAINNET} ",
    "space_within": f"https://{TESTNET} @{MAINNET}",
    "tab": f"https://api.hyper\tliquid.xyz#{TESTNET}",
    "newline": "https://api.hyper\nliquid.xyz",
    "crlf": f"https://{TESTNET}\r\nHost: {MAINNET}\r\n",
    "crlf_in_path": f"https://{TESTNET}/info HTTP/1.1\r\nHost: {MAINNET}\r\n",
    "null": f"https://{MAINNET}\0.{TESTNET}",
    "percent": "https://api.hyperliquid%2exyz",
    "percent_at": f"https://{TESTNET}%40{MAINNET}",
    "wide_letters": "https://ａｐｉ.hyperliquid.xyz",
    "wide_dot": "https://api.hyperliquid。xyz",
    "cyrillic": "https://api.hyperliquid-testnеt.xyz",
    "soft_hyphen": "https://api.hyper\u00adliquid.xyz",
    "idna": "https://api.xn--hyperliquid-.xyz",
    "suffix": f"https://{TESTNET}.{MAINNET}",
    "prefix": f"https://x{TESTNET}",
    "other_port": f"https://{TESTNET}:8443",
    "http_testnet": f"http://{TESTNET}",
    "ip": "https://18.164.116.1",
    "ip_port": "https://18.164.116.1:443",
    "ip_decimal": f"https://{int(ipaddress.ip_address('18.164.116.1'))}",
    "ip_hex": "https://0x12a47401",
    "ip_octal": "https://022.0244.0164.01",
    "ip_short": "https://18.164.29697",
    "ip_six": "https://[2600:9000::1]",
    "ip_six_mapped": "https://[::ffff:18.164.116.1]",
    "any_address": "https://0.0.0.0",
    "ftp": f"ftp://{MAINNET}",
    "wss": f"wss://{MAINNET}/ws",
    "ui": "https://api-ui.hyperliquid.xyz",
    "rpc": "https://rpc.hyperliquid.xyz",
    "app": "https://app.hyperliquid.xyz",
}
for what, url in URLS.items():
    WAYS[f"info_{what}"] = f"Info({url!r}, skip_ws=True)"
    WAYS[f"exchange_{what}"] = f"Exchange(wallet(), {url!r}, **META).cancel('ETH', 1)"

# Without any URL, and the SDK's own constant.
WAYS |= {
    "info_default": "Info(skip_ws=True)",
    "exchange_default": "Exchange(wallet())",
    "info_constant": "Info(constants.MAINNET_API_URL, skip_ws=True)",
    "exchange_moved": "e = Exchange(wallet(), T, **META); e.base_url = M; e.cancel('ETH', 1)",
    "exchange_info_moved": "trader.info.base_url = M; trader.info.all_mids()",
    "trader_moved": "trader.exchange.base_url = M; trader.exchange.cancel('ETH', 1)",
    "constant_changed": "constants.TESTNET_API_URL = M; Info(constants.TESTNET_API_URL, skip_ws=True)",
    "post_to_url": "trader.info.post('@' + 'api.hyperliquid.xyz/info', {'type': 'meta'})",
    "path_of_another": "trader.info.post('.evil.example/info', {'type': 'meta'})",
    "api_class": "from hyperliquid.api import API; API(M).post('/info', {})",
}

# The SDK's session, and requests beside it.
POST = "json={'type': 'meta'}, timeout=2"
WAYS |= {
    "session_post": f"trader.info.session.post(M + '/info', {POST})",
    "session_get": "trader.info.session.get(M)",
    "session_put": "trader.info.session.put(M, data=b'x')",
    "session_send": "s = trader.info.session; s.send(requests.Request('POST', M, json={}).prepare())",
    "session_adapter": "trader.info.session.get_adapter(M).send(requests.Request('GET', M).prepare())",
    "session_mounted": "trader.info.session.mount('https://', A()); trader.info.session.post(M, json={})",
    "session_new": "trader.info.session = requests.Session(); trader.info.base_url = M; trader.info.meta()",
    "session_trusts": "trader.info.session.trust_env = True; trader.info.session.post(M, json={})",
    "session_proxies": "trader.info.session.proxies = P; trader.info.session.post(M, json={}, proxies=P)",
    "session_base": f"requests.Session.request(trader.info.session, 'POST', M, {POST})",
    "session_base_send": "requests.Session.send(trader.info.session, requests.Request('GET', M).prepare())",
    "requests_post": f"requests.post(M + '/exchange', {POST})",
    "requests_get": "requests.get(M, timeout=2)",
    "requests_proxied": f"requests.post(T, proxies=P, {POST})",
    "requests_by_socks": f"requests.post(M, proxies={{'https': 'http://192.0.2.1:1080'}}, {POST})",
    "requests_unverified": f"requests.post('https://18.164.116.1', verify=False, {POST})",
    "requests_host_header": f"requests.post('https://192.0.2.1', headers={{'Host': '{MAINNET}'}}, {POST})",
    "urllib3_pool": "urllib3.PoolManager(retries=False).request('POST', M, body=b'x')",
    "urllib3_connection": f"urllib3.HTTPSConnectionPool('{MAINNET}', retries=False).request('GET', '/')",
    "urllib3_proxy": "urllib3.ProxyManager('http://192.0.2.1:1', retries=False).request('GET', M)",
}

# The standard library.
WAYS |= {
    "urlopen": "urllib.request.urlopen(M, data=b'x', timeout=2)",
    "urlopen_proxied": "urllib.request.build_opener(urllib.request.ProxyHandler(P)).open(T, timeout=2)",
    "http_client": f"http.client.HTTPSConnection('{MAINNET}', timeout=2).request('POST', '/exchange', b'x')",
    "http_client_plain": f"http.client.HTTPConnection('{MAINNET}', 80, timeout=2).request('GET', '/')",
    "http_client_ip": "http.client.HTTPConnection('18.164.116.1', 443, timeout=2).request('GET', '/')",
    "tunnel": f"c = http.client.HTTPSConnection('192.0.2.1'); c.set_tunnel('{MAINNET}'); c.connect()",
    "create_connection": f"socket.create_connection(('{MAINNET}', 443), timeout=2)",
    "create_connection_ip": "socket.create_connection(('18.164.116.1', 443), timeout=2)",
    "socket_connect": "s = sock(); s.connect(IP)",
    "socket_connect_ex": "s = sock(); s.connect_ex(IP)",
    "socket_not_blocking": "s = sock(); s.setblocking(False); s.connect_ex(IP)",
    "socket_class_of_c": "_socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(IP)",
    "socket_method_of_c": "_socket.socket.connect(sock(), IP)",
    "socket_sub_class": "type('S', (socket.socket,), {})().connect(IP)",
    "socket_kept_method": "CONNECT(sock(), IP)",
    "socket_six": "socket.socket(socket.AF_INET6).connect(('2600:9000::1', 443))",
    "datagram": "sock(socket.SOCK_DGRAM).sendto(b'x', IP)",
    "datagram_message": "sock(socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, IP)",
    "datagram_connected": "s = sock(socket.SOCK_DGRAM); s.connect(IP); s.send(b'x')",
    "look_up": f"socket.getaddrinfo('{MAINNET}', 443)",
    "look_up_old": f"socket.gethostbyname('{MAINNET}')",
    "look_up_older": f"socket.gethostbyname_ex('{MAINNET}')",
    "look_up_in_c": f"_socket.getaddrinfo('{MAINNET}', 443)",
    "ssl": f"ssl.create_default_context().wrap_socket(sock(), server_hostname='{MAINNET}').connect(IP)",
    "ssl_unverified": "ssl._create_unverified_context().wrap_socket(sock()).connect(IP)",
    "ssl_certificate": f"ssl.get_server_certificate(('{MAINNET}', 443), timeout=2)",
    "asyncio": f"asyncio.run(stream('{MAINNET}'))",
    "asyncio_ip": "asyncio.run(stream('18.164.116.1'))",
    "asyncio_socket": "asyncio.run(by_loop())",
    "smtplib": f"smtplib.SMTP('{MAINNET}', 443, timeout=2)",
    "ftplib": f"ftplib.FTP('{MAINNET}', timeout=2)",
    "xmlrpc": "xmlrpc.client.ServerProxy(M).x()",
    "thread": "in_thread(lambda: requests.post(M, json={}, timeout=2))",
    "thread_bare": "in_thread(lambda: sock().connect(IP))",
    "pool": "list(concurrent.futures.ThreadPoolExecutor(1).map(requests.get, [M]))",
    "while_sending": "during(trader, lambda: sock().connect(IP))",
}

# Websockets.
WAYS |= {
    "ws_info": "Info(M, **META); trader.info.all_mids()",
    "ws_app": f"websocket.WebSocketApp('wss://{MAINNET}/ws').run_forever() or 1 / 0",
    "ws_create": f"websocket.create_connection('wss://{MAINNET}/ws', timeout=2)",
    "ws_proxy": "websocket.create_connection('wss://192.0.2.9/ws', http_proxy_host='192.0.2.1', "
    "http_proxy_port=80, proxy_type='http', timeout=2)",
    "ws_socket": "websocket.WebSocket().connect('ws://18.164.116.1/ws', timeout=2)",
    "ws_sdk_name": "from hyperliquid import websocket_manager as w; w.websocket.create_connection('wss://x')",
    "ws_manager": "from hyperliquid.websocket_manager import WebsocketManager as W; w = W(M); "
    "w.start(); trader.info.all_mids()",
    "ws_library": f"from websockets.sync.client import connect; connect('wss://{MAINNET}/ws')",
    "ws_asyncio": f"asyncio.run(by_websockets('wss://{MAINNET}/ws'))",
}
# The environment: what a proxy is given would be the whole of what is sent.
for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"):
    WAYS[f"environment_{variable}"] = (
        f"os.environ['{variable}'] = 'http://192.0.2.1:3128'; os.environ.pop('NO_PROXY', None); "
        "requests.post('https://192.0.2.9', json={}, timeout=2)"
    )

SCENARIOS = f"""
import _socket, asyncio, concurrent.futures, ftplib, http.client, os, smtplib, socket, ssl, threading
import urllib.request, xmlrpc.client

import eth_account
import requests
import urllib3
import websocket
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info
from hyperliquid.utils import constants

M, T, IP = 'https://{MAINNET}', 'https://{TESTNET}', ('18.164.116.1', 443)
P = {{'http': 'http://192.0.2.1:3128', 'https': 'http://192.0.2.1:3128'}}
META = {{
    'meta': {{'universe': [{{'name': 'ETH', 'szDecimals': 4}}]}},
    'spot_meta': {{'universe': [], 'tokens': []}},
}}
CONNECT = socket.socket.connect
A = requests.adapters.HTTPAdapter


def wallet():
    return eth_account.Account.create()


def sock(kind=socket.SOCK_STREAM):
    made = socket.socket(socket.AF_INET, kind)
    made.settimeout(2)
    return made


def in_thread(act):
    raised = []

    def run():
        try:
            act()
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    raise raised[0]


def during(trader, act):
    raised = []

    def hold(*arguments, **options):
        try:
            in_thread(act)
        except Exception as error:
            raised.append(error)
        return real(*arguments, **options)

    real = requests.Session.request
    requests.Session.request = hold
    try:
        trader.info.all_mids()
    finally:
        requests.Session.request = real
    raise raised[0] if raised else AssertionError('nobody connected')


async def stream(host):
    await asyncio.open_connection(host, 443)


async def by_loop():
    made = sock()
    made.setblocking(False)
    await asyncio.get_running_loop().sock_connect(made, IP)


async def by_websockets(url):
    import websockets

    await websockets.connect(url)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(os, 'environ', os.environ)
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
    constants.TESTNET_API_URL = T
"""


class Watch:
    """Notes what passed the harness's guard; on for the time of a run."""

    noted: ClassVar[list[str]] = []
    is_on: ClassVar[bool] = False
    _is_installed: ClassVar[bool] = False

    @classmethod
    def install(cls) -> None:
        if not cls._is_installed:
            cls._is_installed = True
            sys.addaudithook(cls.heard)

    @classmethod
    def heard(cls, event: str, arguments: tuple[Any, ...]) -> None:
        if not cls.is_on or not event.startswith("socket."):
            return
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            own, address = arguments
            if own.family in (socket.AF_INET, socket.AF_INET6) and address is not None:
                if ipaddress.ip_address(address[0]).is_loopback:
                    return
                cls.noted.append(f"{event} {address}")
                raise OSError("the watch stopped it")
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            host = arguments[0]
            if host not in (None, "", "localhost") and not is_number(host):
                cls.noted.append(f"{event} {host}")
                raise OSError("the watch stopped it")


@pytest.fixture
def watch() -> Iterator[type[Watch]]:
    """The watch, which a run's own guard comes before."""
    from harness.safety.sockets import SocketGuard

    first = SocketGuard(lambda: False, lambda _: None)
    first.put_up()
    first.take_down()
    Watch.install()
    Watch.noted.clear()
    Watch.is_on = True
    yield Watch
    Watch.is_on = False


OBJECTIONS = ("harness.errors.GuardError", "harness.errors.UnsupportedError", "GuardError")


def written(names) -> str:
    text = SCENARIOS
    for name in names:
        text += f"\n\ndef test_{name}(trader):\n    {WAYS[name]}\n"
    return text


def test_there_are_a_hundred_ways():
    assert len(WAYS) >= 100


@WITHOUT_LIMITS
def test_no_way_sends_a_byte(project, stage, watch, monkeypatch):
    monkeypatch.setenv("COLUMNS", "240")
    (project.path / "scenarios").mkdir()
    (project.path / "scenarios" / "test_ways.py").write_text("import pytest\n" + written(WAYS))
    result = project.run(
        "--target=testnet", "-W", "ignore", "-p", "no:randomly", "-p", "no:threadexception", "--tb=line"
    )
    Watch.is_on = False
    outcomes = result.parseoutcomes()

    assert watch.noted == []
    passed = [name for name in WAYS if f"PASSED scenarios/test_ways.py::test_{name}" in text_of(result)]
    assert passed == []
    assert outcomes.get("failed", 0) == len(WAYS), text_of(result)[-3000:]
    lines = [line for line in text_of(result).splitlines() if line.startswith("FAILED")]
    assert [line for line in lines if not line.split(" - ")[1].startswith(OBJECTIONS)] == []
    assert MAINNET.encode() not in stage.front.heard


def test_the_watch_would_have_noticed(watch):
    for act in (
        lambda: socket.create_connection(("192.0.2.1", 443), timeout=1),
        lambda: socket.getaddrinfo("example.com", 443),
    ):
        with pytest.raises(OSError, match="the watch stopped it"):
            act()

    assert len(watch.noted) == 2


# What the testnet's own host may do.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_from_testnet_is_not_followed(project, stage, watch, status):
    stage.front.instead = (
        f"HTTP/1.1 {status} Moved\r\nLocation: https://{MAINNET}/exchange\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    project.write("""
        def test_asked(trader):
            trader.info.all_mids()

        def test_heard(trader):
            with trader.subscribed({"type": "allMids"}):
                pass
    """)
    result = project.run("--target=testnet")

    assert result.parseoutcomes().get("passed", 0) == 0
    assert watch.noted == []


def test_redirect_of_a_websocket_is_not_followed(project, stage, watch):
    stage.front.instead_of_socket = (
        f"HTTP/1.1 302 Moved\r\nLocation: wss://{MAINNET}/ws\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    project.write("""
        def test_heard(trader):
            with trader.subscribed({"type": "allMids"}):
                pass
    """)
    result = project.run("--target=testnet")

    result.assert_outcomes(failed=1)
    assert "could not be opened" in text_of(result)
    assert watch.noted == []


PROXY = "http://192.0.2.1:3128"


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize("exempt", ["", "localhost", "example.com"])
def test_proxy_of_the_environment_is_passed_by(project, stage, watch, monkeypatch, variable, exempt):
    monkeypatch.setenv(variable, PROXY)
    monkeypatch.setenv("NO_PROXY", exempt)
    project.write("""
        def test_asked(trader, venue):
            assert trader.info.all_mids()
            with trader.subscribed({"type": "allMids"}) as frames:
                venue.until(lambda: frames)
    """)
    project.run("--target=testnet").assert_outcomes(passed=1)

    assert watch.noted == []


def test_name_that_leads_to_another_server_gets_no_request(project, stage, tmp_path, monkeypatch):
    """Such as mainnet's, by a wrong entry of the name server: its certificate is for another name."""
    (tmp_path / "other").mkdir()
    other = Front(None, tmp_path / "other", (MAINNET, "hyperliquid.xyz"))
    redirect(monkeypatch, other.port, other.authority)
    project.write("def test_asked(trader): pass")
    result = project.run("--target=testnet")
    other.end()

    result.assert_outcomes(errors=1)
    assert other.connections >= 1
    assert other.heard == b""
