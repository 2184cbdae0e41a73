"""The form of an announcement: is the input well-formed? And the sentences for refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from elearn.announcements.desk import Wish
from elearn.announcements.models import MAX_TEXT, MAX_TITLE, Importance
from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line, stripped
from elearn.people.permissions import Role

PROBLEMS = {
    "ends_before": _l("Hari terakhir mendahului hari pertamanya."),
    "days_over": _l("Hari terakhirnya sudah lewat."),
    "too_many_days": _l("Paling lama satu tahun; umumkan lagi bila masih perlu."),
    "unit_beyond": _l("Pilih unit yang Anda urus dari daftar."),
    "too_costly": _l("Teks ini bersusun terlalu dalam. Sederhanakan daftar atau kutipannya."),
}
IMPORTANCES = [
    SelectChoice(Importance.PLAIN.value, _l("Biasa")),
    SelectChoice(Importance.IMPORTANT.value, _l("Penting")),
    SelectChoice(Importance.URGENT.value, _l("Mendesak: di atas yang lain")),
]
ROLES = [
    SelectChoice("", _l("Semua pegawai")),
    SelectChoice(Role.INSTRUCTOR.value, _l("Pengajar")),
    SelectChoice(Role.HR_UNIT.value, _l("Kepegawaian unit")),
    SelectChoice(Role.HR_AGENCY.value, _l("Kepegawaian instansi")),
    SelectChoice(Role.ADMIN.value, _l("Administrator")),
    SelectChoice(Role.AUDITOR.value, _l("Auditor")),
]


def _whole(text: Any) -> int | None:
    return int(text) if text not in (None, "", "None") else None


class AnnouncementForm(PlacedForm):
    """Title, text, for whom, from when until when."""

    PROBLEMS = PROBLEMS

    title = line(_l("Judul"), MAX_TITLE)
    text = TextAreaField(
        _l("Isi"),
        [InputRequired(REQUIRED), Length(max=MAX_TEXT, message=TOO_LONG)],
        filters=[stripped],
        description=_l("Boleh memakai Markdown: **tebal**, daftar dengan -, [tautan](https://…)."),
    )
    importance = RadioField(_l("Tingkat"), choices=IMPORTANCES, default=Importance.PLAIN.value)
    unit_id = SelectField(_l("Untuk unit"), [Optional()], choices=[], coerce=_whole)
    role = SelectField(_l("Untuk peran"), [Optional()], choices=ROLES)
    first = day(_l("Hari pertama"))
    last = day(_l("Hari terakhir"))

    def wish(self) -> Wish:
        """What is wanted, of a valid form."""
        return Wish(
            title=self.title.data,
            text=self.text.data,
            importance=Importance(self.importance.data),
            unit_id=self.unit_id.data,
            role=Role(self.role.data) if self.role.data else None,
            first=self.first.data,
            last=self.last.data,
        )
