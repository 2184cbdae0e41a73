"""The database: one engine, reads in AUTOCOMMIT, and the only commit of the product."""

from __future__ import annotations

import fcntl
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Row,
    Select,
    Table,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.sql.dml import ReturningInsert

from elearn.errors import Unavailable

# _N_ names all columns of a constraint, or two unique constraints of one table collide.
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
)
TURN_SECONDS = 10
ROOM_KIB = 64_000
_turn = threading.Lock()
_held: ContextVar[tuple[Engine, Any] | None] = ContextVar("held", default=None)
SLOW_SECONDS = 0.25
SlowHeard = Callable[[str, float], None]
_slow_heard: WeakKeyDictionary[Engine, SlowHeard] = WeakKeyDictionary()

db = SQLAlchemy(
    metadata=MetaData(naming_convention=NAMES), session_options={"expire_on_commit": False}
)

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """The declarative base, as the type checker sees it."""

else:
    Model = db.Model

# Whole numbers are 64 bits wide: times are milliseconds.
Model.registry.update_type_annotation_map({int: BigInteger().with_variant(Integer, "sqlite")})


def engine_options(url: str) -> dict[str, Any]:
    """Engine settings for an address: AUTOCOMMIT reads on both databases."""
    if is_sqlite(url):
        return {}
    # On SQLite skip_autocommit_rollback would leave transactions open.
    return {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}


def is_sqlite(url: str) -> bool:
    """Whether the address names a SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def init_app(app: Flask) -> None:
    """Bind the engine to the application and prepare SQLite connections."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _prepare_sqlite)
                event.listen(engine, "begin", _begin_sqlite)
            else:
                event.listen(engine, "connect", _prepare_postgresql)
            event.listen(engine, "handle_error", _name_outage)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma)


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # An export reads its cursor to the end; the planner expects a tenth of it.
    before = connection.autocommit
    connection.autocommit = True  # a transaction would be rolled back, and the setting with it
    connection.execute("SET cursor_tuple_fraction TO 1")
    connection.autocommit = before


def _begin_sqlite(connection: Any) -> None:
    work = connection.get_execution_options().get("work")
    if work:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if work == "write" else "BEGIN")


def _name_outage(context: Any) -> None:
    """Locked, disk full, connection lost: one error for all, with Retry-After."""
    problem = context.sqlalchemy_exception
    if isinstance(problem, OperationalError) and _is_outage(problem):
        raise Unavailable from problem


OUTAGES = (
    "locked",
    "busy",
    "full",
    "no space",
    "disk i/o",
    "unable to open",
    "connection",
    "too many clients",
    "deadlock",
)


def _is_outage(problem: DBAPIError) -> bool:
    words = str(problem.orig).lower()
    return problem.connection_invalidated or any(word in words for word in OUTAGES)


@contextmanager
def transaction() -> Iterator[Session]:
    """All or nothing. The outermost one commits; one inside it is a savepoint.

    Raises Unavailable when the write turn does not come within TURN_SECONDS.
    """
    session = db.session()
    if session.info.get("writing"):
        with session.begin_nested():
            yield session
        return
    with _queue(session.get_bind().engine.url):
        _begin(session, "write", "READ COMMITTED")
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


