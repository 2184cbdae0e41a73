"""Names as they are searched and sorted."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case, without accents and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())
