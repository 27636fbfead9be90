"""studio.yml is read strictly."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from scoring.errors import ModelBroken
from studio_runtime.config import CLASSIC, DESIGNER, load_config


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "studio.yml"
    file.write_text(text)
    return file


def test_without_a_file_both_formats_are_answered(tmp_path: Path) -> None:
    """With the limits of the old service's successor."""
    config = load_config(tmp_path / "studio.yml")
    assert config.profiles() == {"classic": CLASSIC, "designer": DESIGNER}
    assert (config.limits.seconds, config.limits.memory_bytes) == (30, 4 * 2**30)


def test_every_line_is_read(tmp_path: Path) -> None:
    """The example at the top of the module is a file that works."""
    import studio_runtime.config as module

    text = (module.__doc__ or "").partition("\n\n")[2].replace("schema: {input1", "schema: {scores")
    config = load_config(write(tmp_path, textwrap.dedent(text)))
    assert config.profiles()["classic"].inputs == ("scores", "prices")
    assert config.schemas == {"scores": {"age": "Int32", "name": "String"}}
    assert (config.mapping, config.duplicates) == ("connected", "underscore")
    assert config.second_output
    assert config.require_no_network
    assert (config.limits.seconds, config.limits.memory_bytes) == (10, 10**9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profil: classic", "profil"),
        ("profile: modern", "profile"),
        ("limits: {second: 1}", r"limits\.second"),
        ("limits: {seconds: 0}", r"limits\.seconds"),
        ("limits: {rows: many}", r"limits\.rows"),
        ("schema: {input1: {a: Integer}}", r"schema\.input1\.a"),
        ("schema: {input9: {a: Int32}}", r"schema\.input9 is no input"),
        ("names: {inputs: [a, b, c], outputs: [d]}", r"names\.inputs"),
        ("names: {inputs: [a, a], outputs: [d]}", "names"),
        ("- a", "studio.yml"),
        ("a: [", "no YAML"),
    ],
)
def test_a_line_that_is_not_known_stops_the_service(tmp_path: Path, text: str, said: str) -> None:
    """With its key."""
    with pytest.raises(ModelBroken, match=said):
        load_config(write(tmp_path, text))
