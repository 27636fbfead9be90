"""env.yml as people write it: what is sound passes, what cannot be built is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.config.conda_file import Packages, read_packages
from deploy.findings import Finding, Level

HEAD = "name: mine\ndependencies:\n"


def read(folder: Path, lines: str) -> tuple[Packages, list[Finding]]:
    (folder / "requirements.txt").write_text("joblib==1.5.3 --hash=sha256:00\n# a remark\n")
    (folder / "env.yml").write_text(HEAD + lines)
    packages, found = read_packages(folder / "env.yml")
    return packages, [finding for finding in found if finding.level is Level.FAULT]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("  - conda-forge::scikit-learn>=1.5\n", "scikit-learn"),
        ("  - numpy 1.26.*\n", "numpy"),
        ("  - pandas=2.1=py311_0\n", "pandas"),
        ("  - pip:\n    - -r requirements.txt\n", "joblib"),
        ("  - pip:\n    - git+https://example.org/a.git@main#egg=thing\n", "thing"),
        ("  - pip:\n    - https://example.org/foo-1.0-py3-none-any.whl\n", "foo"),
        ("  - pip:\n    - inference-schema\n    - inference-schema[numpy-support]==1.8\n",
         "inference-schema"),
        ("  - pip:\n    - --extra-index-url https://example.org/simple\n    - torch\n", "torch"),
    ],
)  # fmt: skip
def test_what_conda_and_pip_take_passes(tmp_path: Path, line: str, name: str) -> None:
    """Ranges, channels, addresses and other files bring what they name, without a fault."""
    packages, faults = read(tmp_path, line)
    assert faults == []
    assert name in packages.every


@pytest.mark.parametrize("python", ["python>=3.10,<3.12", "python 3.11", "python=3.11", "python"])
def test_supported_pythons_pass(tmp_path: Path, python: str) -> None:
    """A range passes when a supported version is in it."""
    packages, faults = read(tmp_path, f"  - {python}\n")
    assert faults == []
    assert "3.11" in packages.python


@pytest.mark.parametrize(
    ("line", "id"),
    [
        ("  - python=3.7\n", "env.python"),
        ("  - pip:\n    - joblib=1.5.3\n", "env.unreadable-line"),
        ("  - pip:\n    - joblib==1.5.3\n    - joblib==1.4.2\n", "env.twice"),
        ("  - pip:\n    - -r gone.txt\n", "env.no-requirements-file"),
    ],
)
def test_what_cannot_be_built_is_named_by_its_line(tmp_path: Path, line: str, id: str) -> None:
    """The fault stands at the last line of the file."""
    _, faults = read(tmp_path, line)
    last = (tmp_path / "env.yml").read_text().count("\n")
    assert [(f.id, f.where) for f in faults] == [(id, f"{tmp_path / 'env.yml'}:{last}")]
