"""The doors that the project ships; a script of yours beside them has columns of its own."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

#: Each has a contract, made from the running service by `make contract`.
DOORS = sorted(folder.name for folder in (ROOT / "clients" / "contract").iterdir())
