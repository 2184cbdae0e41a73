"""A copy of one's data ("Data saya") as one zip: JSON, a readable page, and every file.

UU 27/2022 art. 7 and 13: a copy, in a form that machines read. The zip is put together while it
is sent, one file at a time; many certificates whose PDFs were never needed are made by a job
before, so that it is sent in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import func, select

from elearn import clock, files, jobs, zips
from elearn.competency import certificate_pdf, certificates, outside, papers, photos
from elearn.competency.certificates import Paper
from elearn.competency.models import Certificate
from elearn.database import db, snapshot
from elearn.errors import Conflict, NotFound
from elearn.jobs import Work
from elearn.learning.answers import essay_of
from elearn.learning.models import Completion
from elearn.people import audit
from elearn.privacy import holdings, looks, rectifications
from elearn.privacy.holdings import HOLDINGS, LEFT_OUT, Row
from elearn.privacy.looks import Look
from elearn.proofs import completions

COPY_JOB = "data_copy"
COPIED = "data:copied"
FORMAT, VERSION = "elearn.my-data", 1
# A PDF takes some 40 ms of one core when it is made.
MOST_AT_ONCE = 40
FILE_MODE = 0o644 << 16


@dataclass(frozen=True)
class Copy:
    """What is kept of a person: rows by table, and who looked at them."""

    person_id: int
    made_ms: int
    tables: dict[str, list[Row]]
    looks: list[Look]

    def text(self) -> str:
        """The copy as JSON, the same for the same rows."""
        return json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "made_at": clock.from_ms(self.made_ms).isoformat(timespec="seconds"),
                "tables": {
                    name: {"title": HOLDINGS[name].title, "rows": rows}
                    for name, rows in self.tables.items()
                },
                "looks": [_look(look) for look in self.looks],
                "left_out": dict(LEFT_OUT),
            },
            ensure_ascii=False,
            indent=1,
        )

    def written(self) -> list[tuple[str, str, str]]:
        """What the person wrote at length: where, when and what; reflections, then essays."""
        where = {
            row["id"]: f"{row['version_id']['name']} – {row['quiz_key']}"
            for row in self.tables["attempt"]
        }
        course = {row["id"]: row["version_id"]["name"] for row in self.tables["enrolment"]}
        found = [
            (f"{course[row['enrolment_id']]} – {row['key']}", row["written_at"], row["text"])
            for row in self.tables["reflection_text"]
        ]
        essays = (
            (where[row["attempt_id"]], row["saved_at"], essay_of(row["body"]))
            for row in self.tables["attempt_answer"]
        )
        return found + [essay for essay in essays if essay[2]]


def _look(look: Look) -> dict[str, Any]:
    told = look._asdict()
    moment = clock.from_ms(told.pop("at_ms")).isoformat(timespec="seconds")
    return {"at": moment, **told, "roles": list(look.roles)}


class Standing(NamedTuple):
    """Whether a copy can be sent now, and how far what it needs is."""

    is_ready: bool
    is_asked: bool
    percent: int
    has_failed: bool


def standing(person_id: int) -> Standing:
    """Whether the copy of a person can be sent now; two statements at most."""
    if _unmade(person_id) <= MOST_AT_ONCE:
        return Standing(is_ready=True, is_asked=False, percent=100, has_failed=False)
    job = jobs.standing(_key(person_id))
    return Standing(
        is_ready=False, is_asked=job.is_known, percent=job.percent, has_failed=job.has_failed
    )


def _unmade(person_id: int) -> int:
    """How many certificates have no PDF yet."""
    mine = (Certificate.person_id == person_id, Certificate.pdf_digest == "")
    numbered = Certificate.number.is_not(None)
    counted = select(func.count()).select_from(Certificate).where(*mine, numbered)
    return db.session.scalar(counted) or 0


def _key(person_id: int) -> str:
    return f"{COPY_JOB}:{person_id}:{clock.today().isoformat()}"


def ask(person_id: int) -> None:
    """Ask for the PDFs that are missing; asking twice on one day is asking once."""
    jobs.enqueue(COPY_JOB, _key(person_id), person=person_id)


def prepare(work: Work) -> None:
    """The job: make each PDF that was never needed before."""
    papers = [paper for paper in certificates.of(work.body["person"]) if paper.number]
    for at, paper in enumerate(papers, start=1):
        if not paper.pdf_digest:
            _content(paper)
        work.report(at * 100 // len(papers))


def of(person_id: int) -> Copy:
    """Everything that is kept of a person."""
    with snapshot():
        tables = holdings.read(person_id)
        seen = list(looks.everything(person_id))
    return Copy(person_id, clock.now_ms(), tables, seen)


def note(person_id: int) -> None:
    """Keep in the audit log that a person took a copy."""
    audit.record(person_id, COPIED, person_id)


def pieces(copy: Copy, page: str) -> Iterator[bytes]:
    """The zip, as it is put together; ``page`` is the readable one, as HTML."""
    spool = zips.Spool()
    with ZipFile(cast(IO[bytes], spool), "w", ZIP_DEFLATED) as archive:
        for name, content in _entries(copy, page):
            archive.writestr(_entry(name, copy.made_ms), content, _packing(name))
            yield spool.taken()
    yield spool.taken()


def _packing(name: str) -> int:
    return ZIP_STORED if name.endswith((".pdf", ".jpg", ".png")) else ZIP_DEFLATED


def _entries(copy: Copy, page: str) -> Iterator[tuple[str, bytes]]:
    yield "data-saya.html", page.encode()
    yield "data-saya.json", copy.text().encode()
    yield "keterangan.txt", _explained().encode()
    for paper in certificates.of(copy.person_id):
        content = _content(paper)
        if content is not None:
            yield f"sertifikat/{certificate_pdf.file_name(paper.number)}", content
    yield from _papers(copy.person_id)
    yield from _request_papers(copy.person_id)
    yield from _photo(copy.person_id)
    yield from _proofs(copy.person_id)


def _content(paper: Paper) -> bytes | None:
    """The PDF; of a revoked one that which was issued. None for what has no PDF that is whole."""
    try:
        signed = paper.signed_digest
        return files.load(signed).content if signed else certificate_pdf.content_of(paper)
    except (Conflict, NotFound):
        return None


def _papers(person_id: int) -> Iterator[tuple[str, bytes]]:
    for row in outside.of(person_id):
        yield from _paper(f"berkas/pembelajaran-{row.id}", row.paper_digest)


def _request_papers(person_id: int) -> Iterator[tuple[str, bytes]]:
    for row in rectifications.of(person_id):
        yield from _paper(f"berkas/perbaikan-{row.id}", row.paper_digest)


def _paper(name: str, digest: str | None) -> Iterator[tuple[str, bytes]]:
    """A paper, unless there is none or its time was over."""
    ending = papers.ENDINGS.get(files.media_type_of(digest))
    if digest and ending:
        yield f"{name}.{ending}", files.load(digest).content


def _photo(person_id: int) -> Iterator[tuple[str, bytes]]:
    photo = photos.of(person_id)
    if photo is not None:
        yield f"berkas/foto.{papers.ENDINGS[photo.media_type]}", photo.content


def _proofs(person_id: int) -> Iterator[tuple[str, bytes]]:
    mine = select(Completion.enrolment_id).where(Completion.person_id == person_id)
    for enrolment_id in db.session.scalars(mine.order_by(Completion.enrolment_id)).all():
        try:
            proof = completions.proof_of(person_id, enrolment_id)
        except (Conflict, NotFound):  # it is sealed within a day
            continue
        yield f"bukti/kelulusan-{enrolment_id}.json", proof.text().encode()


def _explained() -> str:
    tables = "\n".join(f"  {name}: {held.title}" for name, held in HOLDINGS.items())
    return (
        "Salinan data pribadi Anda (UU 27/2022 Pasal 7 dan 13).\n\n"
        "data-saya.html   untuk dibaca dan dicetak\n"
        "data-saya.json   untuk dibaca mesin; UTF-8\n"
        "sertifikat/      PDF setiap sertifikat\n"
        "berkas/          berkas pembelajaran di luar dan foto yang Anda unggah\n"
        "bukti/           bukti kelulusan yang dapat diperiksa di halaman /proof\n\n"
        "Dalam data-saya.json, tables memuat baris setiap tabel; looks memuat siapa yang melihat\n"
        "atau mengubah data Anda; left_out menyebut tabel yang tidak disertakan dan alasannya.\n"
        "Isian yang berakhir _at adalah waktu WIB (ISO 8601). Orang lain disebut dengan nama.\n\n"
        f"{tables}\n"
    )


def _entry(name: str, made_ms: int) -> ZipInfo:
    info = ZipInfo(name, clock.from_ms(made_ms).timetuple()[:6])
    info.external_attr = FILE_MODE
    return info
