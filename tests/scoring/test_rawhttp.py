"""The host's classes, today's and its predecessor's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

#: Stands in for azureml-contrib-services, which has no release for Python 3.10 and later: the
#: names that scripts import from it, and the constructor's first two arguments.
OLD_HOST = {
    "aml_request.py": "def rawhttp(run):\n    return run\n",
    "aml_response.py": (
        "from flask import Response\n"
        "class AMLResponse(Response):\n"
        "    def __init__(self, message, status_code, response_headers={}):\n"
        "        super().__init__(message, status=status_code)\n"
    ),
}

PROGRAM = """
import sys
sys.modules["azureml_inference_server_http"] = None  # as if it were not installed
import azureml
azureml.__path__.append(sys.argv[1])
from scoring.rawhttp import AMLResponse, is_response, rawhttp, respond
assert AMLResponse.__module__ == "azureml.contrib.services.aml_response"
assert rawhttp.__module__ == "azureml.contrib.services.aml_request"
answer = respond(b'{"a": 1}', 405, {"Allow": "GET, POST"})
assert is_response(answer)
print(answer.status_code, answer.headers["Content-Type"], answer.headers.getlist("Allow"))
"""


def test_the_old_packages_names_are_the_fallback(tmp_path: Path, root: Path) -> None:
    """Without today's server package the old one's request and response are used."""
    services = tmp_path / "contrib" / "services"
    services.mkdir(parents=True)
    for folder in (services, services.parent):
        (folder / "__init__.py").touch()
    for name, source in OLD_HOST.items():
        (services / name).write_text(source)
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=root / "score",
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == ["405", "application/json", "['GET,", "POST']"]
