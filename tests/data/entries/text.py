"""An entry script without a declared output that returns its body as text."""

from scoring import endpoint


def init():
    pass


@endpoint
def run(raw_data):
    return raw_data
