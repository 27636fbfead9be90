"""The browser page in a real Chromium, against real services on other origins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from deploy.cli.page import link
from deploy.servers.azmlinfsrv import Server
from tests.clients.accessibility import violations

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("npm")]

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"


@pytest.fixture(scope="module")
def services(
    start_server: Callable[..., Server], root: Path, model_of: Callable[[str], Path], address: str
) -> tuple[Server, Server]:
    """The image door and the classifier, both allowing the page's origin."""
    environ = {"AML_CORS_ORIGINS": address}
    image, table = (
        start_server(root / "score" / f"{door}.py", model_of(door), environ=environ)
        for door in ("image", "classifier")
    )
    return image, table


@pytest.fixture
def page(browser: Browser, address: str, services: tuple[Server, Server]) -> Iterator[Page]:
    """The page as `make page` opens it; nothing but loopback may be asked."""
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        refused: list[str] = []
        page.on("console", lambda m: refused.append(m.text) if "Security" in m.text else None)
        page.goto(link(address, *services))
        yield page
        assert all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in asked)
        assert refused == [], "the page does what its Content-Security-Policy forbids"


def draw_seven(page: Page) -> None:
    page.get_by_text("Draw a digit").click()
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    points = [(0.3, 0.2), (0.7, 0.2), (0.5, 0.8)]
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    for x, y in points:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
    page.mouse.up()
    page.mouse.move(box["x"] + 0.42 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.72 * box["width"], box["y"] + 0.48 * box["height"], steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Score the drawing").click()


def test_uploaded_pictures_are_scored(page: Page, digit_pictures: dict[int, Path]) -> None:
    """Each picture chosen shows its preview, label, size and a bar for every class."""
    page.locator("#file").set_input_files([digit_pictures[4], digit_pictures[9]])
    expect(page.locator("#image-status")).to_have_text("2 pictures scored.")
    expect(page.locator("article h3")).to_have_text(["4", "9"])
    expect(page.locator("article").first).to_contain_text("300 \u00d7 300 pixels")
    expect(page.locator("article").first.locator("li")).to_have_count(10)
    assert page.locator("article img").first.evaluate("image => image.naturalWidth") == 300
    page.screenshot(path=SHOTS / "upload.png", full_page=True)


def test_a_dropped_picture_is_scored(page: Page, digit_pictures: dict[int, Path]) -> None:
    """A file dropped on the page is scored like a chosen one."""
    content = list(digit_pictures[2].read_bytes())
    transfer = page.evaluate_handle(
        """content => {
            const transfer = new DataTransfer();
            const bytes = new Uint8Array(content);
            transfer.items.add(new File([bytes], "two.png", {type: "image/png"}));
            return transfer;
        }""",
        content,
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    expect(page.locator("article h3")).to_have_text("2")


def test_a_drawing_is_scored(page: Page) -> None:
    """A digit drawn with the mouse is read; an empty page is told apart."""
    page.get_by_text("Draw a digit").click()
    page.get_by_role("button", name="Score the drawing").click()
    expect(page.locator("#image-status")).to_contain_text("400: image is empty")
    page.get_by_text("Draw a digit").click()
    draw_seven(page)
    expect(page.locator("article h3")).to_have_text("7")
    page.screenshot(path=SHOTS / "drawing.png", full_page=True)


def test_a_bad_file_shows_the_services_message(page: Page, tmp_path: Path) -> None:
    """What the service says of a bad upload is what the user reads."""
    bad = tmp_path / "letter.pdf"
    bad.write_bytes(b"%PDF-1.7")
    page.locator("#file").set_input_files(bad)
    expect(page.locator("#image-status")).to_contain_text("400")
    expect(page.locator("#image-status")).to_contain_text("found a PDF document")
    page.screenshot(path=SHOTS / "error.png")


def test_a_forbidden_origin_is_blocked_by_the_browser(
    page: Page,
    start_server: Callable[..., Server],
    root: Path,
    digits_model: Path,
    digit_pictures: dict[int, Path],
) -> None:
    """The browser itself keeps the answer from a page that is not listed."""
    environ = {"AML_CORS_ORIGINS": "https://elsewhere.example"}
    other = start_server(root / "score" / "image.py", digits_model, environ=environ)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.locator("#image-url").fill(other.score_url)
    page.locator("#file").set_input_files(digit_pictures[4])
    expect(page.locator("#image-status")).to_contain_text("does not allow pages from")
    assert any("blocked by CORS policy" in message for message in messages)


def test_key_and_address_stay_in_the_tab(browser: Browser, page: Page, address: str) -> None:
    """They survive a reload and are gone in another tab; the key is sent as a bearer token."""
    page.locator("#image-key").fill("not-a-secret")
    page.goto(address)
    page.reload()
    expect(page.locator("#image-url")).not_to_have_value("")
    expect(page.locator("#image-key")).to_have_value("not-a-secret")
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(address)
        expect(other.locator("#image-key")).to_have_value("")


def test_a_picture_without_a_key_needs_no_preflight(
    page: Page, services: tuple[Server, Server], digit_pictures: dict[int, Path]
) -> None:
    """Multipart without Authorization is sent at once; with a key a preflight comes first."""
    image, _ = services
    before = image.log().count("OPTIONS /score")
    page.locator("#file").set_input_files(digit_pictures[4])
    expect(page.locator("article h3")).to_have_text("4")
    assert image.log().count("OPTIONS /score") == before
    page.locator("#image-key").fill("not-a-secret")
    page.locator("#file").set_input_files(digit_pictures[0])
    expect(page.locator("article h3")).to_have_text("0")
    assert image.log().count("OPTIONS /score") > before


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    """Tab visits every control but the drawing area, in the order of the page."""
    visited = []
    for _ in range(11):
        page.keyboard.press("Tab")
        visited.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert visited == [
        "image-url", "image-key", "image-docs", "file", "SUMMARY", "table-url", "table-key", "load",
        "table-docs", "BODY", "image-url",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_phones_and_both_colour_schemes(
    browser: Browser,
    address: str,
    services: tuple[Server, Server],
    digit_pictures: dict[int, Path],
    width: int,
    scheme: str,
) -> None:
    """Nothing is cut off or scrolls sideways, the ground follows the scheme, axe finds nothing."""
    options = {"width": width, "height": 844}
    with browser.new_context(viewport=options, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(link(address, *services))
        page.locator("#file").set_input_files(digit_pictures[3])
        expect(page.locator("article h3")).to_have_text("3")
        page.get_by_role("button", name="Load the form").click()
        page.get_by_label("method").select_option("predict_proba")
        cell = page.get_by_label("petal length (cm), row 1")
        cell.fill("many")
        page.get_by_role("button", name="Score the table").click()
        expect(cell).to_have_attribute("aria-invalid", "true")
        assert violations(page) == []
        cell.fill("1.4")
        page.get_by_role("button", name="Score the table").click()
        expect(page.locator("#result .bar")).to_have_count(3)
        page.get_by_text("As a program").click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(246, 247, 249)" if scheme == "light" else "rgb(15, 18, 22)")
        page.screenshot(path=SHOTS / f"{scheme}-{width}.png", full_page=True)


BREAK_THE_POLICY = """async () => {
    const errors = [];
    document.addEventListener("securitypolicyviolation",
        (event) => errors.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.owned = true";
    document.body.append(script);
    const image = new Image();
    image.src = "https://elsewhere.example/x.png";
    await new Promise((resolve) => image.addEventListener("error", resolve));
    return [window.owned === undefined, ...errors.sort()];
}"""


def test_a_page_cannot_be_framed_or_run_what_is_not_its_own(browser: Browser, address: str) -> None:
    """Its policy lets no script from a text or another place run, and nobody put it in a frame."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        errors = page.evaluate(BREAK_THE_POLICY)

    assert errors == [True, "img-src", "script-src-elem"]
    headers = requests.get(address, timeout=60).headers
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
