"""The host's classes, today's and those of the package before it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

#: The image door as a host of the old package runs it: `rawhttp` leaves a mark that this host
#: looks at, `run()` gets Flask's request, and what it returns is sent as it is. That host itself
#: was never published; Flask, which it was made of, stands for it.
PROGRAM = """
import json, sys
sys.modules["azureml_inference_server_http"] = None  # as if it were not installed
from azureml.contrib.services import aml_request, aml_response
assert not aml_request._rawHttpRequested
import flask, image
assert aml_request._rawHttpRequested
image.init()
app = flask.Flask("old host")
app.add_url_rule("/score", view_func=lambda: image.run(flask.request), methods=["POST", "DELETE"])
client = app.test_client()
with open(sys.argv[1], "rb") as picture:
    scored = client.post("/score", data={"image": picture})
refused = client.delete("/score")
made = image.respond(b"{}", 200)
assert type(made) is aml_response.AMLResponse
print(json.dumps({
    "scored": [scored.status_code, scored.get_json()["label"]],
    "refused": [refused.status_code, refused.headers["Content-Type"]],
    "Allow": refused.headers.getlist("Allow"),
}))
"""


def test_the_old_packages_classes_are_the_fallback(
    root: Path, digits_model: Path, digit_pictures: dict[int, Path]
) -> None:
    """Without today's server package the door works on the real azureml-contrib-services."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(digit_pictures[4])],
        cwd=root / "score",
        env=os.environ | {"AZUREML_MODEL_DIR": str(digits_model)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {
        "scored": [200, 4],
        "refused": [405, "application/json"],
        "Allow": ["GET, HEAD, OPTIONS, POST"],
    }
