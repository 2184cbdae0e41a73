"""What a sent form of a question says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from elearn.content.chips import MAX_POINTS
from elearn.content.course import Difficulty, Shape
from elearn.editing.shape_forms import MAX_OPTIONS, Fields, OptionFields
from elearn.errors import NotFound

MAX_TYPOS = 3


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
        options=_options(form),
        answer=_text(form, "answer"),
        points=_whole(form, "points", MAX_POINTS) or 1,
        difficulty=hardness if hardness in list(Difficulty) else "",
        competencies=_line(form, "competencies"),
        typos=_whole(form, "typos", MAX_TYPOS),
        partial="partial" in form,
        fixed_order="fixed_order" in form,
        void="void" in form,
        id=_line(form, "id"),
        hints=tuple(h.strip() for h in re.split(r"\n{2,}", _text(form, "hints")) if h.strip()),
        explanation=_text(form, "explanation"),
    )


def _options(form: Mapping[str, str]) -> tuple[OptionFields, ...]:
    only = form.get("correct", "")
    rows = (
        OptionFields(
            text=_text(form, f"option-{i}"),
            correct=only == str(i) or f"correct-{i}" in form,
            feedback=_text(form, f"feedback-{i}"),
            stays_last=f"stays-{i}" in form,
        )
        for i in range(MAX_OPTIONS)
    )
    return tuple(row for row in rows if row.text or row.feedback)


def _text(form: Mapping[str, str], name: str) -> str:
    rows = form.get(name, "").replace("\r\n", "\n").split("\n")
    return "\n".join(row.rstrip() for row in rows).strip("\n")


def _line(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())


def _whole(form: Mapping[str, str], name: str, high: int) -> int:
    text = form.get(name, "").strip()
    return min(int(text), high) if re.fullmatch(r"[0-9]{1,6}", text) else 0