@contextmanager
def roomy() -> Iterator[None]:
    """Let the present transaction() or snapshot() keep more of SQLite's pages in memory.

    Statements over tens of thousands of rows else read and write the same pages many times.
    """
    connection = db.session().connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{ROOM_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")


@contextmanager
def snapshot() -> Iterator[Session]:
    """Several reads that must agree with each other: export, rebuild, verify."""
    session = db.session()
    _begin(session, "read", "REPEATABLE READ")
    try:
        yield session
    finally:
        session.rollback()


@contextmanager
def aside() -> Iterator[None]:
    """A session of its own, while the present one reads a snapshot or is in doubt.

    Never inside transaction(): the turn to write is taken already.
    """
    with current_app.app_context():
        yield


def is_writing() -> bool:
    """Whether the present session stands inside transaction()."""
    return db.session.registry.has() and bool(db.session().info.get("writing"))


def _begin(session: Session, work: str, level: str) -> None:
    if session.info.get("writing") or session.new or session.dirty or session.deleted:
        raise RuntimeError("changed outside transaction()")
    session.rollback()  # ends the reads before
    session.expire_all()  # what was loaded, also by the transaction before, is read again
    options: dict[str, Any] = {"work": work}
    if session.get_bind().dialect.name != "sqlite":
        options["isolation_level"] = level
    session.connection(execution_options=options)  # begins here


@contextmanager
def _queue(url: URL) -> Iterator[None]:
    """SQLite's writers stand in line on a lock file: its busy handler starves some of them."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        yield
        return
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise Unavailable
    try:
        with open(f"{url.database}-turn", "ab") as line:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield
    finally:
        _turn.release()


@event.listens_for(Session, "before_flush")
def _refuse_stray_flush(session: Session, *_: Any) -> None:
    if not session.info.get("writing"):  # with AUTOCOMMIT a stray flush would be on disk at once
        raise RuntimeError("write outside transaction()")


@event.listens_for(Session, "do_orm_execute")
def _refuse_stray_statement(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not state.session.info.get("writing"):
        raise RuntimeError("write outside transaction()")


def insert_new(table: Any, values: Sequence[dict[str, Any]]) -> int:
    """Insert rows, leaving those that break a unique constraint; returns how many are new."""
    if not values:
        return 0
    connection = _writing_connection()
    # Without preserve_rowcount an INSERT on PostgreSQL tells -1.
    statement = _insert_new(table, connection).execution_options(preserve_rowcount=True)
    return sum(connection.execute(statement, row).rowcount for row in values)


def insert_new_together(table: Any, values: Sequence[dict[str, Any]]) -> None:
    """Insert rows as ``insert_new`` does, in one statement for all of them (a few hundred)."""
    if not values:
        return
    connection = _writing_connection()
    connection.execute(_insert_new(table, connection).values(list(values)))


def _writing_connection() -> Connection:
    if not is_writing():
        raise RuntimeError("write outside transaction()")
    return db.session().connection()


def _insert_new(table: Any, connection: Connection) -> sqlite.Insert | postgresql.Insert:
    return _insert(getattr(table, "__table__", table), connection).on_conflict_do_nothing()


def insert_or_add(
    table: Table, values: Sequence[dict[str, Any]] | Select[*tuple[Any, ...]]
) -> None:
    """Insert rows of counters; those whose key is there already are added to what stands."""
    connection = _writing_connection()
    statement = _insert(table, connection)
    if isinstance(values, Select):
        statement = statement.from_select([column.name for column in table.c], values)
    counters = [column for column in table.c if not column.primary_key]
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column.name: column + statement.excluded[column.name] for column in counters},
    )
    if isinstance(values, Select):
        connection.execute(statement)
    elif values:
        connection.execute(statement, list(values))


def _insert(table: Table, connection: Connection) -> sqlite.Insert | postgresql.Insert:
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(table)


class Prepared:
    """A Core statement for hot pages: compiled once, run on the driver's connection.

    SQLAlchemy's own way costs several times what such a statement does. No parameter is a list.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | ReturningInsert[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def all(self, **params: Any) -> list[Any]:
        """The rows, as named tuples."""
        engine = _engine()
        try:
            return self._run(engine, params)
        except engine.dialect.loaded_dbapi.Error:  # let SQLAlchemy say what it means
            return list(db.session().execute(self._statement, params).all())

    def first(self, **params: Any) -> Any | None:
        """The first row, if there is one."""
        return next(iter(self.all(**params)), None)

    def write(self, **params: Any) -> list[Any]:
        """Run a writing statement that is a transaction of its own: on disk when it returns."""
        if is_writing():
            raise RuntimeError("a transaction stands around it")
        engine = _engine()
        try:
            with _queue(engine.url):
                return self._run(engine, params)
        except engine.dialect.loaded_dbapi.Error:  # as above
            with transaction() as session:
                return list(session.execute(self._statement, params).all())

    def _run(self, engine: Engine, params: dict[str, Any]) -> list[Any]:
        compiled = self._compiled.get(engine.dialect.name) or self._compile(engine.dialect)
        values = compiled.values(params)
        _tell_counters(engine, compiled.text, values)
        began = perf_counter()
        found = _fetch(engine, compiled.text, values)
        took = perf_counter() - began
        if took > SLOW_SECONDS and engine in _slow_heard:
            _slow_heard[engine](compiled.text, took)
        return compiled.rows(found)

    def _compile(self, dialect: Dialect) -> _Compiled:
        made: Any = self._statement.compile(dialect=dialect)
        columns = list(self._statement.exported_columns)
        reads = [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns]
        gives = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in made.binds.items()
        }
        compiled = _Compiled(
            made.string,
            dict(made.params),
            made.positiontup,
            {name: give for name, give in gives.items() if give},
            namedtuple("Row", [str(column.key) for column in columns]),
            tuple((at, read) for at, read in enumerate(reads) if read),
        )
        self._compiled[dialect.name] = compiled
        return compiled


