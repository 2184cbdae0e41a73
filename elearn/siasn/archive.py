"""The certificates that go with a file for SIASN: a zip of PDFs under the names in its column."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO

from elearn import files, pictures
from elearn.competency import certificate_pdf, certificates, papers
from elearn.errors import DomainError
from elearn.siasn.listing import Row

# Each certificate that was never printed is made now, so that a part stays a matter of seconds.
A_PART = 60
MISSING = "TANPA-BERKAS.txt"


def zipped(rows: Iterable[Row]) -> bytes:
    """The PDFs of rows. What has none is named in a text beside them; no name holds a NIP."""
    held, missing = BytesIO(), []
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as book:
        for row in rows:
            content = _pdf(row) if row.record.file_name else None
            if content is None:
                missing.append(f"{row.record.number}: {row.record.title}")
            else:
                book.writestr(row.record.file_name, content)
        if missing:
            book.writestr(MISSING, "\r\n".join(missing) + "\r\n")
    return held.getvalue()


def _pdf(row: Row) -> bytes | None:
    try:
        if row.certificate_id:
            return certificate_pdf.final_of(certificates.load(row.certificate_id))
        return _as_pdf(files.load(row.paper_digest))
    except DomainError:
        return None


def _as_pdf(file: files.File) -> bytes:
    """BKN takes PDF alone, so a photo becomes one."""
    return file.content if file.media_type == papers.PDF else pictures.as_pdf(file.content)
