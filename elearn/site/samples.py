"""Sample values for the style guide, which exists in development only."""

from __future__ import annotations

from types import SimpleNamespace as Sample
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)


class SampleForm(Form):  # type: ignore[misc]  # WTForms brings no types
    """Every kind of field, some with errors."""

    name = StringField("Nama", [validators.DataRequired("Isi nama lengkap.")])
    nip = StringField("NIP", [validators.Length(18, 18, "NIP terdiri dari 18 angka.")])
    unit = SelectField(
        "Unit", choices=[SelectChoice("1", "Dinas Kesehatan"), SelectChoice("2", "Inspektorat")]
    )
    reason = TextAreaField("Alasan", description="Satu atau dua kalimat.")
    kind = RadioField(
        "Jenis",
        choices=[SelectChoice("a", "Pelatihan luar"), SelectChoice("b", "Magang")],
        validators=[validators.InputRequired("Pilih jenisnya.")],
    )
    remember = BooleanField("Ingat perangkat ini selama 30 hari")


def _lesson(title: str, state: str, note: str = "") -> Sample:
    return Sample(title=title, url="#", state=state, note=note)


def styleguide() -> dict[str, Any]:
    """What templates/site/styleguide.html shows."""
    form = SampleForm(MultiDict({"nip": "1994 0412", "unit": "1"}))
    form.validate()
    first = [_lesson("Mengapa penting", "done", "± 6 menit"), _lesson("Kata sandi", "done")]
    second = [
        _lesson("Ciri surel palsu", "done", "± 6 menit"),
        _lesson("Mengenali tautan palsu", "current", "± 6 menit"),
        _lesson("Kuis modul 2", "open", "kuis"),
        _lesson("Ujian akhir", "locked"),
    ]
    modules = [
        Sample(title="1 · Dasar", open=False, done=2, total=2, lessons=first),
        Sample(title="2 · Pesan palsu", open=True, done=1, total=4, lessons=second),
    ]
    questions = [
        Sample(number=n, url="#", state="done" if n < 3 else "open", current=n == 3)
        for n in range(1, 9)
    ]
    return {"form": form, "modules": modules, "questions": questions}
