"""The settings at the head of a file, read from YAML nodes so that every problem has its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from elearn.content import messages as say
from elearn.content.problems import FileReport, excerpt, nearest

MAX_KB = 8
MAX_NODE_DEPTH = 4
FENCE = re.compile(r"---[ ]*$")
END = re.compile(r"(---|\.\.\.)[ ]*$")
PLAIN_TAGS = tuple(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
)
YES = ("ya", "yes", "true", "benar")
NO = ("tidak", "no", "false", "salah")

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Value:
    """One scalar as it was written, with its place."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Entry:
    """A key of the front matter and the node behind it."""

    key: str
    line: int
    column: int
    node: Node


@dataclass
class FrontMatter:
    """The settings of one file. Readers note a problem and give the default when one is amiss."""

    report: FileReport
    entries: dict[str, Entry] = field(default_factory=dict)
    first_line: int = 1
    broken: bool = False  # what is missing may only be unreadable

    def line_of(self, key: str) -> int:
        """Where a key stands, or the first line of the file."""
        return self.entries[key].line if key in self.entries else self.first_line

    def has(self, key: str) -> bool:
        """Whether the key was written."""
        return key in self.entries

    def text(self, key: str, limit: int = 200) -> str:
        """A single line of text, or nothing."""
        value = self._scalar(key, say.VALUE_TEXT)
        if value is None:
            return ""
        if len(value.text) > limit:
            self._error(key, say.VALUE_LONG.format(key=key, limit=limit))
        return " ".join(value.text.split())

    def whole(self, key: str, low: int, high: int, default: int = 0) -> int:
        """A whole number between bounds."""
        message = say.VALUE_WHOLE.format(key=key, low=low, high=high)
        value = self._scalar(key, message)
        if value is None:
            return default
        if re.fullmatch(r"[+-]?[0-9]{1,9}", value.text) and low <= int(value.text) <= high:
            return int(value.text)
        self._error(key, message)
        return default

    def yes(self, key: str, default: bool) -> bool:
        """A yes or a no."""
        value = self._scalar(key, say.VALUE_YES_NO.format(key=key))
        if value is None:
            return default
        if value.text.lower() in YES + NO:
            return value.text.lower() in YES
        self._error(key, say.VALUE_YES_NO.format(key=key))
        return default

    def words(self, key: str, example: str) -> list[Value]:
        """A list of texts, written as a YAML list or with commas."""
        if key not in self.entries:
            return []
        node = self.entries[key].node
        if isinstance(node, ScalarNode):
            return _split(node)
        if isinstance(node, SequenceNode) and all(isinstance(n, ScalarNode) for n in node.value):
            return [_value(child) for child in node.value]
        self._error(key, say.VALUE_LIST.format(key=key, example=example))
        return []

    def pairs(self, key: str, message: str) -> list[tuple[Value, Value]]:
        """A small mapping of texts to texts, not empty; a key written twice is refused."""
        if key not in self.entries:
            return []
        node = self.entries[key].node
        scalars = isinstance(node, MappingNode) and all(
            isinstance(side, ScalarNode) for pair in node.value for side in pair
        )
        if not scalars or not node.value:
            self._error(key, message)
            return []
        pairs = [(_value(name), _value(value)) for name, value in node.value]
        return list(self._once(pairs))

    def one_of(self, key: str, choices: Mapping[str, str]) -> str:
        """The meaning of one of the known words, or nothing."""
        value = self._scalar(key, say.VALUE_TEXT)
        return "" if value is None else self.meaning(key, value, choices)

    def meaning(self, key: str, value: Value, choices: Mapping[str, str]) -> str:
        """The meaning of a known word; notes a problem for an unknown one."""
        word = "-".join(value.text.lower().split())
        if word in choices:
            return choices[word]
        shown = ", ".join(dict.fromkeys(choices.values()))
        message = say.VALUE_ONE_OF.format(
            value=excerpt(value.text), key=key, hint=nearest(word, choices), choices=shown
        )
        self.report.error(value.line, message, value.column)
        return ""

    def _once(self, pairs: list[tuple[Value, Value]]) -> Iterator[tuple[Value, Value]]:
        seen: set[str] = set()
        for name, value in pairs:
            if name.text in seen:
                message = say.YAML_DUPLICATE.format(key=excerpt(name.text))
                self.report.error(name.line, message, name.column)
            else:
                seen.add(name.text)
                yield name, value

    def _scalar(self, key: str, message: str) -> Value | None:
        if key not in self.entries:
            return None
        node = self.entries[key].node
        if isinstance(node, ScalarNode):
            return _value(node)
        self._error(key, message.format(key=key))
        return None

    def _error(self, key: str, message: str) -> None:
        entry = self.entries[key]
        self.report.error(entry.line, message, entry.column)


