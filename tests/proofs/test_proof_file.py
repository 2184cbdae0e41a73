"""A proof file: short, true, and refused with a reason once anything in it is cut or changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from elearn import canonical
from elearn.competency.models import Certificate
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.errors import Conflict, NotFound
from elearn.journal import chain, seal
from elearn.journal.chain import Fact
from elearn.journal.statements import Unsound
from elearn.proofs import completions, proof_file, roots
from elearn.proofs.proof_file import MOST_BYTES
from tests.builders import a_published_version, pass_everything
from tests.people_cast import Cast, make_cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    return make_cast()


@pytest.fixture
def course(cast: Cast) -> Published:
    return a_published_version(cast)


@pytest.fixture
def enrolment_id(cast: Cast, course: Published) -> int:
    """A completion that stands under a seal."""
    done = pass_everything(cast.ani).key.id
    seal.seal_now()
    return done


def data_of(cast: Cast, enrolment_id: int) -> bytes:
    return completions.proof_of(cast.ani.id, enrolment_id).text().encode()


def refused(data: bytes, published: roots.Roots) -> str:
    with pytest.raises(Unsound) as caught:
        proof_file.check(data, published)
    return caught.value.reason


def test_a_completion_and_its_certificate_are_proven(cast: Cast, enrolment_id: int) -> None:
    data = data_of(cast, enrolment_id)
    proof = proof_file.check(data, roots.stored(1))
    kinds = [event.kind for event in proof.events]
    assert kinds == ["course_completed", "certificate_issued"]
    assert proof.events[0].body["jp"] == 3
    number = db.session.query(Certificate).one().number
    assert completions.proof_for(number or "").text().encode() == data
    assert cast.ani.nip not in data.decode()
    assert cast.ani.name not in data.decode()


def test_it_stays_short_when_much_has_happened_since(
    cast: Cast, course: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = pass_everything(cast.ani).key.id
    with transaction() as session:
        facts = [Fact(f"later-{n}", "noted", {"what": n}, 1) for n in range(600)]
        chain.append(session, cast.ani.id, facts, 1)
    seal.seal_now()
    proof = completions.proof_of(cast.ani.id, done)
    assert proof.seal.statement.events.size > 600
    # As long as it can become: a path of 16 hashes from a full tree.
    longest = {
        **proof.json(),
        "events": [{**e.json(), "path": ["x" * 43] * 16} for e in proof.events],
    }
    assert len(canonical.text(longest).encode()) < MOST_BYTES
    assert proof_file.check(proof.text().encode(), roots.stored(1)) == proof


def test_before_the_next_seal_there_is_no_proof(cast: Cast, course: Published) -> None:
    done = pass_everything(cast.ani).key.id
    with pytest.raises(Conflict, match="not_sealed"):
        completions.proof_of(cast.ani.id, done)
    with pytest.raises(NotFound):
        completions.proof_of(cast.budi.id, done)


def test_any_changed_byte_and_any_cut_is_refused(cast: Cast, enrolment_id: int) -> None:
    data, published = data_of(cast, enrolment_id), roots.stored(1)
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        refused(changed, published)
    for length in range(0, len(data) - 1, 97):
        assert refused(data[:length], published) == "not_json"


CHANGES: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda body: body["events"][0]["body"].update(jp=30), "path"),
    (lambda body: body["events"][0].update(person_id=2), "path"),
    (lambda body: body["events"][0].update(index=0), "path"),
    (lambda body: body["events"][0]["path"].pop(), "path"),
    (lambda body: body["events"][0]["path"].append(body["events"][0]["path"][0]), "path"),
    (lambda body: body["events"][0].update(name="Budi"), "shape"),
    (lambda body: body["events"][0].pop("kind"), "shape"),
    (lambda body: body.update(events=[]), "shape"),
    (lambda body: body.update(events={}), "shape"),
    (lambda body: body.update(version=2), "version"),
    (lambda body: body.update(format="elearn-root"), "format"),
    (lambda body: body["seal"].update(day="2020-01-01"), "seal"),
    (lambda body: body["seal"].update(signature="ab" * 64), "signature"),
    (lambda body: body["seal"].update(key="ab" * 8), "unknown_key"),
    (lambda body: body.pop("seal"), "seal"),
    (lambda body: body.update(filling="x" * MOST_BYTES), "too_long"),
]


def test_what_is_wrong_is_told(cast: Cast, enrolment_id: int) -> None:
    data, published = data_of(cast, enrolment_id), roots.stored(1)
    for change, reason in CHANGES:
        body = json.loads(data)
        change(body)
        assert refused(json.dumps(body).encode(), published) == reason


def test_what_is_no_proof_is_told(app: Flask) -> None:
    for data in (b"", b"\xff\xfe", b"[" * 4000, b"[]", b"null", b'{"format":1}'):
        assert refused(data, roots.stored(1)) in {"not_json", "format"}


def test_a_root_that_was_not_published_proves_nothing(cast: Cast, enrolment_id: int) -> None:
    assert refused(data_of(cast, enrolment_id), roots.stored(2)) == "unpublished"


def test_the_file_of_roots_is_enough(cast: Cast, enrolment_id: int) -> None:
    lines = list(roots.lines())
    data = data_of(cast, enrolment_id)
    assert proof_file.check(data, roots.read(lines)).events
    for broken, reason in (
        ([lines[0]], "no_roots"),
        (lines[1:], "unknown_key"),
        ([lines[0], lines[1][:-9]], "roots"),
        ([lines[0].replace('"public":"', '"public":"0'), lines[1]], "key"),
        ([lines[0], lines[1].replace('"number":1', '"number":2')], "seal"),
    ):
        with pytest.raises(Unsound, match=reason):
            roots.read(broken)
