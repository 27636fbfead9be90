"""What the tests of the command have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from scoring_client import transport


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make the current folder an empty one, and pauses between attempts short."""
    monkeypatch.setattr(transport, "BACKOFF_SECONDS", 0.001)
    monkeypatch.chdir(tmp_path)
