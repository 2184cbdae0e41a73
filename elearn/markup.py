"""Markdown in, safe HTML out; the only import of markdown, bleach and nh3.

Markdown renders, bleach cleans, nh3 has the last word on the same safe list.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

import bleach.sanitizer
import markdown
import nh3
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

RENDERER = "1"

MAX_TEXT = 200_000
MAX_BLOCK = 20_000
MAX_BLOCK_LINES = 1_000
MAX_BLOCKS = 3_000
# How often a sign may stand in a whole text, and in one paragraph of it.
MAX_SIGNS = {"[": (2_000, 200), "<": (1_000, 1_000), "*": (8_000, 600), "_": (8_000, 600)}
MAX_SIGNS["`"] = (8_000, 600)
MAX_NESTED_MARKERS = 8

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

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAG_NAMES = (
    "a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure "
    "hr i img ins kbd li mark ol p pre q s small source span strong sub summary sup table "
    "tbody td tfoot th thead tr track u ul video"
)
TAGS = frozenset(TAG_NAMES.split()) | frozenset(HEADINGS)
CLASSES = {
    "div": {"note", "catatan", "penting", "contoh", "perhatian", "scroll", "footnote"},
    "p": {"note-title", "video-card"},
    "a": {"footnote-ref", "footnote-backref", "video-link"},
    "span": {"host"},
    "th": {"left", "center", "right"},
    "td": {"left", "center", "right"},
}
NUMBER = re.compile(r"\d{1,5}\Z")
OWN_ID = re.compile(r"c-[\w-]{1,120}\Z")
FILE_ADDRESS = re.compile(r"/files/[0-9a-f]{64}/[\w.%~-]+\Z")
LINK_ADDRESS = re.compile(r"(https?://|mailto:|tel:|/courses/|/files/[0-9a-f]|#c-)[^\s]*\Z", re.I)
WORDS = re.compile(r"[^\x00-\x1f<>]{0,400}\Z")
# What each attribute may hold; what is not listed is dropped.
ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "*": {"id": OWN_ID, "lang": re.compile(r"[a-zA-Z-]{2,12}\Z")},
    "a": {"href": LINK_ADDRESS, "title": WORDS, "rel": re.compile(r"noopener noreferrer\Z")},
    "abbr": {"title": WORDS},
    "div": {
        "tabindex": re.compile(r"0\Z"),
        "role": re.compile(r"(region|note)\Z"),
        "aria-label": WORDS,
    },
    "img": {
        "src": FILE_ADDRESS,
        "alt": WORDS,
        "width": NUMBER,
        "height": NUMBER,
        "loading": re.compile(r"lazy\Z"),
    },
    "ol": {"start": NUMBER},
    "th": {"scope": re.compile(r"(col|row)\Z"), "colspan": NUMBER, "rowspan": NUMBER},
    "td": {"colspan": NUMBER, "rowspan": NUMBER},
    "video": {
        "controls": re.compile(r"(controls)?\Z"),
        "preload": re.compile(r"none\Z"),
        "aria-label": WORDS,
        "width": NUMBER,
        "height": NUMBER,
    },
    "source": {"src": FILE_ADDRESS, "type": re.compile(r"video/(mp4|webm)\Z")},
    "track": {
        "src": FILE_ADDRESS,
        "kind": re.compile(r"captions\Z"),
        "srclang": re.compile(r"[a-z]{2}\Z"),
        "label": WORDS,
    },
}
VIDEO_HOSTS = ("youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "dailymotion.com")
PLAIN = re.compile(r"[^\W\d_][\w .,;:?%/()'\"–—-]*\Z")
NO_SOURCE = re.compile(r"<(?:img|source|track)(?![^>]*\ssrc=)[^>]*>")
HEADING_TEXT = re.compile(r"[^\w]+")


class TooCostly(Exception):
    """The text would take too long to render. ``line`` counts from 1 within the text."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass(frozen=True)
class Media:
    """A picture or video of the course. ``width`` and ``height`` are pixels, 0 when unknown."""

    url: str
    media_type: str
    width: int = 0
    height: int = 0
    captions_url: str = ""


class Links(Protocol):
    """Where the addresses in a text lead."""

    def link(self, address: str) -> str:
        """The final address, or nothing when the link leads nowhere."""
        ...

    def media(self, address: str) -> Media | None:
        """The picture or video behind an address."""
        ...


