"""Badges: the file of a certificate, and the public addresses that its text names."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn import canonical, clock, downloads, settings, signing
from elearn.badges import addresses, issuing, profile, status
from elearn.competency import certificate_pdf, certificates, framework
from elearn.errors import Conflict, NotFound
from elearn.people.access import actor, audited, paced, part_of, public, require
from elearn.people.permissions import Permission
from elearn.settings import Switch

blueprint = Blueprint("badges", __name__)
VIEWED = "person:viewed"
TEXT = "text/plain; charset=utf-8"  # Open Badges 3.0, section 5.2
KEY, KEY_SET = "application/jwk+json", "application/jwk-set+json"
LINKED_DATA = "application/ld+json"


@blueprint.get("/certificates/<id>.jwt")
@require(Permission.RECORD_OWN)
@part_of(Switch.BADGE)
def take_badge(id: str) -> Any:
    """Send the credential of a certificate, which is the same file each time."""
    paper = certificates.own(actor(), id)
    return _badge_file(person_id=paper.person_id, id=paper.id, number=paper.number)


@audited(VIEWED)
def _badge_file(*, person_id: int, id: str, number: str) -> AnyResponse:  # noqa: ARG001  # audited
    try:
        text = issuing.text_of(id)
    except Conflict:  # the page says what is wrong with it
        return redirect(url_for("competency.show_certificate", id=id), 303)
    name = certificate_pdf.file_name(number).removesuffix(".pdf")
    return downloads.attachment(text, f"{name}.jwt", TEXT)


@blueprint.get(addresses.KEYS)
@public
@paced()
def show_keys() -> str:
    """Say which keys sign now and which did, and how to check with them."""
    return render_template("badges/keys.html", keys=signing.ring().public())


@blueprint.get(f"{addresses.KEYS}.json")
@public
@paced()
def take_keys() -> Response:
    """All keys as a JSON Web Key Set; old ones stay."""
    return _data({"keys": profile.key_set()}, KEY_SET)


@blueprint.get(f"{addresses.KEYS}/<key_id>.json")
@public
@paced()
def take_key(key_id: str) -> Response:
    """One key: where the header of a credential points."""
    key = signing.ring().find(key_id)
    if key is None:
        raise NotFound
    return _data(key.as_jwk(addresses.kid(key.id)), KEY)


@blueprint.get(addresses.ISSUER)
@public
@paced()
def show_issuer() -> Response:
    name = settings.value("agency_name", clock.today().year)
    return _data(profile.of_issuer(name), LINKED_DATA)


@blueprint.get(f"{addresses.STATUS}/<int(max=9999):number>")
@public
@paced()
def take_status_list(number: int) -> Response:
    """A list of what is revoked, as a signed credential of its own."""
    return _open(status.signed_list(number), issuing.MEDIA_TYPE)


@blueprint.get(f"{addresses.COMPETENCIES}<code>")
@public
@paced()
def show_competency(code: str) -> str:
    """What a competency is, or was on a day: where a credential says what it supports."""
    day = clock.day_asked(request.args.get("on", ""))
    return render_template("badges/competency.html", described=framework.described(code, day))


def _data(content: dict[str, Any], kind: str) -> Response:
    return _open(canonical.text(content), kind)


def _open(text: str, kind: str) -> Response:
    """The same for everybody, readable by pages of other sites, and kept for some minutes."""
    response = make_response(text)
    response.content_type = kind
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={status.FRESH_SECONDS}"
    return response
