"""Certificates that people of the demo submit: some approved, some waiting, two sent back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from elearn.clock import DAY_MS
from elearn.competency import outside, papers, submissions
from elearn.competency.outside_rules import Learning
from elearn.competency.papers import Paper
from elearn.competency.submissions import Asked
from elearn.database import db
from elearn.demo import agency, members
from elearn.demo.calendar import Calendar, chance_of, moment, working_day
from elearn.demo.elsewhere import ORGANISERS, Entry
from elearn.demo.population import Resident
from elearn.demo.world import Step, World
from elearn.people.models import Person

WAITING, RETURNED = 9, 2
WAITING_IN_HEALTH = 4  # Ani's among them
EVERY = 24  # of the approved entries, one in so many was submitted by its person
SHEET = (1000, 700)
MEND = (
    "Fotonya buram sehingga nomornya tidak terbaca. Mohon difoto ulang dengan cahaya cukup.",
    "Tanggal selesai di formulir berbeda dengan sertifikat. Mohon disesuaikan.",
)
# Title, form of learning, JP that are asked for, days; one asks for more than the rule has.
TOPICS = (
    ("Seminar Keselamatan Pasien di Layanan Primer", "9", 4, 1),
    ("Bimbingan Teknis Pencatatan Imunisasi", "8", 16, 2),
    ("Webinar Kesehatan Lansia", "17", 3, 1),
    ("Lokakarya Komunikasi Risiko", "4", 12, 1),
    ("Bimbingan Teknis Kurikulum Satuan Pendidikan", "8", 24, 3),
    ("Seminar Literasi Digital Guru", "9", 4, 1),
    ("Komunitas Belajar Arsip Kantor", "23", 4, 2),
    ("Bimbingan Teknis Aplikasi Perencanaan", "8", 16, 2),
    ("Seminar Pelayanan Ramah Disabilitas", "9", 5, 1),
    ("Lokakarya Penulisan Laporan", "4", 8, 1),
    ("Seminar Keuangan Desa", "9", 4, 1),
)


@dataclass(frozen=True)
class Submission:
    """A certificate, how many days ago it was submitted, and why it was sent back if it was."""

    nip: str
    learning: Learning
    days_ago: int
    returned: str = ""


def plan(calendar: Calendar, people: Sequence[Resident], size: int) -> list[Submission]:
    """What waits and what was sent back: most in the health office, for its HR to look at."""
    free = [p for p in people if p.active and p.nip not in members.BY_NIP]
    health = [p.nip for p in free if p.office == "dinkes"]
    others = [p.nip for p in free if p.office != "dinkes"]
    chance = chance_of("submitting")
    share = min(size / agency.PEOPLE, 1)
    near = chance.sample(health, min(round((WAITING_IN_HEALTH - 1) * share), len(health)))
    far = chance.sample(
        others, min(round((WAITING - WAITING_IN_HEALTH + RETURNED) * share), len(others))
    )
    asked = [members.ANI, *near, *far]
    mends = dict(zip(far[-RETURNED:], MEND, strict=False)) if len(far) > RETURNED else {}
    return [
        Submission(nip, _learning(calendar, n), 1 + n % 6, mends.get(nip, ""))
        for n, nip in enumerate(asked)
    ]


def _learning(calendar: Calendar, number: int) -> Learning:
    title, kind, jp, days = TOPICS[number % len(TOPICS)]
    ended = working_day(calendar.day(12 + 2 * number))
    return Learning(
        title=title,
        kind=kind,
        jp=jp,
        number=f"S.{number + 41}/PB/{ended.year}",
        organiser=chance_of("submitted organiser", number).choice(ORGANISERS),
        started_on=ended - timedelta(days=days - 1),
        ended_on=ended,
        hours=3 if kind == "17" else None,
    )


def steps(world: World, planned: Sequence[Submission]) -> Iterator[Step]:
    """What is submitted, and what HR sends back the next day."""
    numbers: dict[str, int] = {}
    for n, one in enumerate(planned):
        at_ms = world.calendar.at(one.days_ago + 1, 9 + n % 9, 10 + n)
        yield Step(at_ms, partial(_submit, world, one, numbers))
        if one.returned:
            back_ms = world.calendar.at(one.days_ago, 8, 20 + n)
            yield Step(back_ms, partial(_send_back, world, one, numbers))


def _submit(world: World, one: Submission, numbers: dict[str, int]) -> None:
    person = db.session.get_one(Person, world.people[one.nip])
    row = submissions.submit(person, one.learning, photo(person.full_name, one.learning))
    numbers[one.nip] = row.id


def _send_back(world: World, one: Submission, numbers: Mapping[str, int]) -> None:
    actor = world.checker_of(one.nip)
    submissions.send_back(actor, Asked(numbers[one.nip], 1), one.returned)


def approved(world: World, entries: Sequence[Entry]) -> Iterator[Step]:
    """What HR entered from the paper, and what people submitted and HR approved a day later."""
    for n, entry in enumerate(entries):
        minutes = chance_of("office", entry.learning.number).randint(8 * 60, 15 * 60)
        at_ms = moment(entry.entered_on, minutes)
        if n % EVERY == EVERY - 1 and entry.nip not in members.BY_NIP:
            numbers: dict[str, int] = {}
            one = Submission(entry.nip, entry.learning, 0)
            yield Step(at_ms - DAY_MS, partial(_submit, world, one, numbers))
            yield Step(at_ms, partial(_approve, world, one, numbers))
        else:
            yield Step(at_ms, partial(_enter, world, entry))


def _approve(world: World, one: Submission, numbers: Mapping[str, int]) -> None:
    submissions.approve(world.checker_of(one.nip), Asked(numbers[one.nip], 1))


def _enter(world: World, entry: Entry) -> None:
    person = db.session.get_one(Person, world.people[entry.nip])
    outside.enter(world.checker_of(entry.nip), person, entry.learning)


def photo(name: str, learning: Learning) -> Paper:
    """A drawn certificate that says it is an example, as a phone would send it."""
    sheet = Image.new("RGB", SHEET, "#fdfaf1")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((24, 24, SHEET[0] - 24, SHEET[1] - 24), outline="#7a5c1e", width=6)
    lines = (
        ("SERTIFIKAT (CONTOH)", 46),
        (learning.organiser, 22),
        (f"Nomor {learning.number}", 24),
        ("diberikan kepada", 22),
        (name, 34),
        ("atas keikutsertaan dalam", 22),
        (learning.title, 26),
        (f"{learning.started_on:%d-%m-%Y} s.d. {learning.ended_on:%d-%m-%Y}", 24),
    )
    for at, (text, size) in enumerate(lines):
        middle = (SHEET[0] // 2, 90 + at * 72)
        pen.text(middle, text, fill="#2a2417", font=ImageFont.load_default(size), anchor="mm")
    held = BytesIO()
    sheet.save(held, "JPEG", quality=80)
    return papers.read(held.getvalue())
