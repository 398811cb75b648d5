"""Who is at the screen and what they may see. Everything that shows, lists or exports asks here.

Three ways to know who it is: the claims of an OpenID Connect provider, a proxy that signs people in, or neither, on a
machine that only its own user can reach. A claim that is missing, expired or not understood gives no right.
"""

from __future__ import annotations

import functools
import getpass
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, ParamSpec, TypeVar

import streamlit as st
from streamlit import auth_util, config

from sen2dash.config import Settings
from sen2dash.errors import NoAccess, UnprotectedServer, place_of
from sen2dash.text import flat
from sen2dash.web.entrance import TITLE, Entrance, check_start
from sen2dash.web.owners import OWNERS
from sen2dash.web.session_files import streamlit_id
from sen2dash.web.sign_ins import SignIns

LOG = logging.getLogger("sen2dash")
#: Seconds by which the clock of the provider may be ahead of ours.
CLOCK_SKEW = 300
#: The end of the year 9998.
LAST_SECOND = 253_300_000_000
MAX_WHO, MAX_NAME = 200, 100
AUTHORITY = re.compile(r"[0-9]{3}", re.ASCII)
#: The account in the audit where the proxy signs people in and does not say whom.
BY_PROXY = "signed in by the proxy"
P = ParamSpec("P")
R = TypeVar("R")


class Right(StrEnum):
    """What a person may see: figures with small numbers protected, children, or the archive's administration.

    `CHILD` and `ADMIN` each include `VIEW`; `ADMIN` does not include `CHILD`.
    """

    VIEW = "sen2.view"
    CHILD = "sen2.child"
    ADMIN = "sen2.admin"


@dataclass(frozen=True)
class Person:
    """A signed-in person. who: the name in the audit. authority: the number of the only authority, empty for any.

    name: as the provider shows it, never an e-mail address. began, until: when the sign-in was made, and when it ends,
    in seconds since 1970; None where there is no sign-in. has_expired: somebody whose sign-in has ended, and who has
    no right.
    """

    who: str
    rights: frozenset[Right]
    authority: str = ""
    name: str = ""
    until: float | None = None
    has_expired: bool = False
    began: float | None = None

    def may(self, right: Right) -> bool:
        """Whether the person has a right."""
        return right in self.rights

    def has_ended(self, now: float) -> bool:
        """Whether the sign-in is over. now: seconds since 1970."""
        return self.until is not None and self.until <= now

    @property
    def is_signed_in(self) -> bool:
        """Whether it is known who this is. Somebody who is signed in may still have no right."""
        return bool(self.who)


#: Somebody who has not signed in.
NOBODY = Person("", frozenset())
#: The sign-ins of this run of the server.
SIGN_INS = SignIns[Person](time.time)
OWNERS.on_sign_out.append(SIGN_INS.forget)


@functools.cache
def settings() -> Settings:
    """The settings as they were when the server started. Every click asks for them many times."""
    return Settings()


@functools.cache
def provider() -> Mapping[str, Any]:
    """The section [auth] of Streamlit's secrets, which names the provider; empty if there is none. Read once."""
    return auth_util.get_secrets_auth_section().to_dict()


def has_provider() -> bool:
    """Whether people sign in with an OpenID Connect provider."""
    return bool(provider())


def is_behind_tls() -> bool:
    """Whether browsers reach the server by https, as the address for the provider says."""
    return str(provider().get("redirect_uri", "")).lower().startswith("https://")


def entrance() -> Entrance:
    """What requests must have, if the server may start as it is set up. Errors: UnprotectedServer."""
    chosen, option = settings(), config.get_option
    check_start(
        provider(),
        chosen.sign_in_by_proxy,
        option("server.address"),
        option("server.allowedHosts") or (),
        bool(option("server.trustedUserHeaders")),
    )
    if has_provider():
        if not auth_util.is_authlib_installed():
            hint = "Install it with: .venv/bin/pip install --require-hashes -r requirements-server.txt"
            raise UnprotectedServer(TITLE, "Sign-in needs the package Authlib, which is not installed.", hint)
        return Entrance()
    if not chosen.sign_in_by_proxy:
        return Entrance(is_local=True)
    secret = chosen.proxy_secret.get_secret_value() if chosen.proxy_secret is not None else ""
    return Entrance(user_header=chosen.proxy_user_header, secret=secret)


