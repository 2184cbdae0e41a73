"""What a form of a quiz, pool, survey or reflection holds, as typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from elearn.content.chips import MAX_DRAW, MAX_WORDS, Name
from elearn.content.course import Difficulty, Reveal
from elearn.content.heads import Head
from elearn.content.sections import Role
from elearn.editing.fields import codes_of, one_line
from elearn.errors import Invalid, NotFound

PASS_PERCENT, ATTEMPTS = 70, 3  # what holds where a quiz says nothing
MOST_ATTEMPTS, MOST_MINUTES = 100, 480


@dataclass(frozen=True)
class HeadFields:
    """A head as typed; a field that its role does not know keeps its default."""

    role: Role
    title: str
    text: str = ""
    pass_percent: str = str(PASS_PERCENT)
    attempts: str = str(ATTEMPTS)
    minutes: str = ""
    shuffled: bool = False
    reveal: str = Reveal.AFTER_PASS
    anonymous: bool = False
    draw: str = ""
    competencies: str = ""
    difficulty: str = ""
    banks: tuple[str, ...] = ()
    words: str = ""


KNOWN = {
    Role.QUIZ: ("text", "pass_percent", "attempts", "minutes", "shuffled", "reveal", "anonymous"),
    Role.POOL: ("draw", "competencies", "difficulty", "banks"),
    Role.SURVEY: ("text",),
    Role.REFLECTION: ("text", "words"),
    Role.BANK: ("text",),
}


def tidied(fields: HeadFields) -> HeadFields:
    """The same fields without what nobody, or not their role, can see."""
    numbers = ("pass_percent", "attempts", "minutes", "draw", "words")
    bare = {name: getattr(fields, name).strip().rstrip("% ") for name in numbers}
    clean = replace(
        fields,
        text=fields.text.strip("\n"),
        competencies=", ".join(codes_of(fields.competencies)),
        banks=tuple(sorted(fields.banks)),
        **bare,
    )
    known = {name: getattr(clean, name) for name in KNOWN[fields.role]}
    for name, usual in (("pass_percent", str(PASS_PERCENT)), ("attempts", str(ATTEMPTS))):
        if not known.get(name, usual):
            known[name] = usual
    return HeadFields(fields.role, one_line(fields.title), **known)


def shown(head: Head, text: str, banks: Iterable[str]) -> HeadFields:
    """The fields of a head. ``text`` is what stands below its chips, ``banks`` what it draws on."""
    chips = head.chips
    codes = (f"{c.code}:{c.level}" if c.level else c.code for c in chips.all(Name.COMPETENCY))
    is_pool = head.role is Role.POOL
    return HeadFields(
        role=head.role,
        title=head.title,
        text="" if is_pool else text,
        pass_percent=str(chips.get(Name.PASS, PASS_PERCENT)),
        attempts=str(chips.get(Name.ATTEMPTS, ATTEMPTS)),
        minutes=str(chips.get(Name.TIME, "")),
        shuffled=chips.get(Name.SHUFFLE_QUESTIONS, False),
        reveal=str(chips.get(Name.REVEAL, Reveal.AFTER_PASS)),
        anonymous=chips.get(Name.ANONYMOUS, False),
        draw=str(chips.get(Name.DRAW, "")),
        competencies=", ".join(codes),
        difficulty=str(chips.get(Name.DIFFICULTY, "")),
        banks=tuple(banks),
        words=str(chips.get(Name.WORDS, "")),
    )


def chips_of(fields: HeadFields) -> dict[Name, list[str]]:
    """The words of every chip the role of a head knows; none where nothing need be said."""
    if fields.role is Role.QUIZ:
        return {
            Name.PASS: [f"lulus {fields.pass_percent}%"] if fields.pass_percent else [],
            Name.ATTEMPTS: [f"maks {fields.attempts} kali"] if fields.attempts else [],
            Name.TIME: [f"waktu {fields.minutes} menit"] if fields.minutes else [],
            Name.SHUFFLE_QUESTIONS: ["acak soal"] if fields.shuffled else [],
            Name.REVEAL: [f"buka pembahasan: {fields.reveal}"] if fields.reveal else [],
            Name.ANONYMOUS: ["nilai anonim"] if fields.anonymous else [],
        }
    if fields.role is Role.POOL:
        return {
            Name.DRAW: [f"ambil {fields.draw}"] if fields.draw else [],
            Name.COMPETENCY: [f"@{code}" for code in codes_of(fields.competencies)],
            Name.DIFFICULTY: [fields.difficulty] if fields.difficulty else [],
        }
    if fields.role is Role.REFLECTION:
        return {Name.WORDS: [f"min {fields.words} kata"] if fields.words else []}
    return {}


def refuse_odd(fields: HeadFields) -> None:
    """Raise Invalid with a stable word for what a head of this role cannot be."""
    if not fields.title:
        raise Invalid("no_title", "title")
    if fields.role is Role.QUIZ:
        _refuse("bad_pass", fields.pass_percent, 1, 100)
        _refuse("bad_attempts", fields.attempts, 1, MOST_ATTEMPTS)
        _refuse("bad_minutes", fields.minutes, 1, MOST_MINUTES)
    elif fields.role is Role.POOL:
        _refuse("bad_draw", fields.draw or "0", 1, MAX_DRAW)
    elif fields.role is Role.REFLECTION:
        _refuse("bad_words", fields.words, 1, MAX_WORDS)
        if not fields.text.strip():
            raise Invalid("no_prompt", "text")


def _refuse(reason: str, text: str, low: int, high: int) -> None:
    whole = re.fullmatch(r"[0-9]{1,4}", text)
    if text and not (whole and low <= int(text) <= high):
        raise Invalid(reason)


class Sent(Protocol):
    """The fields of a form that was sent, some of them several times."""

    def get(self, key: str, default: str) -> str: ...

    def getlist(self, key: str) -> list[str]: ...

    def __contains__(self, key: object) -> bool: ...


def read(sent: Sent) -> HeadFields:
    """The fields of a form as typed. Raises NotFound for no kind of head."""
    try:
        role = Role(sent.get("role", ""))
    except ValueError:
        raise NotFound from None
    hardness, reveal = sent.get("difficulty", ""), sent.get("reveal", "")
    return HeadFields(
        role=role,
        title=sent.get("title", ""),
        text=sent.get("text", "").replace("\r\n", "\n").replace("\r", "\n"),
        pass_percent=sent.get("pass_percent", ""),
        attempts=sent.get("attempts", ""),
        minutes=sent.get("minutes", ""),
        shuffled="shuffled" in sent,
        reveal=reveal if reveal in list(Reveal) else str(Reveal.AFTER_PASS),
        anonymous="anonymous" in sent,
        draw=sent.get("draw", ""),
        competencies=sent.get("competencies", ""),
        difficulty=hardness if hardness in list(Difficulty) else "",
        banks=tuple(sent.getlist("banks")),
        words=sent.get("words", ""),
    )
