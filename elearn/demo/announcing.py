"""The announcements of the demo: one for everybody, one over, one for a branch, one not out yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from elearn import clock
from elearn.announcements import desk
from elearn.announcements.desk import Wish
from elearn.announcements.models import Importance
from elearn.demo import members
from elearn.demo.world import Step, World

# Days before the seeding on which each is given out, and how many it is shown.
OVER_DAY, OVER_DAYS = 60, 10
HOURS_DAY, HOURS_DAYS = 2, 14
BRANCH_DAY, BRANCH_DAYS = 1, 7
DRAFT_DAY = 1
OVER = "Layanan dirawat Sabtu malam, pukul 20.00 sampai 22.00 WIB. Jawaban terkirim tetap aman."
HOURS = """Catatan JP tahun ini ditutup pada akhir tahun. Yang belum mencapai **20 JP** masih dapat:

- menyelesaikan kursus yang sedang diikuti,
- mengajukan pembelajaran di luar beserta sertifikatnya.

Kepegawaian unit Anda siap membantu."""
BRANCH = "Kursus *Keamanan informasi untuk ASN* wajib bagi semua puskesmas. Mulailah lebih awal."
DRAFT = "Rencana jadwal pelatihan tahun depan akan dibuka untuk usulan unit."


def steps(world: World) -> Iterator[Step]:
    """What HR writes; the actors are made on the first day."""
    at = world.calendar.at
    yield Step(at(OVER_DAY, 8), partial(_give_out, world, "Perawatan layanan", OVER, OVER_DAYS))
    hours = partial(_give_out, world, "Lengkapi JP tahun ini", HOURS, HOURS_DAYS)
    yield Step(at(HOURS_DAY, 8), hours)
    yield Step(at(BRANCH_DAY, 9), partial(_tell_branch, world))
    yield Step(at(DRAFT_DAY, 10), partial(_draft, world))


def _give_out(world: World, title: str, text: str, days: int) -> None:
    actor = world.actors[members.SYAMSUL]
    desk.publish(actor, desk.write(actor, _wish(title, text, days)).id)


def _tell_branch(world: World) -> None:
    citra = world.actors[members.CITRA]
    wish = _wish("Kursus wajib puskesmas", BRANCH, BRANCH_DAYS)
    branch = replace(wish, unit_id=world.units["dinkes"], importance=Importance.IMPORTANT)
    desk.publish(citra, desk.write(citra, branch).id)


def _draft(world: World) -> None:
    desk.write(world.actors[members.SYAMSUL], _wish("Rencana pelatihan", DRAFT, HOURS_DAYS))


def _wish(title: str, text: str, days: int) -> Wish:
    today = clock.today()
    return Wish(
        title, text, Importance.PLAIN, None, None, first=today, last=today + timedelta(days=days)
    )
