"""A finding is waived by its id, with a reason, and is still shown."""

from __future__ import annotations

import pytest

from tests.deploy.conftest import Project, run


def planted(project: Project) -> None:
    """Plant a fault that needs no running service to be found."""
    project.write("score/.env", "KEY=1")


@pytest.mark.parametrize("way", ["option", "file"])
def test_a_waived_fault_is_a_notice_with_its_reason(project: Project, way: str) -> None:
    """By `--waive ID=REASON` or in inference_config.yml, for everybody; the others still stop."""
    planted(project)
    project.remove("models")
    options = []
    if way == "option":
        options = ["--waive", "files.private=an example without keys"]
    else:
        waiver = "waive:\n  files.private: an example without keys"
        project.edit("inference_config.yml", "runtime: python", f"runtime: python\n{waiver}")
    ended = run("check", "--target", "local", "--json", *options)
    found = {f["id"]: f for f in ended.document["findings"]}
    assert ended.code == 3
    assert found["model.missing"]["level"] == "fault"
    assert found["files.private"]["level"] == "notice"
    assert found["files.private"]["waived"] == "an example without keys"
    assert "Waived: an example without keys." in ended.err


def test_what_no_check_finds_cannot_be_waived(project: Project) -> None:
    """A slip of the pen is told with the id that was meant."""
    planted(project)
    ended = run("check", "--target", "local", "--waive", "files.privat")
    assert ended.code == 2
    assert "Did you mean files.private?" in ended.err
