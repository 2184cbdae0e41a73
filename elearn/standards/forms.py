"""Forms of standards: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from elearn import clock
from elearn.competency.editions import MAX_REASON, Why
from elearn.competency.requirements import HIGHEST, LOWEST, MAX_REASON_LENGTH, Wish
from elearn.competency.wording import LEVELS as FIVE
from elearn.competency.wording import (
    MAX_BASIS,
    MAX_NAME,
    MOST_INDICATORS,
    LevelWording,
    Wording,
)
from elearn.form_words import REQUIRED, PlacedForm, day, line, stripped

LEVELS = [
    SelectChoice("0", _l("tidak diminta")),
    *(SelectChoice(str(level), str(level)) for level in range(LOWEST + 1, HIGHEST + 1)),
]
TEXTS = ("name", "text", "indicators")

PROBLEMS = {
    "missing": REQUIRED,
    "too_long": _l("Terlalu panjang; ringkas lebih dahulu."),
    "many_indicators": _l("Paling banyak %(n)s indikator satu level.", n=MOST_INDICATORS),
    "code_taken": _l("Kode ini sudah dipakai kompetensi lain."),
    "name_taken": _l("Nama ini sudah dipakai kompetensi lain."),
    "code_form": _l(
        "Huruf besar dan angka, dengan titik atau tanda hubung di antaranya; paling banyak 20."
        " Misalnya TEK.ARSIP."
    ),
    "code_reserved": _l("Kode yang diawali M., SK., atau DIG. disediakan untuk bawaan."),
    "unknown_competency": _l(
        "Kamus kompetensi berubah sejak halaman ini dibuka. Muat ulang, lalu isi lagi."
    ),
    "level_out_of_range": _l("Level adalah 1 sampai 5, atau tidak diminta."),
}


class _Form(PlacedForm):
    """A form of this slice."""

    PROBLEMS = PROBLEMS


class RequirementForm(_Form):
    """The level a class asks of each competency, from when on, and why."""

    PROBLEMS = PROBLEMS | {
        "day_out_of_range": _l(
            "Pilih tanggal sesudah 1 Januari 2017, paling lama sepuluh tahun ke depan."
        )
    }
    valid_from = day(_l("Berlaku sejak"))
    reason = line(_l("Alasan"), MAX_REASON_LENGTH, _l("Misalnya: nomor peraturan atau keputusan."))
    FIRST = "level_"

    @classmethod
    def of(
        cls, names: Mapping[str, str], levels: Mapping[str, int], sent: Any = None
    ) -> RequirementForm:
        """The form with a field for each competency."""
        fields = {
            cls.FIRST + code: SelectField(
                name,
                [InputRequired(REQUIRED)],
                choices=LEVELS,
                default=str(levels.get(code, LOWEST)),
            )
            for code, name in names.items()
        }
        made: type[RequirementForm] = type("_Filled", (cls,), fields)
        return made(sent)

    @property
    def level_fields(self) -> list[Field]:
        """The fields of the levels, in the order of the competencies."""
        return [field for field in self if field.name.startswith(self.FIRST)]

    def wish(self) -> Wish:
        """What was typed, as the use case takes it."""
        levels = {
            field.name.removeprefix(self.FIRST): int(field.data) if field.data else None
            for field in self.level_fields
        }
        return Wish(levels, self.valid_from.data, self.reason.data)


class Answered:
    """A choice is always made, though one of the choices is sent as an empty text."""

    field_flags: ClassVar[Mapping[str, bool]] = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        """Nothing to refuse: the field itself knows its choices."""


class PositionRequirementForm(RequirementForm):
    """The level one position asks of each competency, or its class's, from when on, and why."""

    @classmethod
    def of_position(
        cls, names: Mapping[str, str], asked: Asked, sent: Any = None
    ) -> PositionRequirementForm:
        """The form with a field for each competency, which tells what the class asks."""
        fields = {
            cls.FIRST + code: SelectField(
                name,
                [Answered()],
                choices=[_follows(asked.of_class.get(code, LOWEST)), *LEVELS],
                default=str(asked.own[code]) if code in asked.own else "",
            )
            for code, name in names.items()
        }
        made: type[PositionRequirementForm] = type("_Filled", (cls,), fields)
        return made(sent)


