"""Signing in with an OpenID Connect provider, in a real browser: each role, none, and every way around it."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from sen2dash import ui
from sen2dash.sample.generate import sample_bytes
from tests.browser import raw
from tests.browser.conftest import DEADLINE, ROOT, serving
from tests.browser.steps import idle

SECRETS = """[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "sen2dash"
client_secret = "a secret of the test"
server_metadata_url = "{provider}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid profile", prompt = "login" }}
"""
USERS = {
    "viewer": ["sen2.view"],
    "officer": ["sen2.child"],
    "administrator": ["sen2.admin"],
    "stranger": ["finance.all"],
    "elsewhere": ["sen2.child", "sen2.admin"],
}


def claims(sub: str, roles: list[str]) -> dict[str, object]:
    return {"roles": roles, "name": sub.capitalize(), **({"la_code": "873"} if sub == "elsewhere" else {})}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    users = [User(sub=sub, claims=claims(sub, roles)) for sub, roles in USERS.items()]
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def address(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("signing")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (folder / ".streamlit" / "secrets.toml").write_text(SECRETS.format(provider=provider), encoding="utf-8")
    with serving(folder / "server.log", folder=folder) as (address, _):
        yield address


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768}, accept_downloads=True)
    made.set_default_timeout(DEADLINE * 1000)
    yield made
    made.close()


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def expect_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    idle(page)


def sign_in(page: Page, sub: str, title: str) -> None:
    """Sign in from the start page, which then has this title."""
    page.goto("/")
    expect_title(page, "Sign in to sen2dash")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=sub, exact=True).click()
    expect_title(page, title)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    # The provider asks whether to sign out there too, which makes no difference here.
    page.wait_for_url("**/end_session*")
    page.goto("/")
    expect_title(page, "Sign in to sen2dash")


def test_without_a_sign_in_no_address_shows_anything(context: BrowserContext) -> None:
    page = opened(context)
    page.goto("/person?person=1")
    expect_title(page, "Sign in to sen2dash")
    expect(page.get_by_test_id("stMain").get_by_role("button")).to_have_count(1)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    assert context.request.get("/media/0123456789abcdef.csv").status == 403


@pytest.mark.parametrize("identity", ["", "2|1:0|10:1700000000|15:_streamlit_user|8:eyJhIjoxfQ==|0000"])
def test_a_socket_without_a_sign_in_gets_the_page_that_asks_for_it_and_nothing_else(
    address: str, identity: str
) -> None:
    """What no page would send: any page by name, and values of controls. identity: a cookie that is not signed.

    The ids of the controls are made up, so this is about the guard of the page. That a control's function asks for the
    right itself is tested in tests/catalogue/test_rights.py and tests/pages.
    """
    visitor = raw.Browser(address).visit()
    if identity:
        visitor.cookies["_streamlit_user"] = identity
    for page in [name for name, _, _ in ui.PAGES]:
        tab = visitor.connect()
        message = BackMsg()
        message.rerun_script.query_string = "person=1"
        message.rerun_script.page_name = page
        for key in ("made-up-trigger", "another"):
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = key, True
        session = tab.draw(message)
        elements = [each.delta.new_element for each in tab.received if each.WhichOneof("type") == "delta"]
        kinds = {each.WhichOneof("type") for each in elements} - {None}
        assert kinds <= {"heading", "markdown", "button", "html", "empty", "alert"}, (page, kinds)
        assert [each.button.label for each in elements if each.HasField("button")] == ["Sign in"], page
        assert [each.heading.body for each in elements if each.HasField("heading")] == ["Sign in to sen2dash"], page
        assert visitor.upload(session, "0", sample_bytes(persons=1, seed=1)).status == 403
        tab.close()


def test_a_viewer_sees_figures_and_no_child(context: BrowserContext) -> None:
    page = opened(context)
    sign_in(page, "viewer", "Summary")
    expect(page.get_by_text("Nothing has been shared with you")).to_be_visible()
    # A link that an officer sent.
    page.goto("/summary")
    expect_title(page, "Summary")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.goto("/person?person=1")
    expect_title(page, "You have no access to this page")
    cookies = {each["name"]: each for each in context.cookies()}
    user = cookies["_streamlit_user"]
    assert user["httpOnly"]
    context.add_cookies([{**user, "value": user["value"].replace("|", "|x", 1)[:-3]}])  # type: ignore[typeddict-item]
    page.goto("/")
    expect_title(page, "Sign in to sen2dash")


def test_an_officer_s_download_ends_with_the_sign_in_in_every_tab(context: BrowserContext, provider: str) -> None:
    page = opened(context)
    sign_in(page, "officer", "Check a SEN2 return")
    page.get_by_role("button", name="Try it with a made-up return").click()
    expect(page.get_by_text("The check is complete")).to_be_visible()
    idle(page)
    page.get_by_test_id("stTopNav").get_by_role("button", name="Check", exact=True).click()
    page.locator("a[data-testid^=stTopNav]").filter(has_text="Downloads").click()
    expect_title(page, "Downloads")
    with page.expect_download() as started:
        page.get_by_role("button", name="Everything (CSV)").click()
    link = started.value.url
    assert context.request.get(link).status == 200
    other = opened(context)
    other.goto("/")
    expect_title(other, "Check a SEN2 return")
    sign_out(other)
    assert context.request.get(link).status == 403
    # The first tab still shows its page; the next click ends it.
    page.get_by_role("button", name="Glossary").click()
    expect_title(page, "Sign in to sen2dash")
    # The role is removed, and the next sign-in knows.
    body = json.dumps(claims("officer", [])).encode()
    urllib.request.urlopen(
        urllib.request.Request(f"{provider}/users/officer", body, {"content-type": "application/json"}, method="PUT")
    ).close()
    sign_in(other, "officer", "You have no access")


def test_other_roles_and_another_authority(browser: Browser, address: str, context: BrowserContext) -> None:
    page = opened(context)
    sign_in(page, "elsewhere", "Check a SEN2 return")
    file = FilePayload(name="return.xml", mimeType="text/xml", buffer=sample_bytes(persons=5, seed=1))
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("This return is of another authority")).to_be_visible()
    for sub, title in (("stranger", "You have no access"), ("administrator", "Summary")):
        fresh = browser.new_context(base_url=address)
        fresh.set_default_timeout(DEADLINE * 1000)
        sign_in(opened(fresh), sub, title)
        fresh.close()
