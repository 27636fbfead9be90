"""`make page`: both doors on this machine, and the browser page on a port of its own.

python -m deploy.cli.page --port 8080
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from deploy.servers.azmlinfsrv import Server, ServerFailed

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "clients" / "browser"


class PageHandler(SimpleHTTPRequestHandler):
    """Serves the page's files; quiet, and always the newest."""

    def end_headers(self) -> None:
        """Keep the browser from showing yesterday's page."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what the services log is of interest."""


@contextmanager
def serve_page(port: int = 0) -> Iterator[str]:
    """Serve the page on this machine only; yield its address. Port 0 picks a free one."""
    handler = partial(PageHandler, directory=str(PAGE))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as httpd:
        thread = Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}"
        finally:
            httpd.shutdown()
            thread.join()


def link(page: str, image: Server, table: Server) -> str:
    """Return the page's address with those of the services filled in."""
    return f"{page}/#{urlencode({'image': image.score_url, 'table': table.score_url})}"


def main() -> int:
    """Serve until Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cli.page", description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    args = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    models = ROOT / "models"
    try:
        with suppress(KeyboardInterrupt), serve_page(args.port) as page:
            environ = {"AML_CORS_ORIGINS": page}
            image = Server(ROOT / "score" / "image.py", models / "digits" / "1", environ=environ)
            table = Server(ROOT / "score" / "score.py", models / "diabetes" / "1", environ=environ)
            with image, table:
                print(f"Open {link(page, image, table)} (Ctrl-C stops it)", flush=True)
                signal.pause()
    except (ServerFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
