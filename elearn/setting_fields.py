"""Form fields for settings: one for each kind of value, and the value back from what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.errors import Invalid
from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line, stripped
from elearn.settings import Known, kinds

VALUE = "value"
PROBLEMS = {
    "closed_year": _l("Tahun ini sudah ditutup. Centang bila memang hendak mengubahnya."),
    "year_out_of_range": _l("Tahun ini di luar yang dapat diatur."),
    "value_not_accepted": _l("Nilai ini di luar batas yang masuk akal."),
    "moved_on": _l(
        "Aturan ini baru saja diubah orang lain. Baca riwayatnya, lalu simpan lagi bila perlu."
    ),
}


@dataclass(frozen=True)
class Editor:
    """How a kind of value is typed: its field, and the way to the field's data and back."""

    field: Callable[[Any, Any], Any]
    told: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda data: data


def _text(label: Any, kind: kinds.Text) -> Any:
    if kind.is_line:
        return line(label, kind.longest, required=kind.shortest > 0)
    checks = [Optional(), Length(max=kind.longest, message=TOO_LONG)]
    return TextAreaField(label, checks, filters=[stripped])


def _yes_no(label: Any, _kind: kinds.YesNo) -> Any:
    return _either(label, _l("Ya"), _l("Tidak"))


def _on_off(label: Any, _kind: kinds.OnOff) -> Any:
    return _either(label, _l("Aktif"), _l("Dimatikan"))


def _either(label: Any, yes: Any, no: Any) -> Any:
    choices = [SelectChoice("yes", yes), SelectChoice("no", no)]
    return RadioField(label, [InputRequired(REQUIRED)], choices=choices)


def _one_of(label: Any, kind: kinds.OneOf) -> Any:
    return RadioField(label, [InputRequired(REQUIRED)], choices=_choices(kind.options))


def _some_of(label: Any, kind: kinds.SomeOf) -> Any:
    return SelectMultipleField(
        label,
        choices=_choices(kind.options),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def _choices(options: Mapping[str, Any]) -> list[Any]:
    return [SelectChoice(value, words) for value, words in options.items()]


def _day_counts(label: Any, _kind: kinds.DayCounts) -> Any:
    hint = _l("Bilangan hari dipisah koma, misalnya 90, 30, 7. Kosongkan bila tidak perlu.")
    return line(label, 60, hint, required=False)


def _days_of(typed: str) -> Any:
    """The days, the earliest first; what is none stays and is refused with the rest."""
    parts = [part.strip() for part in typed.split(",") if part.strip()]
    if not all(part.isascii() and part.removeprefix("-").isdigit() for part in parts):
        return typed
    return sorted({int(part) for part in parts}, reverse=True)


EDITORS: Mapping[type, Editor] = {
    kinds.Text: Editor(_text),
    kinds.Whole: Editor(lambda label, _kind: IntegerField(label, [InputRequired(REQUIRED)])),
    kinds.YesNo: Editor(
        _yes_no, lambda value: "yes" if value else "no", lambda data: data == "yes"
    ),
    kinds.OnOff: Editor(
        _on_off, lambda value: "yes" if value else "no", lambda data: data == "yes"
    ),
    kinds.OneOf: Editor(_one_of),
    kinds.SomeOf: Editor(_some_of, read=lambda data: list(data or [])),
    kinds.DayCounts: Editor(_day_counts, lambda days: ", ".join(map(str, days)), _days_of),
    kinds.Day: Editor(
        lambda label, kind: day(label, required=not kind.may_lack),
        lambda value: date.fromisoformat(value) if value else None,
        lambda data: data.isoformat() if data else "",
    ),
    kinds.NumberPattern: Editor(lambda label, _kind: line(label, 120)),
}


class SettingForm(PlacedForm):
    """A form with the fields of a setting's value; see ``fields``."""

    PROBLEMS = PROBLEMS

    def place(self, problem: Invalid) -> None:
        """Put a refusal beside its field, that of a record beside its first."""
        if problem.field == VALUE:
            problem = Invalid(problem.reason, self.value_fields[0].name)
        super().place(problem)

    def typed(self, known: Known) -> Any:
        """What was typed, as the setting holds it."""
        kind = known.accepts
        if isinstance(kind, kinds.Record):
            return {name: self[f"{VALUE}_{name}"].data for name in kind.parts}
        return EDITORS[type(kind)].read(self[VALUE].data)

    @property
    def value_fields(self) -> list[Any]:
        """The fields of the value."""
        return [
            field for field in self if field.name == VALUE or field.name.startswith(VALUE + "_")
        ]


FormType = TypeVar("FormType", bound=SettingForm)


def made(base: type[FormType], fields: Mapping[str, Any]) -> type[FormType]:
    """A form with some fields, in their order, beside those of its base."""
    form: type[FormType] = type(base)(base.__name__, (base,), dict(fields))  # type: ignore[misc]
    return form


def fields(known: Known, label: Any) -> dict[str, Any]:
    """The fields of a setting's value by name, to make a form with."""
    kind = known.accepts
    if isinstance(kind, kinds.Record):
        return {
            f"{VALUE}_{name}": _text(part.label, part.text) for name, part in kind.parts.items()
        }
    return {VALUE: EDITORS[type(kind)].field(label, kind)}


def data(known: Known, held: Any) -> dict[str, Any]:
    """What those fields show of a value."""
    kind = known.accepts
    if isinstance(kind, kinds.Record):
        return {f"{VALUE}_{name}": held[name] for name in kind.parts}
    return {VALUE: EDITORS[type(kind)].told(held)}


def first_year() -> Any:
    """The field of the first year a value holds."""
    return IntegerField(
        _l("Berlaku sejak tahun"),
        [InputRequired(REQUIRED)],
        description=_l("Tahun kalender (WIB). Tahun-tahun sebelumnya tetap memakai nilai lama."),
    )


def closed_year() -> Any:
    """The field that confirms a change of a year that is over."""
    return BooleanField(
        _l("Saya mengubah tahun yang sudah ditutup"),
        description=_l("Perlu dicentang hanya bila tahunnya sudah lewat."),
    )


def reason(longest: int, least: int = 0) -> Any:
    """The field of the reason of a change, of at least so many letters."""
    checks = [
        InputRequired(REQUIRED) if least else Optional(),
        Length(min=least, message=_l("Tulis alasannya, paling sedikit %(min)d huruf.")),
        Length(max=longest, message=TOO_LONG),
    ]
    hint = _l("Tinggal di riwayat, misalnya nomor surat keputusannya.")
    return StringField(_l("Alasan"), checks, filters=[stripped], description=hint)
