"""The template environment, set up so that a page costs little: constant texts, plain globals."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from flask_babel import gettext
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from elearn.shells import Kept, gap

PATTERN = (("name",), ("lparen",), ("string",), ("rparen", "comma"))
FILLED = "filled"


class LightEnvironment(Environment):
    """Templates share the globals: an import compares their names, slowly if they are chained."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class ConstantTexts(Extension):
    """Look up ``_("...")`` when a template is compiled, instead of at each view.

    A text with values becomes a call that only fills them in. The product speaks one language;
    a second one needs an environment of its own, so that each language is compiled once.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        held: list[Token] = []
        for token in stream:
            held.append(token)
            if not _may_begin(held):
                yield from held
                held = []
            elif len(held) == len(PATTERN):
                yield from _looked_up(held)
                held = []
        yield from held


def _may_begin(held: list[Token]) -> bool:
    """Whether the tokens are the beginning of a constant text so far."""
    fits = all(token.type in types for token, types in zip(held, PATTERN, strict=False))
    return fits and held[0].value == "_"


def _looked_up(held: list[Token]) -> Iterator[Token]:
    _, opening, text, after = held
    known = gettext(text.value)
    if after.type == "rparen":
        yield Token(text.lineno, "string", known % {})  # as a call does: %% is one sign
        return
    yield from (Token(text.lineno, "name", FILLED), opening, Token(text.lineno, "string", known))
    yield after


def filled(text: str, **values: Any) -> Markup:
    """A text with its values, which are escaped."""
    return Markup(text) % values  # noqa: S704  # texts are ours


def init_app(app: Flask) -> None:
    """Take the environment; before any template is loaded or filter given."""
    app.jinja_environment = LightEnvironment
    app.jinja_env.add_extension(ConstantTexts)
    app.jinja_env.globals |= {"gap": gap, FILLED: filled}
    app.extensions["shells"] = Kept()
