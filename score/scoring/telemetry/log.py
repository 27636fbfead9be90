"""One structured line per request: who asked, how much, how long, how it ended.

Never the payload: what is in a request is the client's, and a log is read by others. Values
are JSON, so that a request id with a line break cannot forge a second line.
"""

from __future__ import annotations

import json
import logging

#: A child of the server's own logger: azmlinfsrv configures no other, so a record sent
#: elsewhere below WARNING is lost. Under another host it propagates to the root as usual.
logger = logging.getLogger("azmlinfsrv.scoring")


def request_line(*, request_id: str, status: int, milliseconds: float, rows: int | None) -> str:
    """Return the line that describes one request, as JSON on one line.

    Args:
        request_id: as echoed to the client.
        status: HTTP status of the answer.
        milliseconds: time spent in `run()`, decoding and encoding included; where the server
            answered without it, since the server began.
        rows: rows or pictures scored; None where there was nothing to score, or it did not get
            that far.
    """
    fields = {
        "request_id": request_id,
        "status": status,
        "ms": round(milliseconds, 3),
        "rows": rows,
    }
    return json.dumps(fields)
