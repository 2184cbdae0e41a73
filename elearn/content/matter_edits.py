"""Settings at the head of a file changed one by one; every other byte stays. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from elearn.content.frontmatter import FrontMatter, Schema, read
from elearn.content.frontmatter import split as split_matter
from elearn.content.lines import body_of, newline_of, rows_of
from elearn.content.problems import FileReport, Report
from elearn.content.reader import tidy
from elearn.errors import Invalid

PLAIN = re.compile(r"[A-Za-z][\w .()/]*|[0-9]{1,6}")
PLAIN_ITEM = re.compile(r"[A-Za-z0-9][\w .%/-]*")
FENCE = "---"


@dataclass(frozen=True)
class _Span:
    """Where the value of a key stands: rows from 0 below the fence, columns from 0."""

    key_row: int
    row: int
    column: int
    end_row: int
    end_column: int


def settings_of(text: str, schema: Schema) -> FrontMatter | None:
    """The settings of a file; None where they cannot be read."""
    report = Report()
    matter, _ = read(tidy(text), schema, FileReport(report, ""))
    return None if matter.broken else matter


def scalar(text: str) -> str:
    """A text as YAML reads it back; plain words stay plain."""
    plain = PLAIN.fullmatch(text) and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)


def listed(items: Iterable[str]) -> str:
    """A list as YAML reads it back; nothing for no items."""
    shown = [i if PLAIN_ITEM.fullmatch(i) else json.dumps(i, ensure_ascii=False) for i in items]
    return f"[{', '.join(shown)}]" if shown else ""


def paired(pairs: Iterable[tuple[str, str]]) -> str:
    """A small mapping as YAML reads it back; nothing for no pairs."""
    shown = [f"{name}: {value}" for name, value in pairs]
    return f"{{{', '.join(shown)}}}" if shown else ""


def with_settings(text: str, schema: Schema, changes: Mapping[str, str]) -> str:
    """The file with some settings changed: YAML by the name of the key, "" to leave it out.

    Raises Invalid("settings_unreadable") where the rest could not be kept as it is.
    """
    if not changes:
        return text
    before = settings_of(text, schema)
    if before is None:
        raise Invalid("settings_unreadable")
    for name, value in changes.items():
        text = _with(text, schema, name, value)
    after = settings_of(text, schema)
    if after is None or _others(before, changes) != _others(after, changes):
        raise Invalid("settings_unreadable")
    return text


def _others(matter: FrontMatter, changes: Mapping[str, str]) -> dict[str, object]:
    return {n: _value(entry.node) for n, entry in matter.entries.items() if n not in changes}


def _value(node: Node) -> object:
    if isinstance(node, MappingNode):
        return [(_value(name), _value(value)) for name, value in node.value]
    return [_value(n) for n in node.value] if isinstance(node, CollectionNode) else node.value


def _with(text: str, schema: Schema, name: str, value: str) -> str:
    rows = rows_of(text)
    newline = newline_of(text)
    head, body, closed = split_matter(tidy(text))
    if body == tidy(text):  # no front matter
        new = f"{FENCE}{newline}{name}: {value}{newline}{FENCE}{newline}"
        return new + text if value else text
    if not closed:
        raise Invalid("settings_unreadable")
    end = head.count("\n") + 2 if head or rows[1].strip() != FENCE else 1
    spans = _spans("\n".join(body_of(row) for row in rows[1:end]), schema)
    if name in spans:
        return "".join(_replaced(rows, spans[name], value))
    if not value:
        return text
    at = _row_for(name, spans, schema) if spans else end
    return "".join([*rows[:at], f"{name}: {value}{newline}", *rows[at:]])


def _row_for(name: str, spans: Mapping[str, _Span], schema: Schema) -> int:
    """The row for a new key: below the last one that is listed before it."""
    order = list(dict.fromkeys(schema.synonyms.values()))
    before = [key for key in spans if key in order[: order.index(name)]]
    if not before:
        return min(span.key_row for span in spans.values()) + 1
    return max(spans[key].end_row for key in before) + 2


def _replaced(rows: list[str], span: _Span, value: str) -> Iterator[str]:
    """The rows with another value, or without the key; comments in and behind it are kept."""
    first, last = span.row + 1, span.end_row + 1
    tail = rows[last][span.end_column :]
    comments = [row for row in rows[first:last] if row.strip().startswith("#")]
    yield from rows[: span.key_row + 1]
    if value:
        yield from rows[span.key_row + 1 : first]
        lead = rows[first][: span.column]
        gap = "" if lead.endswith(" ") or not lead.strip() else " "
        yield lead + gap + value + tail
    elif tail.strip():
        yield tail.lstrip()
    yield from (comment.lstrip() for comment in comments)
    yield from rows[last + 1 :]


def _spans(head: str, schema: Schema) -> dict[str, _Span]:
    try:
        root = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        raise Invalid("settings_unreadable") from problem
    if root is None:
        return {}
    if not isinstance(root, MappingNode) or root.flow_style:
        raise Invalid("settings_unreadable")
    lines = head.split("\n")
    return {
        schema.synonyms[str(key.value).strip().lower()]: _span(key, value, lines)
        for key, value in reversed(root.value)
        if str(key.value).strip().lower() in schema.synonyms
    }


def _span(key: Node, value: Node, lines: list[str]) -> _Span:
    start = value.start_mark
    end_row, end_column = _end(value)
    while end_row > start.line and not lines[min(end_row, len(lines) - 1)][:end_column].strip():
        end_row -= 1
        end_column = len(lines[min(end_row, len(lines) - 1)])
    if isinstance(value, ScalarNode) and value.style in ("|", ">"):
        end_column = len(lines[end_row])
    if end_row >= len(lines):
        end_row, end_column = len(lines) - 1, len(lines[-1])
    return _Span(key.start_mark.line, start.line, start.column, end_row, end_column)


def _end(node: Node) -> tuple[int, int]:
    """The last place of a value; a block of items ends with its last one."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.line, node.end_mark.column
