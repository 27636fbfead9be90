"""An entry script whose model fails on every request, with a secret in its message."""

from scoring import endpoint


def init():
    pass


@endpoint
def run(raw_data):
    raise KeyError(f"secret-detail {raw_data}")
