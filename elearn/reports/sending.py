"""A list as a file to be saved."""

from __future__ import annotations

from elearn.downloads import CSV, XLSX, Response, attachment
from elearn.reports import export
from elearn.reports.export import Sheet


def saved(sheet: Sheet, kind: str) -> Response:
    """A list as "csv", sent while its rows are read, or as "xlsx", from a file beside memory."""
    name = sheet.file_name(kind)
    if kind == "csv":
        return attachment(export.csv_pieces(sheet), name, CSV)
    return attachment(export.xlsx_pieces(sheet), name, XLSX)
