"""Forms of settings: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from elearn import setting_fields
from elearn.form_words import REQUIRED, PlacedForm
from elearn.people.setting_changes import LEAST_REASON, MAX_REASON, Wish
from elearn.setting_fields import PROBLEMS, SettingForm
from elearn.settings import Known

LONGEST_NUMBER = 18


class ChangeForm(SettingForm):
    """A setting's value, its first year where it is dated, and the reason."""

    def wish(self, known: Known) -> Wish:
        """What was typed, as the use case takes it."""
        year = known.first_year if known.holds_at_once else self["from_year"].data
        return Wish(year, self.typed(known), *_answers(self))


def _answers(form: Any) -> tuple[bool, str, int | None]:
    """Whether a closed year is meant, the reason, and the newest change that was seen."""
    confirmed = "confirmed" in form and bool(form["confirmed"].data)
    return confirmed, form["reason"].data, form["seen"].number


class SeenField(HiddenField):
    """The newest change of a setting when the page was made."""

    @property
    def number(self) -> int | None:
        text = self.data or ""
        return int(text) if text.isascii() and text.isdigit() else None


def _ending(known: Known) -> dict[str, Any]:
    ending = {
        "reason": setting_fields.reason(MAX_REASON, LEAST_REASON),
        "seen": SeenField(validators=[Length(max=LONGEST_NUMBER)]),
    }
    if known.holds_at_once:
        return ending
    return {"confirmed": setting_fields.closed_year(), **ending}


def change_form(known: Known, held: Any = None, sent: Any = None, **shown: Any) -> ChangeForm:
    """The form of a setting: with what was sent, or with what holds."""
    dated = {} if known.holds_at_once else {"from_year": setting_fields.first_year()}
    fields = setting_fields.fields(known, _l("Nilai")) | dated | _ending(known)
    form = setting_fields.made(ChangeForm, fields)
    return form(sent, data=None if sent is not None else setting_fields.data(known, held) | shown)


class BackForm(PlacedForm):
    """Why what held before a change is to hold again."""

    PROBLEMS = PROBLEMS

    def wish(self) -> Wish:
        """What was typed, as the use case takes it."""
        return Wish(0, None, *_answers(self))

    def place(self, problem: Any) -> None:
        """Put a refusal beside its field; that of the value, which is not typed, on top."""
        if problem.field in self:
            super().place(problem)
        else:
            self.form_errors.append(self.PROBLEMS[problem.reason])


def back_form(known: Known, sent: Any = None, **shown: Any) -> BackForm:
    """The form of putting back."""
    form = setting_fields.made(BackForm, _ending(known))
    return form(sent, data=shown)


FILE_PROBLEMS = {
    "too_long": _l("Berkas ini terlalu panjang untuk berkas pengaturan."),
    "not_json": _l("Ini bukan JSON yang utuh. Tempel seluruh isi berkasnya."),
    "other_format": _l("Ini bukan berkas pengaturan; barisnya format harus elearn-settings/1."),
    "malformed": _l("Setiap baris harus memuat key, from_year, dan value saja."),
    "refused": _l("Ada baris yang ditolak. Perbaiki atau hapus dahulu; belum ada yang diubah."),
}


class BringInForm(PlacedForm):
    """The text of a file of settings, and why it is brought in."""

    PROBLEMS = FILE_PROBLEMS

    text = TextAreaField(
        _l("Isi berkas"),
        [InputRequired(REQUIRED)],
        description=_l("Tempel isi berkas JSON yang diunduh dari sini atau dari pemasangan lain."),
    )
    confirmed = setting_fields.closed_year()
    reason = setting_fields.reason(MAX_REASON, LEAST_REASON)
