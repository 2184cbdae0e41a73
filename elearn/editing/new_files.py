"""What a new course or a new file begins with. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from elearn.content import folders as templates
from elearn.content.building import canonical, slug_of
from elearn.content.course import Category
from elearn.content.moves import lessons, modules
from elearn.content.reader import MAX_SLUG, SLUG, without_number
from elearn.errors import Conflict, Invalid

RESERVED = frozenset({"new"})  # an address of the editor
MAX_TITLE = 120
MAX_SUMMARY = 300
KINDS = ("lesson", "quiz", "survey", "module", "bank")
LESSON = "# {title}\n\nTulis isi pelajaran di sini.\n"
QUIZ = "# {title}\n\n## Kuis: {title}\n\n`lulus 70%` `maks 3 kali`\n"
SURVEY = (
    "# {title}\n\nJawaban Anda tidak memuat nama.\n\n## Survei: {title}\n\n"
    "### Kursus ini berguna bagi pekerjaan saya\n\n"
    "Skala: 1..5 (tidak setuju … sangat setuju)\n"
)
MODULE = "---\njudul: {quoted}\n---\n# {title}\n\nSatu atau dua kalimat pengantar modul.\n"
BANK = "# Bank: {title}\n"


def of_course(title: str, summary: str, slug: str, category: str) -> tuple[str, dict[str, bytes]]:
    """The slug and the first files of a course. Raises Invalid with a stable word."""
    _refuse_title(title)
    slug = slug or slug_of(title, MAX_SLUG)
    if not SLUG.match(slug) or len(slug) > MAX_SLUG or slug in RESERVED:
        raise Invalid("bad_slug", "slug")
    if len(summary) > MAX_SUMMARY:
        raise Invalid("long_summary", "summary")
    known = category if category in list(Category) else templates.DEFAULT_CATEGORY
    summary = " ".join(summary.split()) or templates.DEFAULT_SUMMARY
    texts = templates.template(title, summary, known)
    return slug, {path: text.encode() for path, text in texts.items()}


def _refuse_title(title: str) -> None:
    if not title.strip() or len(title) > MAX_TITLE or not slug_of(title):
        raise Invalid("no_title", "title")


def folders(paths: Sequence[str]) -> list[str]:
    """The module folders of a working copy."""
    tops = {path.split("/")[0] for path in paths if path.endswith(".md") and "/" in path}
    return sorted(tops - {"bank", "assets"})


def of_kind(kind: str, title: str, folder: str, paths: Sequence[str]) -> tuple[str, bytes]:
    """Path and content of a new file, numbered after its siblings.

    Raises Invalid with a stable word, Conflict("exists").
    """
    _refuse_title(title)
    if kind not in KINDS:
        raise Invalid("no_kind", "kind")
    path = _path(kind, slug_of(title), folder, paths)
    if path in paths or is_named(path.removesuffix("/module.md"), paths):
        raise Conflict("exists")
    text = {"module": MODULE, "bank": BANK, "quiz": QUIZ, "survey": SURVEY}.get(kind, LESSON)
    shown = " ".join(title.split())
    return path, text.format(title=shown, quoted=canonical(shown)).encode()


def is_named(path: str, paths: Sequence[str], but: str = "") -> bool:
    """Whether a lesson or module would share its name, numbers aside, with one beside it."""
    folder, _, name = path.rpartition("/")
    beside = lessons(paths, folder) if name.endswith(".md") else modules(paths)
    names = (held.rpartition("/")[2] for held in beside if held != but)
    return without_number(name) in map(without_number, names)


def of_head(folder: str, title: str, paths: Sequence[str]) -> tuple[str, bytes]:
    """Path and content of the file that says the title of a module. Raises Invalid."""
    if folder not in folders(paths):
        raise Invalid("no_folder", "folder")
    text = MODULE.format(title=title, quoted=canonical(title))
    return f"{folder}/module.md", text.encode()


def _path(kind: str, slug: str, folder: str, paths: Sequence[str]) -> str:
    if kind == "bank":
        return f"bank/{slug}.md"
    if kind == "module":
        return f"{_next(folders(paths))}-{slug}/module.md"
    if folder and folder not in folders(paths):
        raise Invalid("no_folder", "folder")
    prefix = f"{folder}/" if folder else ""
    inside = [path[len(prefix) :] for path in paths if path.startswith(prefix)]
    return f"{prefix}{_next([name for name in inside if '/' not in name])}-{slug}.md"


def _next(names: Sequence[str]) -> str:
    """The number after the highest leading number, of two digits."""
    numbers = [int(found[0]) for name in names if (found := re.match(r"\d{1,4}", name))]
    return f"{max(numbers, default=0) + 1:02}"
