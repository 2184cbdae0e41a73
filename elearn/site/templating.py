"""The template environment, set up so that a page costs little: constant texts, plain globals."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from flask_babel import gettext
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

CONSTANT_CALL = ("name", "lparen", "string", "rparen")


class LightEnvironment(Environment):
    """Templates share the globals: an import compares their names, slowly if they are chained."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class ConstantTexts(Extension):
    """Put ``_("...")`` into the page when a template is compiled, instead of at each view.

    Texts with values stay calls. The product speaks one language; a second one needs an
    environment of its own, so that each language is compiled once.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        held: list[Token] = []
        for token in stream:
            held.append(token)
            if not _may_begin(held):
                yield from held
                held = []
            elif len(held) == len(CONSTANT_CALL):
                text = gettext(held[2].value) % {}  # as the call does: %% is one sign
                yield Token(held[2].lineno, "string", text)
                held = []
        yield from held


def _may_begin(held: list[Token]) -> bool:
    """Whether the tokens are a constant text so far."""
    types = tuple(token.type for token in held)
    return held[0].value == "_" and types == CONSTANT_CALL[: len(held)]


def init_app(app: Flask) -> None:
    """Take the environment; before any template is loaded or filter given."""
    app.jinja_environment = LightEnvironment
    app.jinja_env.add_extension(ConstantTexts)
