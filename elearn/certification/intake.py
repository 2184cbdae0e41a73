"""Zips of signed PDFs: each file is matched by number or code, checked, and taken or refused."""

from __future__ import annotations

import json
import zipfile
from typing import Any, NamedTuple

from sqlalchemy import select, update

from elearn import clock, jobs, zips
from elearn.certification.models import SignedUpload
from elearn.competency import certificates, file_check, signing_desk
from elearn.competency.certificate_pdf import file_name
from elearn.competency.certificates import Paper
from elearn.competency.models import Certificate
from elearn.competency.signed_copies import PDF_START
from elearn.database import db, transaction
from elearn.errors import Invalid, NotFound
from elearn.jobs import Work

SIGNED_JOB = "take_signed"
MB = 1_000_000
MOST_FILES = 500
MOST_ZIP_BYTES = 50 * MB
MOST_FILE_BYTES = 4 * MB
LONGEST_NAME = 120
MOST_SHOWN = 10


class Outcome(NamedTuple):
    """What became of a file: a word, and the number of its certificate where one was found."""

    file: str
    number: str
    word: str

    @property
    def is_taken(self) -> bool:
        return self.word in {signing_desk.ACCEPTED, signing_desk.ALREADY}


def send(actor_id: int, content: bytes) -> int:
    """Keep a zip and have it dealt with; returns its id.

    Raises Invalid with the field "zip": "missing", "too_large", "not_a_zip", "empty_zip".
    """
    if not content:
        raise Invalid("missing", "zip")
    if len(content) > MOST_ZIP_BYTES:
        raise Invalid("too_large", "zip")
    with zips.opened(content, MOST_FILES) as archive:
        found = len(zips.members(archive))
    if not found:
        raise Invalid("empty_zip", "zip")
    if found > MOST_FILES:
        raise Invalid("too_many_files", "zip")
    row = SignedUpload(sent_by=actor_id, sent_ms=clock.now_ms(), content=content, outcomes="[]")
    db.session.add(row)
    db.session.flush()
    jobs.enqueue(SIGNED_JOB, f"{SIGNED_JOB}:{row.id}", upload=row.id)
    return row.id


class Upload(NamedTuple):
    """How far a zip is, in percent, and what became of its files."""

    id: int
    sent_ms: int
    percent: int
    has_ended: bool
    has_failed: bool
    outcomes: list[Outcome]

    @property
    def taken(self) -> int:
        """How many of its files were taken."""
        return sum(outcome.is_taken for outcome in self.outcomes)


# Without the zip itself.
COLUMNS = (SignedUpload.id, SignedUpload.sent_ms, SignedUpload.outcomes, SignedUpload.ended_ms)


def sent_by(actor_id: int) -> list[Upload]:
    """The newest zips that somebody sent, the newest first."""
    mine = select(*COLUMNS).where(SignedUpload.sent_by == actor_id)
    newest = mine.order_by(SignedUpload.id.desc()).limit(MOST_SHOWN)
    return [_upload(row) for row in db.session.execute(newest)]


def upload_of(actor_id: int, upload_id: int) -> Upload:
    """A zip for who sent it. Raises NotFound."""
    mine = (SignedUpload.id == upload_id) & (SignedUpload.sent_by == actor_id)
    row = db.session.execute(select(*COLUMNS).where(mine)).first()
    if row is None:
        raise NotFound
    return _upload(row)


def _upload(row: Any) -> Upload:
    job = jobs.standing(f"{SIGNED_JOB}:{row.id}")
    outcomes = [Outcome(*found) for found in json.loads(row.outcomes)]
    ended = row.ended_ms is not None
    return Upload(row.id, row.sent_ms, job.percent, ended, job.has_failed and not ended, outcomes)


def take(work: Work) -> None:
    """The job: one file after the other, each taken whole or refused with the reason."""
    row = db.session.get(SignedUpload, work.body["upload"])
    if row is None or row.ended_ms is not None:
        return
    actor_id, content = row.sent_by, row.content
    desk = _Desk(actor_id)
    with zips.opened(content, MOST_FILES) as archive:
        files = zips.members(archive)
        outcomes = []
        for at, info in enumerate(files, start=1):
            outcomes.append(desk.deal(archive, info))
            work.report(at * 100 // len(files))
    with transaction() as session:
        ended = update(SignedUpload).where(SignedUpload.id == work.body["upload"])
        text = json.dumps(outcomes, ensure_ascii=False)
        session.execute(ended.values(content=b"", outcomes=text, ended_ms=clock.now_ms()))


class _Desk:
    """Deals with the files of one zip; no certificate is taken from it twice."""

    def __init__(self, actor_id: int) -> None:
        self._actor_id = actor_id
        self._by_stem = _by_stem()
        self._done: set[str] = set()

    def deal(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Outcome:
        """Take a file or refuse it; what others in the zip are makes no difference."""
        name = info.filename.rsplit("/", 1)[-1][-LONGEST_NAME:]
        if info.file_size > MOST_FILE_BYTES:
            return Outcome(name, "", "too_large")
        try:
            content = zips.read(archive, info)
        except Invalid:
            return Outcome(name, "", "damaged")
        if not content.startswith(PDF_START):
            return Outcome(name, "", "not_a_pdf")
        certificate_id = self._match(name, content)
        if certificate_id is None:
            return Outcome(name, "", "unknown")
        return self._take(name, certificates.load(certificate_id), content)

    def _take(self, name: str, paper: Paper, content: bytes) -> Outcome:
        if paper.id in self._done:
            return Outcome(name, paper.number, "twice")
        word = signing_desk.fault(paper, content)
        if not word:
            with transaction():
                word = signing_desk.replace(self._actor_id, paper.id, content)
        made = Outcome(name, paper.number, word)
        if made.is_taken:
            self._done.add(paper.id)
        return made

    def _match(self, name: str, content: bytes) -> str | None:
        """By the number in the name, else by the code in the file."""
        found = self._named(stem_of(name))
        if len(found) == 1:
            return found[0]
        codes = file_check.codes_in(content)
        wanted = select(Certificate.id).where(Certificate.id.in_(codes))
        known = db.session.scalars(wanted).all()
        return known[0] if len(known) == 1 else None

    def _named(self, stem: str) -> list[str]:
        """Those whose number is the name, or stands in it as a whole, as "x_signed" does."""
        if stem in self._by_stem:
            return self._by_stem[stem]
        within = [known for known in self._by_stem if f"-{known}-" in f"-{stem}-"]
        return self._by_stem[max(within, key=len)] if within else []


def stem_of(name: str) -> str:
    """The name of a file without its ending, as numbers are made safe."""
    stem = name[: -len(".pdf")] if name.lower().endswith(".pdf") else name
    return file_name(stem)[: -len(".pdf")].casefold()


def _by_stem() -> dict[str, list[str]]:
    wanted = select(Certificate.id, Certificate.number)
    found: dict[str, list[str]] = {}
    for row in db.session.execute(wanted.where(Certificate.number.is_not(None))):
        found.setdefault(stem_of(row.number), []).append(row.id)
    return found
