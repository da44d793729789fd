"""Other people's clients, installed once a session into folders of their own."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NPM = [
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=0",
    "--fetch-timeout=20000",
    "--loglevel=error",
]
PIP = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries=0", "--timeout=20"]


@pytest.fixture(scope="session")
def with_npm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Copies a folder from here, with a `package.json`, installs what it names, and returns the copy."""

    def install(name: str) -> Path:
        for tool in ("node", "npm"):
            if shutil.which(tool) is None:
                pytest.skip(f"needs {tool} on the PATH")
        folder = tmp_path_factory.mktemp("npm") / name
        shutil.copytree(HERE / name, folder)
        done = subprocess.run(NPM, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode != 0:
            pytest.skip(f"needs the npm registry: {done.stderr.strip()[:200]}")
        return folder

    return install


@pytest.fixture(scope="session")
def with_pip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Installs a distribution into a virtual environment of its own, and returns its Python."""

    def install(requirement: str) -> str:
        folder = tmp_path_factory.mktemp("venv")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
        python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        command = [python, *PIP, requirement]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode != 0:
            pytest.skip(f"needs PyPI: {done.stderr.strip()[-200:]}")
        return python

    return install
