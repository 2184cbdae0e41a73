"""The people of `bench.hr`: copies of the demo's, each with enrolments of others."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bench.hr_originals import (
    OF_ENROLMENT,
    OF_PERSON,
    OF_SOURCE,
    Original,
    Told,
    enrolments_of,
    people_of,
)
from bench.rows import Row, insert, top
from elearn import canonical
from elearn.journal.links import link_of

BATCH = 20_000
NAMES = ("Ani", "Budi", "Citra", "Dewi", "Eko", "Fitri", "Gilang", "Hendra", "Indah", "Joko")


class People:
    """Adds people with what they learned, a batch at a time."""

    def __init__(
        self,
        database: sqlite3.Connection,
        units: list[int],
        courses: dict[int, list[Row]],
        chance: random.Random,
    ) -> None:
        self.database, self.units, self.courses = database, units, courses
        self.chance = chance
        self.originals = people_of(database)
        self.enrolments = enrolments_of(database)
        self.held: dict[str, list[Row]] = defaultdict(list)
        tables = ("person", "enrolment", "outside_learning", "assessed_level", "event", "notice")
        self.next = {table: top(database, table) + 1 for table in tables}
        self.serials = max(
            row[0] for row in database.execute("SELECT last FROM certificate_serial")
        )

    def add(self, people: int, events: int) -> None:
        """Until there are so many people; the events are shared out among them."""
        taken = {row[0] for row in self.database.execute("SELECT nip FROM person")}
        left = people - len(taken)
        for at in range(left):
            missing = events - self.next["event"] + 1
            self._person(at, missing / (left - at), taken)
            if len(self.held["event"]) >= BATCH:
                self._flush()
        self._flush()
        self.database.execute("UPDATE certificate_serial SET last = ?", [self.serials])

    def _flush(self) -> None:
        for table, rows in self.held.items():
            insert(self.database, table, rows)
        self.held.clear()

    def _person(self, at: int, events: float, taken: set[str]) -> None:
        id_, unit_id = self._id("person"), self.chance.choice(self.units)
        original = self.originals[at % len(self.originals)]
        person = self._renamed(original.rows["person"][0], at, taken)
        about = {"id": id_, "person_id": id_, "unit_id": unit_id}
        self.held["person"].append({**person, **about})
        placed = original.rows["placement"][0]
        self.held["placement"].append({**placed, **about, "id": None})
        told = self._besides(original, about)
        for enrolment in self._chosen(events - len(told)):
            told += self._enrolment(*enrolment, about)
        self._chain(id_, sorted(told, key=lambda each: each.happened_ms))
        self._years(id_)

    def _renamed(self, person: Row, at: int, taken: set[str]) -> Row:
        number = _nip(at)
        assert number not in taken
        name = f"{self.chance.choice(NAMES)} {self.chance.choice(NAMES)} {at}"
        return {**person, "nip": number, "name": name, "sort_name": name.lower()}

    def _chosen(self, events: float) -> Iterator[tuple[Original, Row]]:
        """Enrolments in different courses until there are about so many events."""
        free = {id_: self.chance.sample(each, len(each)) for id_, each in self.courses.items()}
        while events > 0:
            enrolment = self.chance.choice(self.enrolments)
            courses = free[enrolment.rows["enrolment"][0]["course_id"]]
            if not courses:
                return
            yield enrolment, courses.pop()
            events -= len(enrolment.events)

    def _besides(self, original: Original, about: Row) -> list[Told]:
        """What a person has but for courses; the new ids of what is numbered."""
        ids: dict[str, str] = {}
        for table in ("outside_learning", "assessed_level"):
            for row in original.rows[table]:
                new = self._id(table)
                ids[f"«{table} {row['id']}»"] = str(new)
                self.held[table].append({**row, "id": new, "person_id": about["person_id"]})
        for table in (*OF_SOURCE, *OF_PERSON):
            for row in original.rows[table]:
                copy = {**row, **about}
                if "source_id" in row:
                    copy["source_id"] = ids[f"«outside_learning {row['source_id']}»"]
                self.held[table].append({**copy, "id": None})
        return [_filled(told, {**ids, "«unit»": str(about["unit_id"])}) for told in original.events]

    def _enrolment(self, original: Original, course: Row, about: Row) -> list[Told]:
        id_ = self._id("enrolment")
        self.serials += 1
        where = {"course_id": course["id"], "version_id": course["version_id"]}
        copied = {**about, **where, "enrolment_id": id_, "source_id": str(id_)}
        self.held["enrolment"].append({**original.rows["enrolment"][0], **copied, "id": id_})
        for table in (*OF_ENROLMENT, *OF_SOURCE):
            for row in original.rows[table]:
                key = row.get("id") and _key(row["id"], id_)
                self.held[table].append({**row, **copied, "id": key, **self._numbered(row, id_)})
        gaps = {
            "«enrolment»": str(id_),
            "«course»": str(course["id"]),
            "«version»": course["digest"],
            "«unit»": str(about["unit_id"]),
            "«key»": _key("", id_),
            "«serial»": str(self.serials),
        }
        return [_filled(told, gaps) for told in original.events]

    def _numbered(self, row: Row, enrolment_id: int) -> Row:
        if "serial" not in row:
            return {}
        return {"serial": self.serials, "number": f"{row['number']}-{enrolment_id}"}

    def _chain(self, person_id: int, told: Sequence[Told]) -> None:
        digest = canonical.GENESIS
        for seq, each in enumerate(told, 1):
            times = (each.happened_ms, each.happened_ms)
            client_id = f"{each.client_id}:{seq}"
            chained = (person_id, seq, client_id, each.kind, each.body, *times)
            digest = link_of(digest, chained)
            self.held["event"].append(_event(self._id("event"), chained, digest))
        head = {"person_id": person_id, "seq": len(told), "digest": digest}
        self.held["chain_head"].append(head)

    def _years(self, person_id: int) -> None:
        earned: dict[int, int] = defaultdict(int)
        for row in reversed(self.held["hours_entry"]):
            if row["person_id"] != person_id:
                break
            earned[int(row["ended_on"][:4])] += row["jp"]
        self.held["hours_year"] += [
            {"person_id": person_id, "year": year, "earned_jp": jp, "countable_jp": jp}
            for year, jp in earned.items()
        ]

    def _id(self, table: str) -> int:
        self.next[table] += 1
        return self.next[table] - 1


def _event(id_: int, chained: Sequence[Any], digest: str) -> Row:
    names = ("person_id", "seq", "client_id", "kind", "body", "happened_ms", "recorded_ms")
    return {"id": id_, **dict(zip(names, chained, strict=True)), "digest": digest}


def _nip(at: int) -> str:
    born = date(1965 + at % 35, 1 + at // 35 % 12, 1 + at // 420 % 28)
    return f"{born:%Y%m%d}{born.year + 24}{1 + at % 12:02}{1 + at % 2}{900 + at % 100}"


def _key(old: str, enrolment_id: int) -> str:
    """The text id of something of an enrolment: its number takes the place of the first signs."""
    return f"{enrolment_id:07}{old[7:]}"


def _filled(told: Told, gaps: dict[str, str]) -> Told:
    body = told.body
    for gap, value in gaps.items():
        if gap in body:
            body = body.replace(gap, value)
    return Told(told.kind, body, told.client_id, told.happened_ms)
