"""A real Chromium for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.cli.page import serve_page
from deploy.servers.azmlinfsrv import Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page's own origin."""
    with serve_page() as address:
        yield address


@pytest.fixture(scope="module")
def service(
    start_server: Callable[..., Server], root: Path, iris_model: Path, address: str
) -> Server:
    """The classifier, allowing the page's origin."""
    environ = {"AML_CORS_ORIGINS": address}
    return start_server(root / "score" / "classifier.py", iris_model, environ=environ)
