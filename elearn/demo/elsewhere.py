"""Learning elsewhere that HR enters: it brings the wanted number of PNS to the floor."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from elearn.competency.outside_rules import Learning
from elearn.demo import agency, members
from elearn.demo.calendar import Calendar, chance_of, day_between, working_day
from elearn.demo.population import Resident
from elearn.people.models import Status

FLOOR_JP = 20
ENTRIES = 249  # approved; those that wait or were sent back make them 260
LAST_YEAR_AT_FLOOR = 88  # of 189 PNS, as Fitri was PPPK then: 46.6 %
JP_A_DAY = 8
SPLIT, FOR_PPPK = 0.25, 0.4  # of the entries that bring nobody to the floor
WITH_LETTER = 0.5
CLASSICAL, TECHNICAL, SEMINAR, COMMUNITY, WORKSHOP = "13", "8", "9", "23", "4"
STRUCTURAL = "1"
LONG_JP, MIDDLE_JP = 16, 8  # a training of days, a bimbingan teknis of a day or two
TOPICS = {
    CLASSICAL: (
        "Pelatihan Pengelolaan Keuangan Daerah", "Pelatihan Pelayanan Publik Prima",
        "Pelatihan Analisis Jabatan dan Beban Kerja", "Pelatihan Manajemen Risiko Sektor Publik",
        "Pelatihan Penyusunan Standar Pelayanan", "Pelatihan Kearsipan Dinamis",
    ),
    TECHNICAL: (
        "Bimbingan Teknis Penyusunan SKP", "Bimbingan Teknis Pengadaan Barang dan Jasa",
        "Bimbingan Teknis Pengelolaan Barang Milik Daerah", "Bimbingan Teknis SPBE",
        "Bimbingan Teknis Penyusunan Laporan Kinerja",
    ),
    WORKSHOP: ("Lokakarya Lembar Kerja untuk Laporan", "Lokakarya Penulisan Naskah Dinas"),
    SEMINAR: (
        "Seminar Etika ASN", "Seminar Pelindungan Data Pribadi",
        "Seminar Kesehatan Mental di Kantor", "Seminar Inovasi Pelayanan",
    ),
    COMMUNITY: ("Komunitas Belajar Literasi Digital", "Komunitas Belajar Pelayanan Ramah"),
}  # fmt: skip
FIELDS = {
    "dinkes": (
        "Pelatihan Pencegahan dan Pengendalian Infeksi", "Pelatihan Tata Laksana Gizi Buruk",
        "Pelatihan Kegawatdaruratan Dasar", "Pelatihan Imunisasi bagi Petugas Puskesmas",
    ),
    "disdik": (
        "Pelatihan Asesmen Pembelajaran", "Pelatihan Pendidikan Inklusif",
        "Pelatihan Pembelajaran Berdiferensiasi", "Pelatihan Pengelolaan Kelas",
    ),
    "inspektorat": ("Pelatihan Audit Berbasis Risiko", "Pelatihan Reviu Laporan Keuangan"),
    "pupr": ("Pelatihan Pengawasan Pekerjaan Jalan", "Pelatihan Keselamatan Konstruksi"),
}  # fmt: skip
ORGANISERS = (
    "BPSDM Provinsi Jambi", agency.ORGANISER, "Perguruan tinggi mitra pemerintah kabupaten",
    "Balai pelatihan mitra pemerintah kabupaten",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """Learning of a person, and the day HR entered it."""

    nip: str
    learning: Learning
    entered_on: date


@dataclass
class _Writer:
    """Writes entries, each with a number of its own."""

    calendar: Calendar
    entries: list[Entry] = field(default_factory=list)

    def add(self, person: Resident, jp: int, ended_on: date, letter_on: date | None = None) -> None:
        """An entry with a topic that suits the person and the length."""
        chance = chance_of("elsewhere", person.nip, len(self.entries))
        kind = _kind(chance, jp)
        self.write(person.nip, _title(chance, kind, person.office), kind, jp, ended_on, letter_on)

    def write(  # noqa: PLR0913  # the columns of the paper
        self,
        nip: str,
        title: str,
        kind: str,
        jp: int,
        ended_on: date,
        letter_on: date | None = None,
    ) -> None:
        number = len(self.entries) + 1
        letter = f"800.1.4.2/{number + 310}/BKPSDM/{letter_on.year}" if letter_on else ""
        learning = Learning(
            title=title,
            kind=kind,
            jp=jp,
            number=f"{number + 1200}/DIKLAT/{ended_on.year}",
            organiser=chance_of("organiser", number).choice(ORGANISERS),
            started_on=ended_on - timedelta(days=math.ceil(jp / JP_A_DAY) - 1),
            ended_on=ended_on,
            letter_number=letter,
            letter_on=letter_on,
        )
        entered = ended_on + timedelta(days=chance_of("entered", number).randint(2, 7))
        self.entries.append(Entry(nip, learning, min(entered, self.calendar.day(1))))


def plan(
    calendar: Calendar, people: Sequence[Resident], size: int, by_courses: Mapping[str, int]
) -> list[Entry]:
    """All entries. ``by_courses`` is the JP each person earns from courses this year."""
    writer = _Writer(calendar)
    _of_cast(writer)
    reaching = _reaching(people, by_courses)
    before = _last_year(people, size)
    spare = round(ENTRIES * size / agency.PEOPLE) - len(writer.entries) - len(before)
    split, for_pppk, for_others = _spared(max(spare - len(reaching), 0))
    for person in before:
        chance = chance_of("last year", person.nip)
        writer.add(
            person, chance.choice((20, 20, 24, 30)), day_between(chance, *calendar.last_year)
        )
    for n, (person, missing) in enumerate(reaching):
        _bring_to_floor(writer, person, missing, in_two=n < split)
    _others(writer, people, {person.nip for person, _ in reaching}, for_others)
    _for_pppk(writer, people, for_pppk)
    _unsendable(writer)
    return writer.entries


def _of_cast(writer: _Writer) -> None:
    first, last = writer.calendar.this_year
    day = writer.calendar.day
    ani = [working_day(max(day(before), first)) for before in (150, 70)]
    infection = "Bimbingan Teknis Pencegahan dan Pengendalian Infeksi di Puskesmas"
    writer.write(members.ANI, infection, TECHNICAL, 8, ani[0])
    writer.write(members.ANI, "Seminar Kesehatan Jiwa Masyarakat", SEMINAR, 4, ani[1])
    ended = min(working_day(max(day(38), first)), last)
    reading = "Lokakarya Literasi dan Numerasi di Kelas Awal"
    writer.write(members.RUDI, reading, WORKSHOP, 3, ended)
    writer.write(members.ZULKIFLI, TOPICS[TECHNICAL][2], TECHNICAL, 10, working_day(day(220)))


def _reaching(
    people: Sequence[Resident], by_courses: Mapping[str, int]
) -> list[tuple[Resident, int]]:
    """Who reaches the floor this year, and what they still need beside courses."""
    found = []
    for office, group in _pns_by_office(people).items():
        base = sum(p.counts[0] for p in agency.PLACES if agency.office_of(p.key) == office)
        count = round(agency.BY_KEY[office].at_floor * len(group) / base)
        able = [person for person in group if person.nip not in members.BELOW_FLOOR]
        chosen = chance_of("reaching", office).sample(able, min(count, len(able)))
        found += [(p, FLOOR_JP - by_courses.get(p.nip, 0)) for p in chosen]
    return found


def _pns_by_office(people: Sequence[Resident]) -> dict[str, list[Resident]]:
    found: dict[str, list[Resident]] = defaultdict(list)
    for person in people:
        if person.active and person.status is Status.PNS:
            found[person.office].append(person)
    return found


def _last_year(people: Sequence[Resident], size: int) -> list[Resident]:
    able = [p for p in people if p.active and p.status is Status.PNS and p.nip != members.FITRI]
    count = min(round(LAST_YEAR_AT_FLOOR * size / agency.PEOPLE), len(able))
    return chance_of("last year").sample(able, count)


def _spared(spare: int) -> tuple[int, int, int]:
    split, for_pppk = round(spare * SPLIT), round(spare * FOR_PPPK)
    return split, for_pppk, spare - split - for_pppk


def _bring_to_floor(writer: _Writer, person: Resident, missing: int, *, in_two: bool) -> None:
    chance = chance_of("reaching", person.nip)
    days = sorted(day_between(chance, *writer.calendar.this_year) for _ in range(2))
    parts = [missing // 2, missing - missing // 2] if in_two else [missing]
    parts[-1] += chance.choice((0, 0, 0, 2, 4, 10, 16))
    for jp, day in zip(parts, days, strict=False):
        writer.add(person, jp, day)


def _others(writer: _Writer, people: Sequence[Resident], reaching: set[str], count: int) -> None:
    """Some who learned elsewhere and are still below the floor."""
    named = set(members.BY_NIP)
    able = [
        p for p in people if p.active and p.status is Status.PNS and p.nip not in reaching | named
    ]
    for person in chance_of("others").sample(able, min(count, len(able))):
        chance = chance_of("others", person.nip)
        writer.add(person, chance.choice((4, 6, 8, 12)), _day(writer, chance))


def _unsendable(writer: _Writer) -> None:
    """Three that BKN would refuse: two without a number, and one of another history."""
    named = set(members.BY_NIP)
    this_year = writer.calendar.today.year
    able = [
        at
        for at, entry in enumerate(writer.entries)
        if entry.nip not in named and entry.learning.ended_on.year == this_year
    ]
    changes: tuple[dict[str, Any], ...] = (
        {"number": "-", "title": "Seminar Etika Pelayanan"},
        {"number": "-", "title": "Seminar Anti Korupsi"},
        {"kind": STRUCTURAL, "title": "Pelatihan Kepemimpinan Pengawas"},
    )
    for at, change in zip(able[-len(changes) :], changes, strict=False):
        entry = writer.entries[at]
        writer.entries[at] = replace(entry, learning=replace(entry.learning, **change))


def _for_pppk(writer: _Writer, people: Sequence[Resident], count: int) -> None:
    """PPPK: half by written assignment, half of their own initiative."""
    able = [p for p in people if p.status.is_pppk and p.nip not in members.BY_NIP]
    for person in chance_of("pppk").sample(able, min(count, len(able))):
        chance = chance_of("pppk", person.nip)
        day = _day(writer, chance)
        letter = day - timedelta(days=9) if chance.random() < WITH_LETTER else None
        writer.add(person, chance.choice((3, 4, 6, 8)), day, letter)


def _day(writer: _Writer, chance: Random) -> date:
    return day_between(chance, *writer.calendar.this_year)


def _kind(chance: Random, jp: int) -> str:
    if jp >= LONG_JP:
        return chance.choice((CLASSICAL, CLASSICAL, TECHNICAL))
    return TECHNICAL if jp >= MIDDLE_JP else chance.choice((SEMINAR, COMMUNITY, WORKSHOP))


def _title(chance: Random, kind: str, office: str) -> str:
    topics = TOPICS[kind]
    if kind == CLASSICAL:
        topics = (*FIELDS.get(office, ()), *topics)
    return chance.choice(topics)
