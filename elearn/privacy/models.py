"""Tables of privacy: editions of the notice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class NoticeEdition(Model):
    """The privacy notice as it reads from a WIB day on; never changed once its day has come."""

    __tablename__ = "notice_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_day: Mapped[date] = mapped_column(Date, index=True)
    # Markdown; {agency}, {organiser} and {short} stand for the names in the settings.
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_ms: Mapped[int] = mapped_column(BigInteger)
