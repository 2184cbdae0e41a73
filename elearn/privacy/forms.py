"""Forms of privacy: is the input well-formed? What is allowed is said by use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, TextAreaField
from wtforms.validators import InputRequired, Length

from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line, stripped
from elearn.privacy import notice

PROBLEMS = {
    "missing": REQUIRED,
    "too_long": _l("Teks ini terlalu panjang; paling banyak 30.000 huruf."),
    "too_costly": _l("Teks ini bersusun terlalu dalam. Sederhanakan daftar atau kutipannya."),
    "old_password_wrong": _l("Kata sandi tidak cocok."),
    "day_over": _l("Tanggal berlaku paling cepat hari ini; naskah yang lewat tidak diubah."),
}


class _Form(PlacedForm):
    """A form of this slice."""

    PROBLEMS = PROBLEMS


def area(label: Any, longest: int, description: Any = "", *, required: bool = True) -> Any:
    """A field for several lines of text."""
    checks: list[Any] = [Length(max=longest, message=TOO_LONG)]
    if required:
        checks.insert(0, InputRequired(REQUIRED))
    return TextAreaField(label, checks, filters=[stripped], description=description)


class PasswordForm(_Form):
    """The password, of who signed in long ago."""

    password = PasswordField(_l("Kata sandi Anda"), [InputRequired(REQUIRED)])


class NoticeForm(_Form):
    """The text of the notice, and since when it holds."""

    text = area(
        _l("Teks pemberitahuan (Markdown)"),
        notice.MAX_CHARACTERS,
        _l("{agency}, {organiser}, dan {short} diganti nama instansi dari pengaturan."),
    )
    from_day = day(_l("Berlaku mulai"))


class OfficerForm(_Form):
    """Who answers questions of people about their data."""

    name = line(_l("Nama atau jabatan"), 120, required=False)
    contact = line(
        _l("Kontak"), 200, _l("Nomor telepon, WhatsApp, surel, atau alamat kantor."), required=False
    )
