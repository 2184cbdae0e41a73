"""Pages of proofs: published roots and the check of a proof file for anybody, one's own proofs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import CombinedMultiDict

from elearn import downloads, signing
from elearn.errors import Conflict, Invalid, TooManyTries
from elearn.journal.statements import Unsound
from elearn.people.access import (
    actor,
    audited,
    paced,
    public,
    require,
    spend_allowance,
    told_to_wait,
)
from elearn.people.permissions import Permission
from elearn.proofs import completions, proof_file, roots
from elearn.proofs.completions import CERTIFIED, COMPLETED, Completed
from elearn.proofs.forms import ProofForm
from elearn.proofs.proof_file import Proof

blueprint = Blueprint("proofs", __name__)
VIEWED = "person:viewed"
ENROLMENT = "<int(max=2147483647):enrolment_id>"
JSON_LINES = "application/jsonl; charset=utf-8"
JSON = "application/json"
MOST_PAGES = 100_000
LOOKS_A_FORM = 10  # what is sent, or sent in whole, costs more than what is looked at


@blueprint.get("/roots")
@public
@paced()
def show_roots() -> str:
    asked = request.args.get("page", 1, type=int)
    number = min(max(asked, 1), MOST_PAGES)
    found = roots.page(number)
    page = {"number": number, "has_next": len(found) > roots.PAGE_SIZE}
    keys = signing.ring().public()
    shown = found[: roots.PAGE_SIZE]
    return render_template("proofs/roots.html", seals=shown, page=page, keys=keys)


@blueprint.get("/roots.jsonl")
@public
@paced(LOOKS_A_FORM)
def download_roots() -> Response:
    return downloads.attachment(roots.lines(), "roots.jsonl", JSON_LINES)


@blueprint.get("/proof")
@public
@paced()
def show_proof_form() -> str:
    return render_template("proofs/check.html", form=ProofForm(), proof=None)


@blueprint.post("/proof")
@public
def check_proof() -> Response:
    form = ProofForm(CombinedMultiDict([request.files, request.form]))
    try:
        spend_allowance(LOOKS_A_FORM)
        proof = _checked(form.content())
    except Unsound as problem:
        form.place(Invalid(problem.reason, field="text"))
        page = render_template("proofs/check.html", form=form, proof=None)
        return make_response(page, Invalid.status)
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
        return told_to_wait(render_template("proofs/check.html", form=form, proof=None), problem)
    return make_response(render_template("proofs/check.html", form=form, **_told(proof)))


def _checked(data: bytes) -> Proof:
    if not data:
        raise Unsound("missing")
    number = proof_file.read(data).seal.statement.number
    return proof_file.check(data, roots.stored(number))


def _told(proof: Proof) -> dict[str, Any]:
    """What the page says of a proof: its completion, its certificate and what became of it.

    The title and the certificate are those known here.
    """
    done, certified, title, paper = proof.find(COMPLETED), proof.find(CERTIFIED), "", None
    if done:
        title = completions.title_of(str(done.body.get("version", "")))
        proven = str(certified.body["id"]) if certified else ""
        paper = completions.certificate_of(done.body["enrolment"], proven)
    return {"proof": proof, "done": done, "certified": certified, "title": title, "paper": paper}


@blueprint.get(f"/completions/{ENROLMENT}/proof")
@require(Permission.RECORD_OWN)
def show_proof(enrolment_id: int) -> Any:
    done = completions.completed(actor(), enrolment_id)
    return _proof_page(person_id=done.person_id, done=done)


@audited(VIEWED)
def _proof_page(*, person_id: int, done: Completed) -> str:
    proof = completions.proof_of(person_id, done.enrolment_id) if done.is_sealed else None
    told = _told(proof) if proof else {"proof": None}
    is_own = person_id == actor().id
    return render_template("proofs/proof.html", completed=done, is_own=is_own, **told)


@blueprint.get(f"/completions/{ENROLMENT}/proof.json")
@require(Permission.RECORD_OWN)
def download_proof(enrolment_id: int) -> Any:
    done = completions.completed(actor(), enrolment_id)
    if not done.is_sealed:
        raise Conflict("not_sealed")
    return _proof_file(person_id=done.person_id, done=done)


@audited(VIEWED)
def _proof_file(*, person_id: int, done: Completed) -> Response:
    text = completions.proof_of(person_id, done.enrolment_id).text()
    return downloads.attachment(text.encode(), f"bukti-{done.slug}.json", JSON)
