"""The form of each shape of question: fields from its answer, lines from its fields. Pure.

A shape is one entry in ``SHAPE_FORMS``, or in ``SURVEY_FORMS`` where it has no key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from elearn.content.course import Shape
from elearn.content.found import Answer
from elearn.content.sections import Role
from elearn.editing.fields import Fields, Row
from elearn.editing.shape_lines import (
    FALSE,
    TRUE,
    read_choice,
    read_key,
    read_pairs,
    read_rubric,
    read_scale,
    read_steps,
    read_truth,
    refuse_choice,
    refuse_key,
    refuse_multiple,
    refuse_pairs,
    refuse_rubric,
    refuse_scale,
    refuse_single,
    refuse_steps,
    write_boxes,
    write_choice,
    write_key,
    write_pairs,
    write_rubric,
    write_scale,
    write_steps,
    write_truth,
)


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


def _rows(*rows: tuple[str, bool]) -> tuple[Row, ...]:
    return tuple(Row(text, correct) for text, correct in rows)


SHAPE_FORMS: dict[Shape, ShapeForm] = {
    Shape.SINGLE: ShapeForm(
        "Pilihan ganda, satu jawaban",
        read_choice,
        write_choice,
        Fields(
            Shape.SINGLE,
            "Tulis pertanyaannya di sini?",
            rows=_rows(
                ("Jawaban yang benar", True), ("Pilihan lain", False), ("Pilihan lainnya", False)
            ),
            explanation="Jelaskan mengapa jawaban itu benar.",
        ),
        refuse_single,
    ),
    Shape.MULTIPLE: ShapeForm(
        "Pilihan ganda, beberapa jawaban",
        read_choice,
        write_choice,
        Fields(
            Shape.MULTIPLE,
            "Mana saja yang benar?",
            rows=_rows(
                ("Jawaban benar pertama", True), ("Jawaban benar kedua", True), ("Salah", False)
            ),
            partial=True,
        ),
        refuse_multiple,
    ),
    Shape.TRUE_FALSE: ShapeForm(
        "Benar atau salah",
        read_truth,
        write_truth,
        Fields(Shape.TRUE_FALSE, "Tulis pernyataannya di sini", answer=TRUE),
        lambda fields: "" if fields.answer in (TRUE, FALSE) else "no_answer",
    ),
    Shape.TEXT: ShapeForm(
        "Isian singkat",
        read_key,
        write_key,
        Fields(Shape.TEXT, "Apa istilahnya?", answer="jawaban | sinonimnya", typos="1"),
        refuse_key,
    ),
    Shape.NUMBER: ShapeForm(
        "Isian angka",
        read_key,
        write_key,
        Fields(Shape.NUMBER, "Berapa hasilnya?", answer="75 ± 0,5"),
        refuse_key,
    ),
    Shape.MATCHING: ShapeForm(
        "Menjodohkan",
        read_pairs,
        write_pairs,
        Fields(
            Shape.MATCHING,
            "Pasangkan yang sesuai",
            rows=(
                Row("pasangannya", left="Kiri pertama"),
                Row("pasangan kedua", left="Kiri kedua"),
                Row("pengecoh"),
            ),
        ),
        refuse_pairs,
    ),
    Shape.ORDERING: ShapeForm(
        "Mengurutkan",
        read_steps,
        write_steps,
        Fields(
            Shape.ORDERING,
            "Urutkan langkahnya",
            rows=(Row("Langkah pertama"), Row("Langkah kedua"), Row("Langkah ketiga")),
        ),
        refuse_steps,
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
        read_rubric,
        write_rubric,
        Fields(
            Shape.ESSAY,
            "Jelaskan dengan contoh dari unit kerja Anda",
            rows=(
                Row("Menyebut dasar aturannya", points="2"),
                Row("Memberi contoh yang tepat", points="3"),
            ),
        ),
        refuse_rubric,
    ),
}
SURVEY_FORMS: dict[Shape, ShapeForm] = {
    Shape.SCALE: ShapeForm(
        "Skala",
        read_scale,
        write_scale,
        Fields(
            Shape.SCALE,
            "Kursus ini berguna bagi pekerjaan saya",
            low_label="tidak setuju",
            high_label="sangat setuju",
        ),
        refuse_scale,
    ),
    Shape.SINGLE: ShapeForm(
        "Pilih satu",
        read_choice,
        write_boxes,
        Fields(
            Shape.SINGLE,
            "Di mana Anda mempelajari kursus ini?",
            rows=(Row("Di kantor"), Row("Di rumah")),
        ),
        refuse_choice,
    ),
    Shape.MULTIPLE: ShapeForm(
        "Pilih beberapa",
        read_choice,
        write_boxes,
        Fields(
            Shape.MULTIPLE,
            "Bagian mana saja yang ingin Anda dalami?",
            rows=(Row("Bagian pertama"), Row("Bagian kedua")),
        ),
        refuse_choice,
    ),
    Shape.ESSAY: ShapeForm(
        "Isian terbuka",
        lambda _answer: {},
        lambda _fields: ["Jawaban: uraian"],
        Fields(Shape.ESSAY, "Apa saran Anda?"),
    ),
}
