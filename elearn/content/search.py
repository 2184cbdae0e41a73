"""Folding of words for search, and the condition that finds every word."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

MAX_WORDS = 8


def fold(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9.]+", letters))


def matches(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """Every word of the query stands somewhere in the folded column."""
    words = fold(query).split()[:MAX_WORDS]
    return and_(true(), *(column.contains(word, autoescape=True) for word in words))
