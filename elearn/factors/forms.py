"""Forms of the second factor, and the sentences for what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.errors import Invalid
from elearn.factors.passkeys import MAX_NAME
from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line
from elearn.people.factor_rule import MAY_REQUIRE, MOST_GRACE_DAYS, FactorRule
from elearn.people.passwords import MAX_LENGTH
from elearn.people.permissions import Role

LONGEST_CODE = 40
LONGEST_ANSWER = 16_000
WRONG_NUMBER = _l("Isi bilangan bulat dari 0 sampai 365.")


class FactorForm(PlacedForm):
    """A form whose refusals have sentences here; some belong to no field."""

    PROBLEMS: ClassVar[Mapping[str, Any]] = {
        "factor_refused": _l(
            "Kode tidak cocok. Tunggu kode berikutnya, dan pastikan jam ponsel diatur otomatis."
        ),
        "factor_used": _l("Kode ini sudah dipakai. Tunggu kode berikutnya, lalu coba lagi."),
        "factor_unreadable": _l(
            "Kode dari aplikasi tidak dapat diperiksa sekarang. Pakai kode pemulihan, atau minta "
            "kepegawaian unit mengatur ulang verifikasi dua langkah Anda."
        ),
        "passkey_refused": _l("Passkey ini tidak dapat diterima. Coba lagi, atau pakai kode."),
        "passkey_too_late": _l("Waktunya habis. Coba sekali lagi."),
        "passkeys_too_many": _l("Paling banyak sepuluh passkey; hapus satu lebih dahulu."),
        "offer_over": _l("Waktunya habis. Pindai kode QR yang baru, lalu ketik kodenya."),
        "factor_day_needed": _l("Isi mulai tanggal berapa peran itu memerlukannya."),
        "old_password_wrong": _l("Kata sandi tidak cocok."),
        "password_needed": _l("Ketik kata sandi Anda sekali lagi."),
        "password_missing": _l(
            "Akun ini tanpa kata sandi. Keluar, masuk kembali dengan akun instansi, lalu ulangi."
        ),
        "sign_in_refused": _l("Akun ini baru saja berubah. Silakan masuk dari awal."),
    }

    def place(self, problem: Invalid) -> None:
        """Put a refusal beside its field, or above the form."""
        if problem.field in self:
            super().place(problem)
        else:
            self.form_errors.append(self.PROBLEMS[problem.reason])


class ProofForm(FactorForm):
    """A weighty act; the password is asked for where somebody signed in long ago."""

    password = PasswordField(
        _l("Kata sandi Anda"),
        [Length(max=MAX_LENGTH, message=TOO_LONG)],
        description=_l("Anda masuk sudah lama; ketik kata sandi Anda sekali lagi."),
    )


def _code(label: Any) -> StringField:
    checks = [InputRequired(REQUIRED), Length(max=LONGEST_CODE, message=TOO_LONG)]
    return StringField(label, checks)


class CodeForm(FactorForm):
    """The second step of signing in."""

    code = _code(_l("Kode 6 angka"))
    trust = BooleanField(_l("Ingat perangkat ini selama 30 hari"))


class RecoveryForm(CodeForm):
    """The same without a phone."""

    code = _code(_l("Kode pemulihan"))


class AnswerForm(FactorForm):
    """What a passkey answers when somebody signs in; a script fills it in."""

    answer = HiddenField(
        _l("Passkey"),
        [
            InputRequired(_l("Peramban tidak mengirim jawaban passkey. Coba lagi.")),
            Length(max=LONGEST_ANSWER, message=TOO_LONG),
        ],
    )


class PasskeyForm(ProofForm):
    """A new passkey: what it is called, and what the browser made."""

    name = line(_l("Nama passkey"), MAX_NAME, _l("Misalnya: ponsel pribadi, laptop kantor."))
    answer = HiddenField(
        _l("Passkey"),
        [
            InputRequired(_l("Peramban belum membuat passkey. Coba lagi.")),
            Length(max=LONGEST_ANSWER, message=TOO_LONG),
        ],
    )


class ConfirmForm(ProofForm):
    """The first code of a new app."""

    code = _code(_l("Kode 6 angka dari aplikasi"))


class RuleForm(ProofForm):
    """For whom, and from when."""

    roles = SelectMultipleField(
        _l("Peran yang memerlukannya"),
        choices=[SelectChoice(role.value, role.value) for role in MAY_REQUIRE],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    since = day(_l("Mulai tanggal"), required=False)
    grace_days = IntegerField(
        _l("Hari untuk bersiap"),
        [InputRequired(WRONG_NUMBER), NumberRange(0, MOST_GRACE_DAYS, WRONG_NUMBER)],
        description=_l(
            "Selama itu pemegang peran diingatkan setiap kali masuk. Sesudahnya ia harus "
            "mengaktifkannya dahulu. Peran yang diberikan kemudian mendapat waktu yang sama."
        ),
    )
    may_trust = BooleanField(_l("Perangkat boleh diingat 30 hari tanpa ditanya kode lagi"))

    def rule(self) -> FactorRule:
        """The rule as it was typed."""
        roles = frozenset(Role(value) for value in self.roles.data or ())
        return FactorRule(roles, self.since.data, self.grace_days.data)
