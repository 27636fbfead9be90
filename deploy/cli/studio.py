"""`python -m deploy studio SCRIPT`: what is gone in a script of Studio's, and a run of it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import options as o
from deploy.cli.app import app, failures
from deploy.cli.output import Output
from deploy.errors import DeployError, UsageError
from deploy.studio.old_calls import NoScript, fixed, lint
from deploy.studio.run import Script, check_script, read_data, run_script

#: Rows of the result that a terminal shows; the file has all.
SHOWN_ROWS = 20

Data = Annotated[
    Path | None, typer.Option(help="The first table: CSV, or JSON as it is sent to the service.")
]


@app.command()
def studio(
    script: Annotated[Path, typer.Argument(help="The file with azureml_main.")],
    data: Data = None,
    data2: Annotated[Path | None, typer.Option(help="The second table.")] = None,
    bundle: Annotated[
        Path | None, typer.Option(help="The zip of modules; bundle.zip beside it by default.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the pictures go.")] = Path("build/studio"),
    fix: Annotated[
        bool, typer.Option("--fix", help="Rewrite the script where that is mechanical.")
    ] = False,
    as_json: o.JsonOption = False,
) -> None:
    """Run a script of Studio's on this machine, and name what it calls that is gone."""
    printed = Output(as_json=as_json, verb="studio")
    with failures(printed):
        _lint(script, printed, fix=fix)
        if bundle is not None and not bundle.is_file():
            raise UsageError(f"There is no bundle {bundle}.")
        whole = Script.at(script, bundle)
        files = [file for file in (data, data2) if file is not None]
        if data2 is not None and data is None:
            raise UsageError("--data2 is the second table; name the first with --data.")
        if not files:
            refused = check_script(whole)
            if refused:
                raise DeployError(refused)
            printed.result({"served": True}, "It can be served; --data FILE runs it.")
            return
        _run(whole, files, out, printed)


def _lint(script: Path, printed: Output, *, fix: bool) -> None:
    try:
        source = script.read_bytes().decode("utf-8-sig")
        if fix:
            better = fixed(source)
            if better != source:
                script.write_text(better, encoding="utf-8", newline="")
                printed.say(f"{script} was rewritten; look at what your version control shows.")
            source = better
        for call in lint(source):
            printed.say(f"{script}:{call.line}: {call}")
    except FileNotFoundError:
        raise UsageError(f"There is no script {script}.") from None
    except (UnicodeDecodeError, NoScript) as error:
        raise UsageError(f"{script} is no Python: {error}") from None


def _run(script: Script, files: list[Path], out: Path, printed: Output) -> None:
    body = read_data(files)
    answer = run_script(script, body, {"details": ["true"], "device": ["true"]})
    if "refused" in answer:
        raise DeployError(answer["refused"])
    if answer["status"] != 200:
        detail = answer["answer"]["error"]["details"][0]["message"]
        raise DeployError(f"It would be answered {answer['status']}: {detail}")
    *tables, device = answer["answer"]["Results"].values()
    if printed.as_json:
        printed.result(answer["answer"], "")
    else:
        for table in tables:
            _show(table)
        for name in ("Standard Output", "Standard Error"):
            if device[name]:
                print(f"\n{name}\n{device[name].rstrip()}")
    _write(device["Graphics Device"], out, printed)


def _show(table: Any) -> None:
    """Print one table, whichever format it was asked in."""
    if isinstance(table, list):
        names = list(table[0]) if table else []
        rows = [[row[name] for name in names] for row in table]
        types = [""] * len(names)
    else:
        value = table["value"]
        names, types, rows = value["ColumnNames"], value["ColumnTypes"], value["Values"]
    shown = Table(title=f"{len(rows)} rows")
    for name, kind in zip(names, types, strict=True):
        shown.add_column(f"{name}\n{kind}".strip(), overflow="fold")
    for row in rows[:SHOWN_ROWS]:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    if len(rows) > SHOWN_ROWS:
        shown.caption = f"the first {SHOWN_ROWS}; --json prints all"
    Console(highlight=False, markup=False).print(shown)


def _write(pictures: list[str], out: Path, printed: Output) -> None:
    for i, content in enumerate(pictures, start=1):
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{i}.png"
        file.write_bytes(base64.b64decode(content))
        printed.say(f"Picture {file}")
