"""The image door: pictures of handwritten digits in, what they show out.

    POST multipart/form-data, one or several files in the field `image`
    POST image/png (or another image type), the picture itself
    POST {"image": "<base64 or data URI>"}
    200  {"label": 3, "probabilities": {"0": 0.001, ...}, "width": 640, "height": 480}

Beside the picture, `data` may say {"polarity": "dark on light"} or "light on dark".
"""

import os
from typing import Any

from scoring.errors import MethodNotAllowed
from scoring.http.endpoint import endpoint
from scoring.http.host import rawhttp, respond
from scoring.images.decoding import decode
from scoring.images.digits import Grid, to_grid
from scoring.images.options import polarity_of
from scoring.images.uploads import description, image_name, read_upload
from scoring.models.description import describe_loaded
from scoring.models.loading import load_model
from scoring.outputs.encoding import encode
from scoring.settings import Settings

METHODS = ("GET", "HEAD", "OPTIONS", "POST")

loaded: Any = None
classifier: Any = None
grid: Any = None
settings: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global loaded, classifier, grid, settings
    settings = Settings.from_environ(os.environ)
    loaded = load_model(os.environ)
    classifier, grid = loaded.model["classifier"], Grid(**loaded.model["preprocessing"])


@endpoint
@rawhttp
def run(request: Any) -> Any:
    """Score the pictures of a POST in their order; a GET tells what this door takes."""
    if request.method in ("GET", "HEAD"):
        model = describe_loaded(loaded)
        return respond(encode(description(request, settings) | model), 200)
    if request.method == "OPTIONS":
        return respond(b"", 204, {"Allow": ", ".join(METHODS)})
    if request.method != "POST":
        raise MethodNotAllowed(request.method, METHODS)
    upload = read_upload(request, settings)
    polarity = polarity_of(upload.data)
    results = []
    for i, content in enumerate(upload.images):
        picture = decode(content, image_name(i, upload), settings.max_image_pixels)
        cells = to_grid(picture.rgb, image_name(i, upload), grid, polarity)
        chances = classifier.predict_proba([cells])[0]
        probabilities = dict(zip(classifier.classes_, chances, strict=True))
        label = max(probabilities, key=probabilities.__getitem__)
        size = {"width": picture.width, "height": picture.height}
        results.append({"label": label, "probabilities": probabilities, **size})
    return results if upload.several else results[0]
