"""Settings as a JSON file: taken away, looked at before they are brought in, and brought in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from elearn import settings
from elearn.database import rows
from elearn.errors import Invalid
from elearn.people import audit, setting_changes
from elearn.people.actors import Actor
from elearn.people.setting_changes import Wish
from elearn.settings import Known, Setting

FORMAT = "elearn-settings/1"
BROUGHT_IN = "setting:brought_in"
MOST_LINES = 500
MOST_LETTERS = 200_000


class Verdict(StrEnum):
    """What becomes of a line of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    """A line of a file: a value, as JSON has it, that holds from a year on."""

    key: str
    from_year: int
    value: Any


@dataclass(frozen=True)
class Planned:
    """What becomes of an entry; ``fault`` is a word for why it is refused.

    ``before`` and ``after`` are in words, empty where nothing is set for the year.
    """

    entry: Entry
    verdict: Verdict
    before: str = ""
    after: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Taking:
    """Who brings a file in: nobody at the console; and whether closed years are meant."""

    actor: Actor | None
    confirmed: bool = False
    reason: str = ""


def written() -> str:
    """What is set, as a file: one line for each setting and first year."""
    wanted = select(Setting.key, Setting.from_year, Setting.value)
    held = [
        {"key": row.key, "from_year": row.from_year, "value": json.loads(row.value)}
        for row in rows(wanted.order_by(Setting.key, Setting.from_year))
        if row.key in settings.REGISTRY
    ]
    told = {"format": FORMAT, "settings": held}
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(text: str) -> list[Entry]:
    """The entries of a file. Raises Invalid with the field ``text``."""
    if len(text) > MOST_LETTERS:
        raise Invalid("too_long", "text")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Invalid("not_json", "text") from problem
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Invalid("other_format", "text")
    lines = told.get("settings")
    if not isinstance(lines, list) or len(lines) > MOST_LINES:
        raise Invalid("malformed", "text")
    return [_entry(line) for line in lines]


def _entry(line: Any) -> Entry:
    is_line = isinstance(line, dict) and {"key", "from_year", "value"} == line.keys()
    if not (is_line and isinstance(line["key"], str) and type(line["from_year"]) is int):
        raise Invalid("malformed", "text")
    return Entry(line["key"], line["from_year"], line["value"])


def plan(entries: Sequence[Entry], taking: Taking) -> list[Planned]:
    """What becomes of each entry, in their order; one statement."""
    dated = setting_changes.dated(list(settings.REGISTRY))
    held = {(key, each.from_year): each for key, found in dated.items() for each in found}
    seen: set[tuple[str, int]] = set()
    planned = []
    for entry in entries:
        place = (entry.key, entry.from_year)
        fault = "twice" if place in seen else _fault(entry, taking)
        seen.add(place)
        planned.append(_planned(entry, held.get(place), fault))
    return planned


def _planned(entry: Entry, held: setting_changes.Dated | None, fault: str) -> Planned:
    before = held.words if held else ""
    known = settings.REGISTRY.get(entry.key)
    if held and held.value == entry.value and type(held.value) is type(entry.value):
        return Planned(entry, Verdict.SAME, before, before)
    if fault or known is None:
        after = json.dumps(entry.value, ensure_ascii=False)
        return Planned(entry, Verdict.REFUSED, before, after, fault)
    verdict = Verdict.CHANGED if held else Verdict.NEW
    return Planned(entry, verdict, before, known.accepts.told(entry.value))


def _fault(entry: Entry, taking: Taking) -> str:
    """Why an entry cannot be taken; empty where it can."""
    known = settings.REGISTRY.get(entry.key)
    if known is None:
        return "unknown"
    if taking.actor and not setting_changes.may_change(taking.actor, known):
        return "not_yours"
    if taking.actor and known.asks_proof:
        return "own_page"
    return _value_fault(known, entry, taking)


def _value_fault(known: Known, entry: Entry, taking: Taking) -> str:
    last = known.first_year if known.holds_at_once else settings.LAST_YEAR
    if not known.first_year <= entry.from_year <= last:
        return "year_out_of_range"
    if not known.accepts(entry.value):
        return "value_not_accepted"
    if setting_changes.is_closed(known, entry.from_year) and not taking.confirmed:
        return "closed_year"
    return ""


def bring_in(text: str, taking: Taking) -> int:
    """Let what a file says hold, all of it or nothing; how many values changed.

    What the file does not name stays. Raises Invalid with the field ``text``: ``refused`` where
    the plan refuses an entry.
    """
    planned = plan(read(text), taking)
    if any(each.verdict is Verdict.REFUSED for each in planned):
        raise Invalid("refused", "text")
    actor_id = taking.actor.id if taking.actor else None
    changing = [each.entry for each in planned if each.verdict is not Verdict.SAME]
    for entry in changing:
        wish = Wish(entry.from_year, entry.value, taking.confirmed, taking.reason)
        setting_changes.change(actor_id, entry.key, wish)
    if changing:
        audit.record(actor_id, BROUGHT_IN, None, count=len(changing))
    return len(changing)
