"""What may stand in an address: numbers that every database can hold."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

HIGHEST = 2**53


class BoundedNumber(IntegerConverter):
    """A whole number of an address; a longer one names nothing, so it is not found."""

    def __init__(self, of: Map, max: int = HIGHEST, **limits: Any) -> None:
        super().__init__(of, max=max, **limits)


def init_app(app: Flask) -> None:
    """Bound the numbers in all addresses that are added later."""
    app.url_map.converters["int"] = BoundedNumber
