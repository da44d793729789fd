"""Tapes to test with: one that has everything on it, and parts to build others from."""

from harness.recording.tape import (
    TESTNET_URL,
    Command,
    Example,
    Frame,
    Place,
    Provenance,
    Reply,
    Request,
    Step,
    Tape,
)

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
COMMAND = "pytest scenarios/test_x.py::test_y --target=localnet --record"
ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


def request(body: str, path: str = "/info", timeout_s: float | None = None, method: str = "POST") -> Request:
    """A request as the door hands it on."""
    return Request(method, TESTNET_URL + path, (("content-type", JSON),), body, timeout_s).as_taped()


def read(kind: str, **more: object) -> Request:
    """A read of one type."""
    fields = "".join(f',"{name}":"{value}"' for name, value in more.items())
    return request(f'{{"type":"{kind}"{fields}}}')


def order(
    px: str = "2792.4", *, nonce: int = 1_767_225_600_300, r: str = "0x8f", vault: str = "null"
) -> Request:
    """A signed order; the signature is made up."""
    return request(
        f'{{"action":{{"type":"order","orders":[{{"a":4,"b":true,"p":"{px}","s":"0.0043"}}],"grouping":"na"}},'
        f'"nonce":{nonce},"signature":{{"r":"{r}","s":"0x68","v":27}},"vaultAddress":{vault}}}',
        "/exchange",
    )


def reply(body: str = "[]", status: int = 200, content_type: str = JSON) -> Reply:
    """An answer."""
    return Reply(status, content_type, body)


def steps(*requests: Request) -> list[Step]:
    """These requests, answered one after the other in steps of 100 ms."""
    return [
        Step(one, reply(f"[{number}]"), "scenario", 1_767_225_600_000 + 100 * number)
        for number, one in enumerate(requests)
    ]


def provenance(**changes: object) -> Provenance:
    """Where a tape comes from."""
    facts = {
        "scenario": "scenarios/test_x.py::test_y",
        "target": "localnet",
        "sdk": "0.24.0",
        "harness": "0.1.0",
        "clock": "virtual",
        "started_ms": 1_767_225_600_000,
        "universe": {"meta": "meta-d55ad78aecb3", "spotMeta": "spotMeta-1edfd6442845"},
    }
    return Provenance(**{**facts, **changes})  # type: ignore[arg-type]


def tape(*requests: Request) -> Tape:
    """A tape of these requests and nothing else."""
    return Tape(provenance(), steps(*requests))


def full_tape() -> Tape:
    """A tape that has everything on it that a tape can have."""
    book = '{"coin":"ETH","levels":[[{"px":"3102.4","sz":"0.4834"},{"px":"3102.1","sz":"0.6769"}],[]]}'
    return Tape(
        provenance(),
        [
            Step(read("l2Book", coin="ETH"), reply(book), "harness", 1_767_225_600_200),
            Step(order(), reply('{"status":"ok"}'), "scenario", 1_767_225_600_300),
            Step(
                request('{"type":"allMids"}', timeout_s=5.0),
                Reply(200, JSON, '{"ETH":"3102.75"}', 2.0),
                "scenario",
                1_767_225_600_400,
            ),
            Step(
                read("noSuchType"),
                reply("Failed to deserialize the JSON body into the target type", 422, TEXT),
                "scenario",
                1_767_225_600_500,
            ),
            Step(request("not JSON"), reply("Failed to parse", 400, TEXT), "scenario", 1_767_225_600_600),
            Step(
                read("meta", dex="nope"), Reply(500, JSON, "null", 0.0, True), "scenario", 1_767_225_600_700
            ),
        ],
        ["ab" * 32],
        ["cd" * 16, "ef" * 20],
        [Command(1, "set_mid", ["ETH", "3000"])],
        [
            Example({"px": {"Decimal": "12.50"}, "n": 3}, "rejected", 0, 0),
            Example({"px": None}, "passed", 0, 6),
        ],
        frames=[
            Frame(1, "opened", f"wss{TESTNET_URL.removeprefix('https')}/ws", Place(1)),
            Frame(1, "sent", '{"method":"subscribe","subscription":{"type":"allMids"}}', Place(1)),
            Frame(1, "received", "Websocket connection established.", Place(1)),
            Frame(1, "received", '{"channel":"allMids","data":{"mids":{}}}', Place(2, 1, 3), True),
            Frame(2, "opened", "ws://127.0.0.1/ws", Place(2, 1, 4)),
            Frame(2, "dropped", "", Place(3, 1, 4)),
            Frame(1, "closed", "", Place(6, 1, 4)),
        ],
        body_frames=6,
    )
