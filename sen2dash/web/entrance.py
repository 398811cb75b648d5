"""Which requests may come in at all: whether the server may start as it is set up, and what a proxy may say.

A server without a provider gives every visitor rights. So it starts only where the only visitor is the user of this
machine, or where a setting says that a proxy signs people in. A header that any visitor could send is no sign-in.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from sen2dash.errors import UnprotectedServer

#: The header in which a proxy proves that it is the one.
SECRET_HEADER = "x-sen2dash-proxy"
#: What the section [auth] of the secrets needs, and how long the secret that signs the cookie must be.
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SECRET_LENGTH = 32
TITLE = "sen2dash does not start"
DOCUMENT = "See docs/sign-in.md."


def is_loopback(address: str | None) -> bool:
    """Whether an address or the name of a host reaches only this machine."""
    name = (address or "").strip().lower().rstrip(".").strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_start(
    provider: Mapping[str, Any], by_proxy: bool, address: str | None, hosts: Sequence[str], has_headers: bool
) -> None:
    """Refuse to start a server that visitors could use without a sign-in. Errors: UnprotectedServer.

    provider: the section [auth]. by_proxy: whether a proxy signs people in. address, hosts: where the server listens,
    and the names under which it answers (empty: any). has_headers: whether Streamlit takes users from headers.
    """
    if has_headers:
        raise UnprotectedServer(
            TITLE,
            "server.trustedUserHeaders is set, and anyone who reaches the port could send such a header.",
            f"Remove it, and set SEN2DASH_PROXY_USER_HEADER instead. {DOCUMENT}",
        )
    if provider:
        _check_provider(provider)
        return
    if by_proxy or (is_loopback(address) and hosts and all(map(is_loopback, hosts))):
        return
    where = f"at {address or 'every address of this machine'}"
    if is_loopback(address):
        where = f"as {', '.join(hosts) or 'any host'}"
    raise UnprotectedServer(
        TITLE,
        f"Others could reach it {where}, and nobody would have to sign in.",
        "Set up sign-in with the section [auth] in .streamlit/secrets.toml. If a proxy in front of it signs people in, "
        "set SEN2DASH_SIGN_IN_BY_PROXY=true. For this machine only, leave server.address at 127.0.0.1 and "
        f"server.allowedHosts at localhost and 127.0.0.1. {DOCUMENT}",
    )


def _check_provider(provider: Mapping[str, Any]) -> None:
    missing = [name for name in NEEDED if not provider.get(name)]
    if missing:
        raise UnprotectedServer(
            TITLE,
            f"The section [auth] in .streamlit/secrets.toml lacks {', '.join(missing)}.",
            DOCUMENT,
        )
    if len(str(provider["cookie_secret"])) < SECRET_LENGTH:
        raise UnprotectedServer(
            TITLE,
            f"cookie_secret in .streamlit/secrets.toml has fewer than {SECRET_LENGTH} characters and can be guessed.",
            'Make one with: python -c "import secrets; print(secrets.token_hex(32))"',
        )


@dataclass(frozen=True)
class Entrance:
    """What requests must have. is_local: nobody signs in, so only this machine may ask.

    user_header: in which the proxy names the account. secret: what the proxy proves itself with. Either may be empty.
    """

    is_local: bool = False
    user_header: str = ""
    secret: str = ""

    def refusal(self, scope: Scope) -> str:
        """Why a request may not come in; empty if it may."""
        if self.is_local and not self._is_from_here(scope):
            return "Nobody signs in to this server, so only its own machine may use it."
        if self.secret and not self._has_secret(scope):
            return "Use the address of the proxy."
        return ""

    def cleaned(self, scope: Scope) -> Scope:
        """The request without the secret, and without the name of an account that the proxy did not send."""
        gone = {SECRET_HEADER}
        if self.user_header:
            # Two of them: the proxy added its own to one that the visitor sent.
            is_one = len(Headers(scope=scope).getlist(self.user_header)) == 1
            is_proven = bool(self.secret) or self._is_from_here(scope)
            gone |= set() if is_one and is_proven else {self.user_header.lower()}
        return {**scope, "headers": [*_without(scope["headers"], gone)]}

    def _has_secret(self, scope: Scope) -> bool:
        given = Headers(scope=scope).getlist(SECRET_HEADER)
        return len(given) == 1 and hmac.compare_digest(given[0].encode("latin-1"), self.secret.encode())

    def _is_from_here(self, scope: Scope) -> bool:
        """Whether the connection came to an address of this machine that others cannot reach.

        The address of the client is no proof: the web server takes it from a header of the proxy.
        """
        server = scope.get("server")
        return server is not None and is_loopback(server[0])


def _without(headers: Iterable[tuple[bytes, bytes]], gone: set[str]) -> Iterable[tuple[bytes, bytes]]:
    return ((name, value) for name, value in headers if name.decode("latin-1").lower() not in gone)
