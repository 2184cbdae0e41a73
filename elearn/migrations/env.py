"""Run by Alembic: one tree of migrations for SQLite and PostgreSQL."""

from alembic import context
from sqlalchemy import Connection

import elearn.assignments.models
import elearn.badges.models
import elearn.certification.models
import elearn.competency.models
import elearn.competency.outside_models
import elearn.content.draft_models
import elearn.content.models
import elearn.dashboard.models
import elearn.demo_mark
import elearn.files
import elearn.jobs
import elearn.journal.models
import elearn.learning.models
import elearn.people.factor_models
import elearn.people.history_models
import elearn.people.models
import elearn.reports.models
import elearn.roster.models
import elearn.settings
import elearn.siasn.models
import elearn.staged  # noqa: F401  # all tables are known before they are compared
from elearn.database import db


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transactional_ddl=True,
        render_as_batch=False,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def on_sqlite() -> None:
    # Remaking a table with foreign keys on would delete its children by cascade.
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()  # the setting holds from here, outside the transaction below
        try:
            with connection.execution_options(work="write").begin():
                run(connection)
                refuse_broken_keys(connection)
        finally:
            connection.execution_options(work="").exec_driver_sql("PRAGMA foreign_keys=ON")


def refuse_broken_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"migration breaks foreign keys: {broken[:5]}")


def on_postgresql() -> None:
    with db.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            run(connection)


if db.engine.dialect.name == "sqlite":
    on_sqlite()
else:
    on_postgresql()
