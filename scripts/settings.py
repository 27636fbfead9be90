"""Write docs/settings.md from the fields of `scoring.settings.Settings`."""

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "score"))

from scoring.settings import Settings, variable  # noqa: E402 - found through the path above

HEAD = """# Settings

What an operator can change without touching code: environment variables of the service. A value
that cannot be used stops it at the start, with the variable, the value and what was expected.
Made by `python scripts/settings.py`.

| variable | default | written as | what it decides |
|---|---|---|---|
"""


def written(default: Any) -> str:
    """Return a default as an operator would write it."""
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:,}".replace(",", " ")


def page() -> str:
    """Return the page."""
    rows = []
    for known in fields(Settings):
        unit, meaning = known.metadata["unit"], known.metadata["meaning"]
        shown = written(known.default)
        rows.append(f"| `{variable(known.name)}` | {shown} | {unit} | {meaning} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    (ROOT / "docs" / "settings.md").write_text(page())
