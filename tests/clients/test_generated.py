"""The generated clients: up to date, strictly compiled, and called against the running service."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.contract.files import contract, write_contract
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tests" / "tools" / "node_modules"
PROGRAMS = ROOT / "tests" / "data" / "clients"
GENERATED = ROOT / "clients" / "generated"

#: What NSwag's code needs; the library comes with NSwag itself.
NEWTONSOFT = TOOLS / "nswag" / "bin" / "binaries" / "Win" / "Newtonsoft.Json.dll"
ASSEMBLIES = ["System.Net.Http", "System.ComponentModel.DataAnnotations"]
ASSEMBLIES += ["System.Runtime.Serialization"]

pytestmark = [pytest.mark.needs("npm"), pytest.mark.needs("mono"), pytest.mark.needs("mcs")]

#: The generated Python client uses typing.Self and enum.StrEnum, and the generator's last version
#: for Python 3.10 writes another one.
python311 = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the generated Python client needs Python 3.11"
)

Compile = Callable[[Path, Path], list[Any]]


def run(command: list[Any], cwd: Path | None = None, **environ: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def generate(contracts: Path, out: Path) -> None:
    run([ROOT / "clients" / "generate", contracts, out])


def texts(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def python(program: Path, generated: Path) -> list[Any]:
    """Check a program and every client with mypy, strictly; return how to run it."""
    source = generated / "python"
    mypy: list[Any] = [sys.executable, "-m", "mypy", "--strict", "--config-file", ""]
    mypy += ["--cache-dir", program.parents[1] / "mypy", program]
    run([*mypy, *sorted(source.iterdir())], MYPYPATH=str(source))
    return ["env", f"PYTHONPATH={source}", sys.executable, program]


def typescript(program: Path, generated: Path) -> list[Any]:
    """Compile a program and every client with tsc, strictly; return how to run it."""
    folder = program.parent
    sources = sorted((generated / "typescript").glob("*.ts"))
    for source in sources:
        (folder / source.name).write_text(source.read_text())
    (folder / "node_modules").symlink_to(TOOLS)
    (folder / "package.json").write_text('{"type": "module"}')
    strict = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"]
    strict += ["--noPropertyAccessFromIndexSignature", "--noUnusedLocals", "--types", "node"]
    # Not the declarations of node and the libraries, which are others' and take long.
    strict += ["--skipLibCheck"]
    modern = ["--target", "es2022", "--module", "nodenext"]
    names = [program.name, *(source.name for source in sources)]
    run([TOOLS / ".bin" / "tsc", *strict, *modern, *names], cwd=folder)
    return ["node", program.with_suffix(".js")]


def csharp(program: Path, generated: Path) -> list[Any]:
    """Compile a program and every client with mcs, warnings as errors; return how to run it."""
    out = program.with_suffix(".exe")
    (program.parent / NEWTONSOFT.name).write_bytes(NEWTONSOFT.read_bytes())
    references = [f"-r:{name}" for name in [*ASSEMBLIES, NEWTONSOFT]]
    sources = sorted((generated / "csharp").glob("*.cs"))
    run(["mcs", "-langversion:7.2", "-warnaserror", f"-out:{out}", *references, program, *sources])
    return ["mono", out]


@pytest.fixture(scope="module")
def visits_server(start_server: Callable[..., Server]) -> Server:
    """A door with date-times on both sides."""
    entry = ROOT / "tests" / "data" / "entries" / "visits.py"
    return start_server(entry, None, app_root=ROOT / "score")


@pytest.fixture(scope="module")
def image_server(start_server: Callable[..., Server], digits_model: Path) -> Server:
    """The image door, to which these clients send files."""
    return start_server(ROOT / "score" / "image.py", digits_model)


@python311
def test_the_generated_code_is_up_to_date(tmp_path: Path) -> None:
    """Generating again from the contract changes nothing."""
    generate(ROOT / "clients" / "contract", tmp_path / "out")
    now, checked_in = texts(tmp_path / "out"), texts(GENERATED)
    assert now.keys() == checked_in.keys(), "make generate"
    assert [name for name in now if now[name] != checked_in[name]] == [], "make generate"


@pytest.mark.parametrize(
    ("name", "compile_program"),
    [
        pytest.param("checks.py", python, id="python", marks=python311),
        pytest.param("checks.ts", typescript, id="typescript"),
        pytest.param("Checks.cs", csharp, id="csharp"),
    ],
)
def test_pictures_date_times_and_errors(
    name: str,
    compile_program: Compile,
    score_server: Server,
    visits_server: Server,
    image_server: Server,
    generated_with_visits: Path,
    digit_pictures: dict[int, Path],
    tmp_path: Path,
) -> None:
    """Each language uploads files, gets date-times right, and a 400 with its fields typed."""
    program = tmp_path / name
    program.write_text((PROGRAMS / name).read_text())
    command = compile_program(program, generated_with_visits)
    said = run(
        command,
        SCORE_ROOT=score_server.url,
        VISITS_ROOT=visits_server.url,
        IMAGE_ROOT=image_server.url,
        FOUR=str(digit_pictures[4]),
        EIGHT=str(digit_pictures[8]),
    )
    assert json.loads(said) == {
        "labels": [4, 8],
        "ends": ["2024-01-02T04:34:05.000Z"],
        "statuses": [400, 400],
        "where": ["Inputs.data[0].bmi", "image"],
    }


@pytest.fixture(scope="module")
def unusual_server(start_server: Callable[..., Server]) -> Server:
    """A door whose columns overlap, with odd names and float32: its clients only compile."""
    entry = ROOT / "tests" / "data" / "entries" / "unusual.py"
    return start_server(entry, None, app_root=ROOT / "score")


@pytest.fixture(scope="module")
def generated_with_visits(
    visits_server: Server, unusual_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Clients for the doors with date-times, pictures and a table, and for an unusual one."""
    folder = tmp_path_factory.mktemp("generated")
    write_contract(folder / "contract" / "visits", contract(visits_server))
    write_contract(folder / "contract" / "unusual", contract(unusual_server))
    for door in ("image", "score"):
        (folder / "contract" / door).symlink_to(ROOT / "clients" / "contract" / door)
    generate(folder / "contract", folder / "out")
    return folder / "out"


