"""The web side of who one is: the cookie, @require and @public, and requests from other sites."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import ValidationError

from elearn import clock, settings
from elearn.database import transaction
from elearn.errors import FormExpired, NotAllowed, NotFound, TooManyTries, Unavailable
from elearn.extensions import login_manager
from elearn.people import actors, audit, crossing, pace, passwords
from elearn.people.actors import Actor
from elearn.people.crossing import Verdict
from elearn.people.permissions import Permission
from elearn.settings import Switch

COOKIE = "elearn_sign_in"
REMEMBERED_SECONDS = 30 * 86_400
HOME = "/"
LOGIN, PASSWORD = "people.show_login", "people.show_password"  # endpoints
FACTOR = "factors.show_new"
# Where one may be before a password of one's own is set, and before a second factor is.
BEFORE_PASSWORD = frozenset({PASSWORD, "people.change_password", "people.logout"})
BEFORE_FACTOR = BEFORE_PASSWORD | {FACTOR, "factors.turn_on", "factors.ask_again"}
OPEN_ENDPOINTS = frozenset({"static"})
TYPED = frozenset({"q", "subject", "page"})  # arguments that are no filter, or words somebody typed
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """Who may open a view; no permission means anybody."""

    permission: Permission | None
    seen_with: Permission | None = None


PUBLIC = Rule(None)
# Kept beside the views, so that one can walk the URL map and ask.
_rules: dict[Callable[..., Any], Rule] = {}
_audited: set[Callable[..., Any]] = set()
_switches: dict[Callable[..., Any], Switch] = {}


def require(
    permission: Permission, *, seen_with: Permission | None = None
) -> Callable[[View], View]:
    """Open a view to those with the permission; for others it does not exist (404).

    Who holds ``seen_with`` may know of it but not do it, and is told so (403).
    """

    def mark(view: View) -> View:
        _rules[view] = Rule(permission, seen_with)
        return view

    return mark


def public(view: View) -> View:
    """Open a view to anybody."""
    _rules[view] = PUBLIC
    return view


def part_of(switch: Switch) -> Callable[[View], View]:
    """Say which capability a view belongs to: it does not exist (404) where that is turned off.

    Stands between @require or @public and what wraps the view.
    """

    def mark(view: View) -> View:
        _switches[view] = switch
        return view

    return mark


def switch_of(view: Callable[..., Any]) -> Switch | None:
    """The capability a view belongs to, where it can be turned off."""
    return _switches.get(view)


def paced(looks: int = 1) -> Callable[[View], View]:
    """Count a view that anybody may open against the allowance of their address.

    Stands between @public and the view; raises TooManyTries.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            spend_allowance(looks)
            return view(*args, **kwargs)

        return cast(View, counted)

    return mark


def spend_allowance(looks: int) -> None:
    """Count so many looks against the allowance of the address. Raises TooManyTries.

    Where the database has no time for it, the page matters more than the count.
    """
    with suppress(Unavailable), transaction():
        pace.spend(request.remote_addr or "", looks)


def told_to_wait(page: str, problem: TooManyTries) -> Response:
    """The page that says so, with what was typed, and when to try again."""
    response = make_response(page, problem.status)
    response.headers["Retry-After"] = str(problem.wait_seconds)
    return response


def audited(action: str) -> Callable[[View], View]:
    """Note in the audit log who looked at a person; the view takes ``person_id``.

    Stands between @require and the view. Nothing is shown unless the note is kept; one's own
    page and refused looks are not noted.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def noted(*args: Any, **kwargs: Any) -> Any:
            page = view(*args, **kwargs)
            if kwargs["person_id"] != actor().id:
                with transaction():
                    audit.record(actor().id, action, kwargs["person_id"])
            return page

        _audited.add(noted)
        return cast(View, noted)

    return mark


def exported(action: str) -> Callable[[View], View]:
    """Note in the audit log who took a list away, of which kind, and how it was narrowed.

    Stands between @require and the view; nothing is sent unless the note is kept.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def noted(*args: Any, **kwargs: Any) -> Any:
            file = view(*args, **kwargs)
            with transaction():
                audit.record(actor().id, action, None, narrowed=_narrowed(kwargs))
            return file

        _audited.add(noted)
        return cast(View, noted)

    return mark


