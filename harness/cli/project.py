"""The project that a command is about: the folder that pytest calls its rootdir, from any folder below it."""

import configparser
import tomllib
from pathlib import Path

JOURNALS = ".hl-harness"
_INI_FILES = {
    "pytest.toml": "",
    ".pytest.toml": "",
    "pytest.ini": "",
    ".pytest.ini": "",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}
# What makes a root where no folder above has an ini-file of pytest's, each looked for all the way up.
_LESSER = ("pyproject.toml", "setup.py", JOURNALS)


def root() -> Path:
    """Return the nearest folder, from the current one upwards, that has an ini-file of pytest's.

    Without any it is the nearest with a pyproject.toml, a setup.py or journals, and at last the current one.
    Source: pytest docs, "Initialization: determining rootdir and configfile".
    """
    here = Path.cwd()
    folders = [here, *here.parents]
    lesser = (folder for name in _LESSER for folder in folders if (folder / name).exists())
    return next(filter(_is_configured, folders), None) or next(lesser, here)


def below_root(name: str) -> Path:
    """Return a folder of the project; its path is short where the current folder is the root."""
    folder = root()
    return Path(name) if folder == Path.cwd() else folder / name


def _is_configured(folder: Path) -> bool:
    for name, section in _INI_FILES.items():
        if (folder / name).is_file() and (not section or _has_section(folder / name, section)):
            return True
    try:
        tools = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {})
    # A file that pytest cannot read either; it will say so.
    except (OSError, ValueError):
        return False
    return "pytest" in tools


def _has_section(path: Path, section: str) -> bool:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, ValueError):
        return False
    return parser.has_section(section)
