"""A key of the browser page belongs to the origin that it was typed for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.clients.hostile import Exchange, HostileServer, scored

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("npm")]


def test_a_key_goes_to_its_origin_only(browser: Browser, address: str) -> None:
    """A key that was typed for one service is not sent to an address that comes in a link."""

    def refuse(exchange: Exchange) -> None:
        headers = {
            "Access_Control_Allow_Origin": "*",
            "Access_Control_Allow_Headers": "authorization",
        }
        exchange.answer(200, b"{}", headers=headers)

    with (
        HostileServer(otherwise=refuse) as own,
        HostileServer(otherwise=refuse) as other,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(f"{address}/#table={own.uri}")
        page.locator("#table-key").fill("own-key")
        page.get_by_role("button", name="Load the form").click()
        expect(page.locator("#table")).to_be_visible()
        assert [e.headers.get("authorization") for e in own.exchanges if e.method == "GET"] == [
            "Bearer own-key"
        ]
        # A link, in the same tab, and an address typed over the first.
        page.goto("about:blank")
        page.goto(f"{address}/#table={other.uri}")
        expect(page.locator("#table-key")).to_have_value("")
        page.get_by_role("button", name="Load the form").click()
        expect(page.locator("#table")).to_be_visible()
        page.locator("#table-url").fill(own.uri)
        expect(page.locator("#table-key")).to_have_value("own-key")
        page.locator("#table-url").fill(other.uri)
        expect(page.locator("#table-key")).to_have_value("")
        page.get_by_role("button", name="Load the form").click()
        expect(page.locator("#table")).to_be_visible()
        assert other.exchanges
        assert all("authorization" not in exchange.headers for exchange in other.exchanges)


def test_a_redirect_is_not_followed(browser: Browser, address: str) -> None:
    """A service that points elsewhere is not followed, with a key or without."""
    with HostileServer(otherwise=scored) as elsewhere:
        headers = {"Access_Control_Allow_Origin": "*", "Location": elsewhere.uri}
        with (
            HostileServer(otherwise=lambda e: e.answer(302, b"", headers=headers)) as server,
            browser.new_context() as context,
        ):
            page = context.new_page()
            page.goto(f"{address}/#table={server.uri}")
            page.get_by_role("button", name="Load the form").click()
            expect(page.locator("#table-status")).to_contain_text("could not read an answer")
            assert server.exchanges
            assert elsewhere.exchanges == []
