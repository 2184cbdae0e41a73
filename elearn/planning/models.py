"""Tables of planning: sheets that were brought in, and what each did."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class SheetImport(Model):
    """A sheet that was brought in; ``done`` tells what each row changed, so that it can go back."""

    __tablename__ = "sheet_import"
    __table_args__ = (Index("ix_sheet_import_kind", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    imported_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    imported_ms: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int]
    # Canonical JSON: a list with what each deed says of itself.
    done: Mapped[str] = mapped_column(Text)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_ms: Mapped[int | None] = mapped_column(BigInteger)
    # How many of its changes had been changed again and so were left when it was undone.
    left: Mapped[int] = mapped_column(default=0)