def person() -> Person:
    """The person at the screen, with what they may do at this moment."""
    chosen = settings()
    if has_provider():
        claims = st.user.to_dict()
        return _newest(_browser(), account_of(claims), of_claims(claims, chosen, time.time()))
    if chosen.sign_in_by_proxy:
        return of_headers(st.context.headers, chosen)
    return Person(_account(), frozenset(Right), chosen.authority)


def person_later() -> Callable[[], Person]:
    """Return a function that says later who the person of this page is then, outside its script.

    It knows of a sign-in of the same account that was made meanwhile in this browser, and of signing out.
    """
    found = person()
    if not has_provider():
        return lambda: found
    session, browser, account = streamlit_id(), _browser(), account_of(st.user.to_dict())

    def now() -> Person:
        return _newest(browser, account, found) if browser == OWNERS.browser_of(session) else NOBODY

    return now


def note_sign_in(browser: str, claims: Mapping[str, Any]) -> None:
    """Let the sign-in that these claims are from count in a browser before a page of it is drawn."""
    SIGN_INS.newest(browser, account_of(claims), of_claims(claims, settings(), time.time()))


def _newest(browser: str | None, account: str, found: Person) -> Person:
    """The person of the sign-in that counts, without any right if that has ended."""
    newest = SIGN_INS.newest(browser, account, found)
    return _ended(newest.began) if newest.has_ended(time.time()) else newest


def _ended(began: float | None) -> Person:
    return Person("", frozenset(), has_expired=True, began=began)


def _browser() -> str | None:
    """The browser of the page that is being drawn; None if it is not known."""
    return OWNERS.browser_of(streamlit_id())


@functools.cache
def _account() -> str:
    """The account of the machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # An account without a name, as in a container.
        return "local"


# -- the claims of a provider ---------------------------------------------------------------------------------


def of_claims(claims: Mapping[str, Any], chosen: Settings, now: float) -> Person:
    """The person that claims name, if the provider's sign-in has not ended. now: seconds since 1970."""
    if claims.get("is_logged_in") is not True:
        return NOBODY
    who = account_of(claims)
    until = _until(claims, chosen, now)
    if not who or until is None:
        return NOBODY
    began = _began(claims)
    if until <= now:
        return _ended(began)
    authority = _authority(claims, chosen)
    rights = rights_of(claims.get(chosen.roles_claim)) if authority is not None else frozenset[Right]()
    name = _text(claims.get("name"), MAX_NAME)
    return Person(who, rights, authority or "", "" if "@" in name else name, until, began=began)


def account_of(claims: Mapping[str, Any]) -> str:
    """The account that claims name, also after the sign-in has ended; empty if there is none."""
    if claims.get("is_logged_in") is not True:
        return ""
    return next((each for each in map(_text, (claims.get("oid"), claims.get("sub"))) if each), "")


def rights_of(roles: object) -> frozenset[Right]:
    """The rights that roles give: a list, or a text with spaces or commas between them. Unknown ones give none."""
    if isinstance(roles, str):
        roles = re.split(r"[\s,]+", roles)
    named = {role for role in roles if isinstance(role, str)} if isinstance(roles, list | tuple) else set()
    found = {right for right in Right if right.value in named}
    return frozenset(found | {Right.VIEW}) if found else frozenset()


