"""The Studio door and its package can be deleted; nothing else of score/ knows them."""

from __future__ import annotations

from tests.rooms.test_imports import ROOT, imports


def test_only_the_studio_door_needs_its_package() -> None:
    """Who imports `studio_runtime` is the door, or the package itself."""
    files = sorted((ROOT / "score").rglob("*.py"))
    users = {path for path in files if "studio_runtime" in imports(path)}
    package = ROOT / "score" / "studio_runtime"
    assert {path for path in users if package not in path.parents} == {ROOT / "score" / "studio.py"}
