"""The figures of assignments in a branch, counted from those who did something of it.

Of an agency of tens of thousands few have begun a course, so nobody is looked at one by one: those
asked are counted from an index, those who have done it or begun it from what they did, and who is
overdue or has not begun is the rest. `asked.standings` says the same of each person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
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

IN_ONE = 40  # assignments whose figures are read together
KEPT = 64  # statements of each sort
# Written into the statement, as no parameter may be a list.
UNDER_WAY: list[Any] = [
    literal_column(f"'{state}'") for state in (CourseState.STUDYING, CourseState.FAILED)
]
Query = Select[*tuple[Any, ...]]
Bind = Callable[[str], Any]


class _Form(NamedTuple):
    """What the conditions of assignments are alike in, without their values."""

    shape: Shape
    paths: int | None  # None for everywhere
    courses: int
    repeats: bool
    is_in_time: bool


@dataclass(frozen=True)
class _Asked:
    """An assignment as the statements take it."""

    assigned: Assigned
    form: _Form
    values: Mapping[str, Any]

    @property
    def whom(self) -> Any:
        """Equal for those of whom the same people are asked."""
        given = whom.bound(self.assigned.rule, self.assigned.owner_path)
        return self.form.shape, tuple(sorted(given.items()))


def figures(found: Sequence[Assigned], paths: Sequence[str]) -> dict[int, Figures]:
    """The figures of assignments in the branches with these paths; three statements for every 40,
    two more where somebody came so late that they still have time."""
    held: dict[int, Figures] = {}
    for start in range(0, len(found), IN_ONE):
        held |= _together([_asked(each, paths) for each in found[start : start + IN_ONE]])
    return held


def figures_of(assigned: Assigned, paths: Sequence[str]) -> Figures:
    """The figures of one assignment by itself, in one statement; one or two more as above."""
    asked = _asked(assigned, paths)
    row = _run(_whole, [asked])[0]
    return _told(asked, row.people, row, _late([asked]))


def _together(asked: Sequence[_Asked]) -> dict[int, Figures]:
    people = _people(asked)
    some = [each for each, count in zip(asked, people, strict=True) if count]
    ended = dict(zip([each.assigned.id for each in some], _run(_ended, some), strict=True))
    late = _late(some)
    return {
        each.assigned.id: _told(each, count, ended.get(each.assigned.id), late)
        for each, count in zip(asked, people, strict=True)
    }


def _told(asked: _Asked, people: int, ended: Any, late: Mapping[int, _Late]) -> Figures:
    if not people:
        return Figures()
    rest = people - ended.exempt - ended.done
    if asked.form.is_in_time:
        return Figures(ended.done, ended.under_way, rest - ended.under_way, 0, ended.exempt)
    came = late.get(asked.assigned.id, _Late())
    not_begun, overdue = came.people - came.under_way, rest - came.people
    return Figures(ended.done, came.under_way, not_begun, overdue, ended.exempt)


def _people(asked: Sequence[_Asked]) -> list[int]:
    """Of how many it is asked; of whom the same is asked are counted once."""
    each = {one.whom: one for one in asked}
    counts = dict(zip(each, (row.people for row in _run(_all, [*each.values()])), strict=True))
    return [counts[one.whom] for one in asked]


class _Late(NamedTuple):
    """Those who came so late that they still have time, though the others are overdue."""

    people: int = 0
    under_way: int = 0


def _late(asked: Sequence[_Asked]) -> dict[int, _Late]:
    """By assignment, of those that are overdue."""
    overdue = [each for each in asked if not each.form.is_in_time]
    some = [each for each in overdue if each.values["since"] is not None]
    came = zip(some, _run(_came_late, some), strict=True)
    late = [(each, row.people) for each, row in came if row.people]
    under_way = _run(_late_under_way, [each for each, _ in late])
    return {
        each.assigned.id: _Late(people, row.people)
        for (each, people), row in zip(late, under_way, strict=True)
    }


def _asked(assigned: Assigned, paths: Sequence[str]) -> _Asked:
    rule, day = assigned.rule, clock.today() - timedelta(days=assigned.rule.grace_days)
    where = None if EVERYWHERE in paths else sorted(set(paths))
    since = rule.late_came_since(day)
    values = {
        **whom.bound(rule, assigned.owner_path),
        **_numbered("path", where or ()),
        **_numbered("course", rule.courses),
        "assignment": assigned.id,
        "today": clock.today(),
        "counts_from": clock.start_of_day_ms(rule.starts_on),
        "since": None if since is None else clock.start_of_day_ms(since),
    }
    shape = whom.shape_of(rule, assigned.owner_path)
    branches = None if where is None else len(where)
    form = _Form(shape, branches, len(rule.courses), rule.repeats, rule.base >= day)
    return _Asked(assigned, form, values)


def _numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}_{at}": value for at, value in enumerate(values)}


# --- statements, made once for assignments of the same forms


def _run(made: Callable[[tuple[_Form, ...]], Prepared], asked: Sequence[_Asked]) -> list[Any]:
    """A row for each, in their order; one statement, none for nobody."""
    if not asked:
        return []
    values = {
        _named(at, name): value
        for at, each in enumerate(asked)
        for name, value in each.values.items()
    }
    statement = made(tuple(each.form for each in asked))
    return sorted(statement.all(**values), key=lambda row: row.at)


def _named(at: int, name: str) -> str:
    return f"{name}_of_{at}"


def _each(
    forms: Sequence[_Form], columns: Callable[[_Form, Bind, int], Mapping[str, Query]]
) -> Any:
    """One statement with a row for each form; ``columns`` are counts by name."""
    parts = []
    for at, form in enumerate(forms):
        counts = columns(form, partial(_bound, at), at)
        named = (count.scalar_subquery().label(name) for name, count in counts.items())
        parts.append(select(literal_column(str(at)).label("at"), *named))
    return Prepared(select(union_all(*parts).subquery()))


def _bound(at: int, name: str) -> Any:
    return bindparam(_named(at, name))


@lru_cache(KEPT)
def _all(forms: tuple[_Form, ...]) -> Prepared:
    made: Prepared = _each(forms, lambda form, bind, _at: {"people": _count(form, bind)})
    return made


@lru_cache(KEPT)
def _ended(forms: tuple[_Form, ...]) -> Prepared:
    made: Prepared = _each(forms, _done_with)
    return made


@lru_cache(KEPT)
def _whole(forms: tuple[_Form, ...]) -> Prepared:
    def columns(form: _Form, bind: Bind, at: int) -> Mapping[str, Query]:
        return {"people": _count(form, bind), **_done_with(form, bind, at)}

    made: Prepared = _each(forms, columns)
    return made


def _done_with(form: _Form, bind: Bind, at: int) -> Mapping[str, Query]:
    done, exempt = _has_done(form, bind, at), _exempt(bind)
    under_way = (_is_in(form, bind), ~done, ~exempt) if form.is_in_time else (false(),)
    return {
        "exempt": _count(form, bind, exempt),
        "done": _count(form, bind, done, ~exempt),
        "under_way": _count(form, bind, *under_way),
    }


@lru_cache(KEPT)
def _came_late(forms: tuple[_Form, ...]) -> Prepared:
    def columns(form: _Form, bind: Bind, at: int) -> Mapping[str, Query]:
        return {"people": _count(form, bind, *_is_late(form, bind, at))}

    made: Prepared = _each(forms, columns)
    return made


@lru_cache(KEPT)
def _late_under_way(forms: tuple[_Form, ...]) -> Prepared:
    def columns(form: _Form, bind: Bind, at: int) -> Mapping[str, Query]:
        return {"people": _count(form, bind, _is_in(form, bind), *_is_late(form, bind, at))}

    made: Prepared = _each(forms, columns)
    return made


def _count(form: _Form, bind: Bind, *conditions: ColumnElement[bool]) -> Query:
    """Those of whom it is asked in the branches, and of whom all of the conditions hold."""
    asked = whom.concerned_in(form.shape, bind)
    counted = select(func.count()).select_from(Person).where(asked, *conditions)
    if form.paths is None:
        return counted
    inside = (Person.unit_id.in_(whom.units_below(bind(f"path_{at}"))) for at in range(form.paths))
    return counted.where(or_(false(), *inside))


def _exempt(bind: Bind) -> ColumnElement[bool]:
    return whom.exempted(bind("assignment"), bind("today"))


def _is_late(form: _Form, bind: Bind, at: int) -> tuple[ColumnElement[bool], ...]:
    return whom.came_since(bind("since")), ~_has_done(form, bind, at), ~_exempt(bind)


def _has_done(form: _Form, bind: Bind, at: int) -> ColumnElement[bool]:
    """Each of the courses is done: from those who did the first."""
    first, *others = (aliased(Completion, name=f"done_{n}_of_{at}") for n in range(form.courses))
    conditions = [_counts(form, bind, first, 0)]
    for number, other in enumerate(others, 1):
        same = other.person_id == first.person_id
        also = exists().where(same, _counts(form, bind, other, number))
        conditions.append(also.correlate(first))
    # Named, so that it is read once however often it is asked.
    done = select(first.person_id).where(*conditions).cte(f"done_of_{at}")
    return Person.id.in_(select(done.c.person_id))


def _counts(form: _Form, bind: Bind, completion: Any, number: int) -> ColumnElement[bool]:
    of_course = completion.course_id == bind(f"course_{number}")
    counts = and_(of_course, validity.lasting(bind("today"), completion))
    return and_(counts, completion.completed_ms >= bind("counts_from")) if form.repeats else counts


def _is_in(form: _Form, bind: Bind) -> ColumnElement[bool]:
    """Some course is begun and not passed."""
    courses: list[Any] = [bind(f"course_{number}") for number in range(form.courses)]
    return Person.id.in_(
        select(CourseProgress.person_id).where(
            CourseProgress.course_id.in_(courses), CourseProgress.state.in_(UNDER_WAY)
        )
    )
