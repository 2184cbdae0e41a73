"""New names of files: the order they give, and the links that follow."""

from __future__ import annotations

import pytest

from elearn.arranging import renaming
from elearn.content import moves
from elearn.content.compiler import Known, compile_course
from elearn.content.reader import Source
from tests.content.sources import HEAD, LESSON

PATHS = [
    "course.md", "01-a/module.md", "01-a/01-satu.md", "01-a/02-dua.md", "01-a/3-tiga.md",
    "02-b/kuis.md", "02-b/01-lagi.md", "bank/x.md", "assets/a.svg",
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "steps", "expected"),
    [
        ("01-a/02-dua.md", -1, {"01-a/02-dua.md": "01-a/01-dua.md",
                                "01-a/01-satu.md": "01-a/02-satu.md"}),
        ("01-a/02-dua.md", 1, {"01-a/02-dua.md": "01-a/3-dua.md",
                               "01-a/3-tiga.md": "01-a/02-tiga.md"}),
        ("01-a/01-satu.md", -1, {}),
        ("01-a/3-tiga.md", 1, {}),
        ("02-b/kuis.md", -1, {"02-b/kuis.md": "02-b/01-kuis.md",
                              "02-b/01-lagi.md": "02-b/02-lagi.md"}),
        ("02-b", -1, {"02-b/kuis.md": "01-b/kuis.md", "02-b/01-lagi.md": "01-b/01-lagi.md",
                      "01-a/module.md": "02-a/module.md", "01-a/01-satu.md": "02-a/01-satu.md",
                      "01-a/02-dua.md": "02-a/02-dua.md", "01-a/3-tiga.md": "02-a/3-tiga.md"}),
        ("course.md", 1, {}),
        ("bank/x.md", 1, {}),
        ("tidak/ada.md", 1, {}),
    ],
)  # fmt: skip
def test_a_step_gives_few_new_names(path: str, steps: int, expected: dict[str, str]) -> None:
    found = moves.reordered(PATHS, path, steps)
    assert found == expected


LINKED = """# Satu

Ke [dua](02-dua.md#bagian), [bank](../bank/x.md), [luar](https://x.id/02-dua.md) dan
![gambar](<../assets/a.svg> "Judul"). Lihat [rujukan][r], `[kode](02-dua.md)`.

```
[contoh](02-dua.md)
```

[r]: 02-dua.md
"""


def test_links_follow_and_all_else_stays() -> None:
    contents = dict.fromkeys(PATHS, b"") | {"01-a/01-satu.md": LINKED.encode()}
    spread = {"01-a/02-dua.md": "02-b/02-baru.md"}
    text = moves.mended(contents, spread)["01-a/01-satu.md"].decode()
    assert text == LINKED.replace("(02-dua.md#b", "(../02-b/02-baru.md#b").replace(
        "[r]: 02-dua.md", "[r]: ../02-b/02-baru.md"
    ).replace("`[kode](02-dua.md)`", "`[kode](../02-b/02-baru.md)`")
    moved = moves.mended(contents, moves.spread(PATHS, {"01-a/01-satu.md": "02-b/09-satu.md"}))
    assert "(../01-a/02-dua.md#bagian), [bank](../bank/x.md)" in moved["02-b/09-satu.md"].decode()
    assert moves.mended(contents, moves.spread(PATHS, {"01-a": "05-a"})) == {}


def test_the_bank_of_a_pretest_is_named_by_its_path() -> None:
    head = "---\njudul: A\nuji-awal: bank/x.md ambil 8, bank/xx.md ambil 2\n---\nbank/x.md\n"
    contents = {"course.md": head.encode(), "bank/x.md": b"", "bank/xx.md": b""}
    changed = moves.mended(contents, {"bank/x.md": "bank/y.md"})["course.md"].decode()
    assert changed == head.replace("uji-awal: bank/x.md", "uji-awal: bank/y.md")
    assert moves.mentions({"course.md": changed.encode()}, {"bank/x.md": "bank/y.md"}) == [
        "course.md"
    ]


def test_what_leads_to_a_file_is_found_by_line() -> None:
    contents = {"01-a/01-satu.md": LINKED.encode(), "01-a/02-dua.md": b"# Dua\n"}
    assert [(link.path, link.line) for link in moves.links_to(contents, ["01-a/02-dua.md"])] == [
        ("01-a/01-satu.md", 3), ("01-a/01-satu.md", 4), ("01-a/01-satu.md", 10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("Nama Baru!", "01-a/01-nama-baru.md"), ("x", "01-a/01-x.md")],
)
def test_a_name_keeps_its_number_and_ending(typed: str, expected: str) -> None:
    assert renaming.renamed("01-a/01-satu.md", typed) == expected


TWO = {"course.md": HEAD, "01-a/01-satu.md": LESSON, "01-a/02-dua.md": LESSON}


@pytest.mark.parametrize(
    ("old", "new", "lesson", "former"),
    [
        ("01-a/01-satu.md", "01-a/01-baru.md", "a/baru", ("a/satu",)),
        ("01-a", "01-b", "b/satu", ("a/satu",)),
        ("01-a/01-satu.md", "02-b/01-satu.md", "b/satu", ("a/satu",)),
    ],
)
def test_a_renamed_lesson_is_still_the_one_it_was(
    old: str, new: str, lesson: str, former: tuple[str, ...]
) -> None:
    contents = {path: text.encode() for path, text in TWO.items()}
    spread = moves.spread(list(contents), {old: new})
    after = {spread.get(path, path): content for path, content in contents.items()}
    after |= renaming.with_old_names(after, old, new)
    done = compile_course(Source.from_texts("kursus", after), Known(frozenset({"M.05"})))
    assert done.partial is not None
    found = {le.key: le.old_keys for le in done.partial.lessons}
    assert found[lesson] == former
    assert not [p for p in done.problems if "slug-lama" in p.message]


def test_a_name_that_comes_back_is_no_former_one() -> None:
    contents = {"01-a/01-baru.md": b"---\nslug-lama: [satu]\n---\n# A\n"}
    back = {"01-a/01-satu.md": contents["01-a/01-baru.md"]}
    written = renaming.with_old_names(back, "01-a/01-baru.md", "01-a/01-satu.md")
    assert written == {"01-a/01-satu.md": b"---\nslug-lama: [baru]\n---\n# A\n"}
