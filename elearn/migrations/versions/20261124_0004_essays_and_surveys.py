"""essays and surveys"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0004"
down_revision = "20261124_0003"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("attempt", sa.Column("unmarked", WHOLE, nullable=False, server_default="0"))
    op.create_table(
        "essay_mark",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_by", WHOLE, nullable=False),
        sa.Column("marked_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_essay_mark_attempt_id")
        ),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_essay_mark_marked_by")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_essay_mark")),
    )
    op.create_table(
        "survey_count",
        sa.Column("course_id", WHOLE, nullable=False),
        sa.Column("survey_key", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("times", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_survey_count_course_id")
        ),
        sa.PrimaryKeyConstraint(
            "course_id", "survey_key", "question", "choice", name=op.f("pk_survey_count")
        ),
    )
    op.create_table(
        "survey_text",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("course_id", WHOLE, nullable=False),
        sa.Column("survey_key", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_survey_text_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_text")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_survey_text_question", "survey_text", ["course_id", "survey_key", "question"]
    )


def downgrade() -> None:
    op.drop_index("ix_survey_text_question", table_name="survey_text")
    op.drop_table("survey_text")
    op.drop_table("survey_count")
    op.drop_table("essay_mark")
    op.drop_column("attempt", "unmarked")
