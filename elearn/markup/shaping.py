"""Gives the tree of a text its final shape: notes, pictures, tables, ids, links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from xml.etree.ElementTree import Element

from elearn.markup import elements
from elearn.markup.addresses import Links, is_outside, is_video_page
from elearn.markup.cleaning import HEADINGS

CALLOUTS = {
    "CATATAN": ("catatan", "Catatan"),
    "NOTE": ("catatan", "Catatan"),
    "PENTING": ("penting", "Penting"),
    "IMPORTANT": ("penting", "Penting"),
    "CONTOH": ("contoh", "Contoh"),
    "EXAMPLE": ("contoh", "Contoh"),
    "PERHATIAN": ("perhatian", "Perhatian"),
    "WARNING": ("perhatian", "Perhatian"),
}
CALLOUT = re.compile(r"\s*\[!(\w+)\]\s*")
HEADING_TEXT = re.compile(r"[^\w]+")


@dataclass
class Frame:
    """Where a text stands: the level of its headings, what its ids begin with, its links."""

    heading_base: int
    prefix: str
    links: Links


def shape(root: Element, frame: Frame) -> None:
    """Shape a whole tree. Ids of footnotes carry a mark of the text they stand in."""
    mark = sha256("".join(root.itertext()).encode()).hexdigest()[:6]
    _Shaper(frame, mark).shape(root)


class _Shaper:
    def __init__(self, frame: Frame, mark: str) -> None:
        self.frame = frame
        self.mark = mark
        self.ids: set[str] = set()
        self.counts: dict[str, int] = {}

    def shape(self, parent: Element) -> None:
        """Shape all children in reading order, replacing them where needed."""
        shaped: list[Element] = []
        for child in list(parent):
            self.shape(child)
            tail = child.tail
            replaced = self._replacements(child)
            replaced[-1].tail = tail
            shaped += replaced
        parent[:] = shaped

    def _replacements(self, child: Element) -> list[Element]:
        if "id" in child.attrib:
            child.set("id", self._own_id(child.get("id", "")))
        change = _CHANGES.get(child.tag)
        return change(self, child) if change else [child]

    def _own_id(self, written: str) -> str:
        """Footnote ids carry a mark of their text: several pieces stand on one page."""
        note = re.fullmatch(r"(fn\w*):(.+)", written)
        if note:
            name = f"{note[1]}-{self.mark}-{HEADING_TEXT.sub('-', note[2])}"
        else:
            name = HEADING_TEXT.sub("-", written.lower()).strip("-")
        return f"c-{self.frame.prefix}-{name}"[:120]

    def _heading(self, heading: Element) -> list[Element]:
        level = int(heading.tag[1]) + self.frame.heading_base - 1
        heading.tag = f"h{min(6, max(2, level))}"
        slug = HEADING_TEXT.sub("-", "".join(heading.itertext()).lower()).strip("-")[:60]
        name = slug or "bagian"
        count = self.counts.get(slug, 1)
        while name in self.ids:
            count += 1
            name = f"{slug}-{count}"
        self.counts[slug] = count
        self.ids.add(name)
        heading.set("id", self._own_id(name))
        return [heading]

    def _link(self, link: Element) -> list[Element]:
        address = link.get("href", "")
        if address.startswith("#"):
            link.set("href", "#" + self._own_id(address[1:]))
            if link.get("class") == "footnote-backref":
                link.set("title", "Kembali ke teks")
            return [link]
        final = self.frame.links.link(address)
        if is_outside(final):
            link.set("rel", "noopener noreferrer")
        if final:
            link.set("href", final)
        else:
            link.attrib.pop("href", None)
        return [link]

    def _media(self, image: Element) -> list[Element]:
        address, alt = image.get("src", ""), image.get("alt", "")
        alt = alt.replace("<", "‹").replace(">", "›")
        if is_outside(address):
            return [
                elements.video_card(address, alt) if is_video_page(address) else elements.words(alt)
            ]
        media = self.frame.links.media(address)
        if media is None:
            return [elements.words(alt)]
        if media.media_type.startswith("video/"):
            return [elements.video(media, alt)]
        return [elements.picture(media, alt, image.get("title", ""))]

    def _paragraph(self, paragraph: Element) -> list[Element]:
        """A picture, player or card that stands alone needs no paragraph around it."""
        alone = len(paragraph) == 1 and not (paragraph.text or "").strip()
        if alone and not (paragraph[0].tail or "").strip():
            child = paragraph[0]
            if child.tag == "img" and child.get("title"):
                return [elements.figure(child)]
            if child.tag == "video":
                child.tail = None
                return [child]
            if child.get("class") == "video-link":
                paragraph.set("class", "video-card")
        for picture in paragraph.iter("img"):
            picture.attrib.pop("title", None)
        return [paragraph]

    def _note(self, quote: Element) -> list[Element]:
        first = quote[0] if len(quote) else quote
        found = CALLOUT.match(first.text or "")
        if not found or found[1].upper() not in CALLOUTS:
            return [quote]
        box = elements.note(*CALLOUTS[found[1].upper()])
        first.text = (first.text or "")[found.end() :]
        box.extend(child for child in quote if child is not first)
        if first is not quote and (first.text.strip() or len(first)):
            box.insert(1, first)
        return [box]

    def _cell(self, cell: Element) -> list[Element]:
        align = cell.attrib.pop("align", "")
        if align:
            cell.set("class", align)
        if cell.tag == "th":
            if "".join(cell.itertext()).strip():
                cell.set("scope", "col")
            else:
                cell.tag = "td"
        return [cell]

    def _table(self, table: Element) -> list[Element]:
        heads = [" ".join("".join(cell.itertext()).split()) for cell in table.iter("th")]
        label = "Tabel: " + ", ".join(heads) if heads else "Tabel"
        scroll = Element(
            "div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label[:200]}
        )
        table.tail = None
        scroll.append(table)
        return [scroll]


_CHANGES: dict[str, Callable[[_Shaper, Element], list[Element]]] = {
    **dict.fromkeys(HEADINGS, _Shaper._heading),
    "a": _Shaper._link,
    "img": _Shaper._media,
    "p": _Shaper._paragraph,
    "blockquote": _Shaper._note,
    "th": _Shaper._cell,
    "td": _Shaper._cell,
    "table": _Shaper._table,
}
