"""An entry script whose run() outlives any SCORING_TIMEOUT_MS a test sets."""

import threading

from scoring import endpoint


def init():
    pass


@endpoint
def run(raw_data):
    threading.Event().wait(600)
