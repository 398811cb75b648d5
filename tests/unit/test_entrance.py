"""A server that nobody signs in to starts only for its own machine, and a header from anybody is not believed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers

from sen2dash.errors import UnprotectedServer
from sen2dash.web.entrance import NEEDED, Entrance, check_start, is_loopback
from sen2dash.web.owners import CONNECTION, Connection, Owners
from sen2dash.web.server import hardened

ROOT = Path(__file__).resolve().parents[2]
HERE = ("localhost", "127.0.0.1")
PROVIDER = dict.fromkeys(NEEDED, "x" * 32)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.0.1.1", "localhost", "LOCALHOST.", "::1", "[::1]", "a.localhost"]
)
def test_what_reaches_only_this_machine(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["", None, "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", "sen2.example", "*"])
def test_what_others_can_reach(address: str | None) -> None:
    assert not is_loopback(address)


def test_a_local_server_starts() -> None:
    check_start({}, False, "127.0.0.1", HERE, False)


@pytest.mark.parametrize(
    ("address", "hosts", "where"),
    [
        ("0.0.0.0", HERE, "at 0.0.0.0"),
        (None, HERE, "at every address of this machine"),
        ("", HERE, "at every address of this machine"),
        ("10.1.2.3", HERE, "at 10.1.2.3"),
        ("127.0.0.1", (*HERE, "sen2.authority.example"), "as localhost, 127.0.0.1, sen2.authority.example"),
        ("127.0.0.1", ("*",), "as *"),
        ("127.0.0.1", (), "as any host"),
    ],
)
def test_a_server_that_others_reach_does_not_start_and_names_both_settings(
    address: str | None, hosts: tuple[str, ...], where: str
) -> None:
    with pytest.raises(UnprotectedServer) as refused:
        check_start({}, False, address, hosts, False)
    assert where in refused.value.message
    assert "[auth] in .streamlit/secrets.toml" in refused.value.hint
    assert "SEN2DASH_SIGN_IN_BY_PROXY=true" in refused.value.hint
    check_start({}, True, address, hosts, False)
    check_start(PROVIDER, False, address, hosts, False)


@pytest.mark.slow
def test_the_real_server_does_not_start_at_another_address() -> None:
    arguments = ["run", str(ROOT / "app.py"), "--server.headless", "true", "--server.address", "0.0.0.0"]
    command = [sys.executable, "-m", "streamlit", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEN2DASH_")}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1].startswith("sen2dash does not start. Others could reach it at 0.0.0.0")
    assert "SEN2DASH_SIGN_IN_BY_PROXY=true" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_users_from_headers_of_streamlit_are_refused() -> None:
    with pytest.raises(UnprotectedServer, match="trustedUserHeaders"):
        check_start(PROVIDER, False, "127.0.0.1", HERE, True)


@pytest.mark.parametrize("missing", NEEDED)
def test_half_a_provider_is_refused(missing: str) -> None:
    with pytest.raises(UnprotectedServer, match=f"lacks {missing}"):
        check_start({**PROVIDER, missing: ""}, False, "127.0.0.1", HERE, False)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(UnprotectedServer, match="fewer than 32"):
        check_start({**PROVIDER, "cookie_secret": "x" * 31}, False, "127.0.0.1", HERE, False)


def request(*headers: tuple[str, str], server: tuple[str, int | None] | None = ("127.0.0.1", 8501)) -> dict[str, Any]:
    return {"server": server, "headers": [(name.lower().encode(), value.encode()) for name, value in headers]}


def test_without_a_sign_in_only_this_machine_is_answered() -> None:
    local = Entrance(is_local=True)
    assert not local.refusal(request())
    for server in (("10.0.0.5", 8501), ("/run/sen2dash.sock", None), None):
        assert "Nobody signs in" in local.refusal(request(server=server))


def test_with_a_secret_only_the_proxy_is_answered() -> None:
    entrance = Entrance(user_header="X-Account", secret="s" * 16)
    proxied = request(("X-Sen2dash-Proxy", "s" * 16), ("X-Account", "ada"), server=("10.0.0.5", 8501))
    assert not entrance.refusal(proxied)
    cleaned = Headers(raw=entrance.cleaned(proxied)["headers"])
    assert cleaned.get("x-account") == "ada"
    assert "x-sen2dash-proxy" not in cleaned
    for wrong in ((), (("X-Sen2dash-Proxy", "t" * 16),), (("X-Sen2dash-Proxy", "s" * 16),) * 2):
        assert entrance.refusal(request(*wrong)) == "Use the address of the proxy."


def test_without_a_secret_an_account_is_believed_only_from_this_machine() -> None:
    entrance = Entrance(user_header="X-Account")
    named = ("X-Account", "ada")
    assert Headers(raw=entrance.cleaned(request(named))["headers"])["x-account"] == "ada"
    forged = request(named, ("Accept", "*/*"), server=("10.0.0.5", 8501))
    assert entrance.cleaned(forged)["headers"] == [(b"accept", b"*/*")]
    assert entrance.cleaned(request(named, ("x-account", "eve")))["headers"] == []


USER = b"_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"


def test_the_cookie_of_a_person_is_secure_and_ends_with_the_sign_in() -> None:
    assert hardened(USER, True, 28_800) == USER.replace(b"2592000", b"28800") + b"; Secure"
    assert hardened(USER, False, 28_800) == USER.replace(b"2592000", b"28800")
    assert hardened(USER.replace(b"2592000", b"0"), False, 28_800).count(b"Max-Age=0") == 1
    assert hardened(b"_streamlit_user_tokens_1=x; Max-Age=2592000", False, 60).endswith(b"Max-Age=60")
    assert hardened(b"other=x; Max-Age=2592000; Secure", True, 60) == b"other=x; Max-Age=2592000; Secure"


def opened(owners: Owners, owner: str, session: str) -> None:
    token = CONNECTION.set(Connection(owner))
    owners.on_opened(session)
    CONNECTION.reset(token)


def test_where_people_sign_in_nothing_is_uploaded_before_a_page_allows_it() -> None:
    owners = Owners()
    opened(owners, "browser", "s")
    assert owners.may_load("s")
    owners.is_open = False
    assert not owners.may_load("s")
    owners.allow_loading("s", True)
    assert owners.may_load("s")
    # The line was cut, and the tab has come back without running its page.
    opened(owners, "browser", "s")
    assert owners.may_load("s")
    owners.allow_loading("s", False)
    assert not owners.may_load("s")
    assert not owners.may_load("unknown")


def test_signing_out_ends_every_tab_of_the_browser_and_its_downloads() -> None:
    owners = Owners()
    for owner, session in (("browser", "one"), ("browser", "two"), ("other", "three")):
        opened(owners, owner, session)
        owners.record_download(f"file of {session}", session)
    assert sorted(owners.sign_out("browser")) == ["one", "two"]
    assert not owners.may_download("browser", "file of one")
    assert owners.may_download("other", "file of three")
    assert not owners.may_load("two")
    owners.allow_loading("two", True)
    assert not owners.may_load("two")
    owners.record_download("later", "two")
    assert not owners.may_download("browser", "later")
    assert owners.may_load("three")
