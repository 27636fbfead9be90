"""An entry script without a declared output that does what the request names."""

import json
import socket
import sys

import numpy as np
from scoring import endpoint


def init():
    pass


def drop():
    raise TimeoutError("secret-detail")


def hang():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.create_connection(listening.getsockname(), timeout=0.01) as connected:
            connected.recv(1)


ANSWERS = {
    "scalar": lambda: np.array(5.5),
    "squeezed": lambda: {"Results": np.array([[5.5]]).squeeze()},
    "masked": lambda: np.ma.masked,
    "drop": drop,
    "hang": hang,
    "exit": lambda: sys.exit("secret-detail"),
}


@endpoint
def run(raw_data):
    return ANSWERS[json.loads(raw_data)]()
