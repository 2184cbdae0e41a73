"""Every list that can be taken away: noted in the audit log, as CSV and XLSX, its cells safe."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from elearn.people.access import is_audited
from elearn.reports import sending
from elearn.reports.export import Sheet

KIND = "<any(csv, xlsx):kind>"
NIP = "199404122019032901"
ROW = ("=HYPERLINK(1)", "+62", "-1", "@x", NIP)


def taking(app: Flask) -> dict[str, Callable[..., Any]]:
    """The views that send a list as a file, by their address."""
    return {
        rule.rule: app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith(f".{KIND}")
    }


def test_every_list_that_leaves_is_noted_in_the_audit_log(app: Flask) -> None:
    views = taking(app)
    assert {"/hr/people", "/hr/completions", "/hr/completions/siasn", "/admin/audit"} <= {
        address.removesuffix(f".{KIND}") for address in views
    }
    assert [address for address, view in views.items() if not is_audited(view)] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_sent_holds_no_formula_and_a_nip_as_text(app: Flask, kind: str) -> None:
    with app.test_request_context():
        content = sending.saved(Sheet("daftar", ["a", "b", "c", "d", "NIP"], [ROW]), kind).data
    if kind == "csv":
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = book.get_sheet_by_index(0).to_python()
    assert found[1] == [*("'" + cell for cell in ROW[:-1]), NIP]
