"""The address under which the world knows this site: for what is printed, signed or sent."""

from __future__ import annotations

from flask import current_app


def public_url(path: str) -> str:
    """A path of this site with its public scheme and host."""
    return f"{current_app.config['PUBLIC_URL']}{path}"
