"""The form of each shape of question: fields from its answer, lines from its fields. Pure.

A shape is one entry in ``SHAPE_FORMS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from elearn.content.course import Shape
from elearn.content.found import Answer
from elearn.content.keys import NumberKey, TextKey

TRUE, FALSE = "Benar", "Salah"
BLANK_ROWS = 2
MAX_OPTIONS = 20


@dataclass(frozen=True)
class OptionFields:
    """One row of a choice."""

    text: str = ""
    correct: bool = False
    feedback: str = ""
    stays_last: bool = False


@dataclass(frozen=True)
class Fields:
    """What a form of a question holds, as typed."""

    shape: Shape
    title: str
    stem: str = ""
    options: tuple[OptionFields, ...] = ()
    answer: str = ""
    points: int = 1
    difficulty: str = ""
    competencies: str = ""
    typos: int = 0
    partial: bool = False
    fixed_order: bool = False
    void: bool = False
    id: str = ""
    hints: tuple[str, ...] = ()
    explanation: str = ""


@dataclass(frozen=True)
class ShapeForm:
    """One shape: its fields from the answer, its lines from the fields, and an example."""

    label: str
    read: Callable[[Answer], dict[str, object]]
    write: Callable[[Fields], list[str]]
    example: Fields
    has_options: bool = False
    # Where the answer stands in the question's own text, the field of the answer is not asked.
    asks_answer: bool = True


def _read_choice(answer: Answer) -> dict[str, object]:
    rows = (OptionFields(o.text, o.correct, o.feedback, o.stays_last) for o in answer.options)
    return {"options": tuple(rows)}


def _write_choice(fields: Fields) -> list[str]:
    lines: list[str] = []
    for option in fields.options:
        tail = " `tetap`" if option.stays_last else ""
        mark = "- [x] " if option.correct else "- [ ] "
        lines += _hanging(mark, one_paragraph(option.text) + tail)
        lines += [f"  > {row}".rstrip() for row in option.feedback.split("\n") if option.feedback]
    return lines


def _hanging(mark: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [mark + first, *("  " + row for row in rest)]


def one_paragraph(text: str) -> str:
    """A text without the blank lines that would end an option."""
    return "\n".join(row.strip() for row in text.strip().split("\n") if row.strip())


def _read_truth(answer: Answer) -> dict[str, object]:
    right = next(option.text for option in answer.options if option.correct)
    rows = tuple(OptionFields(o.text, o.correct, o.feedback) for o in answer.options)
    told = any(row.feedback for row in rows)
    is_true = right.lower() in ("benar", "true", "betul")
    return {"answer": TRUE if is_true else FALSE, "options": rows if told else ()}


def _write_truth(fields: Fields) -> list[str]:
    """A key line; the list it may have been where its options have feedback."""
    if not fields.options:
        return [f"Jawaban: {fields.answer}"]
    is_true = fields.answer == TRUE
    rows = [replace(o, correct=(o.text.lower() in ("benar", "true")) is is_true)
            for o in fields.options]  # fmt: skip
    return _write_choice(replace(fields, options=tuple(rows)))


def _read_key(answer: Answer) -> dict[str, object]:
    key = answer.key
    if isinstance(key, TextKey):
        return {"answer": " | ".join(key.accepted), "typos": key.typos}
    return {"answer": key.shown or key.low} if isinstance(key, NumberKey) else {}


def _write_key(fields: Fields) -> list[str]:
    return [f"Jawaban: {' '.join(fields.answer.split())}"]


def _lines(text: str) -> list[str]:
    return [" ".join(row.split()) for row in text.split("\n") if row.strip()]


def _read_pairs(answer: Answer) -> dict[str, object]:
    pairs = [f"{p.text} → {answer.options[p.option].text}" for p in answer.prompts]
    used = {prompt.option for prompt in answer.prompts}
    spare = [f"→ {o.text}" for i, o in enumerate(answer.options) if i not in used]
    return {"answer": "\n".join(pairs + spare)}


def _write_pairs(fields: Fields) -> list[str]:
    return [f"- {line}" for line in _lines(fields.answer)]


def _read_steps(answer: Answer) -> dict[str, object]:
    return {"answer": "\n".join(option.text for option in answer.options)}


def _write_steps(fields: Fields) -> list[str]:
    return [f"{i}. {line}" for i, line in enumerate(_lines(fields.answer), 1)]


def _read_rubric(answer: Answer) -> dict[str, object]:
    return {"answer": "\n".join(f"{c.text} = {c.points}" for c in answer.criteria)}


def _write_rubric(fields: Fields) -> list[str]:
    """One criterion on a line, its points behind the last sign of equality."""
    rows = [re.match(r"(.*?)\s*=\s*(\d{1,3})\s*(?:poin)?$", line) for line in _lines(fields.answer)]
    criteria = [f"> - {row[1]} `{row[2]} poin`" for row in rows if row]
    complete = len(criteria) == len(rows)
    return ["Jawaban: uraian", "", "> Rubrik:", ">", *(criteria if complete else [])]


def _options(*rows: tuple[str, bool]) -> tuple[OptionFields, ...]:
    return tuple(OptionFields(text, correct) for text, correct in rows)


SHAPE_FORMS: dict[Shape, ShapeForm] = {
    Shape.SINGLE: ShapeForm(
        "Pilihan ganda, satu jawaban",
        _read_choice,
        _write_choice,
        Fields(
            Shape.SINGLE,
            "Tulis pertanyaannya di sini?",
            options=_options(
                ("Jawaban yang benar", True), ("Pilihan lain", False), ("Pilihan lainnya", False)
            ),
            explanation="Jelaskan mengapa jawaban itu benar.",
        ),
        has_options=True,
    ),
    Shape.MULTIPLE: ShapeForm(
        "Pilihan ganda, beberapa jawaban",
        _read_choice,
        _write_choice,
        Fields(
            Shape.MULTIPLE,
            "Mana saja yang benar?",
            options=_options(
                ("Jawaban benar pertama", True), ("Jawaban benar kedua", True), ("Salah", False)
            ),
            partial=True,
        ),
        has_options=True,
    ),
    Shape.TRUE_FALSE: ShapeForm(
        "Benar atau salah",
        _read_truth,
        _write_truth,
        Fields(Shape.TRUE_FALSE, "Tulis pernyataannya di sini", answer=TRUE),
    ),
    Shape.TEXT: ShapeForm(
        "Isian singkat",
        _read_key,
        _write_key,
        Fields(Shape.TEXT, "Apa istilahnya?", answer="jawaban | sinonimnya", typos=1),
    ),
    Shape.NUMBER: ShapeForm(
        "Isian angka",
        _read_key,
        _write_key,
        Fields(Shape.NUMBER, "Berapa hasilnya?", answer="75 ± 0,5"),
    ),
    Shape.MATCHING: ShapeForm(
        "Menjodohkan",
        _read_pairs,
        _write_pairs,
        Fields(
            Shape.MATCHING,
            "Pasangkan yang sesuai",
            answer="Kiri pertama → pasangannya\nKiri kedua → pasangan kedua\n→ pengecoh",
        ),
    ),
    Shape.ORDERING: ShapeForm(
        "Mengurutkan",
        _read_steps,
        _write_steps,
        Fields(
            Shape.ORDERING,
            "Urutkan langkahnya",
            answer="Langkah pertama\nLangkah kedua\nLangkah ketiga",
        ),
    ),
    Shape.CLOZE: ShapeForm(
        "Isian rumpang",
        lambda _answer: {},
        lambda _fields: [],
        Fields(
            Shape.CLOZE,
            "Lengkapi kalimat berikut",
            stem="Satu JP setara [[45]] menit. Aduan yang bukan kewenangan unit "
            "[[ (diteruskan) | dihapus ]] ke unit yang tepat.",
        ),
        asks_answer=False,
    ),
    Shape.ESSAY: ShapeForm(
        "Uraian",
        _read_rubric,
        _write_rubric,
        Fields(
            Shape.ESSAY,
            "Jelaskan dengan contoh dari unit kerja Anda",
            answer="Menyebut dasar aturannya = 2\nMemberi contoh yang tepat = 3",
        ),
    ),
}
