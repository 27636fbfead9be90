"""`scripts/other_processors.py`: tests run as other processors compute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TEST = """
import os

def test_kernel():
    assert os.environ["OPENBLAS_CORETYPE"] != "Nehalem"
"""


def run(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "other_processors.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_test_that_fails_on_one_processor_is_found(root: Path, tmp_path: Path) -> None:
    """Every variant runs the tests with its own settings; the one that fails is named."""
    (tmp_path / "test_one.py").write_text(TEST)
    done = run(root, tmp_path / "test_one.py", "--", "-p", "no:cacheprovider")
    assert done.returncode == 1
    assert "failed: Nehalem, two threads\n" in done.stdout


def test_an_unknown_variant_is_answered_with_the_known(root: Path) -> None:
    """Nothing is run."""
    done = run(root, "--variant", "Z80")
    assert done.returncode == 2
    assert "Haswell" in done.stderr
