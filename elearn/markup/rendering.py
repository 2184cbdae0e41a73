"""Markdown in, safe HTML out."""

from __future__ import annotations

import html
import re
import threading
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from elearn.markup.addresses import Links
from elearn.markup.cleaning import clean
from elearn.markup.costs import TooCostly, refuse_costly
from elearn.markup.shaping import Frame, shape

RENDERER = "1"
PLAIN = re.compile(r"[^\W\d_][\w .,;:?%/()'\"–—-]*\Z")
QUOTE = re.compile(r" {0,3}>")
BULLET = re.compile(r"((?: {0,3}>)* {0,3})(?:[-*+]|1\.) +\S")
ITEM = re.compile(r"(?:[ >]*)(?:[-*+]|\d+[.)])(?: |$)")


def render(text: str, *, heading_base: int, prefix: str, links: Links) -> str:
    """Safe HTML of one piece of Markdown.

    ``heading_base`` is the level that ``#`` becomes; ids begin with ``c-`` and the prefix.
    Raises TooCostly when the text holds runs that no honest text needs.
    """
    if PLAIN.match(text) and "\n" not in text:
        return f"<p>{html.escape(text.strip(), quote=False)}</p>"
    refuse_costly(text)
    try:
        return clean(_engine().convert(text, Frame(heading_base, prefix, links)))
    except RecursionError as problem:
        raise TooCostly(1, "bersusun terlalu dalam") from problem


def render_inline(text: str, *, prefix: str, links: Links) -> str:
    """Safe HTML without the paragraph around it, where the text is a single paragraph."""
    rendered = render(text, heading_base=4, prefix=prefix, links=links)
    single = rendered.startswith("<p>") and rendered.endswith("</p>")
    return rendered[3:-4] if single and rendered.count("<p>") == 1 else rendered


class _Finish(Treeprocessor):
    """Gives the tree its final shape: notes, pictures, tables, ids, links."""

    def run(self, root: Element) -> None:
        shape(root, self.md.frame)  # type: ignore[attr-defined]  # set by _Engine.convert


class _Separate(Preprocessor):
    """Begins lists and quotes where CommonMark does: without a blank line, and one by one."""

    def run(self, lines: list[str]) -> list[str]:
        separated = [""]
        in_list = False
        for line in lines:
            separated += self._between(separated[-2:], line, in_list)
            separated.append(line)
            in_list = bool(ITEM.match(line)) or (in_list and bool(line.strip(" >")))
        return separated[1:]

    def _between(self, before: list[str], line: str, in_list: bool) -> list[str]:
        quoted = bool(QUOTE.match(line))
        if BULLET.match(line) and before[-1].strip(" >") and not in_list:
            return [">" if quoted and QUOTE.match(before[-1]) else ""]
        if quoted and not before[-1].strip() and QUOTE.match(before[0]):
            return ["<!-- -->", ""]
        return []


class _Shape(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  # Markdown's own name
        # Before 20, which takes raw HTML away; after 25, which takes fenced code away.
        # Below 20, where inline text has become elements, above 10, where white space is set.
        md.preprocessors.register(_Separate(md), "elearn", 22)
        md.treeprocessors.register(_Finish(md), "elearn", 15)


class _Engine:
    """Markdown keeps state while it works, so each thread has its own."""

    def __init__(self) -> None:
        self.markdown = markdown.Markdown(
            extensions=["tables", "fenced_code", "footnotes", "def_list", "sane_lists", _Shape()],
            extension_configs={"tables": {"use_align_attribute": True}},
            output_format="html",
        )

    def convert(self, text: str, frame: Frame) -> str:
        self.markdown.reset()
        self.markdown.frame = frame  # type: ignore[attr-defined]  # read by _Finish.run
        return self.markdown.convert(text)


_local = threading.local()


def _engine() -> _Engine:
    if not hasattr(_local, "engine"):
        _local.engine = _Engine()
    engine: _Engine = _local.engine
    return engine
