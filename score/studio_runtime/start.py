"""The first steps of the warm parent, while it has one thread.

    python -m studio_runtime.start SETUP      started by `runner`

A user namespace is given to no process with more, and pandas' imports start threads.
"""

from __future__ import annotations

import json
import os
import sys

from studio_runtime import isolation


def main() -> None:
    """Cut the network, then import and serve."""
    if sys.path[0] == "/":  # the folder it was started in
        del sys.path[0]
    os.environ.pop("PYTHONPATH", None)
    network = isolation.cut_network()
    from studio_runtime.fork_server import serve

    serve(json.loads(sys.argv[1]), network)


if __name__ == "__main__":
    main()
