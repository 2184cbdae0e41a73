"""Of whom it is asked: one rule and all rules at once say the same of everybody."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlalchemy import select

from elearn import clock
from elearn.assignments import whom
from elearn.assignments.rule import Line
from elearn.competency import framework
from elearn.database import db, transaction
from elearn.learning import asked
from elearn.people import staffing
from elearn.people.models import Person, Position, Status, Unit
from tests.assignments.conftest import Office
from tests.people_cast import a_person

STATUSES = ["", *(status.value for status in Status)]


def more_people(office: Office, chance: random.Random) -> list[Person]:
    """Two dozen people of all units, positions and statuses who came one after the other."""
    units = [office.cast.health, office.cast.puskesmas, office.cast.pustu, office.cast.works]
    classes = [row.key for row in framework.classes()][:3]
    made = []
    with transaction():
        held = [staffing.position(f"Jabatan {key}", key) for key in classes]
        for number in range(24):
            came_ms = clock.start_of_day_ms(date(2026, 9, 1) + timedelta(days=3 * number))
            with clock.set_to(came_ms):
                status = chance.choice(list(Status))
                nip = f"19900101201903{1 + number % 2}{930 + number}"
                person = a_person(nip, f"Pegawai {number}", chance.choice(units), status=status)
            person.position_id = chance.choice([None, *(each.id for each in held)])
            person.active = number % 7 != 0
            made.append(person)
    return made


def a_line(office: Office, chance: random.Random, people: list[Person]) -> Line:
    cast = office.cast
    units = [None, cast.government.id, cast.health.id, cast.pustu.id, cast.works.id]
    positions = [("", ""), *db.session.execute(select(Position.position_class, Position.name))]
    position_class, post = chance.choice(positions)
    since = date(2026, 9, 1) + timedelta(days=chance.randrange(90))
    listed = tuple(sorted(person.id for person in chance.sample(people, 6)))
    return Line(
        unit_id=chance.choice(units),
        position_class=chance.choice(["", position_class]),
        post=chance.choice(["", "", post]),
        status=chance.choice(STATUSES),
        joined_since=chance.choice([None, None, since]),
        people=chance.choice([None, None, listed]),
    )


def fits(line: Line, person: Person) -> bool:
    """What a line says of a person, in plain words."""
    unit = db.session.get_one(Unit, person.unit_id)
    position = db.session.get(Position, person.position_id) if person.position_id else None
    return (
        (line.unit_id is None or f"/{line.unit_id}/" in unit.path)
        and line.position_class in {"", position.position_class if position else None}
        and line.post in {"", position.name if position else None}
        and line.status in {"", person.status}
        and (line.joined_since is None or clock.day_of(person.created_ms) >= line.joined_since)
        and (line.people is None or person.id in line.people)
    )


def test_one_rule_and_all_rules_at_once_say_the_same_of_everybody(office: Office) -> None:
    chance = random.Random(20261124)  # noqa: S311  # the same rules each time
    people = more_people(office, chance)
    lines = [
        [a_line(office, chance, people) for _ in range(chance.randint(1, 3))] for _ in range(25)
    ]
    givers = [chance.choice([office.cast.syamsul, office.cast.citra]) for _ in lines]
    given = [office.give(*each, by=by) for each, by in zip(lines, givers, strict=True)]
    told = {person.id: {a.assignment_id for a in asked.of_person(person.id)} for person in people}
    seen = 0
    for assigned, each, by in zip(given, lines, givers, strict=True):
        stored = set(
            db.session.scalars(
                select(Person.id).where(whom.concerned(assigned.rule, assigned.owner_path))
            )
        )
        in_branch = office.cast.health.path if by is office.cast.citra else "/"
        for person in people:
            inside = db.session.get_one(Unit, person.unit_id).path.startswith(in_branch)
            expected = person.active and inside and any(fits(line, person) for line in each)
            assert (person.id in stored) == expected
            if person.active:
                assert (assigned.id in told[person.id]) == expected
            seen += expected
    assert seen > 40


def test_who_comes_later_is_asked_too_and_who_leaves_no_longer(office: Office) -> None:
    given = office.give(Line(unit_id=office.cast.health.id), days=20)
    with transaction():
        new = a_person("199001012026111931", "Baru", office.cast.pustu)
    [mine] = asked.of_person(new.id)
    assert (mine.assignment_id, mine.due) == (given.id, date(2026, 12, 14))
    with clock.set_to(clock.now_ms() + clock.DAY_MS):
        with transaction():
            staffing.move(None, new.id, office.cast.works.id, clock.now_ms())
        assert asked.of_person(new.id) == []


def test_what_has_not_begun_or_is_withdrawn_or_exempt_is_asked_of_nobody(office: Office) -> None:
    office.give(starts_on=date(2026, 11, 25))
    given = office.give()
    ani, budi = office.cast.ani, office.cast.budi
    office.exempt(given, ani, date(2026, 11, 24))
    assert asked.of_person(ani.id) == []
    assert [each.assignment_id for each in asked.of_person(budi.id)] == [given.id]
    with clock.set_to(clock.now_ms() + clock.DAY_MS):  # the exemption is over, the other begins
        assert len(asked.of_person(ani.id)) == 2
