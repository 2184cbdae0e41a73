"""Where something about a person is kept: each table, how its rows are theirs, what leaves it.

A table that names people and stands neither in HOLDINGS nor in LEFT_OUT fails a test, so that a
copy of one's data stays complete when a table is added.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, LargeBinary, Table, select, tuple_

from elearn import clock
from elearn.database import Model, db
from elearn.people.models import full_name

Row = dict[str, Any]
MS = "_ms"
# Columns of JSON text, by name.
JSON = frozenset(
    ("body", "points", "questions", "frozen", "days", "before_points", "after_points", "wanted")
)


@dataclass(frozen=True)
class Holding:
    """A table that holds something about people.

    Its rows are a person's by the column ``by``, or by the rows of the table ``through`` that
    are. ``only`` are the columns that leave, all of them if empty, but never those ``hidden``.
    """

    title: str
    by: str = "person_id"
    through: str = ""
    # Columns that both tables have, where the rows of ``through`` have no id of their own.
    shared: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


def _hiding(*columns: str) -> frozenset[str]:
    return frozenset(columns)


HOLDINGS: Mapping[str, Holding] = {
    "person": Holding("Data kepegawaian", "id", hidden=_hiding("password_hash", "code_hash")),
    "former_nip": Holding("NIP terdahulu"),
    "placement": Holding("Riwayat penempatan"),
    "contract": Holding("Kontrak"),
    "supervision": Holding("Atasan yang ditetapkan"),
    "unit_head": Holding("Unit yang dipimpin"),
    "delegation": Holding("Peran yang didelegasikan kepada yang bersangkutan"),
    "role_grant": Holding("Peran"),
    "sign_in": Holding("Perangkat yang sedang masuk", hidden=_hiding("stamp")),
    "authenticator": Holding(
        "Verifikasi dua langkah", hidden=_hiding("sealed_secret", "last_step")
    ),
    "passkey": Holding("Passkey", only=_hiding("name", "created_ms")),
    "recovery_code": Holding("Kode pemulihan", only=_hiding("used_ms")),
    "trusted_device": Holding("Perangkat yang diingat", hidden=_hiding("stamp")),
    "refused_sign_in": Holding("Percobaan masuk yang ditolak, belum dijumlah"),
    "announcement_dismissal": Holding("Pengumuman yang ditutup"),
    "notice": Holding("Pemberitahuan yang diterima"),
    "audit_entry": Holding(
        "Tindakan sendiri yang tercatat", "actor_id", only=_hiding("at_ms", "action")
    ),
    "chain_head": Holding("Ujung rantai catatan kejadian"),
    "event": Holding("Catatan kejadian belajar"),
    "enrolment": Holding("Keikutsertaan kursus"),
    "course_progress": Holding("Kemajuan kursus"),
    "attempt": Holding("Kesempatan kuis"),
    "attempt_answer": Holding("Jawaban kuis", through="attempt"),
    "hint_opened": Holding("Petunjuk yang dibuka", through="attempt"),
    "essay_mark": Holding("Penilaian uraian", through="attempt"),
    "mark_correction": Holding("Perbaikan penilaian uraian", through="attempt"),
    "regraded_attempt": Holding("Nilai yang dihitung ulang", through="attempt"),
    "question_shown": Holding("Soal yang pernah ditampilkan"),
    "reflection_text": Holding("Refleksi", through="enrolment"),
    "completion": Holding("Kelulusan"),
    "assessed_level": Holding("Level hasil penilaian"),
    "target_proposal": Holding("Usul jabatan sasaran"),
    "evidence": Holding("Bukti kompetensi"),
    "hours_entry": Holding("JP menurut sumbernya"),
    "hours_year": Holding("JP per tahun"),
    "certificate": Holding("Sertifikat"),
    "certificate_photo": Holding("Foto sertifikat"),
    "outside_learning": Holding("Pembelajaran di luar"),
    "rectification": Holding("Permintaan perbaikan data"),
    "siasn_person": Holding("Id pegawai di SIASN"),
    "badge": Holding("Lencana terbuka"),
    "roster_row": Holding("Baris impor data pegawai", hidden=_hiding("twin_id", "sort_name")),
    "roster_before": Holding(
        "Data sebelum impor",
        through="roster_row",
        shared=("import_id", "number"),
        hidden=_hiding("sort_name"),
    ),
    "siasn_mark": Holding("Tanda terkirim ke SIASN"),
    "listed_person": Holding("Daftar nama kursus wajib"),
    "assignment_exemption": Holding("Pengecualian dari kursus wajib"),
    "course_teacher": Holding("Bagian dalam kursus sebagai pengajar"),
    "draft_revision": Holding(
        "Penyimpanan rancangan kursus",
        only=_hiding("course_id", "path", "number", "act", "begun_ms", "saved_ms"),
    ),
    "draft_visit": Holding("Berkas rancangan yang dibuka"),
    "staged_file": Holding(
        "Unggahan yang belum dikonfirmasi", only=_hiding("purpose", "created_ms")
    ),
}
_DEED = "what somebody did for the agency: told by the actor's own entries of the audit log"
# Tables that name people and are not part of a copy, and why.
LEFT_OUT: Mapping[str, str] = {
    "announcement_change": _DEED,
    "approval": _DEED,
    "breach": _DEED,
    "breach_entry": _DEED,
    "assignment": _DEED,
    "assignment_revision": _DEED,
    "competency_edition": _DEED,
    "course_version": _DEED,
    "essay_turn": "whose turn it is to mark: about the work of markers, gone once it is done",
    "notice_edition": _DEED,
    "number_batch": _DEED,
    "package": _DEED,
    "register_number": _DEED,
    "position_requirement": _DEED,
    "regrade": _DEED,
    "requirement": _DEED,
    "review": _DEED,
    "roster_import": _DEED,
    "roster_mapping": _DEED,
    "rollup": "up to whom the counters are made while they are made anew: about nobody",
    "setting": _DEED,
    "setting_change": _DEED,
    "sheet_import": _DEED,
    "signed_upload": _DEED,
}


def read(person_id: int) -> dict[str, list[Row]]:
    """Every row that is a person's, by table: people, units and courses by name, times in WIB.

    Inside snapshot(), so that the tables agree.
    """
    found = {name: _rows(name, person_id) for name in HOLDINGS}
    names = _names(found)
    return {
        name: [_told(_table(name), HOLDINGS[name], row, names) for row in rows]
        for name, rows in found.items()
    }


def _table(name: str) -> Table:
    return Model.metadata.tables[name]


def _columns(name: str) -> list[Column[Any]]:
    held = HOLDINGS[name]
    return [
        column
        for column in _table(name).columns
        if column.name not in held.hidden
        and (not held.only or column.name in held.only)
        and not isinstance(column.type, LargeBinary)
    ]


def _rows(name: str, person_id: int) -> list[Mapping[str, Any]]:
    table = _table(name)
    wanted = select(*_columns(name)).where(of_person(name, person_id))
    found = db.session.execute(wanted.order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def of_person(name: str, person_id: int) -> ColumnElement[bool]:
    """The condition that a row of a table is a person's."""
    held, table = HOLDINGS[name], _table(name)
    if not held.through:
        return table.c[held.by] == person_id
    owner = _table(held.through)
    if held.shared:
        keys = select(*(owner.c[name] for name in held.shared))
        mine = keys.where(owner.c.person_id == person_id)
        return tuple_(*(table.c[name] for name in held.shared)).in_(mine)
    owned = select(owner.c.id).where(owner.c.person_id == person_id)
    return table.c[f"{held.through}_id"].in_(owned)


