"""The Studio door: a script with `azureml_main`, served to the clients that it has.

    POST {"Inputs": {"input1": {"ColumnNames": [...], "Values": [[...]]}}, "GlobalParameters": {}}
    200  {"Results": {"output1": {"type": "table", "value": {"Values": [[...]]}}}}
    POST {"Inputs": {"WebServiceInput0": [{...}]}}
    200  {"Results": {"WebServiceOutput0": [{...}]}}

`script.py`, `bundle.zip` and `studio.yml` lie in AZUREML_MODEL_DIR; see docs/from-studio.md.
"""

import os
from pathlib import Path
from typing import Any

from scoring.errors import TooLarge
from scoring.http.bodies import read_body
from scoring.http.endpoint import endpoint
from scoring.http.host import amend_every_answer, rawhttp, respond
from studio_runtime.errors import LimitExceeded, NotAllowed, reword
from studio_runtime.script import find_files
from studio_runtime.service import Service

service: Any = None


def init() -> None:
    """Check the script and warm a process for it; the server calls this once."""
    global service
    service = Service(find_files(os.environ, Path(__file__).parent))
    amend_every_answer(reword)


@endpoint
@rawhttp
def run(request: Any) -> Any:
    """Score the tables of a POST with the user's script."""
    if request.method == "OPTIONS":
        return respond(b"", 200, {"Allow": "POST, OPTIONS"})
    if request.method != "POST":
        raise NotAllowed(request.method)
    most = service.config.limits.body_bytes
    try:
        body = read_body(request, most, "limits.body_bytes in studio.yml")
    except TooLarge:
        raise LimitExceeded("The body is too large", most, "body_bytes") from None
    return respond(service.score(request.args.to_dict(flat=False), body), 200)
