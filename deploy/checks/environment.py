"""The Python that the live part runs the script with: exactly the packages of env.yml.

Where all that env.yml lists is installed here in versions that it takes, the others are hidden
from import. Else an environment is made from its list, with uv, and kept for the next time under
a hash of the list in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.checks.packages import closure, satisfied_here
from deploy.config.conda_file import Packages
from deploy.servers import only

#: What every environment has, whatever its list says.
ALWAYS = frozenset({"pip", "setuptools", "wheel"})

#: uv's words for a list that no choice of versions satisfies.
UNSATISFIABLE = "unsatisfiable"

#: uv's words for a package that the index does not have: another index may.
ELSEWHERE = "not found in the package registry"

#: How long an installation may take: a list with a deep-learning framework is gigabytes.
INSTALL_SECONDS = 1800


class CannotInstall(Exception):
    """The environment was not made; the message says why.

    Attributes:
        certain: no choice of versions satisfies the list, here or elsewhere.
    """

    def __init__(self, message: str, *, certain: bool) -> None:
        super().__init__(message)
        self.certain = certain


@dataclass(frozen=True)
class Interpreter:
    """How Python is started.

    Attributes:
        command: its first words, before `-m`.
        exact: nothing but the packages of the list can be imported.
    """

    command: tuple[str, ...]
    exact: bool


def hidden(packages: Packages, folder: Path) -> Interpreter:
    """Return this Python with the packages hidden that the list does not bring.

    Args:
        packages: the list.
        folder: where a file may be written that lives as long as the service.
    """
    allowed = folder / "allowed.json"
    allowed.write_text(json.dumps(sorted(closure(packages) | ALWAYS)), encoding="utf-8")
    return Interpreter((sys.executable, only.__file__, str(allowed)), exact=True)


def interpreter(
    packages: Packages | None, folder: Path, say: Callable[[str], None], *, install: bool
) -> Interpreter:
    """Return the Python to run a script with.

    Args:
        packages: what env.yml lists; None where only Azure knows it.
        folder: where a file may be written that lives as long as the service.
        say: tells the operator what takes time.
        install: make an environment where one is needed.

    Raises:
        CannotInstall: it could not be made.
    """
    if packages is None:
        return Interpreter((sys.executable,), exact=False)
    if not install or satisfied_here(packages):
        return hidden(packages, folder)
    return Interpreter((str(made(packages, say)),), exact=True)


def cache_folder() -> Path:
    """Return the user's cache folder for environments, as the XDG specification places it."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "scoring-deploy" / "environments"


def made(packages: Packages, say: Callable[[str], None]) -> Path:
    """Return the Python of an environment made from the list, made now or earlier.

    Raises:
        CannotInstall: uv is not there, or could not make it.
    """
    uv = shutil.which("uv", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        raise CannotInstall("uv is not installed here.", certain=False)
    conda = [str(requirement) for requirement in packages.conda.values()]
    lines = [*packages.lines, *conda]
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    version = here if here in packages.python else packages.python[-1]
    key = hashlib.sha256(json.dumps([version, lines]).encode()).hexdigest()[:16]
    folder = cache_folder() / key
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / "complete").is_file():
        return python
    say(f"Installing {len(lines)} packages of env.yml for Python {version}, once")
    folder.parent.mkdir(parents=True, exist_ok=True)
    listed = folder.parent / f"{key}.txt"
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _run([uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", version,
          str(folder)])  # fmt: skip
    try:
        _run([uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(listed)])
    except CannotInstall as error:
        # What conda calls otherwise than pip is not in pip's index, and conda has it all the same.
        raise CannotInstall(str(error), certain=error.certain and not conda) from None
    (folder / "complete").touch()
    return python


def _run(command: list[str]) -> None:
    """Run uv.

    Raises:
        CannotInstall: it failed; uv's own account is in the message.
    """
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise CannotInstall(f"not done after {INSTALL_SECONDS} s", certain=False) from None
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise CannotInstall(said[:600], certain=UNSATISFIABLE in said and ELSEWHERE not in said)