class Asked(NamedTuple):
    """What a class asks, and what one position asks itself."""

    of_class: Mapping[str, int]
    own: Mapping[str, int]


def _follows(level: int) -> SelectChoice:
    said = _l("ikut kelas: level %(n)s", n=level) if level else _l("ikut kelas: tidak diminta")
    return SelectChoice("", said)


class ReasonForm(_Form):
    """Why something is done, over the edition that was shown."""

    edition = HiddenField()
    reason = line(_l("Alasan"), MAX_REASON, _l("Misalnya: nomor peraturan atau keputusan."))

    @property
    def seen(self) -> int:
        """The edition that was shown; 0 for anything else."""
        text = self.edition.data or ""
        return int(text) if text.isdecimal() and len(text) < len("1000000") else 0


class RetirementForm(ReasonForm):
    """From when on nothing asks for a competency, and why."""

    PROBLEMS = PROBLEMS | {
        "day_out_of_range": _l("Pilih hari ini atau sesudahnya, paling lama sepuluh tahun."),
    }
    valid_from = day(_l("Tidak dipakai lagi sejak"))

    def why(self) -> Why:
        """What was typed, as the use case takes it."""
        return Why(self.valid_from.data, self.reason.data)


def _area(label: Any, description: Any = "", *, required: bool = False) -> TextAreaField:
    first = InputRequired(REQUIRED) if required else Optional()
    return TextAreaField(label, [first], filters=[stripped], description=description)


def _level_fields() -> Iterator[tuple[str, Field]]:
    for level in FIVE:
        yield f"name_{level}", StringField(_l("Nama level"), [Optional()], filters=[stripped])
        yield f"text_{level}", _area(_l("Uraian level %(n)s", n=level), required=True)
        yield f"indicators_{level}", _area(_l("Indikator perilaku"), _l("Satu baris satu."))


class CompetencyForm(RetirementForm):
    """A whole competency: name, definition, five levels, since when it reads so and why."""

    PROBLEMS = PROBLEMS | {
        "day_out_of_range": _l("Paling lama hari ini, dan tidak sebelum versi yang berlaku kini."),
    }
    code = line(_l("Kode"), 20, _l("Misalnya TEK.ARSIP. Tidak dapat diubah kemudian."))
    name = line(_l("Nama kompetensi"), MAX_NAME)
    definition = _area(_l("Definisi"), required=True)
    basis = line(_l("Dasar"), MAX_BASIS, _l("Nomor peraturan atau keputusan."), required=False)
    valid_from = day(_l("Rumusan ini berlaku sejak"))

    @classmethod
    def of(cls, wording: Wording | None, edition: int, sent: Any = None) -> CompetencyForm:
        """The form filled with a wording, empty without one."""
        values = {"edition": str(edition), "valid_from": clock.today()}
        made: type[CompetencyForm] = type("_Filled", (cls,), dict(_level_fields()))
        form = made(sent, data=values | (_told(wording) if wording else {}))
        if wording is not None:
            del form.code
        return form

    def levels(self) -> list[tuple[int, list[Field]]]:
        """The fields of each level, by its number."""
        return [(level, [self[f"{text}_{level}"] for text in TEXTS]) for level in FIVE]

    def wording(self) -> Wording:
        """What was typed, as the use case takes it."""
        levels = tuple(
            LevelWording(
                self[f"text_{level}"].data,
                self[f"name_{level}"].data,
                tuple(self[f"indicators_{level}"].data.splitlines()),
            )
            for level in FIVE
        )
        return Wording(self.name.data, self.definition.data, levels, self.basis.data)

    def move_on(self, edition: int) -> None:
        """Go on from the edition that somebody else has made meanwhile; what was typed stays."""
        self.edition.data = str(edition)


def _told(wording: Wording) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": wording.name,
        "definition": wording.definition,
        "basis": wording.basis,
    }
    for level, told in wording.numbered.items():
        found[f"name_{level}"], found[f"text_{level}"] = told.name, told.text
        found[f"indicators_{level}"] = "\n".join(told.indicators)
    return found
