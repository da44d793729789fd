"""A plugin for tests: stock vcrpy plays the cassettes, in the place of the harness's own tape."""

from typing import Any

import requests

import harness.venue
from harness.recording.tape import Reply, Request
from harness.targets.replay import ReplayTarget
from tests.bodies import as_sent

PLAYED: list[str] = []


class VcrTarget(ReplayTarget):
    """Asks vcrpy; from the tape it has only clock and chance."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        import vcr  # delayed: pytest-recording wants to be the first

        player = vcr.VCR(record_mode="none", match_on=["method", "uri", "body"])
        self._player = player.use_cassette(str(self._path), allow_playback_repeats=False)

    def answer(self, request: Request) -> Reply:
        """Send the request with plain requests, into vcrpy's hands."""
        if self._cursor == 0:
            self._cassette = self._player.__enter__()
        response = requests.request(
            request.method, request.uri, data=as_sent(request.body), headers=dict(request.headers), timeout=5
        )
        self._cursor += 1
        PLAYED.append(request.uri)
        return Reply(response.status_code, response.headers["Content-Type"], response.text)

    def finish(self, *, torn_down: bool) -> None:
        """Let vcrpy say whether everything was played."""
        super().finish(torn_down=torn_down)
        if torn_down and self._cursor:
            assert self._cassette.all_played
            self._player.__exit__(None, None, None)


harness.venue.ReplayTarget = VcrTarget  # type: ignore[misc]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how much vcrpy played."""
    terminalreporter.write_line(f"vcrpy played {len(PLAYED)} requests")
