"""Table of badges: the credentials that were made of certificates."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class Badge(Model):
    """The credential of a certificate; its text is kept as a file and never changed."""

    __tablename__ = "badge"

    # Also its place in the status lists, counted from 1.
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # SHA-256 of the text.
    digest: Mapped[str] = mapped_column(String(64))
    made_ms: Mapped[int] = mapped_column(BigInteger)
