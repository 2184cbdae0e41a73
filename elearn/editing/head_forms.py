"""The forms of quizzes, pools, surveys and reflections, written back chip by chip. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote as percent_decode

from elearn.content.chip_edits import with_chips
from elearn.content.chips import Name
from elearn.content.heads import PLACES, Head, heads_in
from elearn.content.lines import inserted, removed, rows_of, spliced
from elearn.content.places import questions_in
from elearn.content.quizzes import bank_link
from elearn.content.reader import tidy
from elearn.content.sections import Role
from elearn.content.texts import title_in
from elearn.editing.head_fields import HeadFields, chips_of, refuse_odd, shown, tidied
from elearn.errors import Conflict, Invalid

HEADING = re.compile(r"(?P<lead> {0,3}#{1,6}[ \t]+)(?P<text>.*?)(?P<tail>[ \t]+#+)?[ \t]*$")
KEYWORD = re.compile(r"(?P<word>(?:\*\*)?[^:：]*[:：](?:\*\*)?\s*)(?P<title>.*)$")
NUMBER = re.compile(r"(?P<word>(?:\d{1,3}[.)]\s+)?)(?P<title>.*)$")


def fields_of(path: str, text: str, head: Head) -> HeadFields | None:
    """The form of a head; None where only its text can say it."""
    if not head.is_sound:
        return None
    banks = [bank_link(block) for block in head.body] if head.role is Role.POOL else []
    links = [_path(path, link.address) for link in banks if link]
    if len(links) < len(banks):
        return None
    return shown(head, _body(head, tidy(text)), links)


def _path(path: str, address: str) -> str:
    joined = posixpath.join(posixpath.dirname(path), percent_decode(address))
    return posixpath.normpath(joined)


def _body(head: Head, text: str) -> str:
    if not head.body:
        return ""
    return "\n".join(text.split("\n")[head.body[0].start - 1 : head.body[-1].end])


def rewritten(path: str, text: str, at: int, fields: HeadFields, banks: Mapping[str, str]) -> str:
    """The file with one head as a form says, and every other byte as it was.

    ``banks`` are the titles of the course's banks by path. Raises Conflict("moved") when another
    head stands there by now, Invalid with a stable word.
    """
    heads = heads_in(path, tidy(text))
    if at >= len(heads) or heads[at].role is not fields.role:
        raise Conflict("moved")
    head = heads[at]
    before = fields_of(path, text, head)
    if before is None:
        raise Invalid("reads_otherwise")
    old, new = tidied(before), tidied(fields)
    if old == new:
        return text
    refuse_odd(new)
    changed = _written(path, text, head, (old, new), banks)
    if not _is_meant(path, (text, changed), at, new):
        raise Invalid("reads_otherwise")
    return changed


def _written(
    path: str, text: str, head: Head, both: tuple[HeadFields, HeadFields], banks: Mapping[str, str]
) -> str:
    """From the last line to the first, so that line numbers stay true."""
    old, new = both
    if head.role is Role.POOL:
        if old.banks != new.banks:
            text = _with_body(text, head, _links(path, new.banks, banks))
    elif old.text != new.text:
        text = _with_body(text, head, new.text)
    if head.role in PLACES:
        changes = _chip_changes(head, old, new)
        where = (head.chip_lines, head.heading_end, PLACES[head.role])
        text = with_chips(text, *where, changes)
    return (
        with_heading(text, head.start, head.heading_end, new.title)
        if old.title != new.title
        else text
    )


def _chip_changes(head: Head, old: HeadFields, new: HeadFields) -> dict[Name, list[str]]:
    """What changed; a new title leaves the key, by which learners' attempts are kept."""
    before, after = chips_of(old), chips_of(new)
    changes = {name: chips for name, chips in after.items() if chips != before[name]}
    if old.title != new.title and head.default and not head.id:
        return {Name.ID: [f"#{head.default}"], **changes}
    return changes


def _links(path: str, chosen: tuple[str, ...], banks: Mapping[str, str]) -> str:
    folder = posixpath.dirname(path) or "."
    return "\n\n".join(
        f"[{_plain(banks.get(bank, bank))}]({posixpath.relpath(bank, folder)})" for bank in chosen
    )


def _plain(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")


def _with_body(text: str, head: Head, body: str) -> str:
    if head.body and body:
        return spliced(text, head.body[0].start, head.body[-1].end, body)
    if head.body:
        return removed(text, head.body[0].start, head.body[-1].end)
    line = head.chip_lines[1] if head.chip_lines else head.heading_end
    return inserted(text, line, body) if body else text


def with_heading(
    text: str, start: int, end: int, title: str, kept: re.Pattern[str] = KEYWORD
) -> str:
    """The text with another title in a heading; what ``kept`` calls its word stays before it."""
    row = rows_of(tidy(text))[start - 1].rstrip("\n")
    found = HEADING.match(row)
    if found is None or end > start:
        return spliced(text, start, end, f"# {title}") if kept is NUMBER else text
    words = kept.match(found["text"])
    lead = found["lead"] + (words["word"] if words else "")
    return spliced(text, start, end, lead + title + (found["tail"] or ""))


def _is_meant(path: str, both: tuple[str, str], at: int, fields: HeadFields) -> bool:
    """Whether the head says what was typed, and all else stands where it stood."""
    heads = heads_in(path, tidy(both[1]))
    if at >= len(heads) or frame_of(path, both[0], at) != frame_of(path, both[1], at):
        return False
    again = fields_of(path, both[1], heads[at])
    return again is not None and tidied(again) == fields


def frame_of(path: str, text: str, aside: int = -1) -> list[object]:
    """What a file is made of, without the words of its text; one head may be left aside."""
    text = tidy(text)
    heads = heads_in(path, text)
    title = title_in(path, text)
    return [
        title and title.role is Role.TEXT and title.title,
        [(h.role, h.level, "" if at == aside else h.title) for at, h in enumerate(heads)],
        [(q.role, q.level, q.title, q.id, q.source) for q in questions_in(path, text)],
    ]
