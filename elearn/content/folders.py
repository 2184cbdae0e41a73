"""What an author does with a folder: check it, give its questions their ids, begin a new one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from elearn.content.building import default_id
from elearn.content.chips import Name, Place, take_chips
from elearn.content.compiler import BANK_FOLDER, Compiled, compile_course
from elearn.content.frontmatter import split as split_matter
from elearn.content.lessons import open_document
from elearn.content.problems import FileReport, Report
from elearn.content.questions import Heading, read_question
from elearn.content.quizzes import groups_of
from elearn.content.reader import SLUG, read_folder
from elearn.content.sections import Role, Section, clean_title, role_of, split, take_title
from elearn.content.settings import Known
from elearn.content.structure import Block, Kind
from elearn.errors import Invalid

TEMPLATE: dict[str, str] = {
    "course.md": """---
judul: {title}
ringkasan: Tulis satu atau dua kalimat untuk katalog.
kategori: pelayanan
jp: 1
jenis: 16
kompetensi: {{M.05: 1}}
selesai: [materi 100%, kuis semua lulus]
---
# {title}

Tulis untuk siapa kursus ini dan apa yang dapat dilakukan peserta setelahnya.
""",
    "01-memulai/module.md": """---
judul: Memulai
---
# Memulai

Satu atau dua kalimat pengantar modul.
""",
    "01-memulai/01-pengantar.md": """# Pengantar

Tulis isi pelajaran di sini.

## Bagian pertama

> [!PENTING]
> Satu hal yang perlu diingat.

### Cek pemahaman: isi pelajaran boleh memuat gambar dari folder assets

`#cek-gambar`

- [x] Benar
- [ ] Salah

> Gambar disimpan di folder assets lalu ditautkan.
""",
    "01-memulai/02-kuis.md": """# Kuis

## Kuis: Memulai

`lulus 70%` `maks 3 kali` `acak soal`

### Kelompok: dari bank dasar

`ambil 2`

[Bank dasar](../bank/dasar.md)
""",
    "bank/dasar.md": """# Bank: Dasar

## Tanda mana yang menandai jawaban benar?

`#tanda-benar` `1 poin` `@M.05:1` `mudah`

> Petunjuk: lihat contoh pada pelajaran.

- [ ] Kurung kosong
  > Kurung kosong berarti bukan jawaban.
- [x] Kurung berisi x
- [ ] Tanda bintang

> Kurung berisi x menandai jawaban yang benar.

## Berapa menit dalam satu JP?

`#menit-jp` `1 poin` `@M.05:1` `mudah`

Jawaban: 45 menit

> Satu JP setara 45 menit.
""",
}


@dataclass(frozen=True)
class _Place:
    """A question in a file: where its heading ends, and what names it."""

    heading_end: int
    chips_line: int
    has_id: bool
    default: str


def check_folder(path: Path, known: Known) -> Compiled:
    """Read and compile a course folder."""
    return compile_course(read_folder(path), known)


def new_course(path: Path) -> list[Path]:
    """Write a small course to begin from; an existing folder is left alone.

    Raises FileExistsError, and Invalid for a name that cannot be an address.
    """
    slug = path.resolve().name
    if not SLUG.match(slug):
        raise Invalid("bad_slug")
    if path.exists():
        raise FileExistsError(path)
    title = slug.replace("-", " ").capitalize()
    written = []
    for name, text in TEMPLATE.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(title=title) if name == "course.md" else text, "utf-8")
        written.append(file)
    (path / "assets").mkdir()
    return written


def fix_ids(path: Path) -> int:
    """Write an id under every question that has none. Returns how many were written."""
    source = read_folder(path)
    texts = {
        name: file.text
        for name, file in source.files.items()
        if name.endswith(".md") and os.access(path / name, os.W_OK)
    }
    places = {name: list(_places(name, text)) for name, text in texts.items()}
    taken = {place.default for found in places.values() for place in found if place.has_id}
    written = 0
    for name, found in places.items():
        missing = [place for place in found if not place.has_id]
        if missing:
            ids = [_free(place.default, taken) for place in missing]
            _write(path / name, missing, ids)
            written += len(ids)
    return written


def _free(wanted: str, taken: set[str]) -> str:
    """The wanted id, or the next one like it that is free; it is taken from then on."""
    identity, count = wanted, 1
    while identity in taken:
        count += 1
        identity = f"{wanted}-{count}"
    taken.add(identity)
    return identity


def _places(name: str, text: str) -> Iterator[_Place]:
    report = FileReport(Report(), name)
    _, body, _ = split_matter(text)
    blocks = open_document(body, report).blocks
    if name.startswith(BANK_FOLDER + "/"):
        _, groups = groups_of(blocks)
        for group in groups[1:]:
            yield _place(group.heading, group.blocks, clean_title(group.heading.title))
        return
    headings = {block.start: block for block in blocks if block.kind is Kind.HEADING}
    for section in split(take_title(blocks)[1]):
        yield from _in_section(section, headings)


def _in_section(section: Section, headings: dict[int, Block]) -> Iterator[_Place]:
    if section.role is Role.CHECK and section.blocks:
        yield _place(headings[section.line], list(section.blocks), section.title)
    elif section.role is Role.QUIZ:
        _, groups = groups_of(section.blocks)
        for group in groups:
            role, title = role_of(group.heading)
            if role is Role.TEXT:
                yield _place(group.heading, group.blocks, title)


def _place(heading: Block, blocks: list[Block], title: str) -> _Place:
    silent = FileReport(Report(), "")
    chips, rest = take_chips(blocks, Place.QUESTION, (), silent)
    draft = read_question(Heading(title, heading.start), chips, rest, "id", silent)
    written = chips.get(Name.ID)
    stem = draft.stem if draft else ""
    return _Place(heading.end, chips.line, bool(written), written or default_id(title, stem))


def _write(path: Path, places: list[_Place], ids: list[str]) -> None:
    """Add the chips from the last line to the first, so that line numbers stay true."""
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    end = "\r\n" if "\r\n" in text else "\n"
    lines = re.split(r"\r\n|\r|\n", text)
    for place, identity in reversed(list(zip(places, ids, strict=True))):
        chip = f"`#{identity}`"
        if place.chips_line:
            lines[place.chips_line - 1] = f"{chip} {lines[place.chips_line - 1].lstrip()}"
        else:
            lines[place.heading_end : place.heading_end] = ["", chip]
    waiting = path.with_name(path.name + ".baru")
    with waiting.open("w", encoding="utf-8", newline="") as file:
        file.write(end.join(lines))
    os.replace(waiting, path)
