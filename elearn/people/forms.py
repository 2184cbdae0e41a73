"""Forms of people: is the input well-formed? And the sentences for what is not allowed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, Optional, ValidationError

from elearn import clock
from elearn.errors import Invalid, TooManyTries
from elearn.form_words import too_many
from elearn.people import grades, nip, passwords
from elearn.people.holding import Period
from elearn.people.models import Person, Status
from elearn.people.permissions import Role
from elearn.people.staffing import NewPerson, PersonFacts
from elearn.people.units import UnitNode

MAX_ID = 2**31 - 1
MAX_PAGE = 100_000
MAX_NIP_TEXT = 40
GRADES = grades.PNS_GRADES + grades.PPPK_GRADES
INDENT = "\u2003"
SHOWN_BY_HAND = (
    "nip",
    "degrees_before",
    "name",
    "degrees_after",
    "unit_id",
    "position",
    "position_class",
    "status",
    "grade",
    "contract_start",
    "contract_end",
    "whatsapp",
)

REASONS = {
    "sign_in_refused": _l("NIP atau kata sandi tidak cocok. Periksa kembali keduanya."),
    "rescue_refused": _l("NIP atau kode tidak cocok, atau akun ini bukan akun administrator."),
    "old_password_wrong": _l("Kata sandi ini tidak cocok."),
    "password_needed": _l("Anda masuk sudah lama; ketik kata sandi Anda sekali lagi."),
    "password_missing": _l(
        "Akun ini tanpa kata sandi. Keluar, masuk kembali dengan akun instansi, lalu ulangi."
    ),
    "password_too_short": _l("Kata sandi terlalu pendek; gunakan sedikitnya 10 karakter."),
    "password_too_long": _l("Kata sandi terlalu panjang; gunakan paling banyak 200 karakter."),
    "password_common": _l(
        "Kata sandi ini mudah ditebak. Gabungkan beberapa kata yang tidak lazim."
    ),
    "password_is_nip": _l("Kata sandi tidak boleh memuat NIP Anda."),
    "password_same": _l("Kata sandi baru sama dengan yang lama."),
    "nip_spreadsheet": _l(
        "NIP ini rusak oleh lembar kerja: angka terakhirnya hilang. Salin NIP dari sumber aslinya."
    ),
    "nip_not_digits": _l("NIP hanya terdiri dari angka."),
    "nip_wrong_length": _l("NIP terdiri dari 18 angka."),
    "nip_birth_date": _l("Delapan angka pertama NIP bukan tanggal lahir yang ada."),
    "nip_age": _l("Menurut NIP, umur tidak berada di antara 17 dan 70 tahun."),
    "nip_appointed_year": _l("Tahun pengangkatan pada NIP (angka ke-9 sampai ke-12) tidak wajar."),
    "nip_month_or_code": _l("Angka ke-13 dan ke-14 NIP tidak boleh 00."),
    "nip_sex": _l("Angka ke-15 NIP harus 1 atau 2."),
    "nip_sequence": _l(
        "Tiga angka terakhir NIP tidak boleh 000. Bila NIP disalin dari lembar kerja, "
        "angka terakhirnya mungkin hilang."
    ),
    "nip_taken": _l("NIP ini sudah tercatat pada pegawai lain."),
    "nip_same": _l("NIP ini sama dengan yang sekarang."),
    "name_missing": _l("Isi nama."),
    "unit_unknown": _l("Pilih unit kerja dari daftar."),
    "position_unknown": _l("Pilih jabatan dari daftar."),
    "grade_differs": _l("Golongan tidak sesuai dengan status kepegawaian."),
    "contract_ends_before": _l("Akhir kontrak mendahului awalnya."),
    "contract_start_missing": _l("Isi juga awal kontraknya."),
    "contract_not_pppk": _l("Kontrak hanya dicatat untuk PPPK; periksa status kepegawaiannya."),
    "class_unknown": _l("Kelasnya tidak dikenali dari nama jabatan; pilih dari daftar."),
    "unit_beyond": _l("Unit ini di luar cabang yang Anda urus; mintalah kepegawaian instansi."),
    "whatsapp_wrong": _l("Tulis nomor WhatsApp seperti 0812 3456 7890."),
    "move_in_future": _l("Tanggal mutasi belum tiba; catat pada harinya."),
    "move_before_last": _l("Tanggal mutasi harus sesudah penempatan terakhir."),
    "move_to_same_unit": _l("Pegawai sudah bekerja di unit ini."),
    "post_same": _l("Tidak ada yang berubah dari penempatan sekarang."),
    "unit_closed": _l("Unit ini sudah ditutup; pilih unit yang masih berjalan."),
    "contract_overlaps": _l("Kontrak ini bertumpang tindih dengan kontrak lain."),
    "period_wrong": _l("Tanggal terakhir harus sesudah tanggal mulai dan belum lewat."),
    "role_held": _l("Peran ini sudah dimiliki."),
    "role_needs_unit": _l("Pilih unit yang diurus."),
    "role_without_unit": _l("Peran ini berlaku untuk seluruh instansi; kosongkan unit."),
    "role_is_everybodys": _l("Setiap pegawai sudah menjadi peserta."),
}
UNKNOWN_REASON = _l("Isian ini tidak dapat diterima. Periksa kembali.")
REQUIRED = _l("Bagian ini perlu diisi.")
NOT_A_CHOICE = _l("Pilih dari daftar.")
STATUSES = [
    (Status.PNS, _l("PNS")),
    (Status.CPNS, _l("CPNS")),
    (Status.PPPK, _l("PPPK")),
    (Status.PPPK_PART_TIME, _l("PPPK Paruh Waktu")),
]
ROLES = [
    (Role.INSTRUCTOR, _l("Pengajar")),
    (Role.HR_UNIT, _l("Kepegawaian unit")),
    (Role.HR_AGENCY, _l("Kepegawaian instansi")),
    (Role.ADMIN, _l("Administrator")),
    (Role.AUDITOR, _l("Auditor")),
]


def required() -> InputRequired:
    return InputRequired(REQUIRED)


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("Paling banyak %(max)d karakter."))


def _whole(text: Any) -> int | None:
    return int(text) if text not in (None, "", "None") else None


def unit_choices(units: Iterable[UnitNode]) -> list[tuple[int, str]]:
    """Units as options, indented by their depth."""
    return [(unit.id, INDENT * unit.depth + _named(unit)) for unit in units]


def _named(unit: UnitNode) -> str:
    return str(_l("%(unit)s (ditutup)", unit=unit.name)) if unit.is_closed else unit.name


def offered(pairs: Iterable[tuple[Any, Any]], *, none: bool = False) -> list[SelectChoice]:
    """Options of a select from pairs of value and label, with an empty one where it may be."""
    empty = [SelectChoice("", "–")] if none else []
    return [*empty, *(SelectChoice(value, label) for value, label in pairs)]


class PeopleForm(FlaskForm):
    """A form whose cross-site check the guard has made already."""

    class Meta:
        csrf = False
        locales = ("id",)

    wait_seconds = 0

    def shown(self) -> list[Field]:
        """The fields in the order of the page."""
        return list(self)

    @property
    def refusal_status(self) -> int:
        """422, or 429 while guessing is slowed down."""
        return TooManyTries.status if self.wait_seconds else Invalid.status

    def make_wait(self, seconds: int) -> None:
        """Say how long to wait before the next try counts."""
        self.wait_seconds = seconds
        self.form_errors.append(too_many(seconds))

    def place(self, problem: Invalid) -> None:
        """Put what a use case refused beside its field, or above the form."""
        sentence = REASONS.get(problem.reason, UNKNOWN_REASON)
        if problem.field in self._fields:
            field = self._fields[problem.field]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)


class ChoiceField(SelectField):
    """A select with its own sentence for what is not in the list."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NOT_A_CHOICE) from None

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(NOT_A_CHOICE) from None