def target_of(column: Column[Any]) -> str:
    """The table whose row a column names; empty for none. Some name people without a key."""
    for key in column.foreign_keys:
        return key.column.table.name
    names_person = column.name.endswith("_by") or column.name == "person_id"
    return "person" if names_person and isinstance(column.type, Integer) else ""


_LABELS = {
    "person": ("degrees_before", "name", "degrees_after"),
    "unit": ("name",),
    "position": ("name",),
    "course": ("slug",),
    "course_version": ("title",),
}


def _names(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[Any, str]]:
    """What is named in the rows, by table and id."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for name, rows in found.items():
        for column in _columns(name):
            if target_of(column) in _LABELS:
                wanted[target_of(column)].update(row[column.name] for row in rows)
    return {name: _labels(name, ids - {None}) for name, ids in wanted.items()}


def _labels(name: str, ids: Iterable[Any]) -> dict[Any, str]:
    table = _table(name)
    columns = [table.c[column] for column in _LABELS[name]]
    found = db.session.execute(select(table.c.id, *columns).where(table.c.id.in_(list(ids))))
    return {id: full_name(*words) if name == "person" else words[0] for id, *words in found}


def _told(
    table: Table, held: Holding, row: Mapping[str, Any], names: Mapping[str, Mapping[Any, str]]
) -> Row:
    told: Row = {}
    for name, value in row.items():
        target = target_of(table.c[name])
        if target == "person" and name != held.by:
            told[name] = names["person"].get(value, "")
        elif target in _LABELS and name != held.by:
            told[name] = {"id": value, "name": names[target].get(value, "")} if value else None
        elif name.endswith(MS):
            told[f"{name.removesuffix(MS)}_at"] = _moment(value)
        else:
            told[name] = _plain(name, value)
    return told


def _moment(value: int | None) -> str | None:
    return clock.from_ms(value).isoformat(timespec="milliseconds") if value else None


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if name in JSON and isinstance(value, str) and value:
        return json.loads(value)
    return value
