"""The PDF: two pages whatever the texts, archival, scannable, and the same bytes for ever."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import typst
import zxingcpp
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import update

from elearn import files, pdf, signing
from elearn.competency import certificate_pdf, certificates, compact, derived
from elearn.competency.certificates import Paper
from elearn.competency.frozen import Module
from elearn.competency.models import Certificate
from elearn.database import transaction
from elearn.errors import Conflict
from elearn.journal import chain
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People, browser_of
from tests.competency.test_certificates import an_issue, issue

MOST_BYTES = 200_000
LONG_NAME = (
    "Prof. Dr. dr. Hj. Siti Nurhalimah Rahmawati Kusumaningrum Wulandari, "
    "S.Kep., Ns., M.Kes., Ph.D., Sp.PD"
)
LONG_TITLE = (
    "Penguatan integritas, pelayanan publik yang ramah, dan pengelolaan pengaduan masyarakat "
    "secara digital bagi aparatur di daerah"
)
LONG_POST = (
    "Analis Sumber Daya Manusia Aparatur Ahli Muda pada Bidang Pengembangan Kompetensi "
    "dan Penilaian Kinerja"
)


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


@pytest.fixture
def paper(people: People) -> Paper:
    (made,) = issue(an_issue(people.ani))
    return certificates.load(made.id)


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def fonts_of(reader: PdfReader) -> list[Any]:
    fonts = [f.get_object() for p in reader.pages for f in p["/Resources"]["/Font"].values()]
    return [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]


def test_it_is_a_landscape_archival_document_with_title_language_and_its_own_fonts(
    paper: Paper,
) -> None:
    content = certificate_pdf.render(paper)
    made = read(content)
    assert len(content) < MOST_BYTES
    assert [tuple(round(side) for side in page.mediabox[2:]) for page in made.pages] == [
        (842, 595)
    ] * 2
    assert made.metadata is not None
    assert made.metadata.title == f"Sertifikat {paper.number}"
    assert made.trailer["/Root"]["/Lang"] == "id"
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert made.xmp_metadata is not None
    assert b"pdfaid:part" in made.xmp_metadata.stream.get_data()
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts_of(made))


def test_both_pages_say_everything_that_is_frozen(paper: Paper) -> None:
    face, second = (
        " ".join(page.extract_text().split()) for page in read(certificate_pdf.render(paper)).pages
    )
    for part in (
        "PEMERINTAH DAERAH",
        paper.number,
        "Ani Pratiwi, A.Md.Kep.",
        "NIP 19940412 201903 2 901",
        "Pengatur (II/c)",
        "Perawat Terampil, Dinas Kesehatan",
        "Keamanan informasi untuk ASN",
        "3 (tiga) jam pelajaran",
        "nilai 86,5",
        "2 s.d. 24 November 2026",
        "Belajar mandiri daring",
        "Jambi, 24 November 2026",
        "Kepala BKPSDM",
        paper.code,
        "localhost/verify",
    ):
        assert part in face
    for part in (
        "Dasar",
        "Mengenali penipuan · Kata sandi",
        "135",
        "Mendukung Integritas sampai level 2",
    ):
        assert part in second


def test_there_are_two_pages_however_long_the_texts(paper: Paper) -> None:
    for words, modules in ((0, 0), (1, 1), (1, 12), (2, 0), (2, 90), (0, 90)):
        made = certificate_pdf.render(replace(paper, fields=_long(paper, words, modules)))
        assert len(read(made).pages) == 2, (words, modules)
        assert len(made) < MOST_BYTES, (words, modules)


def _long(paper: Paper, words: int, modules: int) -> dict[str, Any]:
    parts = [{"title": LONG_TITLE, "minutes": 45, "lessons": [LONG_TITLE] * 3}] * modules
    return paper.fields | {
        "name": " ".join([LONG_NAME] * words) or "A",
        "title": " ".join([LONG_TITLE] * words) or "B",
        "position": " ".join([LONG_POST] * words),
        "unit": " ".join([LONG_POST] * words),
        "modules": parts,
        "materials": [],
        "competencies": [[LONG_POST, 5]] * (4 * words),
    }


def test_the_code_is_read_from_a_picture_of_the_page_and_its_record_is_true(paper: Paper) -> None:
    svg = certificate_pdf.qr_svg(paper)
    page = '#set page(width: 38mm, height: 38mm, margin: 4mm)\n#image("qr.svg", width: 30mm)'
    png = typst.compile({"main.typ": page.encode(), "qr.svg": svg}, format="png", ppi=200)
    found = zxingcpp.read_barcodes(Image.open(BytesIO(png)))
    address, _, text = found[0].text.partition("#")
    signed = compact.decode(paper.id, text)
    assert address == f"http://localhost/verify/{paper.id}"
    assert signed.record == certificate_pdf.record_of(paper)
    assert signed.record.name == "Ani Pratiwi, A.Md.Kep."
    assert signing.ring().checks(signed.message, signed.signature)


def test_the_code_stays_large_enough_for_a_phone(paper: Paper) -> None:
    """At 30 mm a module of version 17 (85 modules) is 0.35 mm wide."""
    long = paper.fields | {"name": LONG_NAME * 3, "title": LONG_TITLE * 2}
    record = certificate_pdf.record_of(replace(paper, fields=long, number="9" * 80))
    text = compact.encode(paper.id, record, signing.ring().sign)
    site = "https://belajar.kabupatencontoh.go.id"
    for written in (
        text,
        compact.encode(paper.id, certificate_pdf.record_of(paper), signing.ring().sign),
    ):
        code = certificate_pdf.qr_code(f"{site}/verify/{paper.id}#", written)
        assert code.error == "M"
        assert int(code.version) <= (17 if written is text else 13)


# Kept once


def test_the_first_need_keeps_the_bytes_and_tells_the_journal(paper: Paper, monkeypatch) -> None:
    first = certificate_pdf.content_of(paper)
    digest = hashlib.sha256(first).hexdigest()
    event = chain.events_of(paper.person_id)[-1]
    assert (event["kind"], event["body"]) == (
        "certificate_printed",
        {"id": paper.id, "pdf": digest},
    )
    assert list(derived.differences()) == []

    def refuse(_page: Any) -> bytes:
        raise AssertionError("made again")

    monkeypatch.setattr(pdf, "render", refuse)
    assert certificate_pdf.content_of(certificates.load(paper.id)) == first


def test_a_new_template_touches_no_certificate_that_is_out(
    paper: Paper, tmp_path: Path, monkeypatch
) -> None:
    first = certificate_pdf.content_of(paper)
    (tmp_path / "certificate.typ").write_text("other")
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    assert certificate_pdf.content_of(certificates.load(paper.id)) == first


def test_who_comes_second_gets_the_bytes_of_the_first(paper: Paper) -> None:
    one = certificate_pdf.keep(paper, b"%PDF-first")
    assert certificate_pdf.keep(paper, b"%PDF-second") == one
    assert certificate_pdf.content_of(certificates.load(paper.id)) == b"%PDF-first"


def test_a_changed_text_is_never_printed(paper: Paper) -> None:
    with transaction() as session:
        session.execute(
            update(Certificate).values(
                frozen=json.dumps(
                    {**json.loads(session.get_one(Certificate, paper.id).frozen), "jp": 30}
                )
            )
        )
    with pytest.raises(Conflict, match="damaged"):
        certificate_pdf.content_of(certificates.load(paper.id))


def test_changed_bytes_are_never_sent(app: Flask, paper: Paper) -> None:
    certificate_pdf.content_of(paper)
    with transaction() as session:
        session.execute(update(files.Blob).values(content=b"%PDF-forged"))
    with pytest.raises(Conflict, match="damaged"):
        certificate_pdf.content_of(certificates.load(paper.id))
    found = list(derived.differences())
    assert found == [("certificate", paper.person_id, f"file of {paper.id}")]
    answer = browser_of(app, paper.person_id).get(f"/certificates/{paper.id}.pdf")
    assert answer.headers["Location"] == f"/certificates/{paper.id}"


# The page


@pytest.mark.parametrize(
    ("who", "status"), [("ani", 200), ("citra", 200), ("rudi", 404), ("yusni", 404)]
)
def test_the_file_is_for_the_holder_and_hr_of_the_branch(
    app: Flask, people: People, who: str, status: int
) -> None:
    (made,) = issue(an_issue(people.ani))
    answer = browser_of(app, getattr(people, who)).get(f"/certificates/{made.id}.pdf")
    assert answer.status_code == status
    if status == 200:
        assert answer.data.startswith(b"%PDF-")
        assert answer.mimetype == "application/pdf"
        assert "0001-BKPSDM-XI-2026.pdf" in answer.headers["Content-Disposition"]
        assert "199404122019032901" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("0001/BKPSDM/XI/2026", "0001-BKPSDM-XI-2026.pdf"),
        ("000.9/012 (BKPSDM)/2026", "000.9-012-BKPSDM-2026.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("800/É/1", "800-1.pdf"),
    ],
)
def test_a_file_is_named_by_its_number_made_safe(number: str, name: str) -> None:
    assert certificate_pdf.file_name(number) == name


def test_modules_are_added_up() -> None:
    assert Module("x", [("a", 45), ("b", 90)]).minutes == 135
