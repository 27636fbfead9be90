"""The files that would be uploaded: nothing private, nothing heavy, nothing that breaks there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pathspec

from deploy.checks.context import Check, Context
from deploy.findings import Finding, Level, Rule
from deploy.staging.files import Bundle

MEGABYTE = 1_000_000

#: One file, and all of them. Code is small: what is larger is data or a model, which has its
#: own way (`--model`) and would be sent again with every change of a line.
FILE_BYTES = 10 * MEGABYTE
TOTAL_BYTES = 50 * MEGABYTE

PRIVATE = pathspec.PathSpec.from_lines(
    "gitwildmatch",
    [".env", ".env.*", "*.pem", "*.key", "*.pfx", "*.p12", "id_rsa*", "id_ed25519*", ".netrc",
     ".pypirc", "pip.conf", "*.publishsettings", ".azure/", ".aws/", ".ssh/", "kubeconfig"],
)  # fmt: skip
NOTEBOOKS = pathspec.PathSpec.from_lines("gitwildmatch", ["*.ipynb"])
DATA = pathspec.PathSpec.from_lines(
    "gitwildmatch", ["*.joblib", "*.pkl", "*.onnx", "*.parquet", "*.zip", "*.tar", "*.tar.gz"]
)

#: What secrets look like inside a text.
SECRETS = (
    (re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(rb"AccountKey=[A-Za-z0-9+/]{20,}"), "a storage account key"),
    (re.compile(rb"SharedAccessSignature=|[?&]sig=[A-Za-z0-9%]{20,}"), "a shared access signature"),
)

LEAVE_OUT = "Move it out of the folder, or list it in .amlignore there."


LINK = Rule(
    "files.link",
    Level.FAULT,
    "A link to a file outside the folder leads nowhere in the container.",
    "`score/data.csv -> ../../data.csv`",
    "Copy the file into the folder.",
)
PRIVATE_FILE = Rule(
    "files.private",
    Level.FAULT,
    "The file is one that holds keys or passwords, and would be uploaded.",
    "`score/.env`",
    LEAVE_OUT,
)
SECRET = Rule(
    "files.secret",
    Level.FAULT,
    "A file that would be uploaded holds what looks like a key.",
    "`AccountKey=...` in a module",
    "Remove it, make it invalid, and read its successor from the environment.",
)
NO_USE = Rule(
    "files.no-use",
    Level.WARNING,
    "The container has no use for the file: a notebook, or a model that comes by itself.",
    "`score/try.ipynb`",
    LEAVE_OUT,
)
HEAVY = Rule(
    "files.heavy",
    Level.WARNING,
    "Large files are sent again with every change of a line.",
    "a table of 40 MB beside the script",
    LEAVE_OUT,
)


def check_files(context: Context) -> Iterator[Finding]:
    """Yield what should not be uploaded; a model that `--model` names is sent by itself."""
    bundle = context.bundle
    if bundle is None:
        return
    models = [model.path.resolve() for model in context.plan.models]
    sizes = bundle.sizes()
    for file in bundle.files:
        where = bundle.source / file
        if any(where.resolve().is_relative_to(model) for model in models):
            continue
        if where.is_symlink() and not where.resolve().is_relative_to(bundle.source.resolve()):
            yield LINK.at(where, "A link to a file outside the folder.")
        elif PRIVATE.match_file(file):
            yield PRIVATE_FILE.at(where, "Looks private.")
        elif NOTEBOOKS.match_file(file):
            yield NO_USE.at(where, "A notebook has no use in the container.")
        elif DATA.match_file(file):
            fix = "Move it to models/ and name it with --model."
            yield NO_USE.at(where, "A model or data among the code.", fix)
        elif sizes[str(file)] > FILE_BYTES:
            yield HEAVY.at(where, f"{sizes[str(file)] / MEGABYTE:.0f} MB in one file.")
        else:
            yield from _secrets(bundle, file.as_posix())
    total = sum(sizes.values())
    if total > TOTAL_BYTES:
        problem = f"{total / MEGABYTE:.0f} MB in {len(sizes)} files."
        yield HEAVY.at(bundle.source, problem, "Leave out what the service does not read.")


def _secrets(bundle: Bundle, file: str) -> Iterator[Finding]:
    content = (bundle.source / file).read_bytes()
    for pattern, name in SECRETS:
        match = pattern.search(content)
        if match:
            line = content.count(b"\n", 0, match.start()) + 1
            yield SECRET.at(f"{bundle.source / file}:{line}", f"Holds {name}.")


CHECK = Check(check_files, (LINK, PRIVATE_FILE, SECRET, NO_USE, HEAVY))
