"""The files that would be uploaded: nothing private, nothing heavy, nothing that breaks there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pathspec

from deploy.findings import Finding, fault
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


def check_files(bundle: Bundle) -> list[Finding]:
    """Return what must not be uploaded."""
    found = []
    sizes = bundle.sizes()
    for file in bundle.files:
        where = bundle.source / file
        if where.is_symlink() and not where.resolve().is_relative_to(bundle.source.resolve()):
            fix = "Copy the file into the folder."
            found.append(fault(where, "A link to a file outside the folder.", fix))
        elif PRIVATE.match_file(file):
            found.append(fault(where, "Looks private.", LEAVE_OUT))
        elif NOTEBOOKS.match_file(file):
            found.append(fault(where, "A notebook has no use in the container.", LEAVE_OUT))
        elif DATA.match_file(file):
            fix = "Move it to models/ and name it with --model."
            found.append(fault(where, "A model or data among the code.", fix))
        elif sizes[str(file)] > FILE_BYTES:
            problem = f"{sizes[str(file)] / MEGABYTE:.0f} MB in one file."
            found.append(fault(where, problem, LEAVE_OUT))
        else:
            found += _secrets(bundle, file.as_posix())
    total = sum(sizes.values())
    if total > TOTAL_BYTES:
        problem = f"{total / MEGABYTE:.0f} MB in {len(sizes)} files."
        found.append(fault(bundle.source, problem, "Leave out what the service does not read."))
    return found


def _secrets(bundle: Bundle, file: str) -> Iterator[Finding]:
    content = (bundle.source / file).read_bytes()
    for pattern, name in SECRETS:
        match = pattern.search(content)
        if match:
            line = content.count(b"\n", 0, match.start()) + 1
            fix = "Remove it, make it invalid, and read its successor from the environment."
            yield fault(f"{bundle.source / file}:{line}", f"Holds {name}.", fix)
