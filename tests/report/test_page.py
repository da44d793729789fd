"""The page of a run: whole, escaped, and free of signatures."""

import json
import re
from html.parser import HTMLParser

import pytest

from harness.errors import SettingsError
from harness.report.drift.findings import Difference, Drift, NotCompared, Place
from harness.report.page import render, write
from harness.report.run import Exchanged, Framed, ScenarioRun
from tests.report.test_run import a_run

EVIL = "<script>alert('x')</script>\"'&amp;</pre><img src=x onerror=alert(1)>"
ID = "scenarios/test_s.py::test_one"


class Reader(HTMLParser):
    """Collects what a browser would see: tags with their attributes, and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def a_step(**changes) -> Exchanged:
    fields = {
        "by": "scenario",
        "path": "/info",
        "request": '{"type":"meta"}',
        "status": 200,
        "answer": "{}",
    }
    return Exchanged(**(fields | changes))


def a_page(*steps: Exchanged, drift: Drift | None = None, **changes) -> str:
    fields = {"id": ID, "outcome": "passed", "seconds": 0.5, "steps": list(steps)}
    return render(a_run(scenarios=[ScenarioRun(**(fields | changes))], drift=drift))


def test_frames_stand_in_their_place_among_the_steps() -> None:
    subscribe = {"method": "subscribe", "subscription": {"type": "trades", "coin": "ETH"}}
    frames = [
        Framed(1, "opened", "wss://x/ws", 0, clock_ms=500),
        Framed(1, "sent", json.dumps(subscribe), 1, clock_ms=1_000),
        Framed(1, "received", '{"channel":"trades","data":[]}', 2, True, ["odd field"], 2_500),
        Framed(1, "received", "no message", 2, clock_ms=2_500),
    ]
    text = Reader(a_page(a_step(clock_ms=1_000), a_step(clock_ms=2_000), frames=frames)).text

    order = ["opened, websocket 1", "info meta", "ws subscribe trades", "info meta", "ws trades"]
    places = [text.index(order[0])]
    for words in order[1:]:
        places.append(text.index(words, places[-1] + 1))
    assert "2 steps · 4 frames" in text
    assert "odd field" in text
    assert "1 unproven" in text
    assert "+2.0 s" in text[places[-1] :]
    assert "no message" in text


def test_scenario_with_a_websocket_alone_shows_it() -> None:
    page = a_page(frames=[Framed(1, "opened", "wss://x/ws", 0)])
    assert "wss://x/ws" in page
    assert "It asked nothing." not in page


def test_long_frame_is_cut() -> None:
    page = a_page(frames=[Framed(1, "received", "x" * 30_000, 0)])
    assert "… and 10000 characters more, in the run file" in page


def test_everything_foreign_is_text() -> None:
    place = Place(EVIL, 1, 1, EVIL)
    drift = Drift(
        EVIL, EVIL, 1, [Difference(place, "new field", EVIL, EVIL, EVIL)], [NotCompared(place, EVIL)]
    )
    step = a_step(
        by=EVIL, path=EVIL, request=json.dumps({"type": EVIL, EVIL: EVIL}), answer=EVIL, findings=[EVIL]
    )
    evil = ScenarioRun(EVIL, "failed", 1.0, EVIL, [step])
    plain = ScenarioRun("x", "failed", 1.0, "x", [a_step(findings=["x"])])
    kept = Drift(
        "x",
        "x",
        1,
        [Difference(Place("x", 1, 1, "x"), "new field", "x", "x", "x")],
        [NotCompared(place, "x")],
    )
    texts = dict.fromkeys(("sdk", "harness", "python", "started", "target"), EVIL)
    page = Reader(render(a_run(scenarios=[evil], drift=drift, **texts)))
    harmless = Reader(render(a_run(scenarios=[plain], drift=kept)))

    assert EVIL in page.text
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert [tag for tag, _ in page.tags].count("script") == 1
    names = {
        tag: {name for one, found in harmless.tags if one == tag for name in found}
        for tag, _ in harmless.tags
    }
    for tag, attributes in page.tags:
        assert tag in {*names, "span", "wbr", "a"}
        assert attributes.keys() <= names.get(tag, set()) | {"class", "href"}


def test_it_needs_nothing_else() -> None:
    page = a_page(a_step())
    for tag, attributes in Reader(page).tags:
        assert tag not in ("link", "img", "iframe", "object")
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(" not in page


def test_neither_signature_nor_key_stands_in_it() -> None:
    signature = {"r": "0x" + "ab" * 32, "s": "0x" + "cd" * 32, "v": 27}
    inner = {"type": "multiSig", "signatures": [signature], "payload": {"action": {"type": "noop"}}}
    request = json.dumps({"action": inner, "nonce": 1, "signature": signature})
    key = "0x" + "77" * 32
    page = a_page(
        a_step(path="/exchange", request=request),
        outcome="failed",
        reason=f"signature.r recorded {key} {'77' * 32}",
    )
    assert "abab" not in page
    assert "cdcd" not in page
    assert "7777" not in page
    assert "exchange noop" in page


def test_what_went_wrong_comes_first() -> None:
    ends = ["skipped", "passed", "xfailed", "xpassed", "error", "failed"]
    runs = [ScenarioRun(f"scenarios/test_s.py::test_{end}", end, 0.1) for end in ends]
    page = render(a_run(scenarios=runs))
    shown = re.findall(r'class="outcome \w+">(\w+)<', page)
    assert shown == ["error", "failed", "xpassed", "passed", "skipped", "xfailed"]
    assert "1&nbsp;failed" in page
    assert 'data-outcome="xpassed"' in page


def test_steps_show_what_was_asked_and_answered() -> None:
    text = Reader(
        a_page(
            a_step(by="harness", clock_ms=1_000),
            a_step(status=None, answer="", clock_ms=2_500, unproven=True, findings=["Meta $.x: found 1"]),
        )
    ).text
    for words in (
        "info meta",
        "by the harness",
        "+0.0 s",
        "+1.5 s",
        "no answer",
        "unproven",
        "Meta $.x: found 1",
    ):
        assert words in text


def test_long_answer_is_cut_and_says_so() -> None:
    page = a_page(a_step(answer="x" * 30_000))
    assert "and 10000 characters more, in the run file" in page
    assert "x" * 20_001 not in page


@pytest.mark.parametrize("answer", ['{"a": "é→"}', "[[[1]]]", "Failed to parse", "{broken", '{"a":' * 5000])
def test_answer_of_any_form_is_shown(answer) -> None:
    text = Reader(a_page(a_step(answer=answer))).text
    assert answer[:8] in text


def test_drift_is_told_by_class_and_leads_to_its_scenario() -> None:
    found = [
        Difference(Place(ID, 2, 3, "info meta"), "new field", "$.mood", "nothing", "1"),
        Difference(
            Place("", None, None, "info userFills"), "lost field", "$[].fee", "in 2 of 2", "in 1 of 2"
        ),
    ]
    drift = Drift(
        "the cassettes", "this run", 4, found, [NotCompared(Place(ID, 1, 1, "info meta"), "unproven in A")], 7
    )
    page = a_page(a_step(), drift=drift)
    text = Reader(page).text
    assert text.index("Lost field") < text.index("New field")
    assert "2 differences in 1 scenario; 4 scenarios compared" in text
    assert "7 values differ harmlessly" in text
    assert f"{ID} step 2 (in B 3)" in text
    assert "1 × unproven in A" in text
    assert 'href="#s1"' in page


def test_what_of_the_shapes_was_never_seen_is_named() -> None:
    text = Reader(render(a_run())).text
    assert "info meta" in text
    assert "$.universe[].name" in text
    assert "never" in text


def test_run_without_scenarios_or_shapes_is_a_page_too() -> None:
    text = Reader(render(a_run(scenarios=[], coverage={}))).text
    assert "No scenario ran" in text
    assert "Shapes" not in text


def test_page_is_written_whole(tmp_path) -> None:
    write(tmp_path / "deep" / "run.html", a_run())
    assert (tmp_path / "deep" / "run.html").read_text().endswith("</html>\n")
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        write(tmp_path / "file" / "run.html", a_run())