@dataclass(frozen=True)
class Schema:
    """The keys a kind of file may have: synonyms lead to the name."""

    synonyms: Mapping[str, str]


def split(text: str) -> tuple[str, str, bool]:
    """Front matter, the text below it with its lines kept in place, and whether it was closed."""
    lines = text.split("\n")
    if not FENCE.match(lines[0]):
        return "", text, True
    for index, line in enumerate(lines[1:], 1):
        if END.match(line):
            body = "\n" * (index + 1) + "\n".join(lines[index + 1 :])
            return "\n".join(lines[1:index]), body, True
    return "", "", False


def read(text: str, schema: Schema, report: FileReport) -> tuple[FrontMatter, str]:
    """The settings of a file and its body. Every problem is noted at its line and column."""
    head, body, closed = split(text)
    matter = FrontMatter(report)
    matter.broken = True
    if not closed:
        report.error(1, say.YAML_OPEN)
    elif len(head.encode()) > MAX_KB * 1024:
        report.error(1, say.YAML_TOO_LARGE.format(limit=MAX_KB))
    elif head.strip():
        root = _compose(head, report)
        if root is not None:
            matter.broken = False
            _fill(matter, root, schema)
    else:
        matter.broken = False
    return matter, body


def _compose(head: str, report: FileReport) -> Node | None:
    """The root node, if the text is YAML that neither explodes nor names types."""
    try:
        if not _is_plain(head, report):
            return None
        root = yaml.compose(head, Loader=_Loader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, None)
        report.error(line, say.YAML_BROKEN, column)
        return None
    if root is not None and not isinstance(root, MappingNode):
        report.error(2, say.YAML_NOT_MAP)
        return None
    return root


def _is_plain(head: str, report: FileReport) -> bool:
    """Whether no alias, anchor, tag or deep nesting is there: seen before any node exists."""
    plain, depth = True, 0
    for event in yaml.parse(head, Loader=_Loader):
        mark = event.start_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_NODE_DEPTH:
            report.error(line, say.YAML_TOO_DEEP.format(limit=MAX_NODE_DEPTH), column)
            return False
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            report.error(line, say.YAML_ALIAS, column)
            plain = False
        tag = getattr(event, "tag", None)
        if tag and tag not in PLAIN_TAGS:
            report.error(line, say.YAML_TAG.format(tag=excerpt(str(tag))), column)
            plain = False
    return plain


def _fill(matter: FrontMatter, root: Node, schema: Schema) -> None:
    for key_node, value_node in root.value:
        line, column = key_node.start_mark.line + 2, key_node.start_mark.column + 1
        if not isinstance(key_node, ScalarNode):
            matter.report.error(line, say.YAML_NOT_MAP, column)
            continue
        written = key_node.value.strip().lower()
        name = schema.synonyms.get(written, written)
        if name in matter.entries:
            message = say.YAML_DUPLICATE.format(key=excerpt(written))
            matter.report.error(line, message, column)
        elif written not in schema.synonyms:
            hint = nearest(written, schema.synonyms)
            message = say.KEY_UNKNOWN.format(key=excerpt(written), hint=hint)
            matter.report.error(line, message, column)
        else:
            matter.entries[name] = Entry(name, line, column, value_node)


def _value(node: ScalarNode) -> Value:
    return Value(node.value.strip(), node.start_mark.line + 2, node.start_mark.column + 1)


def _split(node: ScalarNode) -> list[Value]:
    whole = _value(node)
    parts = (part.strip() for part in whole.text.split(","))
    return [Value(part, whole.line, whole.column) for part in parts if part]
