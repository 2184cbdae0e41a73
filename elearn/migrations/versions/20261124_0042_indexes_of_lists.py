"""indexes that the lists of HR are read and counted by, at tens of thousands of people"""

from alembic import op

revision = "20261124_0042"
down_revision = "20261124_0041"
branch_labels = None
depends_on = None

PROGRESS = "ix_course_progress_course"
NEW = (
    ("ix_completion_course_person", "completion", "course_id person_id completed_ms expires_on"),
    ("ix_placement_from", "placement", "from_ms person_id"),
    ("ix_person_created_ms", "person", "created_ms"),
    ("ix_certificate_issued", "certificate", "issued_ms unit_id"),
)


def upgrade() -> None:
    op.drop_index(PROGRESS, table_name="course_progress")
    op.create_index(PROGRESS, "course_progress", ["course_id", "state", "person_id"])
    for name, table, columns in NEW:
        op.create_index(name, table, columns.split())


def downgrade() -> None:
    for name, table, _ in reversed(NEW):
        op.drop_index(name, table_name=table)
    op.drop_index(PROGRESS, table_name="course_progress")
    op.create_index(PROGRESS, "course_progress", ["course_id", "state"])
