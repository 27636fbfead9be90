"""The image door: pictures in, what the model sees in them out.

    POST multipart/form-data, one or several files in the field `image`
    POST image/png (or another image type), the picture itself
    POST {"image": "<base64 or data URI>"}
    200  {"label": 3, "probabilities": {"0": 0.001, ...}, "width": 640, "height": 480}

What pictures the model takes, and what `data` may say of them, its `image_input.json` tells.
"""

import os
from typing import Any

from scoring.errors import MethodNotAllowed
from scoring.http.endpoint import endpoint
from scoring.http.host import rawhttp, respond
from scoring.images.image_model import ImageModel
from scoring.images.uploads import description, read_upload
from scoring.models.description import describe_loaded
from scoring.models.loading import load_model
from scoring.outputs.encoding import encode
from scoring.settings import Settings

METHODS = ("GET", "HEAD", "OPTIONS", "POST")

loaded: Any = None
model: Any = None
settings: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global loaded, model, settings
    settings = Settings.from_environ(os.environ)
    loaded = load_model(os.environ)
    model = ImageModel(loaded, settings)


@endpoint
@rawhttp
def run(request: Any) -> Any:
    """Score the pictures of a POST in their order; a GET tells what this door takes."""
    if request.method in ("GET", "HEAD"):
        door = description(request, settings, model.declaration)
        return respond(encode(door | describe_loaded(loaded)), 200)
    if request.method == "OPTIONS":
        return respond(b"", 204, {"Allow": ", ".join(METHODS)})
    if request.method != "POST":
        raise MethodNotAllowed(request.method, METHODS)
    upload = read_upload(request, settings)
    results = model.score(upload)
    return results if upload.several else results[0]
