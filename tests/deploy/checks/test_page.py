"""`docs/checks.md` says what the checks say."""

from __future__ import annotations

from pathlib import Path

from deploy.checks.page import page
from deploy.checks.run import CHECKS, all_rules


def test_the_page_is_made_from_the_checks(root: Path) -> None:
    """Mended by `python -m deploy.checks.page > docs/checks.md`."""
    assert (root / "docs" / "checks.md").read_text() == page()


def test_every_id_belongs_to_one_rule() -> None:
    """Two kinds of findings under one id could not be waived apart."""
    rules = [rule for check in CHECKS for rule in check.rules]
    assert all(all_rules()[rule.id] == rule for rule in rules)
