"""Markdown in, safe HTML out; the only importer of markdown, bleach and nh3."""

from __future__ import annotations

from elearn.markup.addresses import Links, Media, NoLinks, is_outside, is_video_page
from elearn.markup.cleaning import TAGS, clean, plain
from elearn.markup.costs import TooCostly, refuse_costly
from elearn.markup.rendering import RENDERER, render, render_inline
from elearn.markup.shaping import CALLOUTS

__all__ = [
    "CALLOUTS",
    "RENDERER",
    "TAGS",
    "Links",
    "Media",
    "NoLinks",
    "TooCostly",
    "clean",
    "is_outside",
    "is_video_page",
    "plain",
    "refuse_costly",
    "render",
    "render_inline",
]
