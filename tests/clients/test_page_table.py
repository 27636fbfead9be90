"""The table half of the browser page: files in, cells at fault, results and programs out."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from sklearn.datasets import load_iris

from deploy.cli.page import link
from deploy.servers.azmlinfsrv import Server
from tests.clients.accessibility import violations
from tests.clients.hostile import Exchange, HostileServer

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("npm")]

IRIS: pd.DataFrame = load_iris(as_frame=True).data
NAMES = list(IRIS.columns)


@pytest.fixture
def page(browser: Browser, address: str, service: Server) -> Iterator[Page]:
    """The page with the classifier's form."""
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(link(address, service, service))
        page.get_by_role("button", name="Load the form").click()
        expect(page.locator("#grid tbody tr")).to_have_count(1)
        yield page


def choose(page: Page, path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    page.locator("#sheet-file").set_input_files(path)


def score(page: Page) -> None:
    page.get_by_role("button", name="Score the table").click()


def spreadsheet(path: Path, frame: pd.DataFrame) -> None:
    """Write the smallest .xlsx that there is."""
    cells = [list(frame.columns), *frame.to_numpy().tolist()]
    rows = "".join(
        "<row>"
        + "".join(
            f'<c r="{"ABCD"[j]}{i}" t="inlineStr"><is><t>{value}</t></is></c>'
            if isinstance(value, str)
            else f'<c r="{"ABCD"[j]}{i}"><v>{value}</v></c>'
            for j, value in enumerate(row)
        )
        + "</row>"
        for i, row in enumerate(cells, start=1)
    )
    office = "http://schemas.openxmlformats.org"
    main = f"{office}/spreadsheetml/2006/main"
    relation = f"{office}/officeDocument/2006/relationships"
    package = f"{office}/package/2006"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheet}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relation}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')


def test_a_csv_is_scored_and_kept(page: Page, service: Server, tmp_path: Path) -> None:
    """A file with semicolons and decimal commas gives, row by row, what the service itself says."""
    choose(page, tmp_path / "iris.csv", IRIS.to_csv(sep=";", decimal=",", index=False))
    expect(page.locator("#table-status")).to_have_text(
        "; separated, utf-8; decimal comma; 4 of 4 columns; 150 rows"
    )
    page.get_by_label("method").select_option("predict_proba")
    score(page)
    expect(page.locator("#table-status")).to_have_text("Scored.")
    expect(page.locator("#result tbody tr")).to_have_count(25)
    expect(page.locator("#result .bar")).to_have_count(75)
    page.locator("#result").get_by_role("button", name="Next rows").click()
    expect(page.locator("#result caption")).to_have_text("Results 26 to 50 of 150")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    kept = pd.read_csv(download.value.path(), float_precision="round_trip")
    body = {
        "Inputs": {"data": IRIS.to_dict("records")},
        "GlobalParameters": {"method": "predict_proba"},
    }
    answer = requests.post(service.score_url, json=body, timeout=60).json()
    expected = pd.DataFrame(answer["Results"])
    pd.testing.assert_frame_equal(kept[NAMES], IRIS)
    pd.testing.assert_frame_equal(kept[list(expected.columns)], expected, rtol=1e-12)


def test_a_dropped_spreadsheet(page: Page, tmp_path: Path) -> None:
    """A spreadsheet that is dropped on the page becomes the table."""
    spreadsheet(tmp_path / "iris.xlsx", IRIS.head(3))
    content = list((tmp_path / "iris.xlsx").read_bytes())
    transfer = page.evaluate_handle(
        """content => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(content)], "iris.xlsx"));
            return transfer;
        }""",
        content,
    )
    page.dispatch_event("#sheet-drop", "drop", {"dataTransfer": transfer})
    expect(page.get_by_label(f"{NAMES[0]}, row 3")).to_have_value(str(IRIS.iloc[2, 0]))
    score(page)
    expect(page.locator("#result tbody td")).to_have_text(["setosa"] * 3)


