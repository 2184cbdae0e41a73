"""QR codes for pages: drawn as SVG by attributes alone, as the policy of the pages allows."""

from __future__ import annotations

import segno
from markupsafe import Markup


def svg(text: str) -> Markup:
    """The code of a text, as inline SVG of any size."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704  # drawn here; nothing of the text stands in it