def _until(claims: Mapping[str, Any], chosen: Settings, now: float) -> float | None:
    """When the sign-in ends: at `exp`, or some hours after `auth_time` (else `iat`).

    None if one of them is missing, or is no time, or if the sign-in has not begun.
    """
    ends = _seconds(claims.get("exp"))
    began = _seconds(claims["auth_time"] if "auth_time" in claims else claims.get("iat"))
    if ends is None or began is None or began > now + CLOCK_SKEW:
        return None
    return min(ends, began + chosen.sign_in_hours * 3600)


def _began(claims: Mapping[str, Any]) -> float | None:
    """When this sign-in was made: the provider may have asked for the password long before, at `auth_time`."""
    made = _seconds(claims.get("iat"))
    return made if made is not None else _seconds(claims.get("auth_time"))


def _seconds(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Far away times cannot be shown as a day and an hour.
    return float(value) if is_number and 0 <= value < LAST_SECOND else None  # type: ignore[arg-type,operator]


def _text(value: object, max_length: int = MAX_WHO) -> str:
    return flat(value, max_length).strip() if isinstance(value, str) else ""


def _authority(claims: Mapping[str, Any], chosen: Settings) -> str | None:
    """The number of the only authority, empty for any; None if the claim is not a number, or not that of the server."""
    given = claims.get(chosen.authority_claim) if chosen.authority_claim else None
    if given is None or given == "":
        return chosen.authority
    number = str(given) if isinstance(given, str | int) else ""
    if not AUTHORITY.fullmatch(number) or chosen.authority not in ("", number):
        return None
    return number


# -- a proxy --------------------------------------------------------------------------------------------------


def of_headers(headers: Mapping[str, str], chosen: Settings) -> Person:
    """The person behind a proxy that signs people in. The server has removed the header if it is not the proxy's."""
    who = BY_PROXY
    if chosen.proxy_user_header:
        who = _text(headers.get(chosen.proxy_user_header))
    rights = frozenset({Right.VIEW, Right.CHILD}) if who else frozenset[Right]()
    return Person(who, rights, chosen.authority)


# -- asking ---------------------------------------------------------------------------------------------------


def must_protect() -> bool:
    """Whether small numbers are protected, and the person cannot change it."""
    return not person().may(Right.CHILD)


def require(right: Right) -> Person:
    """Return the person if they have a right. Errors: NoAccess."""
    found = person()
    if not found.may(right):
        hint = f"Ask {contact()}." if found.is_signed_in else "Sign in again."
        raise NoAccess("You have no access to this", "Your account does not have the right that it needs.", hint)
    return found


def only(right: Right) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function run only for people with a right. Errors: NoAccess."""

    def guarded(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            require(right)
            return function(*args, **kwargs)

        run.needs = right  # type: ignore[attr-defined]
        return run

    return guarded


def check_authority(number: str | None) -> None:
    """Refuse a return of another authority than the person's own. number: in its header. Errors: NoAccess."""
    own = person().authority
    if own and number != own:
        record("refused", "authority")
        whose = f"It is of local authority {flat(number, 20)}" if number else "Its header names no local authority"
        raise NoAccess(
            "This return is of another authority",
            f"{whose}. Your account may load only returns of {own}. None of its records were read.",
            f"Choose a return of {own}, or ask {contact()}.",
        )


def contact() -> str:
    """Whom to ask for access."""
    return settings().access_contact or "the person who looks after sen2dash"


# -- the audit ------------------------------------------------------------------------------------------------

Event = Literal["sign_in", "right", "refused"]
#: Called with the person, the event and a word: the right, or the page that was refused. The archive adds one.
RECORDERS: list[Callable[[Person, Event, str], None]] = []


def record(event: Event, what: str = "", found: Person | None = None) -> None:
    """Record an event in the audit, if there is one. A page goes on where that fails, and the log says so."""
    who = found if found is not None else person()
    for recorder in RECORDERS:
        try:
            recorder(who, event, what)
        except Exception as error:  # noqa: BLE001 - the message may name an account
            LOG.error("an event was not recorded: %s at %s", type(error).__name__, place_of(error))
