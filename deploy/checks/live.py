"""The folder as it will be uploaded is started on this machine, for the checks that ask it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from packaging.utils import canonicalize_name

from deploy.checks.context import Check, Context, Live
from deploy.checks.environment import CannotInstall, Interpreter, hidden, interpreter
from deploy.checks.packages import unknown_here
from deploy.checks.syntax import installed_modules
from deploy.findings import Finding, Level, Rule
from deploy.servers.azmlinfsrv import Server, ServerFailed
from deploy.servers.log import CAUSE_END
from deploy.smoke.sample import find_sample, swagger_of
from deploy.staging.layouts import lay_out

UNSATISFIABLE = Rule(
    "env.unsatisfiable",
    Level.FAULT,
    "No choice of versions satisfies env.yml, so the image cannot be built.",
    "`scikit-learn==99.0`",
    "Loosen or correct the version that uv names.",
)
NOT_INSTALLED = Rule(
    "live.not-installed",
    Level.WARNING,
    "env.yml could not be installed here, so the script ran among the packages that are here.",
    "no network, or a package of conda alone",
    "Run it again with a network, or look at the image's build.",
)
START = Rule(
    "live.start",
    Level.FAULT,
    "The service does not start: loading the script or its init() failed.",
    "`joblib.load` of a scikit-learn model without scikit-learn in env.yml",
    "It ran as it would in the container: mend it.",
)
NOT_STARTED = Rule(
    "live.not-started",
    Level.WARNING,
    "The script needs a package that is not installed here, so it was not tried.",
    "`--no-install` with a package of env.yml that is missing here",
    "Leave out --no-install: the package is then installed.",
)
NEEDS_AZURE = Rule(
    "live.needs-azure",
    Level.WARNING,
    "The script asks Azure for something that is only there: an identity, a secret, a workspace. "
    "So it was not tried.",
    "`ManagedIdentityCredential().get_token(...)` in init()",
    "To try it here, read the value from an environment variable first and ask Azure only where "
    "that is not set.",
)

#: Packages that talk to Azure: what fails inside them may well work there.
AZURE_FRAME = re.compile(r'File ".*site-packages/(azure|msal|msrestazure|azureml/core(?!/model))/')


@contextmanager
def running(context: Context) -> Iterator[list[Finding]]:
    """Start the service in the target's layout.

    Yields:
        What its start found. The context holds the service meanwhile; without it, the checks
        that need one have nothing to ask.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            python, found = _python(context, folder)
        except CannotInstall as error:
            where = context.conda_where
            yield [UNSATISFIABLE.at(where, f"It cannot be installed: {error}.")]
            return
        server = _server(context, folder / "app", python)
        try:
            server.__enter__()
        except ServerFailed as error:
            yield [*found, _why(context, error)]
            return
        try:
            swagger = swagger_of(server.url)
            sample = find_sample(context.entry, swagger, context.plan.sample)
            asked = sample if sample.origin else None
            context.live = Live(server, swagger, asked)
            yield found
        finally:
            context.live = None
            server.stop()


def _python(context: Context, folder: Path) -> tuple[Interpreter, list[Finding]]:
    """Return the Python to run with.

    Raises:
        CannotInstall: no choice of versions would do.
    """
    packages, options = context.packages, context.options
    try:
        install = not options.no_install
        return interpreter(packages, folder, options.say, install=install), []
    except CannotInstall as error:
        if error.certain or packages is None:
            raise
        told = NOT_INSTALLED.at(context.conda_where, f"It could not be installed here: {error}")
        return hidden(packages, folder), [told]


def _server(context: Context, folder: Path, python: Interpreter) -> Server:
    plan, bundle = context.plan, context.bundle
    if bundle is None:
        raise RuntimeError("there is no folder to serve")
    staged = lay_out(folder, plan.inference, bundle, plan.models, plan.layout)
    return staged.server(python=python.command, environ=plan.inference.variables)


def _why(context: Context, error: ServerFailed) -> Finding:
    entry, text = context.entry, str(error)
    cause = error.log.rsplit(CAUSE_END, maxsplit=1)[0].rpartition("Traceback")[2]
    if AZURE_FRAME.search(cause):
        return NEEDS_AZURE.at(entry, f"Here is no Azure: {text}")
    module = missing_module(text)
    if module and context.packages and unknown_here(context.packages) and not _known(module):
        return NOT_STARTED.at(entry, f"{module} is not installed here: {text}")
    return START.at(entry, text, fix_for(module) or _line(error.log, entry))


def _known(module: str) -> bool:
    return module.partition(".")[0] in installed_modules()


def missing_module(text: str) -> str:
    """Return the module that Python did not find, as its message says; empty for another."""
    found = re.search(r"No module named '([\w.]+)'", text)
    return found[1] if found else ""


def fix_for(module: str) -> str:
    """Return the line that brings a module; empty without a module."""
    if not module:
        return ""
    names = installed_modules().get(module.partition(".")[0], [module.partition(".")[0]])
    return f"Add {min(canonicalize_name(name) for name in names)} to env.yml."


def _line(log: str, entry: Path) -> str:
    """Return the fix with the script's own line that failed."""
    found = re.findall(rf'File "[^"]*{re.escape(entry.name)}", line (\d+)', log)
    return f"Look at {entry}:{found[-1]}. {START.fix}" if found else ""


def nothing(_: Context) -> Iterable[Finding]:
    """Find nothing: starting the service is what these rules are about."""
    return ()


CHECK = Check(nothing, (UNSATISFIABLE, NOT_INSTALLED, START, NOT_STARTED, NEEDS_AZURE), live=True)
