"""The command line: one file per command, one list."""

import typer

from commands import azure, package, train

app = typer.Typer(
    help="Train, package, register: what comes before the service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


for command in (train.train, train.sweep, package.package, azure.submit, azure.register):
    app.command()(command)