class DayField(DateField):
    """A day; what is no day gets a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Tulis tanggal yang ada.")) from None


class LoginForm(PeopleForm):
    nip = StringField(_l("NIP"), [required(), at_most(MAX_NIP_TEXT)])
    password = PasswordField(
        _l("Kata sandi atau kode masuk"), [required(), at_most(passwords.MAX_LENGTH)]
    )
    remember = BooleanField(_l("Ingat perangkat ini selama 30 hari"))
    next = HiddenField()

    def digits(self) -> str:
        """The NIP without what separates its groups."""
        return nip.compact(self.nip.data)

    def validate_nip(self, field: StringField) -> None:
        digits = nip.compact(field.data or "")
        if not (digits.isascii() and digits.isdigit() and len(digits) == nip.LENGTH):
            raise ValidationError(_l("NIP terdiri dari 18 angka."))


class RescueForm(LoginForm):
    """Where passwords are off: an admin's code from the console."""

    password = PasswordField(_l("Kode masuk"), [required(), at_most(passwords.MAX_LENGTH)])

    def place(self, problem: Invalid) -> None:
        super().place(Invalid("rescue_refused", field=problem.field))


class PasswordForm(PeopleForm):
    # Shown to the browser's password keeper only.
    username = ""

    old = PasswordField(_l("Kata sandi lama"), [required(), at_most(passwords.MAX_LENGTH)])
    new = PasswordField(
        _l("Kata sandi baru"),
        [required()],
        description=_l("Sedikitnya 10 karakter. Beberapa kata yang tidak lazim mudah diingat."),
    )
    again = PasswordField(
        _l("Ulangi kata sandi baru"),
        [required(), EqualTo("new", _l("Kedua kata sandi baru belum sama."))],
    )

    def old_secret(self) -> str:
        """The old password, where one is asked for."""
        return self.old.data if self.old else ""


