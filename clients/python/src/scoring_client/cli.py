"""The command `score`: a file in, a file with predictions out.

Exit codes: 0 all rows scored; 1 some rows have no result; 2 the command or a file is wrong;
3 the service is out of reach or refuses the caller (run the same command again to continue);
130 interrupted (likewise).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from scoring_client.cells import json_text
from scoring_client.client import ScoringClient
from scoring_client.csv_dialect import Asked, InputError
from scoring_client.errors import ScoringError, counted, shown_rows
from scoring_client.part_file import OutputError
from scoring_client.runs import Job, parameter, run
from scoring_client.secret import KEY_VARIABLE

EXIT_OK, EXIT_ROWS, EXIT_USAGE, EXIT_SERVICE, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

#: How many failures are shown to a person; --json has more, the file of failed rows all.
SHOWN_FAILURES = 5

app = typer.Typer(
    name="score",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class UsageError(Exception):
    """An option cannot be used."""


@app.command(
    epilog=f"The key is read from the variable {KEY_VARIABLE}. A run that was cut goes on where "
    "it stopped when the same command is given again. Exit codes: 0 every row is scored; 1 some "
    "have no result; 2 an option or a file cannot be used; 3 the service is out of reach or "
    "refuses the caller; 130 interrupted."
)
def score(
    uri: Annotated[str, typer.Option(help="https://HOST/score; /score may be left out.")],
    inputs: Annotated[
        list[str],
        typer.Option(
            "--in", metavar="FILE", help="A .csv, .tsv, .parquet, .json or .jsonl; or images."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .jsonl to write.")],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="More images.")
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="One of the service's GlobalParameters, such as method=predict_proba.",
        ),
    ] = None,
    sep: Annotated[
        str | None, typer.Option(help="What stands between a CSV's fields: , ; | or tab.")
    ] = None,
    decimal: Annotated[str | None, typer.Option(help="A CSV's decimal sign: . or ,")] = None,
    encoding: Annotated[str | None, typer.Option(help="A CSV's encoding, such as cp1252.")] = None,
    na: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="A word for a missing value, in text columns too."),
    ] = None,
    entra: Annotated[bool, typer.Option("--entra", help="Sign in with Azure Entra.")] = False,
    deployment: Annotated[
        str | None, typer.Option(help="The deployment that shall answer (blue/green).")
    ] = None,
    chunk: Annotated[int | None, typer.Option(help="Rows, or images, in one request.")] = None,
    concurrency: Annotated[int, typer.Option(help="Requests at once.")] = 4,
    timeout: Annotated[float, typer.Option(help="Seconds for one attempt.")] = 120,
    retries: Annotated[int, typer.Option(help="Further attempts when busy.")] = 6,
    keep_formulas: Annotated[
        bool,
        typer.Option(
            "--keep-formulas",
            help="Leave text of the service as it is in a CSV, even where a spreadsheet would "
            "run it as a formula.",
        ),
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew, whatever is there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON on stdout.")] = False,
) -> None:
    """Score a table or images with an Azure ML scoring service."""
    report: dict[str, Any] = {"out": str(out)}
    try:
        words = None if na is None else tuple(na)
        job = Job(
            inputs=[*inputs, *(more or [])],
            out=out,
            uri=uri,
            parameters=_parameters(parameters or []),
            deployment=deployment,
            asked=Asked("\t" if sep in {"tab", r"\t"} else sep, decimal, encoding, words),
            formulas=keep_formulas,
            restart=restart,
            quiet=as_json,
        )
        options = {"timeout": timeout, "retries": retries, "concurrency": concurrency}
        if chunk is not None:
            options |= {"chunk_rows": chunk, "chunk_images": chunk}
        with _client(uri, entra, deployment, options) as client:
            code = EXIT_OK if run(job, client, report, _silent if as_json else _say) else EXIT_ROWS
    except (InputError, OutputError, UsageError, OSError) as error:
        code, report["error"] = EXIT_USAGE, {"message": str(error)}
    except ScoringError as error:
        code, report["error"] = EXIT_SERVICE, error.as_dict()
    except KeyboardInterrupt:
        code, report["error"] = EXIT_INTERRUPTED, {"message": "interrupted"}
    report["exit_code"] = code
    if as_json:
        print(json_text(report))
    else:
        print("\n".join(told(report)), file=sys.stderr if code else sys.stdout)
    raise typer.Exit(code)


def _say(line: str) -> None:
    print(line, flush=True)


def _silent(_: str) -> None:
    """Say nothing: stdout is for the report alone."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    try:
        app(args=argv, prog_name="score")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else EXIT_USAGE
    return EXIT_OK


def _parameters(given: Sequence[str]) -> dict[str, Any]:
    try:
        return dict(map(parameter, given))
    except ValueError as error:
        raise UsageError(str(error)) from None


def _client(
    uri: str, entra: bool, deployment: str | None, options: dict[str, Any]
) -> ScoringClient:
    """Return the client that the options ask for.

    Raises:
        UsageError: an option cannot be used.
    """
    credential = None
    if entra:
        try:
            from azure.identity import DefaultAzureCredential
        except ImportError:
            raise UsageError("--entra needs: pip install 'scoring-client[entra]'") from None
        # What it logs as a warning is in its exception, too.
        logging.getLogger("azure.identity").addHandler(logging.NullHandler())
        credential = DefaultAzureCredential()
    try:
        return ScoringClient(uri, credential=credential, deployment=deployment, **options)
    except ValueError as error:
        raise UsageError(str(error)) from None


def told(report: dict[str, Any]) -> list[str]:
    """Return the report for a person."""
    lines = []
    failures = report.get("failures", [])
    if report.get("continued_at"):
        lines.append(f"Continued after row {report['continued_at'] - 1}.")
    for failure in failures[:SHOWN_FAILURES]:
        place = shown_rows(*failure["rows"]).capitalize()
        if "lines" in failure:
            first, last = failure["lines"]
            place += f" (line {first})" if first == last else f" (lines {first} to {last})"
        lines.append(f"{place}: {failure.get('message', '')}")
    error = report.get("error")
    if error is not None:
        status = f"HTTP {error['status']}: " if "status" in error else ""
        lines.append(f"score: {status}{error['message']}")
        if "request_id" in error:
            lines.append(f"Request id: {error['request_id']}")
        if report.get("rows"):
            done = counted(report["rows"], "row")
            lines.append(f"{done} done; the same command goes on from there.")
        return lines
    failed = report["failed_rows"]
    scored = report["rows"] - failed
    if scored:
        lines.append(f"{counted(scored, 'row')} scored: {report['out']}")
    else:
        lines.append("No row is scored.")
    if failed:
        lines.append(
            f"{counted(failed, 'row')} without a result, with the reason: {report['failed']}"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
