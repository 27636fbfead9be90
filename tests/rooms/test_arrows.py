"""Who may import whom inside score/scoring and deploy: the arrows between their rooms."""

from __future__ import annotations

import ast

import pytest

from scripts.architecture import HOUSES, PAGE, ROOT, TOP, arrows, page

#: The ground floor of each house; everybody there may be imported from above.
SCORING_GROUND = {"errors", "settings", "schemas", "signals", "rfc3339", "telemetry"}

#: What each room, or module beside the rooms, may import of its own house.
ARROWS: dict[str, dict[str, set[str]]] = {
    "scoring": {
        **{name: set() for name in SCORING_GROUND},
        "renamed": set(),
        "problems": {"errors"},
        "extras": {"errors"},
        "spark_session": {"errors", "extras"},
        "outputs": {"errors", "schemas", "rfc3339"},
        "columns": {"problems", "schemas", "rfc3339"},
        "http": {"errors", "signals", "problems", "settings", "schemas", "outputs", "telemetry"},
        "models": {"errors", "signals", "settings", "extras", "spark_session", "telemetry"},
        "parameters": {
            "errors", "problems", "schemas", "settings", "extras", "spark_session", "columns",
            "outputs",
        },
        "images": {"errors", "problems", "settings", "http", "parameters", "models"},
        "estimators": {"errors", "signals", "settings", "telemetry", "extras", "models", "columns",
                       "outputs", "parameters"},
        "multi_model": {
            "errors", "signals", "problems", "settings", "schemas", "telemetry", "columns",
            "outputs", "models", "parameters", "estimators",
        },
    },
    "deploy": {
        **{name: set() for name in ("findings", "service", "servers", "openapi")},
        **{name: set() for name in ("marks", "masking")},
        "errors": {"findings"},
        "identity": {"errors"},
        "studio": {"errors"},
        "config": {"findings"},
        "staging": {"errors", "config", "servers"},
        "plan": {"config", "staging"},
        "smoke": {"errors", "findings", "service", "staging"},
        "sdk_v1": {"errors", "identity", "plan", "service", "config", "staging"},
        "contract": {"findings", "openapi", "servers", "smoke", "staging"},
        "checks": {
            "findings", "plan", "config", "contract", "openapi", "servers", "smoke", "staging",
            "studio", "errors",
        },
        "targets": {
            "errors", "findings", "marks", "masking", "plan", "service", "config", "staging",
            "servers", "sdk_v1",
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOUSES))
def test_rooms_import_only_below_them(name: str) -> None:
    """Every arrow is in the table above; a new room has its line there."""
    wrong = {
        room: sorted(targets - ARROWS[name].get(room, set()))
        for room, targets in arrows(name).items()
        if room not in TOP[name] and targets - ARROWS[name].get(room, set())
    }
    assert wrong == {}, "see docs/architecture.md; a new room gets a line in ARROWS"
    there = {room for room in arrows(name) if room not in TOP[name]}
    assert there == set(ARROWS[name]), "a room without a line in ARROWS, or a line without a room"


@pytest.mark.parametrize("name", sorted(HOUSES))
def test_no_arrow_runs_in_a_circle(name: str) -> None:
    """Rooms stand on floors: each imports lower ones only."""
    left = {room: set(below) for room, below in ARROWS[name].items()}
    while ready := {room for room, below in left.items() if not below & left.keys()}:
        for room in ready:
            del left[room]
    assert left == {}


@pytest.mark.parametrize(
    "face",
    sorted(str(p.relative_to(ROOT)) for h in HOUSES.values() for p in h.rglob("__init__.py")),
)
def test_faces_hold_names_and_no_logic(face: str) -> None:
    """A room's `__init__.py` names what may be used; what it does stands in files of its own."""
    tree = ast.parse((ROOT / face).read_text())
    logic = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert logic == []
    assert ast.get_docstring(tree)


def test_the_pictures_are_of_today() -> None:
    """docs/architecture.md is what `python scripts/architecture.py` makes of it."""
    assert PAGE.read_text() == page(), "run: python scripts/architecture.py"
