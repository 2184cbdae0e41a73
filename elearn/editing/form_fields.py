"""What a sent form of a question says. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from elearn.content.course import Difficulty, Shape
from elearn.editing.fields import MAX_ROWS, Fields, Row, one_line
from elearn.errors import NotFound

MAX_HINTS = 20


def read(form: Mapping[str, str]) -> Fields:
    """The fields of a form as typed; empty rows are left out. Raises NotFound for no shape."""
    try:
        shape = Shape(form.get("shape", ""))
    except ValueError:
        raise NotFound from None
    hardness = form.get("difficulty", "")
    return Fields(
        shape=shape,
        title=_line(form, "title"),
        stem=_text(form, "stem"),
        rows=_rows(form),
        answer=_line(form, "answer"),
        points=_line(form, "points") or "1",
        difficulty=hardness if hardness in list(Difficulty) else "",
        competencies=_line(form, "competencies"),
        typos=_line(form, "typos") or "0",
        partial="partial" in form,
        fixed_order="fixed_order" in form,
        void="void" in form,
        id=_line(form, "id"),
        hints=tuple(filter(str.strip, (_text(form, f"hint-{i}") for i in range(MAX_HINTS)))),
        explanation=_text(form, "explanation"),
        low=_line(form, "low"),
        high=_line(form, "high"),
        low_label=_line(form, "low_label"),
        high_label=_line(form, "high_label"),
    )


def _rows(form: Mapping[str, str]) -> tuple[Row, ...]:
    only = form.get("correct", "")
    rows = (
        Row(
            text=_text(form, f"option-{i}"),
            correct=only == str(i) or f"correct-{i}" in form,
            feedback=_text(form, f"feedback-{i}"),
            stays_last=f"stays-{i}" in form,
            percent=_line(form, f"percent-{i}"),
            left=_text(form, f"left-{i}"),
            points=_line(form, f"points-{i}"),
        )
        for i in range(MAX_ROWS)
    )
    return tuple(row for row in rows if row.text or row.left or row.feedback)


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _line(form: Mapping[str, str], name: str) -> str:
    return one_line(form.get(name, ""))
