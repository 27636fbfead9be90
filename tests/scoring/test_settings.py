"""Settings: read from the environment, or refused with key, value and expectation."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from scoring.settings import InvalidSetting, Settings


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("MAX_ROWS", "7", 7),
        ("MODEL", "ridge", "ridge"),
        ("MMAP", "off", False),
        ("TRUSTED_TYPES", "a.B, c.D,", ("a.B", "c.D")),
        ("LOADED_MODELS", "3", 3),
        ("TRAFFIC", "a:1=33.3, a:2=66.7", (("a", "1", 33.3), ("a", "2", 66.7))),
        ("SHADOW", "with:colon:2", ("with:colon", "2")),
    ],
)
def test_values_are_read(key: str, value: str, read: Any) -> None:
    """Each setting has its own form."""
    assert getattr(Settings.from_environ({f"SCORING_{key}": value}), key.lower()) == read


@pytest.mark.parametrize(
    ("key", "value", "expectation"),
    [
        ("MAX_ROWS", "0", "a whole number above 0"),
        ("MODEL", "", "a name"),
        ("MMAP", "yes", "on or off"),
        ("LOADED_MODELS", "many", "a whole number above 0"),
        ("TRAFFIC", "a:1=50,a:2=49", "100 percent in all"),
        ("TRAFFIC", "a:1=150,a:2=-50", "100 percent in all"),
        ("TRAFFIC", "a:1=nan", "100 percent in all"),
        ("TRAFFIC", "a=100", "NAME:VERSION=PERCENT"),
        ("TRAFFIC", "a:1", "NAME:VERSION=PERCENT"),
        ("SHADOW", "a", "NAME:VERSION"),
    ],
)
def test_bad_values_are_refused(key: str, value: str, expectation: str) -> None:
    """The message has the variable, the value and what was expected."""
    with pytest.raises(InvalidSetting, match=f"SCORING_{key}='.*expected .*{expectation}"):
        Settings.from_environ({f"SCORING_{key}": value})


def test_the_page_is_made_of_the_fields(root: Path) -> None:
    """docs/settings.md is what `python scripts/settings.py` writes, and tells of every field."""
    made = subprocess.run(
        [sys.executable, "-c", "import scripts.settings as made; print(made.page(), end='')"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert (root / "docs" / "settings.md").read_text() == made, "run: python scripts/settings.py"
    assert made.count("| `SCORING_") == len(fields(Settings))
