"""HTML reduced to the safe list: bleach cleans, nh3 has the last word on the same list."""

from __future__ import annotations

import html
import re
import threading

import bleach.sanitizer
import nh3

from elearn.markup.addresses import FILE_ADDRESS, LINK_ADDRESS

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
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
NUMBER = re.compile(r"\d{1,5}\Z")
OWN_ID = re.compile(r"c-[\w-]{1,120}\Z")
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
NO_SOURCE = re.compile(r"<(?:img|source|track)(?![^>]*\ssrc=)[^>]*>")


def clean(markup: str) -> str:
    """HTML reduced to the safe list, by two cleaners in turn."""
    cleaned = nh3.clean(
        _cleaner().clean(markup),
        tags=set(TAGS),
        attributes=_NH3_ATTRIBUTES,
        attribute_filter=_nh3_attribute,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes=set(SCHEMES),
        allowed_classes=CLASSES,
    )
    return NO_SOURCE.sub("", cleaned).strip()


def plain(markup: str) -> str:
    """The words of safe HTML, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


_local = threading.local()


def _cleaner() -> bleach.sanitizer.Cleaner:
    """Bleach keeps state while it works, so each thread has its own."""
    if not hasattr(_local, "cleaner"):
        _local.cleaner = bleach.sanitizer.Cleaner(
            tags=TAGS,
            attributes=_bleach_attribute,
            protocols=SCHEMES,
            strip=True,
            strip_comments=True,
        )
    cleaner: bleach.sanitizer.Cleaner = _local.cleaner
    return cleaner


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
