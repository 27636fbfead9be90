"""The command line: one file per command, one list."""

import typer

from commands import package

app = typer.Typer(
    help="Train, package, register: what comes before the service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _several() -> None:
    """Keep the commands' names, however few there are."""


for command in (package.package,):
    app.command()(command)
