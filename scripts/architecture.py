"""Draw the rooms of score/scoring and deploy into docs/architecture.md, from the real imports.

An arrow is left out where a longer way says the same.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
HOUSES = {"scoring": ROOT / "score" / "scoring", "deploy": ROOT / "deploy"}

#: The top of each house, which imports all of it: no picture is clearer for that. Beside
#: deploy's command line stand its verbs' old names, which go with the next release.
TOP = {
    "scoring": {"__init__"},
    "deploy": {"cli", "__init__", "__main__", "serve", "page", "swagger"},
}


def room_of(path: Path, house: Path) -> str:
    """Return the folder, or the module beside the folders, that a file belongs to."""
    return path.relative_to(house).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> set[str]:
    """Return the dotted names that a file imports, wherever in the file."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return modules


def arrows(name: str) -> dict[str, set[str]]:
    """Return which rooms of a house each of its rooms really imports."""
    house, found = HOUSES[name], dict[str, set[str]]()
    rooms = {room_of(path, house) for path in house.rglob("*.py")}
    for path in sorted(house.rglob("*.py")):
        room = room_of(path, house)
        parts = {m.split(".")[1] for m in imported_modules(path) if m.startswith(f"{name}.")}
        found.setdefault(room, set()).update((parts & rooms) - {room})
    return found


def shortest(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the arrows that no longer way says as well."""

    def reached(room: str) -> set[str]:
        below = graph.get(room, set())
        return below.union(*(reached(one) for one in below))

    return {
        room: {one for one in below if not any(one in reached(other) for other in below - {one})}
        for room, below in graph.items()
    }


def drawing(name: str) -> str:
    """Return the picture of a house, as Mermaid's text."""
    graph = {room: below for room, below in arrows(name).items() if room not in TOP[name]}
    lines = ["```mermaid", "flowchart TD"]
    for room, below in sorted(shortest(graph).items()):
        folder = (HOUSES[name] / room).is_dir()
        shown = f'["{room}/"]' if folder else f'("{room}")'
        lines.append(f"    {room}{shown}")
        lines += [f"    {room} --> {one}" for one in sorted(below)]
    return "\n".join([*lines, "```"])


def page() -> str:
    """Return the page with its pictures as the code is now."""
    text = PAGE.read_text()
    for name in HOUSES:
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}{drawing(name)}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page())
