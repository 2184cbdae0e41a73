"""progress of a course is found by person, of which each page of a learner asks"""

from alembic import op

revision = "20261124_0046"
down_revision = "20261124_0045"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_course_progress_course", "course_progress"


def upgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, ["course_id", "person_id", "state"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, ["course_id", "state", "person_id"])