class FirstPasswordForm(PasswordForm):
    old = None


class FactsForm(PeopleForm):
    """What is known of a person beside the NIP and the unit."""

    degrees_before = StringField(_l("Gelar depan"), [at_most(60)])
    name = StringField(_l("Nama tanpa gelar"), [required(), at_most(200)])
    degrees_after = StringField(_l("Gelar belakang"), [at_most(60)])
    status = ChoiceField(
        _l("Status kepegawaian"), [required()], choices=offered(STATUSES), coerce=str
    )
    grade = ChoiceField(
        _l("Golongan"),
        [Optional()],
        choices=offered(zip(GRADES, GRADES, strict=True), none=True),
    )
    position_id = ChoiceField(_l("Jabatan"), [Optional()], coerce=_whole)
    whatsapp = StringField(
        _l("Nomor WhatsApp"),
        [at_most(25)],
        description=_l("Ditampilkan pada halaman bantuan bila pegawai ini mengurus kepegawaian."),
    )

    def offer_positions(self, positions: list[tuple[int, str]]) -> None:
        self.position_id.choices = offered(positions, none=True)

    def values(self) -> dict[str, Any]:
        """The facts, as keyword arguments."""
        names = [name for name in PersonFacts.__dataclass_fields__ if name in self._fields]
        fields = [self._fields[name] for name in names]
        facts = {
            field.name: (field.data or "") if isinstance(field, StringField) else field.data
            for field in fields
        }
        return facts | {"status": Status(self.status.data), "grade": self.grade.data or ""}

    def facts(self, person: Person) -> PersonFacts:
        """The facts, with what this form does not ask left as it is."""
        return PersonFacts(
            target_class=person.target_class, supervisor_id=person.supervisor_id, **self.values()
        )


