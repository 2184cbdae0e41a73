"""drafts"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0005"
down_revision = "20261124_0004"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "draft_file",
        sa.Column("course_id", WHOLE, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_draft_file_course_id")),
        sa.PrimaryKeyConstraint("course_id", "path", name=op.f("pk_draft_file")),
    )
    op.create_table(
        "draft_revision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("course_id", WHOLE, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("begun_ms", WHOLE, nullable=False),
        sa.Column("saved_ms", WHOLE, nullable=False),
        sa.CheckConstraint(
            "act in ('saved', 'autosaved', 'uploaded', 'restored', 'deleted')",
            name=op.f("ck_draft_revision_act"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_draft_revision_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_revision_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_revision")),
        sa.UniqueConstraint(
            "course_id", "path", "number", name=op.f("uq_draft_revision_course_id_path_number")
        ),
    )
    op.create_table(
        "draft_visit",
        sa.Column("course_id", WHOLE, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("seen_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_draft_visit_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_visit_person_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "path", "person_id", name=op.f("pk_draft_visit")),
    )


def downgrade() -> None:
    op.drop_table("draft_visit")
    op.drop_table("draft_revision")
    op.drop_table("draft_file")
