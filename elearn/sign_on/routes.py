"""Pages of signing in with the agency's account."""

from __future__ import annotations

from typing import Any, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from elearn.database import transaction
from elearn.errors import Invalid, NotFound
from elearn.people import accounts, entering
from elearn.people.access import actor, is_signed_in, local_path, paced, public
from elearn.people.models import Way
from elearn.sign_on import attempts, matching
from elearn.sign_on.attempts import Attempts
from elearn.sign_on.provider import Provider
from elearn.sign_on.provider_settings import ProviderSettings
from elearn.sign_on.refusing import PERSON, Reason, Refused, status_of

blueprint = Blueprint("sign_on", __name__)
COOKIE, COOKIE_PATH = "elearn_oidc", "/login/oidc"
EXTENSION = "agency_provider"


def init_app(app: Flask, settings: ProviderSettings | None) -> None:
    """Know the agency's provider, if there is one."""
    app.extensions[EXTENSION] = settings and Provider(settings, app.config["PUBLIC_URL"])
    app.jinja_env.globals["has_agency_sign_on"] = lambda: current_app.extensions[EXTENSION]
    app.jinja_env.globals["is_from_agency"] = lambda: actor().way is Way.AGENCY


@blueprint.get("/login/oidc")
@public
def begin() -> AnyResponse:
    """Send the browser to the provider, with a cookie that knows it again."""
    provider, target = _provider(), local_path(request.args.get("next", "/"))
    is_again = "again" in request.args
    if is_signed_in() and not is_again:
        return redirect(target)
    attempt, cookie = _attempts().begin(target, is_again=is_again)
    try:
        response = redirect(provider.authorization_url(attempt), 303)
    except Refused as problem:
        return _refused_page(problem.reason)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=attempts.LIFE_MS // 1000,
        path=COOKIE_PATH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",  # the answer comes from the provider's site
    )
    return response


@blueprint.get("/login/oidc/callback")
@public
@paced()
def finish() -> AnyResponse:
    """Sign in whom the provider's answer tells of. A page of its own says why not."""
    provider = _provider()
    try:
        response = _entered(provider)
    except Refused as problem:
        with transaction():
            matching.note(problem)
        response = redirect(url_for("sign_on.show_refused", reason=problem.reason), 303)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return response


def _entered(provider: Provider) -> AnyResponse:
    answer = request.args
    attempt = _attempts().resume(request.cookies.get(COOKIE, ""), answer.get("state", ""))
    with transaction():
        attempts.spend(attempt)
    verified = matching.verified_of(provider.redeem(attempt, answer))
    try:
        response = entering.enter(verified, remember=False, target=attempt.target)
    except Invalid:  # closed in this very moment
        raise Refused(Reason.LEFT, person_id=verified.person_id) from None
    if is_signed_in():
        with transaction():
            accounts.sign_out(actor().stamp)
    return response


@blueprint.get("/login/oidc/refused/<reason>")
@public
def show_refused(reason: str) -> Response:
    if reason not in set(Reason):
        raise NotFound
    return _refused_page(Reason(reason))


def _refused_page(reason: Reason) -> Response:
    """What happened and what to do; who is somebody else at the provider may sign out there."""
    elsewhere = _provider().end_session_url() if reason in PERSON else ""
    page = render_template("sign_on/refused.html", reason=reason, elsewhere=elsewhere)
    response = make_response(page, status_of(reason))
    if reason is Reason.AWAY:
        response.headers["Retry-After"] = "30"
    return response


@blueprint.get("/login/out")
@public
def show_signed_out() -> str:
    """Signed out here; the provider's own sign-in goes on until it is ended there."""
    return render_template("sign_on/signed_out.html", elsewhere=_provider().end_session_url())


def _provider() -> Provider:
    found = current_app.extensions[EXTENSION]
    if found is None:
        raise NotFound
    return cast(Provider, found)


def _attempts() -> Attempts:
    key: Any = current_app.secret_key
    return Attempts(key)