EXAMPLES = re.findall(
    r"## (Python|Python, generated|TypeScript|C#)\n.*?```\w+\n(.*?)```",
    (ROOT / "clients" / "README.md").read_text(),
    re.DOTALL,
)
LANGUAGES: dict[str, tuple[str, Compile]] = {
    "Python, generated": ("example.py", python),
    "TypeScript": ("example.ts", typescript),
    "C#": ("Example.cs", csharp),
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param(name, text, id=name, marks=[python311] if name == "Python, generated" else [])
        for name, text in EXAMPLES
    ],
)
def test_the_readmes_examples(
    language: str, text: str, score_server: Server, tmp_path: Path
) -> None:
    """Each example of clients/README.md, compiled strictly and run as it stands, scores."""
    if language in LANGUAGES:
        name, compile_program = LANGUAGES[language]
        program = tmp_path / name
        program.write_text(text)
        command = compile_program(program, GENERATED)
    else:
        program = tmp_path / "example.py"
        program.write_text(text)
        source = ROOT / "clients" / "python" / "src"
        command = ["env", f"PYTHONPATH={source}", sys.executable, program]
    (score,) = json.loads(run(command, SCORING_ROOT=score_server.url, SCORING_KEY=""))
    assert 50 < score < 300


def test_every_language_has_an_example() -> None:
    """No example is left out of the test above."""
    assert [language for language, _ in EXAMPLES] == ["Python", *LANGUAGES]


@pytest.mark.parametrize(
    ("name", "language"), [("checks.py", "python"), ("checks.ts", "ts"), ("Checks.cs", "csharp")]
)
def test_the_readme_shows_the_uploads_that_are_run(name: str, language: str) -> None:
    """What the README says about pictures is part of the programs that the tests run."""
    _, _, pictures = (ROOT / "clients" / "README.md").read_text().partition("## Pictures")
    (shown,) = re.findall(rf"```{language}\n(.*?)```", pictures, re.DOTALL)
    lines = [line.strip() for line in shown.splitlines()]
    program = (PROGRAMS / name).read_text()
    assert [line for line in lines if line not in program] == []
