"""The web side of signing in: from a first factor that was right to a cookie, or to a code.

Every way in ends here: ``enter`` takes who has been verified, by whatever, and answers.
"""

from __future__ import annotations

from flask import current_app, flash, request, url_for
from flask import redirect as elsewhere
from flask_babel import format_date, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.database import transaction
from elearn.people import accounts, half, second_factor
from elearn.people.access import device_name, welcomed
from elearn.people.accounts import Verified
from elearn.people.half import Half

HALF_COOKIE = "elearn_half"
TRUST_COOKIE = "elearn_device"
LOGIN_PATH = "/login"
TRUSTED_SECONDS = 30 * 86_400
CODE = "factors.show_code"  # endpoint


def enter(verified: Verified, *, remember: bool, target: str) -> AnyResponse:
    """Sign in who has been verified, or ask them for the code of their second factor.

    Raises Invalid when the account has changed meanwhile.
    """
    if not _needs_code(verified):
        return finish(Half(verified, remember, target))
    response = elsewhere(url_for(CODE), 303)
    token = half.to_token(Half(verified, remember, target))
    _keep(response, HALF_COOKIE, token, LOGIN_PATH, half.LIFE_SECONDS)
    return response


def finish(entered: Half) -> AnyResponse:
    """Sign in who has shown all that is asked of them. Raises Invalid as ``enter`` does."""
    with transaction():
        token = accounts.accept(entered.verified, device=device(), remember=entered.remember)
    response = welcomed(token, entered.target, remember=entered.remember)
    response.delete_cookie(HALF_COOKIE, path=LOGIN_PATH)
    if not entered.verified.has_second:
        _tell_when_due(entered.verified.person_id)
    return response


def half_way() -> Half | None:
    """Who has shown a first factor in this browser and is asked for a code; None if nobody."""
    return half.of_token(request.cookies.get(HALF_COOKIE, ""))


def trust(response: AnyResponse, token: str) -> None:
    """Give the browser the token of a trusted device."""
    _keep(response, TRUST_COOKIE, token, "/", TRUSTED_SECONDS)


def device() -> str:
    """The browser that asks, in words."""
    return device_name(request.user_agent.string)


def _needs_code(verified: Verified) -> bool:
    person_id, trusted = verified.person_id, request.cookies.get(TRUST_COOKIE, "")
    if verified.has_second or not second_factor.is_on(person_id):
        return False
    return not second_factor.is_trusted(person_id, trusted)


def _keep(response: AnyResponse, name: str, token: str, path: str, seconds: int) -> None:
    response.set_cookie(
        name,
        token,
        max_age=seconds,
        path=path,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _tell_when_due(person_id: int) -> None:
    due = second_factor.due_ms(person_id)
    if due is None or due <= clock.now_ms():
        return
    told = gettext("Mulai %(day)s peran Anda memerlukan verifikasi dua langkah.", day=_day(due))
    link = Markup('{} <a href="{}">{}</a>')
    flash(link.format(told, url_for("factors.show_factor"), gettext("Aktifkan sekarang")), "warn")


def _day(moment_ms: int) -> str:
    return str(format_date(clock.day_of(moment_ms), "d MMMM y"))
