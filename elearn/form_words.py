"""Plain forms that speak Indonesian, for pages whose sender the guard has already checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, StringField
from wtforms.validators import InputRequired, Length, Optional

from elearn.errors import Invalid, TooManyTries

REQUIRED = _l("Isian ini perlu diisi.")
TOO_LONG = _l("Paling banyak %(max)d huruf.")
SECONDS_A_MINUTE = 60

WORDS = {
    "Not a valid integer value.": _l("Tulis bilangan bulat, misalnya 8."),
    "Not a valid date value.": _l("Tulis tanggal yang ada, misalnya 24-11-2026."),
    "Not a valid choice.": _l("Pilih salah satu dari daftar."),
    "'%(value)s' is not a valid choice for this field.": _l("Pilih dari daftar."),
    "'%(value)s' are not valid choices for this field.": _l("Pilih dari daftar."),
    "Invalid Choice: could not coerce.": _l("Pilih salah satu dari daftar."),
}


DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class _Indonesian:
    """The few sentences WTForms says by itself."""

    def gettext(self, text: str) -> str:
        return str(WORDS.get(text, text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


def too_many(seconds: int) -> Any:
    """What is said while the next try waits."""
    minutes = -(-seconds // SECONDS_A_MINUTE)
    wait = _l("%(n)s detik", n=seconds) if minutes == 1 else _l("%(n)s menit", n=minutes)
    return _l("Terlalu banyak percobaan. Silakan coba lagi dalam %(wait)s.", wait=wait)


class PlainForm(Form):
    """A form without a token of its own."""

    class Meta:
        """Where the words come from."""

        def get_translations(self, _form: Any) -> _Indonesian:
            return _Indonesian()

    wait_seconds = 0

    @property
    def refusal_status(self) -> int:
        """422, or 429 while guessing is slowed down."""
        return TooManyTries.status if self.wait_seconds else Invalid.status

    def make_wait(self, seconds: int) -> None:
        """Say how long to wait before the next try counts; what was typed stays."""
        self.wait_seconds = seconds
        self.form_errors.append(too_many(seconds))


class PlacedForm(PlainForm):
    """A form that puts what a use case refuses beside its field, in words of its own."""

    PROBLEMS: ClassVar[Mapping[str, Any]] = {}

    def place(self, problem: Invalid) -> None:
        """Put a refusal beside its field."""
        field = self[problem.field]
        field.errors = [*field.errors, self.PROBLEMS[problem.reason]]


def stripped(text: str | None) -> str:
    """A text without space around it."""
    return (text or "").strip()


def line(label: Any, longest: int, description: Any = "", *, required: bool = True) -> Any:
    """A field for one line of text."""
    first = InputRequired(REQUIRED) if required else Optional()
    checks = [first, Length(max=longest, message=TOO_LONG)]
    return StringField(label, checks, filters=[stripped], description=description)


def day(label: Any, *, required: bool = True) -> Any:
    """A field for a day, as the browser or as people write it."""
    first = InputRequired(REQUIRED) if required else Optional()
    return DateField(label, [first], format=DAYS)
