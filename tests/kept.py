"""Steps of setting up, taken once a process: later what they left in the database is put back.

A step is put back only on the very state it was taken from; on any other it is taken again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, Protocol, TypeVar

from sqlalchemy.engine import make_url

from elearn import clock
from elearn.database import db, is_writing

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Store(Protocol):
    """The database of a test: it tells one state from another, and can be brought to one."""

    @property
    def address(self) -> str: ...

    def stamp(self) -> object:
        """What differs as soon as anything was written."""

    def content(self) -> Any:
        """All that is in it."""

    def put_back(self, content: Any, present: Any) -> None:
        """Let it hold a content instead of the present one; nobody is using it."""


@dataclass(frozen=True)
class State:
    """Where a database stands: the steps taken on an empty one, what it holds, its stamp then."""

    store: Store
    steps: str
    content: Any
    stamp: object


@dataclass(frozen=True)
class Left:
    """What a step left behind, and its pickled result."""

    content: Any
    result: bytes


_state: State | None = None
_left: dict[str, Left] = {}


def begin(store: Store, empty: Any) -> None:
    """A test begins on an empty database with this content."""
    _stand(store, type(store).__name__, empty)


def _stand(store: Store, steps: str, content: Any) -> None:
    global _state  # one database a test, one test at a time
    _state = State(store, steps, content, store.stamp())


def kept(step: Callable[Given, Result]) -> Callable[Given, Result]:
    """A step that writes the same whenever it is taken with the same arguments.

    What it keeps in memory must not matter, and its result must be picklable.
    """

    @wraps(step)
    def taken(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        state = _state
        if state is None or not _stands(state):
            return step(*args, **kwargs)
        steps = _name(state.steps, step.__qualname__, clock._set_ms.get(), args, kwargs)
        if steps in _left:
            return _put_back(state, steps)
        result = step(*args, **kwargs)
        content = state.store.content()
        _left[steps] = Left(content, pickle.dumps(result))
        _stand(state.store, steps, content)
        return result

    return taken


def _stands(state: State) -> bool:
    """Whether this is the database, and nothing was written since."""
    is_here = db.engine.url == make_url(state.store.address) and not is_writing()
    return is_here and state.store.stamp() == state.stamp


def _name(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()


def _put_back(state: State, steps: str) -> Any:
    session, left = db.session(), _left[steps]
    session.rollback()  # what was loaded is read again
    state.store.put_back(left.content, state.content)
    _stand(state.store, steps, left.content)
    result = pickle.loads(left.result)  # noqa: S301  # our own
    session.add_all(_rows(result))
    return result


def _rows(result: Any) -> Iterator[Any]:
    """The rows within a result, loaded before and now of this session."""
    if isinstance(result, db.Model):
        yield result
    elif is_dataclass(result):
        for field in fields(result):
            yield from _rows(getattr(result, field.name))
    elif isinstance(result, (list, tuple)):
        for part in result:
            yield from _rows(part)
