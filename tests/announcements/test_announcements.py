"""Who may announce what to whom, who sees it, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock, jobs, work
from elearn.announcements import desk, shown
from elearn.announcements.models import Announcement, AnnouncementChange, Importance
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.jobs import Job
from elearn.people import notices, staffing
from elearn.people.models import AuditEntry
from elearn.people.permissions import Role
from tests.announcements.conftest import a_draft, a_wish, an_announcement
from tests.people_cast import Cast, actor_of

EVERYONE = ("ani", "budi", "citra", "dewi", "stranger")


def seers(cast: Cast) -> set[str]:
    return {name for name in EVERYONE if shown.on_home(actor_of(getattr(cast, name)))}


def do_jobs() -> None:
    while jobs.run_one(work.HANDLERS):
        pass


@pytest.mark.parametrize(
    ("unit", "role", "meant"),
    [
        (None, None, set(EVERYONE)),
        ("health", None, {"ani", "citra"}),
        ("pustu", None, {"ani"}),
        (None, Role.HR_UNIT, {"citra", "stranger"}),
        ("health", Role.HR_UNIT, {"citra"}),
        ("works", Role.INSTRUCTOR, set()),
    ],
)
def test_home_and_inbox_reach_those_who_are_meant(
    app: Flask, cast: Cast, unit: str | None, role: Role | None, meant: set[str]
) -> None:
    unit_id = getattr(cast, unit).id if unit else None
    id = an_announcement(cast.dewi, unit_id=unit_id, role=role)
    assert seers(cast) == meant
    do_jobs()
    people = {name: getattr(cast, name) for name in EVERYONE}
    told = {name for name, person in people.items() if notices.inbox(person.id).messages}
    assert told == meant
    for name, person in people.items():
        if name in meant:
            assert shown.one_for(actor_of(person), id).title == "Server dirawat"
        else:
            with pytest.raises(NotFound):
                shown.one_for(actor_of(person), id)


@pytest.mark.parametrize(
    ("who", "unit", "may"),
    [
        ("citra", "health", True),
        ("citra", "pustu", True),
        ("citra", "works", False),
        ("citra", None, False),
        ("citra", "government", False),
        ("syamsul", None, True),
        ("dewi", "works", True),
        ("fadli", "works", False),
    ],
)
def test_hr_of_a_unit_writes_to_its_branch_alone(
    app: Flask, cast: Cast, who: str, unit: str | None, may: bool
) -> None:
    actor = actor_of(getattr(cast, who))
    wish = a_wish(unit_id=getattr(cast, unit).id if unit else None)
    if may:
        with transaction():
            assert desk.write(actor, wish).id
        return
    with pytest.raises(Invalid, match="unit_beyond"), transaction():
        desk.write(actor, wish)
    assert db.session.scalar(select(func.count()).select_from(Announcement)) == 0


def test_strangers_equals_and_those_below(app: Flask, cast: Cast) -> None:
    """Of the branch of health: another HR of it, HR of a puskesmas, HR of public works."""
    with transaction():
        staffing.grant(None, cast.budi.id, Role.HR_UNIT, cast.health.id)
        staffing.grant(None, cast.ani.id, Role.HR_UNIT, cast.puskesmas.id)
    draft = a_draft(cast.citra, unit_id=cast.health.id)
    given_out = an_announcement(cast.citra, unit_id=cast.health.id)
    equal, below, stranger = map(actor_of, (cast.budi, cast.ani, cast.stranger))
    assert desk.managed(equal, draft).id == draft
    with pytest.raises(NotFound):
        desk.managed(below, draft)
    with pytest.raises(NotAllowed):
        desk.managed(below, given_out)
    for id in (draft, given_out, 999):
        with pytest.raises(NotFound):
            desk.managed(stranger, id)
    assert len(desk.find(equal).found) == 2
    assert desk.find(below).found == desk.find(stranger).found == []
    with transaction():
        own = desk.write(below, a_wish(unit_id=cast.pustu.id))
    assert [line.announcement.id for line in desk.find(below).found] == [own.id]
    assert desk.managed(actor_of(cast.citra), own.id)


def test_it_is_shown_from_its_first_day_to_its_last(app: Flask, cast: Cast) -> None:
    today = clock.today()
    day = timedelta(days=1)
    an_announcement(cast.dewi, first=today + day, last=today + 2 * day)
    start = clock.start_of_day_ms(today + day)
    for at_ms, is_shown in [
        (start - 1, False),
        (start, True),
        (start + 2 * clock.DAY_MS - 1, True),
        (start + 2 * clock.DAY_MS, False),
    ]:
        with clock.set_to(at_ms):
            assert bool(shown.on_home(actor_of(cast.ani))) is is_shown
    do_jobs()
    assert notices.inbox(cast.ani.id).messages == []
    with clock.set_to(start):
        do_jobs()
    assert len(notices.inbox(cast.ani.id).messages) == 1


def test_moved_days_are_told_of_when_they_come(app: Flask, cast: Cast) -> None:
    id = an_announcement(cast.dewi)
    today = clock.today()
    later = today + timedelta(days=3)
    with transaction():
        desk.change(actor_of(cast.dewi), id, a_wish(first=later, last=later))
    do_jobs()
    assert notices.inbox(cast.ani.id).messages == []
    with clock.set_to(clock.start_of_day_ms(later)):
        do_jobs()
    assert len(notices.inbox(cast.ani.id).messages) == 1


def test_the_urgent_come_first_and_put_away_they_leave_home_alone(app: Flask, cast: Cast) -> None:
    plain = an_announcement(cast.dewi)
    urgent = an_announcement(cast.dewi, importance=Importance.URGENT)
    do_jobs()
    ani = actor_of(cast.ani)
    assert [one.id for one in shown.on_home(ani)] == [urgent, plain]
    for _ in range(2):
        with transaction():
            shown.dismiss(ani, urgent)
    assert [one.id for one in shown.on_home(ani)] == [plain]
    assert [one.id for one in shown.all_for(ani).found] == [urgent, plain]
    assert [m.is_read for m in notices.inbox(ani.id).messages] == [True, False]
    assert len(shown.on_home(actor_of(cast.citra))) == 2


def test_what_was_withdrawn_is_shown_to_nobody(app: Flask, cast: Cast) -> None:
    id = an_announcement(cast.dewi)
    dewi = actor_of(cast.dewi)
    with transaction():
        desk.withdraw(dewi, id)
    do_jobs()
    assert seers(cast) == set()
    assert notices.inbox(cast.ani.id).messages == []
    one = shown.one_for(actor_of(cast.ani), id)
    assert (one.is_withdrawn, one.html, one.excerpt) == (True, "", "")
    for act in (desk.withdraw, desk.publish, desk.delete_draft):
        with pytest.raises(Conflict), transaction():
            act(dewi, id)
    with pytest.raises(Conflict), transaction():
        desk.change(dewi, id, a_wish())


def test_a_draft_is_nobodys_and_goes_without_a_trace_on_home(app: Flask, cast: Cast) -> None:
    id = a_draft(cast.dewi)
    assert seers(cast) == set()
    with pytest.raises(NotFound):
        shown.one_for(actor_of(cast.ani), id)
    with transaction():
        desk.delete_draft(actor_of(cast.dewi), id)
    counts = [select(func.count()).select_from(t) for t in (Announcement, AnnouncementChange, Job)]
    assert [db.session.scalar(count) for count in counts] == [0, 0, 0]


def test_history_keeps_what_it_said_and_the_log_what_was_given_out(app: Flask, cast: Cast) -> None:
    id = a_draft(cast.dewi)
    dewi = actor_of(cast.dewi)
    with transaction():
        desk.change(dewi, id, a_wish(title="Judul kedua"))
    with transaction():
        desk.publish(dewi, id)
    with transaction():
        desk.change(dewi, id, a_wish(title="Judul ketiga"))
    told = [(change.deed, change.values["title"]) for change in desk.history(id)]
    assert told == [
        ("changed", "Judul ketiga"),
        ("published", "Judul kedua"),
        ("changed", "Judul kedua"),
        ("written", "Server dirawat"),
    ]
    kind = AuditEntry.action.startswith("announcement:")
    actions = db.session.scalars(select(AuditEntry.action).where(kind).order_by(AuditEntry.id))
    assert list(actions) == ["announcement:published", "announcement:changed"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"last": timedelta(days=-1)}, "ends_before"),
        ({"first": timedelta(days=-3), "last": timedelta(days=-1)}, "days_over"),
        ({"last": timedelta(days=400)}, "too_many_days"),
        ({"text": "*" * 4000}, "too_costly"),
        ({"unit_id": 999}, ""),
    ],
)
def test_what_cannot_be_is_refused(
    app: Flask, cast: Cast, changes: dict[str, Any], reason: str
) -> None:
    today = clock.today()
    told = {k: today + v if isinstance(v, timedelta) else v for k, v in changes.items()}
    actor = actor_of(cast.dewi if reason else cast.citra)
    with pytest.raises(Invalid) as refused, transaction():
        desk.write(actor, a_wish(**told))
    assert refused.value.reason == (reason or "unit_beyond")


def test_a_long_text_is_cut_at_a_word(app: Flask, cast: Cast) -> None:
    id = a_draft(cast.dewi, text="kata <b> & " * 100)
    excerpt = db.session.get_one(Announcement, id).excerpt
    assert len(excerpt) <= 240
    assert excerpt.endswith("…")
