"""The icon of a name as HTML: pages hold many, so each is made once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

SPRITE = "icons.svg"
KEPT = 1024


def init_app(app: Flask) -> None:
    """Give templates ``svg_icon(name, label, kind)``; after the static files."""
    asset: Any = app.jinja_env.globals["asset"]

    def icon(name: str, label: str = "", kind: str = "") -> Markup:
        """An icon of the sprite: with a label it is read aloud, without one it is decoration."""
        style = Markup("icon {}").format(kind) if kind else "icon"
        read = Markup('role="img" aria-label="{}"').format(label)
        return Markup('<svg class="{}" width="24" height="24" {}><use href="{}#{}"/></svg>').format(
            style, read if label else Markup('aria-hidden="true"'), asset(SPRITE), name
        )

    kept = icon if app.config["DEVELOPMENT"] else lru_cache(maxsize=KEPT)(icon)
    app.jinja_env.globals["svg_icon"] = kept