def paste(page: Page, label: str, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_label(label).focus()
    page.keyboard.press("Control+V")


def test_pasted_cells(page: Page) -> None:
    """Cells of a spreadsheet are pasted from a cell on, or with their header as a new table."""
    paste(page, f"{NAMES[2]}, row 1", "6.6\t2.1\n1.3\t0.2")
    expect(page.locator("#grid tbody tr")).to_have_count(2)
    expect(page.get_by_label(f"{NAMES[3]}, row 2")).to_have_value("0.2")
    paste(page, f"{NAMES[2]}, row 1", "1\t2\t3")
    expect(page.locator("#table-status")).to_contain_text("More columns were pasted")
    paste(page, f"{NAMES[0]}, row 1", IRIS.head(3).to_csv(sep="\t", index=False))
    expect(page.locator("#grid tbody tr")).to_have_count(3)
    score(page)
    expect(page.locator("#result tbody td")).to_have_text(["setosa"] * 3)


def test_faults_stand_at_their_cells(page: Page, tmp_path: Path) -> None:
    """What the service refuses is shown at the very cell, on whichever page of the table."""
    frame = IRIS.head(60).astype(object)
    frame.iloc[41, 1] = "wide"
    frame.iloc[43, 3] = None
    choose(page, tmp_path / "iris.csv", frame.to_csv(index=False))
    score(page)
    cell = page.get_by_label(f"{NAMES[1]}, row 42")
    expect(cell).to_be_focused()
    hidden = """cell => {
        const box = cell.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        return document.elementFromPoint(x, y) !== cell;
    }"""
    assert not cell.evaluate(hidden), "something lies over the cell at fault"
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".fault").first).to_have_text('expected number, found string "wide"')
    expect(page.get_by_label(f"{NAMES[3]}, row 44")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#table-status")).to_contain_text(f"400: row 42, {NAMES[1]}: expected")
    cell.fill("3.5")
    expect(page.locator(".fault")).to_have_count(1)
    page.get_by_label(f"{NAMES[3]}, row 44").fill("0.2")
    score(page)
    expect(page.locator("#table-status")).to_have_text("Scored.")


HEADER = ",".join(NAMES)

REFUSED = {
    "a row that does not fit": (f"{HEADER}\n1,2,3,4\n1,2,3,4,5\n", "Row 2 has 5 cells"),
    "other columns": ("a,b\n1,2\n", "none of the service's columns"),
    "a column twice": (f"{HEADER},{NAMES[0]}\n1,2,3,4,5\n", "more than once"),
    "a header alone": (HEADER, "no row"),
    "an empty file": ("", "none of the service's columns"),
    "a NUL byte": (f"{HEADER}\n1,2,3,\x004\n", "NUL byte"),
    "no decimal sign": (f'{HEADER}\n"1,234",2,3,4\n', "point or a comma"),
    "no spreadsheet": ("this is no zip", ""),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_files_that_are_refused(page: Page, tmp_path: Path, content: str, said: str) -> None:
    """A file that does not fit is refused with the reason, and the table stays as it was."""
    name = "in.csv" if said else "in.xlsx"
    choose(page, tmp_path / name, content)
    expect(page.locator("#table-status")).to_have_class("error")
    expect(page.locator("#table-status")).to_contain_text(said)
    expect(page.locator("#grid tbody tr")).to_have_count(1)


def test_categories_are_chosen(browser: Browser, address: str, tmp_path: Path, root: Path) -> None:
    """A column with a list of values is a choice of them; other values of a file stay in sight."""
    document = json.loads((root / "clients/contract/score/swagger2.json").read_text())
    row = document["definitions"]["ServiceInput"]["properties"]["Inputs"]["properties"]["data"]
    row["items"]["properties"]["sex"] = {"type": "string", "enum": ["f", "m"]}
    document["definitions"]["ServiceInput"]["example"]["Inputs"]["data"][0]["sex"] = "m"
    cors = {"Access_Control_Allow_Origin": address}

    def describe(exchange: Exchange) -> None:
        exchange.answer(200, json.dumps(document).encode(), headers=cors)

    with (
        HostileServer(otherwise=describe) as server,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(f"{address}/#table={server.uri}")
        page.get_by_role("button", name="Load the form").click()
        choice = page.get_by_label("sex, row 1")
        expect(choice.locator("option")).to_have_text(["f", "m"])
        expect(choice).to_have_value("m")
        choose(page, tmp_path / "in.csv", "age,sex\n1,x\n")
        expect(choice.locator("option")).to_have_text(["x", "f", "m"])
        expect(choice).to_have_value("x")


def test_swagger_ui(page: Page, service: Server) -> None:
    """The link leads to Swagger UI, served from here, which shows the document and tries it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#table-key").fill("not-a-secret")
    page.locator("#table-docs").click()
    expect(page.locator(".opblock-post")).to_be_visible()
    # Swagger UI's own: a heading jumps a level, and its title stands outside of its <main>.
    found = [violation.partition(":")[0] for violation in violations(page)]
    assert found == ["heading-order", "region"]
    page.locator(".opblock-post .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    before = service.log().count("azmlinfsrv - POST /score 200")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Execute").click()
    assert sent.value.headers["authorization"] == "Bearer not-a-secret"
    live = page.locator(".live-responses-table .response").first
    expect(live).to_contain_text("setosa")
    assert service.log().count("azmlinfsrv - POST /score 200") > before
    assert all(url.startswith(("http://127.0.0.1:", "data:")) for url in asked)
