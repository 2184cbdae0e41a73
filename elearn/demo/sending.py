"""What HR of the demo has sent to SIASN: all but the newest, and what BKN would refuse."""

from __future__ import annotations

from elearn.demo import agency, members
from elearn.demo.world import World
from elearn.reports.filters import Wanted
from elearn.siasn import listing, marking

READY = 34  # with three that would be refused they make 37


def send(world: World, size: int) -> None:
    """Mark as sent what is older than the newest."""
    actor = world.actors[members.SYAMSUL]
    wanted = Wanted(world.calendar.today.year)
    kept = round(READY * size / agency.PEOPLE)
    rows = list(listing.ready(actor, wanted, listing.UNSENT, listing.MOST))
    marking.mark(actor, rows[kept:])
