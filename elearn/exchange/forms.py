"""Forms of the exchange: a file or a pasted text, the questions to confirm, the file to take."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from elearn.content.formats.fields import LETTERS, Fields
from elearn.content.formats.known import Name
from elearn.content.formats.pasted import MAX_OPTIONS, MAX_PASTED
from elearn.form_words import REQUIRED, TOO_LONG, PlainForm

LABELS = {
    Name.MARKDOWN: _l("Bank soal Markdown (.md)"),
    Name.GIFT: _l("GIFT (.txt)"),
    Name.MOODLE: _l("Moodle XML (.xml)"),
    Name.AIKEN: _l("Aiken (.txt)"),
    Name.SHEET: _l("Excel (.xlsx)"),
}
CHOICES = [SelectChoice(name.value, label) for name, label in LABELS.items()]
MAX_TITLE = 80
MAX_PASTE = 200_000


def _title() -> StringField:
    return StringField(
        _l("Judul bank soal"),
        [InputRequired(REQUIRED), Length(max=MAX_TITLE, message=TOO_LONG)],
        filters=[lambda text: " ".join((text or "").split())],
        default="Soal impor",
    )


def _format(label: Any) -> SelectField:
    return SelectField(label, [InputRequired(REQUIRED)], choices=CHOICES, default=Name.GIFT.value)


class UploadForm(PlainForm):
    """A file in a format."""

    title = _title()
    format = _format(_l("Format berkas"))
    file = FileField(
        _l("Berkas"),
        [InputRequired(_l("Pilih berkas yang akan dibaca."))],
        description=_l("Paling besar 1 MB."),
    )


class PasteForm(PlainForm):
    """Numbered questions from a word processor."""

    title = _title()
    text = TextAreaField(
        _l("Soal bernomor"),
        [InputRequired(REQUIRED), Length(max=MAX_PASTE, message=TOO_LONG)],
        description=_l(
            "Tempel dari Word: 1. teks soal, pilihan A sampai E, lalu Kunci: B. "
            "Pembahasan: boleh menyusul. Paling banyak 40 soal."
        ),
    )


class QuestionForm(PlainForm):
    """One pasted question to confirm. Unticked questions are left behind."""

    keep = BooleanField(_l("Masukkan soal ini"), default=True)
    text = TextAreaField(_l("Soal"))
    a = StringField("A")
    b = StringField("B")
    c = StringField("C")
    d = StringField("D")
    e = StringField("E")
    key = StringField(
        _l("Kunci"),
        description=_l(
            "Huruf pilihan, misalnya B, atau A, C. Tanpa pilihan: Benar, Salah, atau jawabannya."
        ),
    )
    explanation = TextAreaField(_l("Pembahasan"))

    def fields(self) -> Fields:
        """What was typed."""
        options = [self[letter.lower()].data or "" for letter in LETTERS[:MAX_OPTIONS]]
        while options and not options[-1].strip():
            options.pop()
        return Fields(
            self.text.data or "", tuple(options), self.key.data or "", self.explanation.data or ""
        )

    @staticmethod
    def typed(fields: Fields) -> dict[str, Any]:
        """Fields as the data of this form."""
        letters = (letter.lower() for letter in LETTERS)
        options = dict(zip(letters, fields.options, strict=False))
        return {
            "keep": True,
            "text": fields.text,
            "key": fields.key,
            "explanation": fields.explanation,
        } | options


class ConfirmForm(PlainForm):
    """All pasted questions, one fieldset each."""

    title = _title()
    questions = FieldList(FormField(QuestionForm), max_entries=MAX_PASTED)


class TakeForm(PlainForm):
    """The bank as it is to be taken away, and in which format, or put into which draft."""

    title = _title()
    bank = TextAreaField(_l("Isi bank soal"), [InputRequired(REQUIRED)])
    format = SelectField(
        _l("Format unduhan"),
        [InputRequired(REQUIRED)],
        choices=CHOICES,
        default=Name.MARKDOWN.value,
    )
    # Whether the place is one of the person's own is asked where the draft is loaded.
    place = StringField(_l("Simpan sebagai"))
