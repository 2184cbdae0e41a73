"""The figures of assignments in a branch, counted from those who did something of it.

Of an agency of tens of thousands few have begun a course, so nobody is looked at one by one: those
asked are counted from an index, those who have done it or begun it from what they did, and who is
overdue or has not begun is the rest. `asked.standings` says the same of each person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.assignments import whom
from elearn.assignments.assigned import Assigned
from elearn.assignments.whom import Shape
from elearn.database import Prepared
from elearn.learning import validity
from elearn.learning.asked import Figures
from elearn.learning.models import Completion, CourseProgress, CourseState
from elearn.people.actors import EVERYWHERE
from elearn.people.models import Person

SHAPES = 64
_UNDER_WAY = (CourseState.STUDYING, CourseState.FAILED)
_EXEMPT = whom.exempted(bindparam("assignment"), bindparam("today"))
_CAME_LATE = whom.came_since(bindparam("since_ms"))
Query = Select[*tuple[Any, ...]]


class _Form(NamedTuple):
    """What statements are alike in: rules of one shape, so many courses and branches."""

    shape: Shape
    paths: int | None  # None for everywhere
    courses: int = 0


def figures(found: Sequence[Assigned], paths: Sequence[str]) -> dict[int, Figures]:
    """The figures of assignments in the branches with these paths; two statements for each, and
    one for all of whom the same is asked."""
    asked: dict[Any, int] = {}
    return {each.id: _of(each, paths, asked) for each in found}


def _of(assigned: Assigned, paths: Sequence[str], known: dict[Any, int]) -> Figures:
    rule, where = assigned.rule, _branches(paths)
    form = _Form(whom.shape_of(rule, assigned.owner_path), None if where is None else len(where))
    values = {**whom.bound(rule, assigned.owner_path), **_numbered("path", where or ())}
    key = (form, tuple(sorted(values.items())))
    if key not in known:
        known[key] = _asked(form).all(**values)[0].people
    if not known[key]:
        return Figures()
    values |= _numbered("course", rule.courses)
    values |= {
        "assignment": assigned.id,
        "today": clock.today(),
        "counts_from": clock.start_of_day_ms(rule.starts_on) if rule.repeats else 0,
    }
    begun = form._replace(courses=len(rule.courses))
    return _told(known[key], assigned, begun, values)


def _told(people: int, assigned: Assigned, form: _Form, values: Mapping[str, Any]) -> Figures:
    if _is_in_time(assigned):
        row = _begun(form).all(**values)[0]
        not_begun = people - row.exempt - row.done - row.under_way
        return Figures(row.done, row.under_way, not_begun, 0, row.exempt)
    row, late = _done(form).all(**values)[0], _late(assigned, form, values)
    overdue = people - row.exempt - row.done - late.people
    return Figures(row.done, late.under_way, late.people - late.under_way, overdue, row.exempt)


def _branches(paths: Sequence[str]) -> tuple[str, ...] | None:
    return None if EVERYWHERE in paths else tuple(sorted(set(paths)))


def _numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}_{at}": value for at, value in enumerate(values)}


def _is_in_time(assigned: Assigned) -> bool:
    """Whether nobody can be overdue yet."""
    rule = assigned.rule
    return rule.base >= clock.today() - timedelta(days=rule.grace_days)


class _Late(NamedTuple):
    """Those who came so late that they still have time, though the others are overdue."""

    people: int = 0
    under_way: int = 0


def _late(assigned: Assigned, form: _Form, values: Mapping[str, Any]) -> _Late:
    rule = assigned.rule
    since = rule.late_came_since(clock.today() - timedelta(days=rule.grace_days))
    if since is None:
        return _Late()
    came = {**values, "since_ms": clock.start_of_day_ms(since)}
    people = _come_late(form).all(**came)[0].people
    return _Late(people, _late_under_way(form).all(**came)[0].people) if people else _Late()


# --- statements, made once for each form


@lru_cache(SHAPES)
def _asked(form: _Form) -> Prepared:
    return Prepared(_count(form).with_only_columns(func.count().label("people")))


@lru_cache(SHAPES)
def _done(form: _Form) -> Prepared:
    return Prepared(select(*_ended(form, _has_done(form))))


@lru_cache(SHAPES)
def _begun(form: _Form) -> Prepared:
    done = _has_done(form)
    under_way = _count(form, _is_in(form), ~done, ~_EXEMPT).scalar_subquery()
    return Prepared(select(*_ended(form, done), under_way.label("under_way")))


def _ended(form: _Form, done: ColumnElement[bool]) -> Sequence[Any]:
    return (
        _count(form, _EXEMPT).scalar_subquery().label("exempt"),
        _count(form, done, ~_EXEMPT).scalar_subquery().label("done"),
    )


@lru_cache(SHAPES)
def _come_late(form: _Form) -> Prepared:
    late = _count(form, _CAME_LATE, ~_has_done(form), ~_EXEMPT)
    return Prepared(late.with_only_columns(func.count().label("people")))


@lru_cache(SHAPES)
def _late_under_way(form: _Form) -> Prepared:
    late = _count(form, _CAME_LATE, _is_in(form), ~_has_done(form), ~_EXEMPT)
    return Prepared(late.with_only_columns(func.count().label("people")))


def _count(form: _Form, *conditions: ColumnElement[bool]) -> Query:
    """Those of whom it is asked in the branches, and of whom all of the conditions hold."""
    asked = whom.concerned_in(form.shape)
    counted = select(func.count()).select_from(Person).where(asked, *conditions)
    if form.paths is None:
        return counted
    inside = (
        Person.unit_id.in_(whom.units_below(bindparam(f"path_{at}"))) for at in range(form.paths)
    )
    return counted.where(or_(false(), *inside))


def _has_done(form: _Form) -> ColumnElement[bool]:
    """Each of the courses is done: from those who did the first."""
    first, *others = (aliased(Completion, name=f"done_{at}") for at in range(form.courses))
    conditions = [_counts(first, 0)]
    for at, other in enumerate(others, 1):
        same = other.person_id == first.person_id
        conditions.append(exists().where(same, _counts(other, at)).correlate(first))
    # Named, so that it is read once however often it is asked.
    done = select(first.person_id).where(*conditions).cte("done")
    return Person.id.in_(select(done.c.person_id))


def _counts(completion: Any, at: int) -> ColumnElement[bool]:
    return and_(
        completion.course_id == bindparam(f"course_{at}"),
        completion.completed_ms >= bindparam("counts_from"),
        validity.lasting(bindparam("today"), completion),
    )


def _is_in(form: _Form) -> ColumnElement[bool]:
    """Some course is begun and not passed."""
    courses: list[Any] = [bindparam(f"course_{at}") for at in range(form.courses)]
    return Person.id.in_(
        select(CourseProgress.person_id).where(
            CourseProgress.course_id.in_(courses), CourseProgress.state.in_(_UNDER_WAY)
        )
    )
