"""Tables of the office of certificates: signed PDFs that came in, packages that are asked for."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class SignedUpload(Model):
    """A zip of signed PDFs, and what became of each of its files."""

    __tablename__ = "signed_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_ms: Mapped[int] = mapped_column(BigInteger)
    # Empty once its files are dealt with.
    content: Mapped[bytes] = mapped_column(LargeBinary)
    # JSON list of [file name, number, outcome].
    outcomes: Mapped[str] = mapped_column(Text, default="[]")
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)


class Package(Model):
    """Certificates that are wanted as one zip; whose PDFs a job makes beforehand."""

    __tablename__ = "package"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_ms: Mapped[int] = mapped_column(BigInteger)
    # JSON list of the ids of certificates.
    certificate_ids: Mapped[str] = mapped_column(Text)
    # Whether it is to be signed elsewhere: our own PDFs, not those already signed.
    to_sign: Mapped[bool]
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)
