"""What has been sent to SIASN."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class SiasnMark(Model):
    """Something finished has been sent to SIASN; the source is that of its hours."""

    __tablename__ = "siasn_mark"

    source_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # The id SIASN gave it; empty until it is known.
    siasn_id: Mapped[str] = mapped_column(String(64), default="")
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_ms: Mapped[int] = mapped_column(BigInteger)
