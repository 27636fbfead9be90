"""Load for both doors: real patients for the tabular one, drawn digits for the image one.

    locust -f clients/load/locustfile.py --headless -u 8 -r 4 -t 1m \
        --host http://127.0.0.1:5001 --image-host http://127.0.0.1:5002 --picture load.png

Without --image-host only the tabular door is driven. The key is read from SCORING_KEY. An
answer that is not one finite number per row, or one of ten digits, counts as a failure, as any
status other than 200 does.
"""

from __future__ import annotations

import io
import math
import os
import random
from argparse import ArgumentParser
from typing import Any

from gevent import get_hub
from locust import HttpUser, between, events, task
from locust.env import Environment
from PIL import Image
from sklearn.datasets import load_diabetes, load_digits

KEY = os.environ.get("SCORING_KEY")
HEADERS = {"Authorization": f"Bearer {KEY}"} if KEY else {}

PATIENTS: list[dict[str, Any]] = load_diabetes(as_frame=True).data.to_dict("records")

#: How many rows a request has, and how often relative to each other.
BATCHES = {1: 8, 100: 2, 1000: 1}

#: The bars of the picture.
PERCENTILES = (0.5, 0.9, 0.99)


def digit_file(pixels: Any) -> bytes:
    """Return an 8x8 digit, drawn dark on light and as large as a small photograph, as PNG."""
    picture = Image.fromarray((255 - pixels * 15.9375).astype("uint8"))
    file = io.BytesIO()
    picture.resize((240, 240), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


DIGITS = [digit_file(pixels) for pixels in load_digits().images[:50]]


class TableUser(HttpUser):
    """Somebody, or some program, with a table."""

    wait_time = between(0.05, 0.2)

    @task
    def score(self) -> None:
        """Score a batch of patients."""
        (size,) = random.choices(list(BATCHES), list(BATCHES.values()))  # noqa: S311 - load
        rows = random.choices(PATIENTS, k=size)  # noqa: S311 - load
        body = {"Inputs": {"data": rows}}
        name = f"table, {size} row{'s' if size > 1 else ''}"
        with self.client.post(
            "/score", json=body, headers=HEADERS, name=name, catch_response=True
        ) as response:
            if response.status_code == 200:
                results = response.json()["Results"]
                if len(results) != size or not all(map(math.isfinite, results)):
                    response.failure("not one number per row")


class ImageUser(HttpUser):
    """Somebody with a picture."""

    wait_time = between(0.05, 0.2)

    def on_start(self) -> None:
        """Leave --host, which Locust gives to every user, to the tabular door."""
        self.client.base_url = self.environment.parsed_options.image_host

    @task
    def score(self) -> None:
        """Score a picture."""
        file = ("digit.png", random.choice(DIGITS), "image/png")  # noqa: S311 - load
        with self.client.post(
            "/score", files={"image": file}, headers=HEADERS, name="image", catch_response=True
        ) as response:
            if response.status_code == 200 and int(response.json()["label"]) not in range(10):
                response.failure("not a digit")


@events.init_command_line_parser.add_listener
def add_options(parser: ArgumentParser) -> None:
    """Add this file's own options to Locust's."""
    parser.add_argument("--image-host", default="", help="root of the image door's service")
    parser.add_argument("--picture", default="", help="write the summary as a picture (PNG)")


@events.init.add_listener
def choose_users(environment: Environment, **_: Any) -> None:
    """Drive the image door only where there is one."""
    # gevent's clock stood still during the imports above, which would count as run time.
    get_hub().loop.update_now()
    if not (environment.parsed_options and environment.parsed_options.image_host):
        environment.user_classes = [TableUser]


@events.quitting.add_listener
def draw(environment: Environment, **_: Any) -> None:
    """Draw the response times and the requests per second of each kind of request."""
    path = environment.parsed_options.picture if environment.parsed_options else ""
    if not path:
        return
    from matplotlib.figure import Figure

    entries = [entry for _, entry in sorted(environment.stats.entries.items())]
    figure = Figure(figsize=(9, 1.2 + 0.9 * max(len(entries), 1)), layout="constrained")
    axes = figure.subplots()
    height = 0.8 / len(PERCENTILES)
    for index, percentile in enumerate(PERCENTILES):
        values = [entry.get_response_time_percentile(percentile) for entry in entries]
        places = [place + index * height for place in range(len(entries))]
        bars = axes.barh(places, values, height, label=f"p{percentile * 100:.0f}")
        axes.bar_label(bars, [f"{value:.0f}" for value in values], padding=3, fontsize=8)
    names = [
        f"{entry.name}\n{entry.total_rps:.1f}/s, {entry.num_failures} of "
        f"{entry.num_requests} failed"
        for entry in entries
    ]
    axes.set_yticks([place + height for place in range(len(entries))], names)
    axes.invert_yaxis()
    total = environment.stats.total
    seconds = (total.last_request_timestamp or total.start_time) - total.start_time
    axes.set_title(f"{total.num_requests} requests in {seconds:.0f} s: milliseconds each")
    axes.legend()
    figure.savefig(path, dpi=110)
