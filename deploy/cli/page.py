"""The verb page: both doors on this machine, and the browser page on a port of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from deploy.cli.app import app, failures
from deploy.cli.output import Output
from deploy.contract.static_files import app_root
from deploy.errors import DeployError
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "clients" / "browser"


class PageHandler(SimpleHTTPRequestHandler):
    """Serves the page's files; quiet, and always the newest."""

    def end_headers(self) -> None:
        """Keep the browser from showing yesterday's page, and other pages from showing it."""
        self.send_header("Cache-Control", "no-store")
        # What a page cannot say of itself in a <meta>: nobody may put it into a frame.
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
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


@contextmanager
def service(door: str, model_dir: Path, environ: Mapping[str, str]) -> Iterator[Server]:
    """Serve a door with its documents, so that Swagger UI shows them; yield the server."""
    entry = ROOT / "score" / f"{door}.py"
    with (
        app_root(entry, os.environ, model_dir) as root,
        Server(
            entry, model_dir, app_root=root.folder, environ={**environ, **root.environ}
        ) as server,
    ):
        yield server


def link(page: str, image: Server, table: Server) -> str:
    """Return the page's address with those of the services filled in."""
    return f"{page}/#{urlencode({'image': image.score_url, 'table': table.score_url})}"


@app.command()
def page(
    port: Annotated[int, typer.Option("--port", help="Port of the page; 0: a free one.")] = 8080,
) -> None:
    """Serve the browser page and both kinds of door beside it, until Ctrl-C."""
    models = ROOT / "models"
    with failures(Output()), suppress(KeyboardInterrupt), ExitStack() as stack:
        try:
            address = stack.enter_context(serve_page(port))
        except OSError as error:
            raise DeployError(f"Port {port} cannot be used: {error.strerror}.") from None
        environ = {"AML_CORS_ORIGINS": address}
        image = stack.enter_context(service("image", models / "digits" / "1", environ))
        table = stack.enter_context(service("score", models / "diabetes" / "1", environ))
        print(f"Open {link(address, image, table)} (Ctrl-C stops it)", flush=True)
        signal.pause()
