"""The proxy in front of an endpoint: real Caddy, real Chromium, real service behind."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from deploy.servers.azmlinfsrv import Server, free_port

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("caddy")]

#: No secret: it opens nothing but the stand-in below.
KEY = "key-of-the-stand-in"


@contextmanager
def caddy(config: Path, port: int, home: Path, **environ: str) -> Iterator[str]:
    """Run Caddy until it listens; yield its address."""
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    environment = os.environ | environ | {"HOME": str(home), "XDG_DATA_HOME": str(home)}
    with (home / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            while process.poll() is None:
                try:
                    requests.get(address, timeout=60)
                    break
                except requests.ConnectionError:
                    time.sleep(0.05)
            assert process.poll() is None, (home / f"{port}.log").read_text()
            yield address
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def proxy(
    start_server: Callable[..., Server],
    root: Path,
    digits_model: Path,
    address: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The shipped proxy before a stand-in for Azure's front end before the image door."""
    service = start_server(root / "score" / "image.py", digits_model)
    home, front_port, port = tmp_path_factory.mktemp("caddy"), free_port(), free_port()
    front_config = root / "tests" / "clients" / "azure_front.caddyfile"
    front_settings = {"FRONT_PORT": str(front_port), "SERVICE": service.url, "ENDPOINT_KEY": KEY}
    with ExitStack() as stack:
        front = stack.enter_context(caddy(front_config, front_port, home, **front_settings))
        settings = {"PROXY_PORT": str(port), "ALLOWED_ORIGIN": address}
        settings |= {"ENDPOINT": front, "ENDPOINT_KEY": KEY}
        config = root / "clients" / "proxy" / "Caddyfile"
        yield stack.enter_context(caddy(config, port, home, **settings))


def test_the_page_scores_through_the_proxy(
    browser: Browser, proxy: str, address: str, digit_pictures: dict[int, Path]
) -> None:
    """A page of the allowed origin scores without knowing the key, preflight or not."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/#image={proxy}/score")
        page.locator("#file").set_input_files(digit_pictures[4])
        expect(page.locator("article h3")).to_have_text("4")
        # Any key of the page's own makes the browser ask first; the proxy replaces it.
        page.locator("#image-key").fill("none")
        page.locator("#file").set_input_files(digit_pictures[9])
        expect(page.locator("article h3")).to_have_text("9")


def test_errors_reach_the_page(browser: Browser, proxy: str, address: str, tmp_path: Path) -> None:
    """The service's message comes through."""
    bad = tmp_path / "letter.pdf"
    bad.write_bytes(b"%PDF-1.7")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/#image={proxy}/score")
        page.locator("#file").set_input_files(bad)
        expect(page.locator("#image-status")).to_contain_text("found a PDF document")


def test_other_origins_are_refused(proxy: str, address: str) -> None:
    """Another origin, or none, gets 403 and no CORS header; the allowed one each header once."""
    for headers in ({}, {"Origin": "http://evil.example"}):
        answer = requests.get(f"{proxy}/score", headers=headers, timeout=60)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    answer = requests.get(f"{proxy}/score", headers={"Origin": address}, timeout=60)
    assert answer.status_code == 200
    raw = answer.raw.headers
    assert raw.getlist("Access-Control-Allow-Origin") == [address]
    assert raw.getlist("Vary") == ["Origin"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/score?describe", 200),
        ("GET", "/swagger.json?version=3", 200),
        ("OPTIONS", "/score", 204),
        ("POST", "/", 404),
        ("POST", "/swagger.json", 404),
        ("PUT", "/score", 404),
        ("DELETE", "/score", 404),
        ("HEAD", "/score", 404),
        ("OPTIONS", "/admin", 404),
        ("GET", "/metrics", 404),
        ("GET", "/score/", 404),
        ("GET", "/x/../score", 404),
        ("GET", "/%73core", 404),
        ("POST", "//score", 404),
    ],
)
def test_only_what_is_needed_passes(
    proxy: str, address: str, method: str, path: str, status: int
) -> None:
    """Three paths and two methods reach the endpoint with the key; everything else ends here."""
    # http.client sends the path as it stands; requests would tidy it up.
    connection = http.client.HTTPConnection(proxy.removeprefix("http://"), timeout=60)
    with closing(connection):
        connection.putrequest(method, path)
        connection.putheader("Origin", address)
        connection.endheaders()
        assert connection.getresponse().status == status
