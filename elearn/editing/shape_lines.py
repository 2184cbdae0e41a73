"""The lines of each shape's answer and the fields they are read into, and what is amiss. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from elearn.content.chips import MAX_POINTS
from elearn.content.essays import MAX_STEPS
from elearn.content.found import Answer
from elearn.content.keys import FULL_PERCENT, NumberKey, ScaleKey, TextKey
from elearn.editing.fields import FULL, Fields, Row, one_line

TRUE, FALSE = "Benar", "Salah"
TRUE_WORDS = ("benar", "true", "betul")
PERCENT = re.compile(r"[0-9]{1,3}")


def _hanging(mark: str, text: str, feedback: str = "") -> list[str]:
    """An item of a list with its feedback quoted under it."""
    indent = " " * (2 if mark.startswith("-") else len(mark))
    first, *rest = text.strip().split("\n")
    quoted = [f"{indent}> {row}".rstrip() for row in feedback.split("\n")] if feedback else []
    return [mark + first, *(indent + row if row.strip() else "" for row in rest), *quoted]


# --- choices -----------------------------------------------------------------------------------


def read_choice(answer: Answer) -> dict[str, object]:
    """The fields of a choice."""
    rows = (
        Row(
            o.text, o.correct, o.feedback, o.stays_last, "" if o.percent is None else f"{o.percent}"
        )
        for o in answer.options
    )
    return {"rows": tuple(rows)}


def write_choice(fields: Fields) -> list[str]:
    """The lines of a choice."""
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


def refuse_choice(fields: Fields) -> str:
    """What is amiss with a choice; nothing when all is well."""
    if len(fields.rows) < 2 or not all(row.text.strip() for row in fields.rows):
        return "few_options"
    return _refuse_percents(fields.rows)


def refuse_single(fields: Fields) -> str:
    """What is amiss with a choice of one; nothing when all is well."""
    one_right = sum(row.correct for row in fields.rows) == 1
    return refuse_choice(fields) or ("" if one_right else "not_one_right")


def refuse_multiple(fields: Fields) -> str:
    """What is amiss with a choice of several; nothing when all is well."""
    right = sum(row.correct for row in fields.rows)
    some_right = 2 <= right < len(fields.rows)
    return refuse_choice(fields) or ("" if some_right else "not_several_right")


def read_truth(answer: Answer) -> dict[str, object]:
    """The fields of a statement."""
    right = next(option.text for option in answer.options if option.correct)
    rows = tuple(Row(o.text, o.correct, o.feedback) for o in answer.options)
    told = any(row.feedback for row in rows)
    is_true = right.lower() in TRUE_WORDS
    return {"answer": TRUE if is_true else FALSE, "rows": rows if told else ()}


def write_truth(fields: Fields) -> list[str]:
    """A key line, or the list where one of its two options has feedback."""
    if not any(row.feedback for row in fields.rows):
        return [f"Jawaban: {fields.answer}"]
    is_true = fields.answer == TRUE
    rows = [replace(r, correct=(r.text.lower() in TRUE_WORDS) is is_true) for r in fields.rows]
    return write_choice(replace(fields, rows=tuple(rows)))


# --- typed answers -----------------------------------------------------------------------------


def _typed(key: TextKey | NumberKey) -> str:
    if isinstance(key, TextKey):
        return " | ".join(text.replace("|", "\\|") for text in key.accepted)
    return key.shown or key.low


def read_key(answer: Answer) -> dict[str, object]:
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


def write_key(fields: Fields) -> list[str]:
    """The lines of typed answers."""
    answer = one_line(fields.answer)
    rows = ([Row(answer)] if answer else []) + list(fields.rows)
    if len(rows) == 1 and rows[0] == Row(answer):
        return [f"Jawaban: {answer}"]
    lines = ["Jawaban:", ""]
    for row in rows:
        percent = "" if row.percent.strip().rstrip("% ") == FULL else _percent(row)
        lines += _hanging("- ", one_line(row.text) + percent, row.feedback)
    return lines


def refuse_key(fields: Fields) -> str:
    """What is amiss with typed answers; nothing when all is well."""
    complaint = _refuse_percents(fields.rows)
    if complaint or any(not row.text.strip() for row in fields.rows):
        return complaint or "no_answer"
    full = (row.percent.strip().rstrip("% ") in ("", FULL) for row in fields.rows)
    return "" if fields.answer.strip() or any(full) else "no_answer"


# --- questions with parts ----------------------------------------------------------------------


def read_pairs(answer: Answer) -> dict[str, object]:
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


def write_pairs(fields: Fields) -> list[str]:
    """The lines of pairs."""
    lines: list[str] = []
    for row in fields.rows:
        lines += _hanging("- ", f"{row.left.strip()} → {row.text.strip()}".strip(), row.feedback)
    return lines


def refuse_pairs(fields: Fields) -> str:
    """What is amiss with pairs; nothing when all is well."""
    lefts = sum(bool(row.left.strip()) for row in fields.rows)
    whole = all(row.text.strip() for row in fields.rows)
    return "" if lefts >= 2 and whole else "few_pairs"


def read_steps(answer: Answer) -> dict[str, object]:
    """The fields of steps."""
    return {"rows": tuple(Row(option.text, feedback=option.feedback) for option in answer.options)}


def write_steps(fields: Fields) -> list[str]:
    """The lines of steps."""
    lines: list[str] = []
    for at, row in enumerate(fields.rows, 1):
        lines += _hanging(f"{at}. ", row.text, row.feedback)
    return lines


def refuse_steps(fields: Fields) -> str:
    """What is amiss with steps; nothing when all is well."""
    texts = [row.text.strip() for row in fields.rows]
    return "" if len(texts) >= 2 and all(texts) else "few_steps"


def read_rubric(answer: Answer) -> dict[str, object]:
    """The fields of a rubric."""
    return {"rows": tuple(Row(c.text, points=f"{c.points}") for c in answer.criteria)}


def write_rubric(fields: Fields) -> list[str]:
    """The lines of a rubric."""
    criteria = [f"> - {one_line(row.text)} `{row.points.strip()} poin`" for row in fields.rows]
    return ["Jawaban: uraian", "", "> Rubrik:", ">", *criteria]


def refuse_rubric(fields: Fields) -> str:
    """What is amiss with a rubric; nothing when all is well."""
    points = [row.points.strip() for row in fields.rows]
    whole = all(re.fullmatch(r"[1-9][0-9]{0,2}", each) for each in points)
    if not points or not whole or not all(row.text.strip() for row in fields.rows):
        return "no_criteria"
    return "" if sum(map(int, points)) <= MAX_POINTS else "no_criteria"


# --- surveys -----------------------------------------------------------------------------------


def read_scale(answer: Answer) -> dict[str, object]:
    """The fields of a scale."""
    key = answer.key
    if not isinstance(key, ScaleKey):
        return {}
    ends = {"low_label": key.low_label, "high_label": key.high_label}
    return {"low": f"{key.low}", "high": f"{key.high}", **ends}


def write_scale(fields: Fields) -> list[str]:
    """The lines of a scale."""
    words = (one_line(fields.low_label), one_line(fields.high_label))
    ends = f" ({words[0]} … {words[1]})" if any(words) else ""
    return [f"Skala: {fields.low.strip()}..{fields.high.strip()}{ends}"]


def refuse_scale(fields: Fields) -> str:
    """What is amiss with a scale; nothing when all is well."""
    steps = [fields.low.strip(), fields.high.strip()]
    if not all(re.fullmatch(r"[0-9]{1,2}", step) for step in steps):
        return "bad_scale"
    low, high = map(int, steps)
    return "" if low < high < low + MAX_STEPS else "bad_scale"


def write_boxes(fields: Fields) -> list[str]:
    """The lines of options without a key."""
    lines: list[str] = []
    for row in fields.rows:
        lines += _hanging("- [ ] ", row.text)
    return lines
