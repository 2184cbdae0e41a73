from sqlalchemy import BigInteger

from elearn.database import db
from tests import engines


def create(app):
    for table in db.metadata.tables.values():
        for column in table.c:
            if column.name.endswith("_ms"):
                column.type = BigInteger()
    with app.app_context():
        with db.engine.connect() as connection:
            if db.engine.dialect.name == "sqlite":
                connection = connection.execution_options(work="write")
            db.metadata.create_all(connection)
            connection.commit()
        db.session.remove()
        db.engine.dispose()


engines.migrate = create
