"""assignments"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0023"
down_revision = "20261124_0022"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", WHOLE, nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "assignment",
        _id(),
        sa.Column("owner_unit_id", WHOLE, nullable=True),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("created_by", WHOLE, nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
        sa.Column("withdrawn_ms", WHOLE, nullable=True),
        sa.Column("withdrawn_by", WHOLE, nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=400), server_default="", nullable=False),
        _to("assignment", "owner_unit_id", "unit"),
        _to("assignment", "created_by", "person"),
        _to("assignment", "withdrawn_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_open", "assignment", ["withdrawn_ms"])
    op.create_table(
        "assignment_revision",
        _id(),
        sa.Column("assignment_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("letter_number", sa.String(length=120), nullable=False),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column("starts_ms", WHOLE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days", WHOLE, nullable=True),
        sa.Column("grace_days", WHOLE, nullable=False),
        sa.Column("counts_from_ms", WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", WHOLE, nullable=False),
        sa.Column("made_ms", WHOLE, nullable=False),
        sa.CheckConstraint(
            "due_on is not null or days is not null", name=op.f("ck_assignment_revision_has_due")
        ),
        _to("assignment_revision", "assignment_id", "assignment"),
        _to("assignment_revision", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_revision")),
        sa.UniqueConstraint(
            "assignment_id", "number", name=op.f("uq_assignment_revision_assignment_id_number")
        ),
    )
    op.create_table(
        "assigned_course",
        sa.Column("revision_id", WHOLE, nullable=False),
        sa.Column("course_id", WHOLE, nullable=False),
        _to("assigned_course", "revision_id", "assignment_revision"),
        _to("assigned_course", "course_id", "course"),
        sa.PrimaryKeyConstraint("revision_id", "course_id", name=op.f("pk_assigned_course")),
    )
    op.create_table(
        "assignment_line",
        _id(),
        sa.Column("revision_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("unit_id", WHOLE, nullable=True),
        sa.Column("position_class", sa.String(length=40), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("joined_since_ms", WHOLE, nullable=True),
        sa.Column("has_list", sa.Boolean(), nullable=False),
        _to("assignment_line", "revision_id", "assignment_revision"),
        _to("assignment_line", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_line")),
        sa.UniqueConstraint(
            "revision_id", "position", name=op.f("uq_assignment_line_revision_id_position")
        ),
    )
    op.create_table(
        "listed_person",
        sa.Column("line_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        _to("listed_person", "line_id", "assignment_line"),
        _to("listed_person", "person_id", "person"),
        sa.PrimaryKeyConstraint("line_id", "person_id", name=op.f("pk_listed_person")),
    )
    op.create_index(op.f("ix_listed_person_person_id"), "listed_person", ["person_id"])
    op.create_table(
        "assignment_exemption",
        _id(),
        sa.Column("assignment_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_by", WHOLE, nullable=False),
        sa.Column("given_ms", WHOLE, nullable=False),
        sa.Column("ended_by", WHOLE, nullable=True),
        sa.Column("ended_ms", WHOLE, nullable=True),
        _to("assignment_exemption", "assignment_id", "assignment"),
        _to("assignment_exemption", "person_id", "person"),
        _to("assignment_exemption", "given_by", "person"),
        _to("assignment_exemption", "ended_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_exemption")),
    )
    op.create_index(
        "ix_assignment_exemption_whom", "assignment_exemption", ["assignment_id", "person_id"]
    )
    op.create_index(
        op.f("ix_assignment_exemption_person_id"), "assignment_exemption", ["person_id"]
    )


def downgrade() -> None:
    for table in (
        "assignment_exemption",
        "listed_person",
        "assignment_line",
        "assigned_course",
        "assignment_revision",
        "assignment",
    ):
        op.drop_table(table)