class NoLinks:
    """A text whose relative addresses lead nowhere."""

    def link(self, address: str) -> str:
        """Keep what stands on its own."""
        return address if LINK_ADDRESS.match(address) else ""

    def media(self, address: str) -> Media | None:  # noqa: ARG002  # the protocol's signature
        """Nothing to show."""
        return None


def render(text: str, *, heading_base: int, prefix: str, links: Links) -> str:
    """Safe HTML of one piece of Markdown.

    ``heading_base`` is the level that ``#`` becomes; ids begin with ``c-`` and the prefix.
    Raises TooCostly when the text holds runs that no honest text needs.
    """
    if PLAIN.match(text) and "\n" not in text:
        return f"<p>{html.escape(text.strip(), quote=False)}</p>"
    refuse_costly(text)
    try:
        return clean(_engine().convert(text, _Frame(heading_base, prefix, links)))
    except RecursionError as problem:
        raise TooCostly(1, "bersusun terlalu dalam") from problem


def render_inline(text: str, *, prefix: str, links: Links) -> str:
    """Safe HTML without the paragraph around it, where the text is a single paragraph."""
    rendered = render(text, heading_base=4, prefix=prefix, links=links)
    single = rendered.startswith("<p>") and rendered.endswith("</p>")
    return rendered[3:-4] if single and rendered.count("<p>") == 1 else rendered


def clean(markup: str) -> str:
    """HTML reduced to the safe list, by two cleaners in turn."""
    cleaned = nh3.clean(
        _engine().cleaner.clean(markup),
        tags=set(TAGS),
        attributes=_NH3_ATTRIBUTES,
        attribute_filter=_nh3_attribute,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
        allowed_classes=CLASSES,
    )
    return NO_SOURCE.sub("", cleaned).strip()


