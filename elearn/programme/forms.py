"""The forms of assignments: is the input well-formed? What is allowed is said by use cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from elearn import clock
from elearn.assignments.rule import (
    MAX_LETTER,
    MAX_REASON,
    MOST_COURSES,
    MOST_DAYS,
    MOST_GRACE,
    MOST_LINES,
    MOST_LISTED,
    Line,
    Rule,
)
from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line, stripped

MAX_LIST_TEXT = 80_000
NAMED = 5  # numbers of a list that are named
PROBLEMS = {
    "missing": REQUIRED,
    "too_long": _l("Paling banyak %(most)s huruf.", most=MAX_REASON),
    "courses_out_of_range": _l("Pilih 1 sampai %(most)s kursus.", most=MOST_COURSES),
    "course_closed": _l("Salah satu kursus sudah ditutup. Pilih kursus yang dibuka."),
    "lines_out_of_range": _l("Isi 1 sampai %(most)s baris sasaran.", most=MOST_LINES),
    "due_missing": _l("Isi tanggal tenggat, atau jumlah hari."),
    "due_before_start": _l("Tenggat mendahului tanggal mulai."),
    "days_out_of_range": _l("Tulis 1 sampai %(most)s hari.", most=MOST_DAYS),
    "grace_out_of_range": _l("Tulis 0 sampai %(most)s hari.", most=MOST_GRACE),
    "letter_incomplete": _l("Surat perlu nomor dan tanggalnya."),
    "until_over": _l("Tanggal ini sudah lewat. Kosongkan bila tanpa batas waktu."),
    "not_asked": _l("Kursus ini tidak diwajibkan untuk pegawai ini."),
    "status_unknown": _l("Pilih status dari daftar."),
    "post_unknown": _l("Tidak ada jabatan dengan nama ini. Pilih dari usulan."),
    "list_empty": _l("Isi sedikitnya satu NIP."),
    "list_unknown": _l("Tidak ditemukan di unit Anda: "),
    "list_long": _l(
        "Paling banyak %(most)s orang. Buat penugasan lain untuk sisanya.", most=MOST_LISTED
    ),
}
EVERY_STATUS = {
    "": _l("Semua status"),
    "pns": "PNS",
    "cpns": "CPNS",
    "pppk": "PPPK",
    "pppk_pw": _l("PPPK Paruh Waktu"),
}


class LineForm(PlacedForm):
    """A line of whom it is asked: all that is filled in must hold."""

    PROBLEMS = PROBLEMS
    unit_id = SelectField(_l("Unit dan di bawahnya"), [Optional()])
    position_class = SelectField(_l("Kelas jabatan"), [Optional()])
    post = line(_l("Nama jabatan"), 200, required=False)
    status = SelectField(_l("Status"), [Optional()])
    joined_since = day(_l("Bergabung sejak"), required=False)
    people = TextAreaField(
        _l("Hanya pegawai dengan NIP ini"),
        [Optional(), Length(max=MAX_LIST_TEXT, message=TOO_LONG)],
        description=_l("Satu NIP pada tiap baris, misalnya disalin dari Excel."),
    )

    def line(self, people: tuple[int, ...] | None) -> Line:
        """What was filled in; ``people`` are those whose numbers stand in the list."""
        unit = self.unit_id.data or ""
        return Line(
            unit_id=int(unit) if unit else None,
            position_class=self.position_class.data or "",
            post=self.post.data or "",
            status=self.status.data or "",
            joined_since=self.joined_since.data,
            people=people,
        )

    def say_unknown(self, numbers: Sequence[str]) -> None:
        """Name those whose numbers are nobody's here, the first of them."""
        named = ", ".join(numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
        self.people.errors = [str(PROBLEMS["list_unknown"]) + named + "."]

    def fill(self, line: Line, numbers: Iterable[str]) -> None:
        """Show a stored line."""
        self.unit_id.data = str(line.unit_id or "")
        self.position_class.data = line.position_class
        self.post.data = line.post
        self.status.data = line.status
        self.joined_since.data = line.joined_since
        self.people.data = "\n".join(numbers)


class AssignmentForm(PlacedForm):
    """What is asked and by when; whom it is asked of stands in its lines."""

    PROBLEMS = PROBLEMS
    courses = SelectMultipleField(
        _l("Kursus"),
        [InputRequired(PROBLEMS["courses_out_of_range"])],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    owner = SelectField(_l("Berlaku untuk pegawai di"), [Optional()])
    starts_on = day(_l("Mulai berlaku"))
    due_on = day(_l("Tenggat"), required=False)
    days = IntegerField(
        _l("Hari bagi yang datang kemudian"),
        [Optional(), NumberRange(1, MOST_DAYS, PROBLEMS["days_out_of_range"])],
        description=_l(
            "Yang masuk atau pindah setelah tanggal mulai mendapat paling sedikit sekian hari. "
            "Tanpa tanggal tenggat, semua mendapat sekian hari."
        ),
    )
    grace_days = IntegerField(
        _l("Masa tenggang (hari)"),
        [Optional(), NumberRange(0, MOST_GRACE, PROBLEMS["grace_out_of_range"])],
        description=_l("Setelah tenggat, sebelum terhitung terlambat."),
    )
    repeats = BooleanField(
        _l("Ulang bagi yang sudah lulus"),
        description=_l("Kelulusan sebelum tanggal mulai tidak dihitung."),
    )
    letter_number = line(
        _l("Nomor surat"),
        MAX_LETTER,
        _l("Dengan nomor dan tanggal surat, JP-nya tercatat sebagai pengembangan terencana."),
        required=False,
    )
    letter_on = day(_l("Tanggal surat"), required=False)
    reason = TextAreaField(
        _l("Alasan atau pesan"),
        [Optional(), Length(max=MAX_REASON, message=TOO_LONG)],
        filters=[stripped],
        description=_l("Dibaca oleh pegawai di halaman kursusnya."),
    )
    line_count = HiddenField()
    revision = HiddenField()
    checked = HiddenField()

    def rule(self, lines: tuple[Line, ...]) -> Rule:
        """What was filled in, as a rule."""
        return Rule(
            courses=tuple(sorted(set(self.courses.data or ()))),
            lines=lines,
            starts_on=self.starts_on.data or clock.today(),
            due_on=self.due_on.data,
            days=self.days.data,
            grace_days=self.grace_days.data or 0,
            repeats=self.repeats.data,
            letter_number=self.letter_number.data or "",
            letter_on=self.letter_on.data,
            reason=self.reason.data or "",
        )

    def fill(self, rule: Rule) -> None:
        """Show a stored rule."""
        for name in (
            "starts_on",
            "due_on",
            "days",
            "grace_days",
            "repeats",
            "letter_number",
            "letter_on",
            "reason",
        ):
            self[name].data = getattr(rule, name)
        self.courses.data = list(rule.courses)


class ReasonForm(PlacedForm):
    """Why an assignment is withdrawn."""

    PROBLEMS = PROBLEMS
    reason = TextAreaField(_l("Alasan"), [InputRequired(REQUIRED)], filters=[stripped])


class ExemptionForm(ReasonForm):
    """Why somebody is exempt, and until when."""

    until = day(_l("Sampai dengan"), required=False)


class Filled:
    """The form of an assignment with its lines, as it was sent or as it is shown first.

    ``choices`` are what its selects offer, by the name of the field.
    """

    def __init__(self, sent: Any, choices: Mapping[str, Any]) -> None:
        self.form = AssignmentForm(sent)
        self._sent, self._choices = sent, choices
        self._offer(self.form)
        count = self.form.line_count.data or ""
        self.lines = [self._line(at) for at in range(_bounded(count))]

    def _line(self, at: int) -> LineForm:
        made = LineForm(self._sent, prefix=f"line-{at}-")
        self._offer(made)
        return made

    def _offer(self, form: PlacedForm) -> None:
        for name, offered in self._choices.items():
            if name in form:
                form[name].choices = offered

    def show(self, rule: Rule, numbers: Sequence[Iterable[str]]) -> None:
        """Show a rule; ``numbers`` are the lists of its lines."""
        self.form.fill(rule)
        self.lines = []
        for at, each in enumerate(rule.lines):
            self.add()
            self.lines[at].fill(each, numbers[at])

    def add(self) -> None:
        """One line more, empty."""
        self._sent = None
        self.lines.append(self._line(len(self.lines)))

    def without(self, at: int) -> None:
        """Drop a line; those after it move up."""
        kept = [line.data for place, line in enumerate(self.lines) if place != at]
        self._sent, self.lines = None, []
        for values in kept:
            self.add()
            self.lines[-1].process(data=values)

    def validate(self) -> bool:
        """Whether everything is well-formed, and something is there."""
        return all([self.form.validate(), *(line.validate() for line in self.lines)])

    @property
    def forms(self) -> list[PlacedForm]:
        return [self.form, *self.lines]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.forms)


def _bounded(text: str) -> int:
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 1
    return min(max(wanted, 1), MOST_LINES)