class NewPersonForm(FactsForm):
    nip = StringField(_l("NIP"), [required(), at_most(MAX_NIP_TEXT)])
    unit_id = ChoiceField(_l("Unit kerja"), [required()], coerce=_whole)
    contract_start = DayField(_l("Awal kontrak (PPPK)"), [Optional()])
    contract_end = DayField(_l("Akhir kontrak (PPPK)"), [Optional()])

    def shown(self) -> list[Field]:
        first = [self.nip, self.unit_id]
        return [*first, *(field for field in self if field not in first)]

    def new_person(self) -> NewPerson:
        contract = {
            "contract_start": self.contract_start.data,
            "contract_end": self.contract_end.data,
        }
        return NewPerson(nip=self.nip.data, unit_id=self.unit_id.data, **contract, **self.values())


class PersonByHandForm(NewPersonForm):
    """A new person as HR writes one down; a position need not be known here yet."""

    position_id = None  # type: ignore[assignment]  # WTForms drops a field so
    position = StringField(
        _l("Jabatan"),
        [at_most(200)],
        description=_l("Ketik seperti pada SK, atau pilih dari daftar yang muncul."),
    )
    position_class = ChoiceField(
        _l("Kelas jabatan"),
        [Optional()],
        description=_l("Kosong: menurut nama jabatannya."),
    )

    def shown(self) -> list[Field]:
        return [self[name] for name in SHOWN_BY_HAND]

    def offer(self, units: Iterable[UnitNode], classes: Iterable[tuple[str, str]]) -> None:
        self.unit_id.choices = offered(unit_choices(units))
        self.position_class.choices = offered(classes, none=True)


class MoveForm(PeopleForm):
    unit_id = ChoiceField(_l("Unit kerja baru"), [required()], coerce=_whole)
    day = DayField(_l("Mulai tanggal"), [required()])

    def at_ms(self) -> int:
        """Today counts from now; an earlier day from its beginning."""
        day: date = self.day.data
        return clock.now_ms() if day == clock.today() else clock.start_of_day_ms(day)


class NipForm(PeopleForm):
    nip = StringField(_l("NIP baru"), [required(), at_most(MAX_NIP_TEXT)])


class ProofForm(PeopleForm):
    """A weighty act; the password is asked for where somebody signed in long ago."""

    password = PasswordField(
        _l("Kata sandi Anda"),
        [at_most(passwords.MAX_LENGTH)],
        description=_l("Anda masuk sudah lama; ketik kata sandi Anda sekali lagi."),
    )


class RoleForm(ProofForm):
    role = ChoiceField(_l("Peran"), [required()], choices=offered(ROLES))
    unit_id = ChoiceField(
        _l("Unit yang diurus"),
        [Optional()],
        coerce=_whole,
        description=_l("Hanya untuk kepegawaian unit; berlaku juga untuk semua unit di bawahnya."),
    )

    since = DayField(_l("Mulai tanggal"), [Optional()])
    until = DayField(
        _l("Sampai tanggal"), [Optional()], description=_l("Kosong: tanpa batas waktu.")
    )

    def period(self) -> Period:
        """From the beginning of the first day to the end of the last one."""
        first, last = self.since.data, self.until.data
        return Period(
            clock.start_of_day_ms(first) if first else 0,
            clock.start_of_day_ms(last) + clock.DAY_MS if last else None,
        )

    def offer_units(self, units: Iterable[UnitNode]) -> None:
        self.unit_id.choices = offered(unit_choices(units), none=True)


class Filter(Form):
    """What a list is narrowed to, from the address; nonsense counts as not given."""

    page = IntegerField()
    unit = IntegerField()
    q = StringField()
    sort = StringField()
    state = StringField()
    action = StringField()
    since = DateField()
    until = DateField()

    def number(self, name: str, highest: int = MAX_ID) -> int | None:
        """A whole number from 1 on, or None."""
        value: int | None = self._fields[name].data
        return value if value is not None and 1 <= value <= highest else None

    def text(self, name: str) -> str:
        return " ".join((self._fields[name].data or "").split())[:100]
