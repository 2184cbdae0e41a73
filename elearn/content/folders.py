"""What an author does with a folder: check it, give its questions their ids, begin a new one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from elearn.content.compiler import Compiled, compile_course
from elearn.content.places import QuestionPlace, with_ids, write_ids
from elearn.content.reader import SLUG, read_folder
from elearn.content.settings import Known
from elearn.errors import Invalid

DEFAULT_SUMMARY = "Tulis satu atau dua kalimat untuk katalog."
DEFAULT_CATEGORY = "pelayanan"
TEMPLATE: dict[str, str] = {
    "course.md": """---
judul: {quoted}
ringkasan: {summary}
kategori: {category}
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
    "01-memulai/01-pengantar.md": """---
menit: 45
---
# Pengantar

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


def check_folder(path: Path, known: Known) -> Compiled:
    """Read and compile a course folder."""
    return compile_course(read_folder(path), known)


def template(
    title: str, summary: str = DEFAULT_SUMMARY, category: str = DEFAULT_CATEGORY
) -> dict[str, str]:
    """The texts of a course to begin from, by path; it compiles as it is."""
    shown = " ".join(title.split())
    head = TEMPLATE["course.md"].format(
        title=shown, quoted=_quoted(shown), summary=_quoted(summary), category=category
    )
    return {**TEMPLATE, "course.md": head}


def _quoted(text: str) -> str:
    """A text as YAML reads it back; plain words stay plain."""
    plain = re.fullmatch(r"[A-Za-z][\w .,()/]*", text)
    return text if plain and not text.endswith(" ") else json.dumps(text, ensure_ascii=False)


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
    for name, text in template(title).items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
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
    fixed = with_ids(texts)
    for name, named in fixed.items():
        if named:
            _write(path / name, named)
    return sum(len(named) for named in fixed.values())


def _write(path: Path, named: Sequence[tuple[QuestionPlace, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    waiting = path.with_name(path.name + ".baru")
    with waiting.open("w", encoding="utf-8", newline="") as file:
        file.write(write_ids(text, named))
    os.replace(waiting, path)
