"""Safe HTML as a plain tree, from which a document can be laid out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

SPACE = re.compile(r"\s+")
EMPTY = frozenset({"br", "hr", "img", "source", "track"})
KEPT = ("src", "alt", "start", "class")
# What is shown of a player on paper is nothing.
DROPPED = frozenset({"video", "source", "track"})


@dataclass
class Node:
    """An element with what it holds: elements and text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """The node as JSON."""
        inside = [part if isinstance(part, str) else part.data() for part in self.inside]
        return {"tag": self.tag, **self.attributes, "inside": inside}


def tree_of(markup: str) -> list[Node | str]:
    """The top nodes of safe HTML."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    return [part for part in builder.open[0].inside if not isinstance(part, str) or part.strip()]


def data_of(markup: str) -> list[Any]:
    """The top nodes of safe HTML as JSON."""
    return [part if isinstance(part, str) else part.data() for part in tree_of(markup)]


def sources_in(markup: str) -> list[str]:
    """The addresses of the pictures, in order."""
    return [node.attributes["src"] for node in _below(tree_of(markup)) if "src" in node.attributes]


def _below(parts: list[Node | str]) -> list[Node]:
    nodes = [part for part in parts if isinstance(part, Node)]
    return [*nodes, *(inner for node in nodes for inner in _below(node.inside))]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED and tag != "video":
            return
        node = Node(tag, {name: value or "" for name, value in attrs if name in KEPT})
        if tag not in DROPPED:
            self.open[-1].inside.append(node)
        if tag not in EMPTY:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        is_code = any(node.tag == "pre" for node in self.open)
        self.open[-1].inside.append(data if is_code else SPACE.sub(" ", data))
