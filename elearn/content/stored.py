"""Frozen values to JSON and back, by the types of their fields. Pure."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
TAG = "is"  # names the class where a field may hold one of several


def encode(value: Any) -> Any:
    """JSON values of a dataclass; every object carries the name of its class."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: encode(getattr(value, f.name)) for f in fields(value)}
        return {TAG: type(value).__name__, **named}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def decode(kind: type[Value], body: Any) -> Value:
    """The value of a type from its JSON values."""
    return cast(Value, _decode(kind, body))


def _decode(kind: Any, body: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_one_of(get_args(kind), body)
    if origin in (tuple, list):
        return origin(_decode(get_args(kind)[0], item) for item in body)
    if is_dataclass(kind):
        hints = _hints(cast(Any, kind))
        values = {name: _decode(hints[name], item) for name, item in body.items() if name != TAG}
        return cast(type, kind)(**values)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(body)
    return body


def _decode_one_of(kinds: tuple[Any, ...], body: Any) -> Any:
    if body is None:
        return None
    if isinstance(body, dict):
        return _decode(next(k for k in kinds if k.__name__ == body[TAG]), body)
    return _decode(next(k for k in kinds if k is not type(None)), body)


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
