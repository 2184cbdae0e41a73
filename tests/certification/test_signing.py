"""Zips of signed PDFs: matched by number or code, taken or refused row by row."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from flask import Flask

from elearn import jobs, settings, work
from elearn.certification import intake
from elearn.competency import certificate_pdf, certificates
from elearn.competency.certificate_pdf import file_name
from elearn.competency.certificates import State
from elearn.database import transaction
from elearn.errors import Invalid, NotFound
from tests.certification.conftest import give
from tests.competency.signatures import signed
from tests.people_cast import Cast
from tests.reports.school import browser_of, page_of, text_of

HERE = "/hr/certificates/signed"


@pytest.fixture
def waiting(cast: Cast) -> Cast:
    """Ani, Budi and the stranger hold certificates that wait to be signed."""
    with transaction():
        settings.change("certificate_needs_signature", 2026, True, None)
    give(cast.ani, cast.budi, cast.stranger)
    return cast


def papers(cast: Cast) -> list[certificates.Paper]:
    return [certificates.of(person.id)[0] for person in (cast.ani, cast.budi, cast.stranger)]


def a_zip(**files: bytes) -> bytes:
    return zip_of(files)


def zip_of(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def run() -> None:
    while jobs.run_one(work.HANDLERS):
        pass


def outcomes(cast: Cast, content: bytes) -> dict[str, tuple[str, str]]:
    with transaction():
        upload_id = intake.send(cast.syamsul.id, content)
    run()
    upload = intake.upload_of(cast.syamsul.id, upload_id)
    assert upload.has_ended
    return {row.file: (row.number, row.word) for row in upload.outcomes}


def test_each_file_is_taken_or_refused_by_itself(waiting: Cast) -> None:
    one, two, three = papers(waiting)
    a, b, c = (signed(certificate_pdf.content_of(paper)) for paper in (one, two, three))
    name = file_name(one.number)
    assert (
        outcomes(
            waiting,
            zip_of(
                {
                    f"../../{name}": a,
                    f"again/{name}": a,
                    "sub/scan_0003.pdf": c,  # by the code inside
                    f"{name[:-4].replace('0001', '0002')}_signed.pdf": a,
                    "0002-BKPSDM-XI-2026 (2).pdf": b"%PDF-1.7 nothing",
                    "0002-BKPSDM-XI-2026.pdf": certificate_pdf.content_of(two),
                    "surat.pdf": b"%PDF-1.7 another",
                    "foto.pdf": b"\xff\xd8\xff",
                    "besar.pdf": b"%PDF-" + b"0" * 4_000_000,
                    ".DS_Store": b"x",
                    "__MACOSX/x.pdf": b"x",
                }
            ),
        )
        == {
            name: (one.number, "twice"),
            "scan_0003.pdf": (three.number, "accepted"),
            "0002-BKPSDM-XI-2026_signed.pdf": (two.number, "other_certificate"),
            "0002-BKPSDM-XI-2026 (2).pdf": (two.number, "not_signed"),
            "0002-BKPSDM-XI-2026.pdf": (two.number, "not_signed"),
            "surat.pdf": ("", "unknown"),
            "foto.pdf": ("", "not_a_pdf"),
            "besar.pdf": ("", "too_large"),
        }
    )
    states = [paper.state for paper in papers(waiting)]
    assert states == [State.VALID, State.AWAITING_SIGNATURE, State.VALID]
    assert outcomes(waiting, zip_of({name: a, "b_0002-BKPSDM-XI-2026.pdf": b})) == {
        name: (one.number, "already"),
        "b_0002-BKPSDM-XI-2026.pdf": (two.number, "accepted"),
    }


def test_a_damaged_file_costs_only_itself(waiting: Cast) -> None:
    one, two, _ = papers(waiting)
    first, second = (signed(certificate_pdf.content_of(paper)) for paper in (one, two))
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(file_name(one.number), first)
        archive.writestr(file_name(two.number), second)
    broken = target.getvalue().replace(b"diberikan", b"diberikam")
    at = broken.index(b"%PDF-") + 2000
    broken = broken[:at] + bytes([broken[at] ^ 1]) + broken[at + 1 :]
    assert [word for _, word in outcomes(waiting, broken).values()] == ["damaged", "accepted"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "missing"),
        (b"not a zip", "not_a_zip"),
        (a_zip(), "empty_zip"),
        (zip_of({f"{at}.pdf": b"" for at in range(501)}), "too_many_files"),
        (b"PK\x01\x02" * 20_000, "too_large"),
    ],
)
def test_what_is_no_zip_is_refused_at_once(
    app: Flask, cast: Cast, content: bytes, reason: str
) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        intake.send(cast.syamsul.id, content)
    assert refused.value.reason == reason
    answer = browser_of(app, cast.syamsul).post(HERE, data={"zip": (BytesIO(content), "x.zip")})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_hr_takes_the_unsigned_and_sends_the_signed(app: Flask, waiting: Cast) -> None:
    hr = browser_of(app, waiting.syamsul)
    assert "3 sertifikat menunggu tanda tangan" in page_of(app, waiting.syamsul, HERE)
    asked = hr.post("/hr/certificates/packages?state=awaiting_signature")
    assert "Sedang disiapkan" in text_of(hr.get(asked.headers["Location"]))
    run()
    page = text_of(hr.get(asked.headers["Location"]))
    assert "tanpa mengganti namanya" in page
    with zipfile.ZipFile(BytesIO(hr.get(asked.headers["Location"] + ".zip").data)) as archive:
        taken = {name: signed(archive.read(name)) for name in archive.namelist()}
    assert sorted(taken) == [f"000{at}-BKPSDM-XI-2026.pdf" for at in (1, 2, 3)]
    taken["lain.pdf"] = b"%PDF-1.7"
    sent = hr.post(HERE, data={"zip": (BytesIO(zip_of(taken)), "x.zip")})
    assert "Sedang diperiksa" in text_of(hr.get(sent.headers["Location"]))
    run()
    page = text_of(hr.get(sent.headers["Location"]))
    assert "3 diterima, 1 ditolak" in page
    assert "tidak menunjuk sertifikat mana pun" in page
    ani = browser_of(app, waiting.ani)
    answer = ani.get(f"/certificates/{papers(waiting)[0].id}.pdf")
    assert answer.data == taken["0001-BKPSDM-XI-2026.pdf"]
    assert "PDF bertanda tangan elektronik" in ani.get(
        f"/certificates/{papers(waiting)[0].id}"
    ).get_data(as_text=True)


@pytest.mark.parametrize(("who", "status"), [("citra", 403), ("fadli", 403), ("ani", 404)])
def test_others_neither_see_nor_send(app: Flask, waiting: Cast, who: str, status: int) -> None:
    other = browser_of(app, getattr(waiting, who))
    assert other.get(HERE).status_code == status
    assert other.post(HERE, data={"zip": (BytesIO(a_zip(x=b"")), "x.zip")}).status_code == status
    assert other.post("/hr/certificates/packages?state=awaiting_signature").status_code == status
    with transaction():
        upload_id = intake.send(waiting.syamsul.id, a_zip(x=b"y"))
    assert other.get(f"{HERE}/{upload_id}").status_code == status
    with pytest.raises(NotFound):
        intake.upload_of(getattr(waiting, who).id, upload_id)
