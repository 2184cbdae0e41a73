"""Reads XML from strangers: no DOCTYPE, so no entities of its own, and no depth beyond need."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Unreadable

MAX_DEPTH = 30


def tree_of(content: bytes) -> Element:
    """The root of an XML text. Raises Unreadable with the line for what is not acceptable."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.tree.data
    try:
        parser.Parse(content, True)
    except expat.ExpatError as problem:
        raise Unreadable(say.XML_BROKEN.format(line=problem.lineno)) from None
    except (LookupError, ValueError):
        raise Unreadable(say.XML_BROKEN.format(line=1)) from None
    return builder.tree.close()


def _refuse_doctype(*_: Any) -> None:
    raise Unreadable(say.XML_DOCTYPE)


class _Builder:
    """Builds the tree and watches its depth."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable(say.XML_DEEP)
        self.tree.start(name, attributes)

    def end(self, name: str) -> None:
        """An element closes."""
        self.depth -= 1
        self.tree.end(name)
