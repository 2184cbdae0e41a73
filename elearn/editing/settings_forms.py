"""The settings of a course, module or lesson as a form; only what was changed is written. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from elearn.content.compiler import COURSE_FILE
from elearn.content.frontmatter import NO, YES, FrontMatter
from elearn.content.lessons import MAX_SET_MINUTES
from elearn.content.matter_edits import listed, paired, scalar, settings_of, with_settings
from elearn.content.reader import SLUG
from elearn.content.settings import (
    CATEGORIES,
    CORE_VALUES,
    DEFAULT_KIND,
    LANGUAGES,
    MAX_JP,
    MAX_KIND,
    MAX_LEVEL,
    MAX_SUMMARY,
    MAX_VALID_MONTHS,
    rule_words,
)
from elearn.editing.fields import one_line
from elearn.editing.text_forms import schema_of
from elearn.errors import Invalid

Typed = tuple[str, ...]  # one text, or several; pairs as "code:level"
DRAWN = re.compile(r"\S+ (?:ambil|draw) [1-9][0-9]{0,2}", re.IGNORECASE)
DEFAULT_COMPLETION = ("materi 100%", "kuis semua lulus")


@dataclass(frozen=True)
class Setting:
    """One key: what a form shows of it, how it is written, and the word for what is amiss."""

    read: Callable[[FrontMatter], Typed]
    write: Callable[[Typed], str]
    refuse: Callable[[Typed], str] = lambda _typed: ""


def _raw(matter: FrontMatter, key: str) -> str:
    """A value as it was written, whether or not it makes sense."""
    node = matter.entries[key].node if matter.has(key) else None
    value = getattr(node, "value", "")
    return one_line(value) if isinstance(value, str) else ""


def _text(key: str, limit: int, default: str = "") -> Setting:
    def refuse(typed: Typed) -> str:
        return "long_text" if len(typed[0]) > limit else ""

    return Setting(lambda m: (_raw(m, key) or default,), lambda t: _scalar(t[0]), refuse)


def _scalar(text: str) -> str:
    return scalar(one_line(text)) if text.strip() else ""


def _whole(key: str, high: int, default: str = "", *, required: bool = False) -> Setting:
    def refuse(typed: Typed) -> str:
        text = typed[0].strip()
        if not text:
            return f"bad_{key}" if required else ""
        return "" if re.fullmatch(r"[0-9]{1,4}", text) and 1 <= int(text) <= high else f"bad_{key}"

    return Setting(lambda m: (_raw(m, key) or default,), lambda t: t[0].strip(), refuse)


def _one_of(key: str, meanings: Mapping[str, str], default: str = "") -> Setting:
    def read(matter: FrontMatter) -> Typed:
        written = _raw(matter, key)
        return (meanings.get("-".join(written.lower().split()), written) or default,)

    def refuse(typed: Typed) -> str:
        return "" if typed[0] in meanings.values() else f"bad_{key}"

    return Setting(read, lambda t: t[0], refuse)


def _words(key: str, meaning: Callable[[str], str] = str, default: Typed = ()) -> Setting:
    def read(matter: FrontMatter) -> Typed:
        values = [meaning(value.text) for value in matter.words(key, "")]
        return tuple(dict.fromkeys(values)) or default

    return Setting(read, listed)


def _core_value(text: str) -> str:
    word = "-".join(text.lower().split())
    return CORE_VALUES.get(word, text)


def _completion() -> Setting:
    setting = _words("selesai", rule_words, DEFAULT_COMPLETION)
    return Setting(setting.read, setting.write, lambda t: "" if t else "no_completion")


def _competencies() -> Setting:
    def read(matter: FrontMatter) -> Typed:
        pairs = matter.pairs("kompetensi", "")
        return tuple(f"{code.text.upper()}:{level.text}" for code, level in pairs)

    def write(typed: Typed) -> str:
        return paired(tuple(pair.split(":", 1)) for pair in typed)  # type: ignore[misc]  # two parts

    def refuse(typed: Typed) -> str:
        codes = [pair.split(":")[0] for pair in typed]
        level = re.compile(rf"[A-Z0-9._-]+:[1-{MAX_LEVEL}]")
        sound = all(level.fullmatch(pair) for pair in typed)
        return "" if typed and sound and len(set(codes)) == len(codes) else "bad_kompetensi"

    return Setting(read, write, refuse)


def _required() -> Setting:
    def read(matter: FrontMatter) -> Typed:
        word = _raw(matter, "wajib").lower()
        return ("tidak" if word in NO else "ya" if word in (*YES, "") else word,)

    return Setting(read, lambda t: "" if t[0] == "ya" else "tidak")


def _slugs(key: str) -> Setting:
    def refuse(typed: Typed) -> str:
        parts = [part for word in typed for part in word.split("/")]
        return "" if all(SLUG.match(part) for part in parts) else "bad_slug"

    return Setting(_words(key).read, listed, refuse)


def _pretest() -> Setting:
    def refuse(typed: Typed) -> str:
        return "" if all(DRAWN.fullmatch(part) for part in typed) else "bad_uji-awal"

    return Setting(_words("uji-awal", one_line).read, listed, refuse)


COURSE: Mapping[str, Setting] = {
    "ringkasan": _text("ringkasan", MAX_SUMMARY),
    "kategori": _one_of("kategori", CATEGORIES),
    "jp": _whole("jp", MAX_JP, required=True),
    "jenis": _whole("jenis", MAX_KIND, str(DEFAULT_KIND)),
    "kompetensi": _competencies(),
    "berakhlak": _words("berakhlak", _core_value),
    "sasaran": _words("sasaran", lambda text: text.lower().replace("-", "_")),
    "prasyarat": _words("prasyarat"),
    "selesai": _completion(),
    "penyelenggara": _text("penyelenggara", 200),
    "berlaku": _whole("berlaku", MAX_VALID_MONTHS),
    "bahasa": _one_of("bahasa", LANGUAGES, "id"),
    "uji-awal": _pretest(),
}
LESSON: Mapping[str, Setting] = {
    "menit": _whole("menit", MAX_SET_MINUTES),
    "wajib": _required(),
    "slug-lama": _slugs("slug-lama"),
}
MODULE: Mapping[str, Setting] = {"slug-lama": _slugs("slug-lama")}


def settings_for(path: str) -> Mapping[str, Setting]:
    """The settings that the form of a file shows."""
    if path == COURSE_FILE:
        return COURSE
    if path.startswith("bank/"):
        return {}
    return MODULE if path.endswith("/module.md") else LESSON


def shown(path: str, text: str) -> dict[str, Typed] | None:
    """What the form of a file shows; None where its settings cannot be read."""
    matter = settings_of(text, schema_of(path))
    if matter is None:
        return None
    return {name: setting.read(matter) for name, setting in settings_for(path).items()}


def with_typed(path: str, text: str, typed: Mapping[str, Typed]) -> str:
    """The file with the settings that were changed. Raises Invalid with a stable word."""
    before = shown(path, text)
    if before is None:
        raise Invalid("settings_unreadable")
    known = settings_for(path)
    changes: dict[str, str] = {}
    for name, value in typed.items():
        value = in_order(before[name], value)
        if value == before[name]:
            continue
        complaint = known[name].refuse(value)
        if complaint:
            raise Invalid(complaint, name)
        changes[name] = known[name].write(value)
    return with_settings(text, schema_of(path), changes)


def in_order(before: Sequence[str], typed: Sequence[str]) -> Typed:
    """What was typed, in the order in which its kind stood before."""
    waiting = {_kind(word): word for word in typed}
    kept = [waiting.pop(_kind(word)) for word in before if _kind(word) in waiting]
    return (*kept, *waiting.values())


def _kind(word: str) -> str:
    """What stays when a level or a percent changes."""
    if re.fullmatch(r"materi \S+%", word):
        return "materi"
    return word.partition(" ambil ")[0] if " ambil " in word else word.partition(":")[0]