def plain(markup: str) -> str:
    """The words of safe HTML, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def is_video_page(address: str) -> bool:
    """Whether an outside address is a page that plays a video."""
    host = (_parts(address)[0]).removeprefix("www.").removeprefix("m.")
    named = any(host == known or host.endswith("." + known) for known in VIDEO_HOSTS)
    return named or address.lower().split("?")[0].endswith((".mp4", ".webm"))


def is_outside(address: str) -> bool:
    """Whether an address names another host."""
    return address.lower().startswith(("http://", "https://"))


def _parts(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


NESTED = re.compile(
    rf"^[ \t]*(?:(?:[-*+>]|\d{{1,9}}[.)])[ \t]*){{{MAX_NESTED_MARKERS + 1},}}(?=[^-*\s])", re.M
)
RULER = re.compile(r"(?:[-*_+>=] ){60}")


def refuse_costly(text: str) -> None:
    """Raise TooCostly for sizes and runs whose cost grows faster than the text."""
    if len(text) > MAX_TEXT:
        raise TooCostly(1, "terlalu panjang")
    for sign, (most, _) in MAX_SIGNS.items():
        if text.count(sign) > most:
            raise TooCostly(_line_of(text, sign), f"terlalu banyak `{sign}`")
    nested = RULER.search(text) or NESTED.search(text)
    if nested:
        raise TooCostly(text.count("\n", 0, nested.start()) + 1, "bersusun terlalu dalam")
    for count, (line, block) in enumerate(_blocks(text)):
        if count == MAX_BLOCKS:
            raise TooCostly(line, "terlalu banyak paragraf")
        _refuse_block(line, block)


def _refuse_block(line: int, block: list[str]) -> None:
    if len(block) > MAX_BLOCK_LINES or sum(map(len, block)) > MAX_BLOCK:
        raise TooCostly(line, "paragraf terlalu panjang")
    whole = "".join(block)
    for sign, (_, most) in MAX_SIGNS.items():
        if whole.count(sign) > most:
            raise TooCostly(line, f"terlalu banyak `{sign}` dalam satu paragraf")


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank lines, with the number of their first line."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _line_of(text: str, char: str) -> int:
    return text.count("\n", 0, text.index(char)) + 1


@dataclass
class _Frame:
    heading_base: int
    prefix: str
    links: Links


class _Finish(Treeprocessor):
    """Gives the tree its final shape: notes, pictures, tables, ids, links."""

    def run(self, root: Element) -> None:
        frame = self.md.frame  # type: ignore[attr-defined]  # set by _Engine.convert
        _Shaper(frame, sha256("".join(root.itertext()).encode()).hexdigest()[:6]).shape(root)


class _Shaper:
    def __init__(self, frame: _Frame, mark: str) -> None:
        self.frame = frame
        self.mark = mark
        self.ids: set[str] = set()

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
        count = 1
        while name in self.ids:
            count += 1
            name = f"{slug}-{count}"
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
            return [_video_card(address, alt) if is_video_page(address) else _words(alt)]
        media = self.frame.links.media(address)
        if media is None:
            return [_words(alt)]
        if media.media_type.startswith("video/"):
            return [_video(media, alt)]
        return [_picture(media, alt, image.get("title", ""))]

    def _paragraph(self, paragraph: Element) -> list[Element]:
        """A picture, player or card that stands alone needs no paragraph around it."""
        alone = len(paragraph) == 1 and not (paragraph.text or "").strip()
        if alone and not (paragraph[0].tail or "").strip():
            child = paragraph[0]
            if child.tag == "img" and child.get("title"):
                return [_figure(child)]
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
        box = _box(*CALLOUTS[found[1].upper()])
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


def _box(name: str, label: str) -> Element:
    box = Element("div", {"class": f"note {name}", "role": "note"})
    SubElement(box, "p", {"class": "note-title"}).text = label
    return box


def _words(text: str) -> Element:
    words = Element("span")
    words.text = text
    return words


def _picture(media: Media, alt: str, title: str) -> Element:
    picture = Element("img", {"src": media.url, "alt": alt})
    if media.width and media.height:
        picture.set("width", str(media.width))
        picture.set("height", str(media.height))
    picture.set("loading", "lazy")
    if title:
        picture.set("title", title)
    return picture


def _figure(picture: Element) -> Element:
    figure = Element("figure")
    caption = picture.attrib.pop("title")
    picture.tail = None
    figure.append(picture)
    SubElement(figure, "figcaption").text = caption
    return figure


def _video(media: Media, title: str) -> Element:
    video = Element("video", {"controls": "controls", "preload": "none"})
    if title:
        video.set("aria-label", title)
    SubElement(video, "source", {"src": media.url, "type": media.media_type})
    if media.captions_url:
        SubElement(
            video,
            "track",
            {"kind": "captions", "src": media.captions_url, "srclang": "id", "label": "Indonesia"},
        )
    return video


def _video_card(address: str, title: str) -> Element:
    """A link: nothing is loaded from outside until the learner goes there."""
    card = Element("a", {"class": "video-link", "href": address, "rel": "noopener noreferrer"})
    host = _parts(address)[0].removeprefix("www.")
    card.text = (title or "Video") + " "
    SubElement(card, "span", {"class": "host"}).text = host
    return card


QUOTE = re.compile(r" {0,3}>")
BULLET = re.compile(r"((?: {0,3}>)* {0,3})(?:[-*+]|1\.) +\S")
ITEM = re.compile(r"(?:[ >]*)(?:[-*+]|\d+[.)])(?: |$)")


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
    """Markdown and bleach keep state while they work, so each thread has its own."""

    def __init__(self) -> None:
        self.markdown = markdown.Markdown(
            extensions=["tables", "fenced_code", "footnotes", "def_list", "sane_lists", _Shape()],
            extension_configs={"tables": {"use_align_attribute": True}},
            output_format="html",
        )
        self.cleaner = bleach.sanitizer.Cleaner(
            tags=TAGS,
            attributes=_bleach_attribute,
            protocols=frozenset({"http", "https", "mailto", "tel"}),
            strip=True,
            strip_comments=True,
        )

    def convert(self, text: str, frame: _Frame) -> str:
        self.markdown.reset()
        self.markdown.frame = frame  # type: ignore[attr-defined]  # read by _Finish.run
        return self.markdown.convert(text)


_local = threading.local()


def _engine() -> _Engine:
    if not hasattr(_local, "engine"):
        _local.engine = _Engine()
    engine: _Engine = _local.engine
    return engine


def _is_safe(tag: str, name: str, value: str) -> bool:
    allowed = ATTRIBUTES.get(tag, {}).get(name) or ATTRIBUTES["*"].get(name)
    return bool(allowed and allowed.match(value))


def _bleach_attribute(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return set(value.split()) <= CLASSES.get(tag, set())
    return _is_safe(tag, name, value)


def _nh3_attribute(tag: str, name: str, value: str) -> str | None:
    return value if name == "class" or _is_safe(tag, name, value) else None


_NH3_ATTRIBUTES: dict[str, set[str]] = {
    tag: set(ATTRIBUTES.get(tag, {})) | set(ATTRIBUTES["*"]) for tag in TAGS
}
