"""What the agency of the demo decides: who it is, a rule of the next year, a change put back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from elearn import clock
from elearn.demo import agency, members
from elearn.demo.calendar import MINUTE_MS, REACH_DAYS
from elearn.demo.world import Step, World
from elearn.people import setting_changes
from elearn.people.setting_changes import Wish

FLOOR_DAY, MISTAKE_DAY = 30, 20  # days before the seeding
NEXT_FLOOR_JP = 24
SHORT = "agency_short"


def steps(world: World) -> Iterator[Step]:
    """What is set on the first day, and later; roles are given by then."""
    at = world.calendar.at
    yield Step(at(REACH_DAYS, 12, 1), partial(_begin, world))
    yield Step(at(FLOOR_DAY, 9), partial(_raise_floor, world))
    yield Step(at(MISTAKE_DAY, 10), partial(_mistake, world))
    yield Step(at(MISTAKE_DAY, 10) + 20 * MINUTE_MS, partial(_put_back, world))


def _begin(world: World) -> None:
    for key, value in _of_agency(world).items():
        wish = Wish(clock.today().year, value, reason="Surat tugas pengelola aplikasi")
        setting_changes.change(world.people[members.DEWI], key, wish)


def _raise_floor(world: World) -> None:
    reason = "Rancangan peraturan bupati tentang pengembangan kompetensi"
    wish = Wish(clock.today().year + 1, NEXT_FLOOR_JP, reason=reason)
    setting_changes.change(world.people[members.SYAMSUL], "pns_floor_jp", wish)


def _mistake(world: World) -> None:
    wish = Wish(clock.today().year, "BKD", reason="Menurut papan nama kantor")
    setting_changes.change(world.people[members.DEWI], SHORT, wish)


def _put_back(world: World) -> None:
    wish = Wish(0, None, reason="Keliru; yang resmi tetap BKPSDM")
    newest = setting_changes.newest_change(SHORT)
    setting_changes.take_back(world.people[members.DEWI], SHORT, newest, wish)


def _of_agency(world: World) -> dict[str, object]:
    head = world.residents[members.SYAMSUL]
    name = f"{head.before} {head.name}, {head.after}"
    return {
        "agency_name": agency.AGENCY,
        "organiser": agency.ORGANISER,
        "certificate_place": "Contoh",
        "certificate_signer": {"name": name, "title": "Kepala BKPSDM"},
    }
