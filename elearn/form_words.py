"""Plain forms that speak Indonesian, for pages whose sender the guard has already checked."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form

REQUIRED = _l("Isian ini perlu diisi.")
TOO_LONG = _l("Paling banyak %(max)d huruf.")

WORDS = {
    "Not a valid integer value.": _l("Tulis bilangan bulat, misalnya 8."),
    "Not a valid date value.": _l("Tulis tanggal yang ada, misalnya 24-11-2026."),
    "Not a valid choice.": _l("Pilih salah satu dari daftar."),
    "Invalid Choice: could not coerce.": _l("Pilih salah satu dari daftar."),
}


class _Indonesian:
    """The few sentences WTForms says by itself."""

    def gettext(self, text: str) -> str:
        return str(WORDS.get(text, text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class PlainForm(Form):
    """A form without a token of its own."""

    class Meta:
        """Where the words come from."""

        def get_translations(self, _form: Any) -> _Indonesian:
            return _Indonesian()
