"""HTML of other programs becomes Markdown: words, emphasis, lists, links and code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Notes
from elearn.content.formats.guards import literal

LOOKS_HTML = re.compile(
    r"<(?:p|br|b|i|em|strong|ul|ol|li|div|span|img|a|table|sub|sup|code|pre)\b", re.I
)
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
RAW = frozenset({"sub", "sup", "u", "s", "del", "ins", "small", "mark", "kbd"})
BLOCKS = frozenset(
    ["p", "div", "table", "tr", "blockquote", "pre", "section", "article", "figure", "figcaption"]
) | {"h1", "h2", "h3", "h4", "h5", "h6"}
SILENT = frozenset({"script", "style", "head", "title"})
# Declarations and processing instructions: the parser of the library fails on odd ones.
DECLARATION = re.compile(r"<[!?][^>]*>?")
NOT_IN_LINK = re.compile(r"[\s()<>]")
MAX_DEPTH = 20
MAX_TEXT = 20_000


def markdown_of(text: str, form: str, place: str, notes: Notes) -> str:
    """The Markdown of a text in one of Moodle's formats: html, markdown, plain, or a guess."""
    if len(text) > MAX_TEXT:
        notes.lost(place, say.CUT.format(limit=MAX_TEXT))
        text = text[:MAX_TEXT]
    if form == "markdown":
        return text.strip()
    if form == "html" or (form not in ("plain_text", "plain") and LOOKS_HTML.search(text)):
        return _from_html(text, place, notes)
    return literal(text.strip())


def _from_html(text: str, place: str, notes: Notes) -> str:
    writer = _Writer()
    writer.feed(DECLARATION.sub("", text))
    writer.close()
    for lost, said in ((writer.pictures, say.PICTURES), (writer.tables, say.TABLES)):
        if lost:
            notes.lost(place, said)
    lines = [line.rstrip() for line in "".join(writer.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Writer(HTMLParser):
    """Writes Markdown while the tags go by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.lists: list[int] = []
        self.links: list[str] = []
        self.silent = 0
        self.code = 0
        self.pictures = self.tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in MARKS or tag in RAW:
            self.code += tag == "code"
            self.pieces.append(MARKS.get(tag) or f"<{tag}>")
        elif tag in BLOCKS:
            self.tables += tag == "table"
            self._block()
        elif tag in ("ul", "ol"):
            self._begin_list(tag)
        elif tag == "li":
            self._item()
        elif tag == "br":
            self.pieces.append("\n" if self.code else "  \n")
        else:
            self._inline(tag, dict(attrs))

    def _inline(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "img":
            self.pictures += 1
            self.pieces.append(literal(attrs.get("alt") or ""))
        elif tag == "a":
            self.links.append(attrs.get("href") or "")
            self.pieces.append("[")
        elif tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in MARKS or tag in RAW:
            self.code = max(0, self.code - (tag == "code"))
            self.pieces.append(MARKS.get(tag) or f"</{tag}>")
        elif tag == "a" and self.links:
            self._end_link(self.links.pop())
        elif tag in ("ul", "ol"):
            self.lists[-1:] = []
            self._block()
        elif tag in BLOCKS:
            self._block()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.pieces.append(data if self.code else literal(re.sub(r"\s+", " ", data)))

    def _block(self) -> None:
        if not self.lists:
            self.pieces.append("\n\n")

    def _begin_list(self, tag: str) -> None:
        if not self.lists:
            self.pieces.append("\n\n")
        if len(self.lists) < MAX_DEPTH:
            self.lists.append(1 if tag == "ol" else 0)

    def _item(self) -> None:
        indent = "   " * max(0, len(self.lists) - 1)
        number = self.lists[-1] if self.lists else 0
        self.pieces.append(f"\n{indent}{number}. " if number else f"\n{indent}* ")
        if number:
            self.lists[-1] += 1

    def _end_link(self, address: str) -> None:
        address = address.strip()
        if address.lower().startswith(("http://", "https://", "mailto:")):
            self.pieces.append(f"]({NOT_IN_LINK.sub('', address)})")
        else:
            self.pieces.append("]")
