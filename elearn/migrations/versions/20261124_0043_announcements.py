"""announcements, their history, and who put one away"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0043"
down_revision = "20261124_0042"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.String(length=240), nullable=False),
        sa.Column("importance", sa.String(length=10), nullable=False),
        sa.Column("unit_id", WHOLE, nullable=True),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("starts_ms", WHOLE, nullable=False),
        sa.Column("ends_ms", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_ms", WHOLE, nullable=True),
        sa.CheckConstraint(
            "state in ('draft', 'published', 'withdrawn')", name=op.f("ck_announcement_state")
        ),
        sa.CheckConstraint(
            "importance in ('plain', 'important', 'urgent')",
            name=op.f("ck_announcement_importance"),
        ),
        sa.CheckConstraint("starts_ms < ends_ms", name=op.f("ck_announcement_days")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_announcement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_state_ends_ms", "announcement", ["state", "ends_ms"])
    op.create_table(
        "announcement_change",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("announcement_id", WHOLE, nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("changed_by", WHOLE, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_change_announcement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_announcement_change_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_change")),
    )
    op.create_index(
        op.f("ix_announcement_change_announcement_id"), "announcement_change", ["announcement_id"]
    )
    op.create_table(
        "announcement_dismissal",
        sa.Column("announcement_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_dismissal_announcement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_announcement_dismissal_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "announcement_id", "person_id", name=op.f("pk_announcement_dismissal")
        ),
    )


def downgrade() -> None:
    op.drop_table("announcement_dismissal")
    op.drop_table("announcement_change")
    op.drop_table("announcement")
