"""The form of each shape of question: fields from its answer, lines from its fields. Pure.

A shape is one entry in ``SHAPE_FORMS``, or in ``SURVEY_FORMS`` where it has no key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from elearn.content.chips import MAX_POINTS
from elearn.content.course import Shape
from elearn.content.essays import MAX_STEPS
from elearn.content.found import Answer
from elearn.content.keys import FULL_PERCENT, NumberKey, ScaleKey, TextKey
from elearn.content.sections import Role
from elearn.editing.fields import FULL, Fields, Row, one_line

TRUE, FALSE = "Benar", "Salah"
TRUE_WORDS = ("benar", "true", "betul")
PERCENT = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class ShapeForm:
    """One shape: its fields from the answer, its lines from the fields, and an example.

    ``refuse`` gives a stable word for fields that cannot be a question of this shape.
    """

    label: str
    read: Callable[[Answer], dict[str, object]]
    write: Callable[[Fields], list[str]]
    example: Fields
    refuse: Callable[[Fields], str] = lambda _fields: ""


def forms_for(role: Role) -> dict[Shape, ShapeForm]:
    """The shapes a question may have in a quiz, bank or check, or in a survey."""
    return SURVEY_FORMS if role is Role.SURVEY else SHAPE_FORMS


def _hanging(mark: str, text: str, feedback: str = "") -> list[str]:
    """An item of a list with its feedback quoted under it."""
    indent = " " * (2 if mark.startswith("-") else len(mark))
    first, *rest = text.strip().split("\n")
    quoted = [f"{indent}> {row}".rstrip() for row in feedback.split("\n")] if feedback else []
    return [mark + first, *(indent + row if row.strip() else "" for row in rest), *quoted]


# --- choices -----------------------------------------------------------------------------------


def _read_choice(answer: Answer) -> dict[str, object]:
    rows = (
        Row(
            o.text, o.correct, o.feedback, o.stays_last, "" if o.percent is None else f"{o.percent}"
        )
        for o in answer.options
    )
    return {"rows": tuple(rows)}


def _write_choice(fields: Fields) -> list[str]:
    lines: list[str] = []
    for row in fields.rows:
        first, line_end, rest = row.text.strip().partition("\n")
        text = first + _percent(row) + (" `tetap`" if row.stays_last else "") + line_end + rest
        lines += _hanging("- [x] " if row.correct else "- [ ] ", text, row.feedback)
    return lines


def _percent(row: Row) -> str:
    return f" `{row.percent.strip().rstrip('% ')}%`" if row.percent.strip() else ""


def _refuse_percents(rows: Iterable[Row]) -> str:
    for row in rows:
        percent = row.percent.strip().rstrip("% ")
        if percent and not (PERCENT.fullmatch(percent) and int(percent) <= FULL_PERCENT):
            return "bad_percent"
    return ""


def _refuse_choice(fields: Fields) -> str:
    if len(fields.rows) < 2 or not all(row.text.strip() for row in fields.rows):
        return "few_options"
    return _refuse_percents(fields.rows)


def _refuse_single(fields: Fields) -> str:
    one_right = sum(row.correct for row in fields.rows) == 1
    return _refuse_choice(fields) or ("" if one_right else "not_one_right")


def _refuse_multiple(fields: Fields) -> str:
    right = sum(row.correct for row in fields.rows)
    some_right = 2 <= right < len(fields.rows)
    return _refuse_choice(fields) or ("" if some_right else "not_several_right")


def _read_truth(answer: Answer) -> dict[str, object]:
    right = next(option.text for option in answer.options if option.correct)
    rows = tuple(Row(o.text, o.correct, o.feedback) for o in answer.options)
    told = any(row.feedback for row in rows)
    is_true = right.lower() in TRUE_WORDS
    return {"answer": TRUE if is_true else FALSE, "rows": rows if told else ()}


def _write_truth(fields: Fields) -> list[str]:
    """A key line, or the list where one of its two options has feedback."""
    if not any(row.feedback for row in fields.rows):
        return [f"Jawaban: {fields.answer}"]
    is_true = fields.answer == TRUE
    rows = [replace(r, correct=(r.text.lower() in TRUE_WORDS) is is_true) for r in fields.rows]
    return _write_choice(replace(fields, rows=tuple(rows)))


# --- typed answers -----------------------------------------------------------------------------


def _typed(key: TextKey | NumberKey) -> str:
    if isinstance(key, TextKey):
        return " | ".join(text.replace("|", "\\|") for text in key.accepted)
    return key.shown or key.low


def _read_key(answer: Answer) -> dict[str, object]:
    """The first answer stands in a field of its own where it earns everything without a word."""
    if isinstance(answer.key, TextKey | NumberKey):
        return {"answer": _typed(answer.key)}
    rows = [
        Row(_typed(e.key), feedback=e.feedback, percent="" if e.percent == 100 else f"{e.percent}")
        for e in answer.expected
    ]
    if rows and rows[0] == Row(rows[0].text):
        return {"answer": rows[0].text, "rows": tuple(rows[1:])}
    return {"rows": tuple(rows)}


def _write_key(fields: Fields) -> list[str]:
    answer = one_line(fields.answer)
    rows = ([Row(answer)] if answer else []) + list(fields.rows)
    if len(rows) == 1 and rows[0] == Row(answer):
        return [f"Jawaban: {answer}"]
    lines = ["Jawaban:", ""]
    for row in rows:
        percent = "" if row.percent.strip().rstrip("% ") == FULL else _percent(row)
        lines += _hanging("- ", one_line(row.text) + percent, row.feedback)
    return lines


def _refuse_key(fields: Fields) -> str:
    complaint = _refuse_percents(fields.rows)
    if complaint or any(not row.text.strip() for row in fields.rows):
        return complaint or "no_answer"
    full = (row.percent.strip().rstrip("% ") in ("", FULL) for row in fields.rows)
    return "" if fields.answer.strip() or any(full) else "no_answer"


# --- questions with parts ----------------------------------------------------------------------


def _read_pairs(answer: Answer) -> dict[str, object]:
    """The rows as they were written; feedback stands where its right side is first named."""
    found: list[tuple[int, Row]] = []
    told: set[int] = set()
    for prompt in answer.prompts:
        option = answer.options[prompt.option]
        feedback = "" if prompt.option in told else option.feedback
        told.add(prompt.option)
        found.append((prompt.line, Row(option.text, left=prompt.text, feedback=feedback)))
    spare = (option for at, option in enumerate(answer.options) if at not in told)
    found += [(option.line, Row(option.text, feedback=option.feedback)) for option in spare]
    return {"rows": tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))}


def _write_pairs(fields: Fields) -> list[str]:
    lines: list[str] = []
    for row in fields.rows:
        lines += _hanging("- ", f"{row.left.strip()} → {row.text.strip()}".strip(), row.feedback)
    return lines


def _refuse_pairs(fields: Fields) -> str:
    lefts = sum(bool(row.left.strip()) for row in fields.rows)
    whole = all(row.text.strip() for row in fields.rows)
    return "" if lefts >= 2 and whole else "few_pairs"


def _read_steps(answer: Answer) -> dict[str, object]:
    return {"rows": tuple(Row(option.text, feedback=option.feedback) for option in answer.options)}


def _write_steps(fields: Fields) -> list[str]:
    lines: list[str] = []
    for at, row in enumerate(fields.rows, 1):
        lines += _hanging(f"{at}. ", row.text, row.feedback)
    return lines


def _refuse_steps(fields: Fields) -> str:
    texts = [row.text.strip() for row in fields.rows]
    return "" if len(texts) >= 2 and all(texts) else "few_steps"


def _read_rubric(answer: Answer) -> dict[str, object]:
    return {"rows": tuple(Row(c.text, points=f"{c.points}") for c in answer.criteria)}


def _write_rubric(fields: Fields) -> list[str]:
    criteria = [f"> - {one_line(row.text)} `{row.points.strip()} poin`" for row in fields.rows]
    return ["Jawaban: uraian", "", "> Rubrik:", ">", *criteria]


def _refuse_rubric(fields: Fields) -> str:
    points = [row.points.strip() for row in fields.rows]
    whole = all(re.fullmatch(r"[1-9][0-9]{0,2}", each) for each in points)
    if not points or not whole or not all(row.text.strip() for row in fields.rows):
        return "no_criteria"
    return "" if sum(map(int, points)) <= MAX_POINTS else "no_criteria"


# --- surveys -----------------------------------------------------------------------------------


def _read_scale(answer: Answer) -> dict[str, object]:
    key = answer.key
    if not isinstance(key, ScaleKey):
        return {}
    ends = {"low_label": key.low_label, "high_label": key.high_label}
    return {"low": f"{key.low}", "high": f"{key.high}", **ends}


def _write_scale(fields: Fields) -> list[str]:
    words = (one_line(fields.low_label), one_line(fields.high_label))
    ends = f" ({words[0]} … {words[1]})" if any(words) else ""
    return [f"Skala: {fields.low.strip()}..{fields.high.strip()}{ends}"]


def _refuse_scale(fields: Fields) -> str:
    steps = [fields.low.strip(), fields.high.strip()]
    if not all(re.fullmatch(r"[0-9]{1,2}", step) for step in steps):
        return "bad_scale"
    low, high = map(int, steps)
    return "" if low < high < low + MAX_STEPS else "bad_scale"


def _write_boxes(fields: Fields) -> list[str]:
    lines: list[str] = []
    for row in fields.rows:
        lines += _hanging("- [ ] ", row.text)
    return lines


def _rows(*rows: tuple[str, bool]) -> tuple[Row, ...]:
    return tuple(Row(text, correct) for text, correct in rows)


SHAPE_FORMS: dict[Shape, ShapeForm] = {
    Shape.SINGLE: ShapeForm(
        "Pilihan ganda, satu jawaban",
        _read_choice,
        _write_choice,
        Fields(
            Shape.SINGLE,
            "Tulis pertanyaannya di sini?",
            rows=_rows(
                ("Jawaban yang benar", True), ("Pilihan lain", False), ("Pilihan lainnya", False)
            ),
            explanation="Jelaskan mengapa jawaban itu benar.",
        ),
        _refuse_single,
    ),
    Shape.MULTIPLE: ShapeForm(
        "Pilihan ganda, beberapa jawaban",
        _read_choice,
        _write_choice,
        Fields(
            Shape.MULTIPLE,
            "Mana saja yang benar?",
            rows=_rows(
                ("Jawaban benar pertama", True), ("Jawaban benar kedua", True), ("Salah", False)
            ),
            partial=True,
        ),
        _refuse_multiple,
    ),
    Shape.TRUE_FALSE: ShapeForm(
        "Benar atau salah",
        _read_truth,
        _write_truth,
        Fields(Shape.TRUE_FALSE, "Tulis pernyataannya di sini", answer=TRUE),
        lambda fields: "" if fields.answer in (TRUE, FALSE) else "no_answer",
    ),
    Shape.TEXT: ShapeForm(
        "Isian singkat",
        _read_key,
        _write_key,
        Fields(Shape.TEXT, "Apa istilahnya?", answer="jawaban | sinonimnya", typos="1"),
        _refuse_key,
    ),
    Shape.NUMBER: ShapeForm(
        "Isian angka",
        _read_key,
        _write_key,
        Fields(Shape.NUMBER, "Berapa hasilnya?", answer="75 ± 0,5"),
        _refuse_key,
    ),
    Shape.MATCHING: ShapeForm(
        "Menjodohkan",
        _read_pairs,
        _write_pairs,
        Fields(
            Shape.MATCHING,
            "Pasangkan yang sesuai",
            rows=(
                Row("pasangannya", left="Kiri pertama"),
                Row("pasangan kedua", left="Kiri kedua"),
                Row("pengecoh"),
            ),
        ),
        _refuse_pairs,
    ),
    Shape.ORDERING: ShapeForm(
        "Mengurutkan",
        _read_steps,
        _write_steps,
        Fields(
            Shape.ORDERING,
            "Urutkan langkahnya",
            rows=(Row("Langkah pertama"), Row("Langkah kedua"), Row("Langkah ketiga")),
        ),
        _refuse_steps,
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
    ),
    Shape.ESSAY: ShapeForm(
        "Uraian",
        _read_rubric,
        _write_rubric,
        Fields(
            Shape.ESSAY,
            "Jelaskan dengan contoh dari unit kerja Anda",
            rows=(
                Row("Menyebut dasar aturannya", points="2"),
                Row("Memberi contoh yang tepat", points="3"),
            ),
        ),
        _refuse_rubric,
    ),
}
SURVEY_FORMS: dict[Shape, ShapeForm] = {
    Shape.SCALE: ShapeForm(
        "Skala",
        _read_scale,
        _write_scale,
        Fields(
            Shape.SCALE,
            "Kursus ini berguna bagi pekerjaan saya",
            low_label="tidak setuju",
            high_label="sangat setuju",
        ),
        _refuse_scale,
    ),
    Shape.SINGLE: ShapeForm(
        "Pilih satu",
        _read_choice,
        _write_boxes,
        Fields(
            Shape.SINGLE,
            "Di mana Anda mempelajari kursus ini?",
            rows=(Row("Di kantor"), Row("Di rumah")),
        ),
        _refuse_choice,
    ),
    Shape.MULTIPLE: ShapeForm(
        "Pilih beberapa",
        _read_choice,
        _write_boxes,
        Fields(
            Shape.MULTIPLE,
            "Bagian mana saja yang ingin Anda dalami?",
            rows=(Row("Bagian pertama"), Row("Bagian kedua")),
        ),
        _refuse_choice,
    ),
    Shape.ESSAY: ShapeForm(
        "Isian terbuka",
        lambda _answer: {},
        lambda _fields: ["Jawaban: uraian"],
        Fields(Shape.ESSAY, "Apa saran Anda?"),
    ),
}
