"""Many certificates as one zip: a job makes their PDFs, then the zip is sent as it is read.

The PDFs are kept for good anyway, so no second copy of them is written: a package is a list of
certificates, and its zip is put together from the kept files while it is sent, one file at a
time. Its cost in memory is that of one PDF, on whichever node the download arrives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, NamedTuple, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import delete, select, update

from elearn import clock, jobs, zips
from elearn.certification.models import Package
from elearn.competency import certificate_pdf, certificates
from elearn.competency.certificates import Paper, State
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.jobs import Work
from elearn.people.actors import Actor

PACKAGE_JOB = "package"
MOST = 5_000
KEPT_MS = 7 * clock.DAY_MS
MOST_SHOWN = 20
FILE_MODE = 0o644 << 16
MISSING = "tidak-disertakan.txt"


class Wrapped(NamedTuple):
    """A package as its page shows it; ``percent`` of its PDFs are made."""

    id: int
    asked_ms: int
    size: int
    percent: int
    is_ready: bool
    has_failed: bool
    to_sign: bool


def ask(actor_id: int, ids: Sequence[str], *, to_sign: bool) -> int:
    """Ask for certificates as one zip; returns the id of the package.

    Raises Invalid("none") and Invalid("too_many").
    """
    if not ids:
        raise Invalid("none")
    if len(ids) > MOST:
        raise Invalid("too_many")
    now_ms = clock.now_ms()
    row = Package(
        asked_by=actor_id, asked_ms=now_ms, certificate_ids=json.dumps(list(ids)), to_sign=to_sign
    )
    db.session.add(row)
    db.session.flush()
    # After the new one, whose id is then none of theirs.
    db.session.execute(delete(Package).where(Package.asked_ms < now_ms - KEPT_MS))
    jobs.enqueue(PACKAGE_JOB, f"{PACKAGE_JOB}:{row.id}", package=row.id)
    return row.id


def asked_by(actor_id: int) -> list[Wrapped]:
    """The packages that somebody asked for and that are kept, the newest first."""
    kept = (Package.asked_by == actor_id) & (Package.asked_ms >= clock.now_ms() - KEPT_MS)
    newest = select(Package).where(kept).order_by(Package.id.desc()).limit(MOST_SHOWN)
    return [_wrapped(row) for row in db.session.scalars(newest)]


def of_id(actor_id: int, package_id: int) -> Wrapped:
    """A package for who asked for it. Raises NotFound."""
    return _wrapped(_mine(actor_id, package_id))


def _wrapped(row: Package) -> Wrapped:
    job = jobs.standing(f"{PACKAGE_JOB}:{row.id}")
    is_ready = row.ended_ms is not None
    return Wrapped(
        id=row.id,
        asked_ms=row.asked_ms,
        size=len(json.loads(row.certificate_ids)),
        percent=100 if is_ready else job.percent,
        is_ready=is_ready,
        has_failed=job.has_failed and not is_ready,
        to_sign=row.to_sign,
    )


def _mine(actor_id: int, package_id: int) -> Package:
    wanted = select(Package).where(Package.id == package_id, Package.asked_by == actor_id)
    row = db.session.scalar(wanted)
    if row is None:
        raise NotFound
    return row


def prepare(work: Work) -> None:
    """The job: make each PDF that was never needed before, and report how far it is."""
    row = db.session.get(Package, work.body["package"])
    if row is None or row.ended_ms is not None:
        return
    ids: list[str] = json.loads(row.certificate_ids)
    percent = 0
    for at, certificate_id in enumerate(ids, start=1):
        _make(certificate_id)
        if at * 100 // len(ids) > percent:
            percent = at * 100 // len(ids)
            work.report(percent)
    with transaction() as session:
        ended = update(Package).where(Package.id == work.body["package"])
        session.execute(ended.values(ended_ms=clock.now_ms()))


def _make(certificate_id: str) -> None:
    paper = certificates.load(certificate_id)
    if not paper.pdf_digest:
        try:
            certificate_pdf.content_of(paper)
        except Conflict:  # the zip says which ones are not in it
            return


def pieces(actor: Actor, package_id: int) -> Iterator[bytes]:
    """The zip, as it is put together. Raises NotFound, Conflict("not_ready")."""
    row = _mine(actor.id, package_id)
    if row.ended_ms is None:
        raise Conflict("not_ready")
    ids: list[str] = json.loads(row.certificate_ids)
    reached = certificates.in_reach(actor, ids)
    return zipped((certificates.load(id_) for id_ in reached), to_sign=row.to_sign)


def zipped(papers: Iterator[Paper], *, to_sign: bool = False) -> Iterator[bytes]:
    """A zip of the PDFs of certificates, each named by its number; steady in memory.

    What cannot be given is named with its reason in a text file at the end. Also what goes to
    SIASN beside its list: ``certificate_pdf.file_name`` gives the names of its column.
    """
    spool = zips.Spool()
    left_out: list[str] = []
    with ZipFile(cast(IO[bytes], spool), "w", ZIP_STORED) as archive:  # a PDF is packed already
        for paper in papers:
            try:
                content = _content(paper, to_sign=to_sign)
            except Conflict as problem:
                left_out.append(f"{paper.number or paper.code}: {_WORDS[problem.reason]}")
                continue
            archive.writestr(_entry(certificate_pdf.file_name(paper.number), paper), content)
            yield spool.taken()
        if left_out:
            archive.writestr(MISSING, "\r\n".join(left_out) + "\r\n")
    yield spool.taken()


_WORDS = {
    "revoked": "sudah dicabut",
    "damaged": "isinya tidak utuh",
    "not_signed": "menunggu tanda tangan",
    "no_number": "menunggu nomor",
    "signed": "sudah ditandatangani",
}


def _content(paper: Paper, *, to_sign: bool) -> bytes:
    if not to_sign:
        return certificate_pdf.final_of(paper)
    if paper.state is State.REVOKED:
        raise Conflict("revoked")
    if paper.state is not State.AWAITING_SIGNATURE:
        raise Conflict("signed" if paper.signed_digest else "damaged")
    return certificate_pdf.content_of(paper)


def _entry(name: str, paper: Paper) -> ZipInfo:
    moment: datetime = clock.from_ms(paper.issued_ms)
    info = ZipInfo(name, moment.timetuple()[:6])
    info.external_attr = FILE_MODE
    return info
