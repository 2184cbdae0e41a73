"""reviews and regrades"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0002"
down_revision = "20261124_0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("asked_by", WHOLE, nullable=False),
        sa.Column("asked_ms", WHOLE, nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reviewer_id", WHOLE, nullable=True),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("ended_ms", WHOLE, nullable=True),
        sa.CheckConstraint(
            "verdict in ('waiting', 'passed', 'returned')", name=op.f("ck_review_verdict")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_review_asked_by")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_review_reviewer_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_review_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_version_id"), "review", ["version_id"], unique=False)
    op.create_table(
        "regrade",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("course_id", WHOLE, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("mended", sa.String(length=64), nullable=False),
        sa.Column("never_worse", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", WHOLE, nullable=False),
        sa.Column("asked_ms", WHOLE, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("ended_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_regrade_asked_by")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_regrade_course_id")),
        sa.ForeignKeyConstraint(
            ["mended"], ["question_version.digest"], name=op.f("fk_regrade_mended")
        ),
        sa.ForeignKeyConstraint(
            ["question"], ["question_version.digest"], name=op.f("fk_regrade_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    op.create_index(op.f("ix_regrade_course_id"), "regrade", ["course_id"], unique=False)
    op.create_table(
        "regraded_attempt",
        sa.Column("regrade_id", WHOLE, nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("before_tenths", WHOLE, nullable=False),
        sa.Column("after_tenths", WHOLE, nullable=False),
        sa.Column("before_passed", sa.Boolean(), nullable=False),
        sa.Column("after_passed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_regraded_attempt_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_regraded_attempt_regrade_id")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regraded_attempt")),
    )


def downgrade() -> None:
    op.drop_table("regraded_attempt")
    op.drop_index(op.f("ix_regrade_course_id"), table_name="regrade")
    op.drop_table("regrade")
    op.drop_index(op.f("ix_review_version_id"), table_name="review")
    op.drop_table("review")
