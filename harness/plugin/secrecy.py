"""On testnet no report and no log record shows a key or a signature; locals are those of the user's files.

What a scenario prints past pytest, with `-s`, is its own.
"""

import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

import harness
from harness.plugin.fixtures import VENUE
from harness.safety.secrets import Secrets

_PACKAGE = str(Path(harness.__file__).parent)
_FACTORY = pytest.StashKey[Any]()


def _secrets(config: pytest.Config) -> Secrets | None:
    return config.stash[VENUE].wire.secrets if VENUE in config.stash else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Clean what pytest tells of a test, before anybody prints, writes or sends it."""
    report = yield
    secrets = _secrets(item.config)
    if secrets is not None:
        report.longrepr = _clean(report.longrepr, secrets, item.config.rootpath)
        report.sections = [(title, secrets.scrub(text)) for title, text in report.sections]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_internalerror(excrepr: Any) -> None:
    """Show no locals: where pytest itself fails, they may be anything."""
    for entry in getattr(getattr(excrepr, "reprtraceback", None), "reprentries", ()):
        entry.reprlocals = entry.reprfuncargs = None


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Clean log records where they are made, so that every handler and file gets them clean."""
    secrets = _secrets(session.config)
    if secrets is None:
        return
    make = logging.getLogRecordFactory()
    session.config.stash[_FACTORY] = make

    def made(*arguments: Any, **options: Any) -> logging.LogRecord:
        record = make(*arguments, **options)
        text = record.getMessage()
        clean = secrets.scrub(text)
        if clean != text:
            record.msg, record.args = clean, ()
        if record.exc_info:
            record.exc_text = secrets.scrub(logging.Formatter().formatException(record.exc_info))
        return record

    logging.setLogRecordFactory(made)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _FACTORY in config.stash:
        logging.setLogRecordFactory(config.stash[_FACTORY])


def _clean(value: Any, secrets: Secrets, root: Path) -> Any:
    """Return a representation of pytest's without secrets, changed in place where it is an object."""
    if isinstance(value, str):
        return secrets.scrub(value)
    if isinstance(value, list | tuple):
        return type(value)(_clean(one, secrets, root) for one in value)
    if not type(value).__module__.startswith("_pytest._code"):
        return value
    place = getattr(value, "reprfileloc", None)
    if place is not None and _is_foreign(root / place.path):
        value.reprlocals = value.reprfuncargs = None
    for name, part in vars(value).items():
        object.__setattr__(value, name, _clean(part, secrets, root))
    return value


def _is_foreign(path: Path) -> bool:
    return "site-packages" in path.parts or str(path.resolve()).startswith(_PACKAGE)