@dataclass(frozen=True)
class _Compiled:
    """A statement as the driver takes it, and how its rows are read.

    ``order`` is None where parameters have names; ``gives`` are the parameters that the driver
    takes, and ``reads`` the columns whose values it gives, in another form.
    """

    text: str
    constants: dict[str, Any]
    order: Sequence[str] | None
    gives: dict[str, Callable[[Any], Any]]
    row: Any
    reads: Sequence[tuple[int, Callable[[Any], Any]]]

    def values(self, params: dict[str, Any]) -> Any:
        filled = {**self.constants, **params}
        for name, give in self.gives.items():
            filled[name] = give(filled[name])
        return filled if self.order is None else [filled[name] for name in self.order]

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        if self.reads:
            found = [self._read(row) for row in found]
        return [self.row._make(row) for row in found]

    def _read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for at, read in self.reads:
            values[at] = read(values[at])
        return values


@contextmanager
def one_connection() -> Iterator[None]:
    """Let the prepared statements within share a connection, for pages that run several.

    Nothing else may use the database meanwhile, or the request would hold two.
    """
    engine = db.engine
    borrowed = engine.raw_connection()
    token = _held.set((engine, borrowed.driver_connection))
    try:
        yield
    finally:
        _held.reset(token)
        borrowed.close()


def _engine() -> Engine:
    held = _held.get()
    return held[0] if held else db.engine


def _fetch(engine: Engine, text: str, values: Any) -> Sequence[Sequence[Any]]:
    """On the connection that is held, or the session's: a request never holds two."""
    held = _held.get()
    if held is not None:
        return _run(held[1], text, values)
    session = db.session() if db.session.registry.has() else None
    if session is not None and session.in_transaction():
        return _run(session.connection().connection.driver_connection, text, values)
    borrowed = engine.raw_connection()
    try:
        return _run(borrowed.driver_connection, text, values)
    finally:
        borrowed.close()


def _run(driver: Any, text: str, values: Any) -> Sequence[Sequence[Any]]:
    found: Sequence[Sequence[Any]] = driver.execute(text, values).fetchall()
    return found


def _tell_counters(engine: Engine, text: str, values: Any) -> None:
    """Whoever counts statements sees these too."""
    listeners = engine.dispatch.before_cursor_execute
    if listeners:
        listeners(None, None, text, values, None, False)


def tell_slow(engine: Engine, heard: SlowHeard) -> None:
    """Let somebody hear of each statement that takes more than SLOW_SECONDS, and how long."""

    def begin(*told: Any) -> None:
        told[-1].began = perf_counter()  # the context; nothing given back: it runs as it would

    def end(_connection: Any, _cursor: Any, text: str, _values: Any, *more: Any) -> None:
        took = perf_counter() - more[0].began
        if took > SLOW_SECONDS:
            heard(text, took)

    _slow_heard[engine] = heard
    # Not before_cursor_execute, which prepared statements would have to tell too.
    for moment in ("do_execute", "do_executemany", "do_execute_no_params"):
        event.listen(engine, moment, begin)
    event.listen(engine, "after_cursor_execute", end)


def rows(statement: Select[*tuple[Any, ...]], **params: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """All rows of a Core select on the session's connection."""
    return db.session().execute(statement, params).all()