def _narrowed(named: dict[str, Any]) -> list[str]:
    """What was asked for, without what was typed: a name, or more than a name."""
    asked = {**request.args.to_dict(), **named}
    return [
        f"{name}={value}" for name, value in sorted(asked.items()) if value and name not in TYPED
    ]


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """What a view asks for; None when nobody has said it, which refuses everybody."""
    return _rules.get(view)


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """The permission a view asks for; None when it is public or nobody has said it."""
    rule = _rules.get(view)
    return rule.permission if rule else None


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a view is open to anybody."""
    return _rules.get(view) == PUBLIC


def is_audited(view: Callable[..., Any]) -> bool:
    """Whether looking at the view is noted in the audit log."""
    return view in _audited


def actor() -> Actor:
    """Who is signed in, within a view that asks for a permission."""
    return cast(Actor, current_user._get_current_object())


def is_signed_in() -> bool:
    """Whether somebody is signed in, within a public view."""
    return bool(current_user.is_authenticated)


def on_page(person: Actor) -> dict[str, bytes]:
    """What the header says of who looks at a page, as HTML for the gaps of a shell."""
    unread = b""
    if person.unread_count:
        part: Any = current_app.jinja_env.get_template("parts/unread.html").module
        unread = part.unread_mark(person.unread_count).encode()
    return {
        "initials": escape(person.initials).encode(),
        "full_name": escape(person.full_name).encode(),
        "unread": unread,
    }


def init_app(app: Flask) -> None:
    """Bind the sign-in cookie and the guard to the application."""
    login_manager.session_protection = None
    login_manager.init_app(app)
    # No cookie of Flask-Login's own is kept, so none has to be looked after at each answer.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    passwords.allow(app.config.get("HASH_SLOTS", passwords.DEFAULT_SLOTS))
    app.before_request(_guard)


@login_manager.request_loader
def _load(received: Request) -> Actor | None:
    token = received.cookies.get(COOKIE)
    return actors.load(token, clock.now_ms()) if token else None


def _load_directly() -> bool:
    """Find out who is signed in, past the sessions of Flask-Login, which are not used here."""
    found = _load(request)
    login_manager._update_request_context_with_user(found)
    return found is not None


def keep_token(response: AnyResponse, token: str, *, remember: bool) -> None:
    """Give the browser the token: for 30 days, or until it is closed."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=REMEMBERED_SECONDS if remember else None,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def welcomed(token: str, target: str, *, remember: bool) -> AnyResponse:
    """Give the browser the token of a sign-in that is complete, and show where it was going."""
    session.clear()
    response = redirect(local_path(target), 303)
    keep_token(response, token, remember=remember)
    return response


def forget_token(response: AnyResponse) -> None:
    """Take the token from the browser."""
    response.delete_cookie(
        COOKIE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def local_path(target: str) -> str:
    """The target when it is an address of this site, else home."""
    odd = "\\" in target or not target.isprintable()
    is_local = target.startswith("/") and not target.startswith("//") and not odd
    return target if is_local else HOME


def device_name(user_agent: str) -> str:
    """A browser and a system as people know them, or nothing."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


def _guard() -> AnyResponse | None:
    audit.act_for("")
    # g outlives a request where an outer application context stands: who one is never does.
    g.pop("_login_user", None)
    _refuse_other_sites()
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None
    view = current_app.view_functions[endpoint]
    rule, switch = _rules.get(view), _switches.get(view)
    if rule is None:
        raise RuntimeError(f"{endpoint} names neither a permission nor @public")
    if rule.permission is None:
        _refuse_unless(switch is None or settings.is_on(switch))
        return None
    if not _load_directly():
        return _ask_to_sign_in()
    refused = _admit(rule, endpoint)
    _refuse_unless(switch is None or actor().has(switch))
    return refused


def _refuse_unless(there: bool) -> None:
    if not there:
        raise NotFound


def _admit(rule: Rule, endpoint: str) -> AnyResponse | None:
    person = actor()
    if person.must_change_password and endpoint not in BEFORE_PASSWORD:
        return _elsewhere(url_for(PASSWORD))
    if person.must_add_factor and endpoint not in BEFORE_FACTOR:
        return _elsewhere(url_for(FACTOR))
    if rule.permission and person.may(rule.permission):
        audit.act_for(person.giver_of(rule.permission))
        return None
    if rule.seen_with and person.may(rule.seen_with):
        raise NotAllowed
    raise NotFound


def _ask_to_sign_in() -> AnyResponse:
    if request.method != "GET":
        return _elsewhere(url_for(LOGIN))
    target = request.full_path if request.query_string else request.path
    return _elsewhere(url_for(LOGIN, next=None if target == HOME else target))


def _elsewhere(target: str) -> AnyResponse:
    """Send a person to another page; a script is told 401, lest it takes that page for success."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or not _wants_page():
        abort(401)
    return redirect(target, 303)


def _wants_page() -> bool:
    return not request.accept_mimetypes or request.accept_mimetypes.accept_html


def _refuse_other_sites() -> None:
    if request.method in crossing.SAFE_METHODS:
        return
    verdict = crossing.judge(
        request.method,
        request.headers.get("Sec-Fetch-Site"),
        request.headers.get("Origin"),
        {_origin(request.host_url), _origin(current_app.config["PUBLIC_URL"])},
    )
    if verdict is Verdict.REFUSE or (verdict is Verdict.NEEDS_TOKEN and not _has_token()):
        raise FormExpired


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _has_token() -> bool:
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True
