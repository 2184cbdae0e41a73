"""New parts of a file: text, a pool that draws from banks, a reflection. Pure."""

from __future__ import annotations

from dataclasses import replace

from elearn.content.drafts import File
from elearn.content.heads import Head
from elearn.content.lines import inserted, removed
from elearn.content.sections import Role
from elearn.editing import form_edits, pages
from elearn.editing.head_fields import HeadFields
from elearn.editing.head_forms import frame_of
from elearn.errors import Invalid, NotFound

TEXT = "## {title}\n\nTulis isinya di sini."
REFLECTION = (
    "## Refleksi: {title}\n\n`min 50 kata`\n\n"
    "Tulis satu hal yang akan Anda lakukan berbeda, dan bagaimana Anda tahu bahwa itu berhasil."
)
POOL = "{marks} Kelompok: {title}\n\n`ambil 1`"
MAX_TITLE = 200


def with_part(file: File, kind: str, title: str) -> bytes:
    """The file with a stretch of text or a reflection at its end. Raises NotFound, Invalid."""
    patterns = {"text": TEXT, "reflection": REFLECTION}
    if kind not in patterns:
        raise NotFound
    title = _title(title)
    text = form_edits.raw(file.content)
    line = len(text.rstrip().splitlines())
    changed = inserted(text, line, patterns[kind].format(title=title))
    before, after = frame_of(file.path, text), frame_of(file.path, changed)
    added = len(form_edits.heads(_with(file, changed))) - len(form_edits.heads(file))
    if before[2] != after[2] or added != (kind == "reflection"):
        raise Invalid("reads_otherwise", "title")
    return form_edits.marked(file.content, changed)


def _with(file: File, text: str) -> File:
    return replace(file, content=form_edits.marked(file.content, text))


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE or ":" in title:
        raise Invalid("no_part_title", "title")
    return title


def with_pool(file: File, quiz: int, title: str, bank: str, banks: dict[str, str]) -> bytes:
    """The file with a pool in a quiz that draws a question of a bank. Raises NotFound, Invalid."""
    heads = form_edits.heads(file)
    if quiz >= len(heads) or heads[quiz].role is not Role.QUIZ or bank not in banks:
        raise NotFound
    head = heads[quiz]
    block = POOL.format(marks="#" * (head.level + 1), title=_title(title))
    text = inserted(form_edits.raw(file.content), head.last, block)
    grown = _with(file, text)
    at = _index_after(form_edits.heads(grown), head)
    fields = HeadFields(Role.POOL, _title(title), draw="1", banks=(bank,))
    return pages.with_head(grown, at, fields, banks)


def _index_after(heads: list[Head], quiz: Head) -> int:
    """The new pool: the last head of its quiz."""
    inside = [at for at, head in enumerate(heads) if quiz.start < head.start <= quiz.last + 2]
    if not inside:
        raise Invalid("reads_otherwise", "title")
    return inside[-1]


def without_head(file: File, at: int) -> bytes:
    """The file without a quiz, pool, survey or reflection and all that stands in it."""
    heads = form_edits.heads(file)
    if at >= len(heads) or heads[at].role is Role.BANK:
        raise NotFound
    text = form_edits.raw(file.content)
    return form_edits.marked(file.content, removed(text, heads[at].start, heads[at].last))
