"""submitted certificates"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0010"
down_revision = "20261124_0009"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "outside_learning"
STATES = "state in ('waiting', 'returned', 'approved', 'refused', 'withdrawn')"
STATES_BEFORE = "state in ('approved', 'withdrawn')"
DEFAULTED = ("number_key", "abroad", "revision", "decision_reason")
KEYS = {"paper_digest": ("blob", "digest"), "decided_by": ("person", "id")}


def new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("number_key", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("hours", WHOLE, nullable=True),
        sa.Column("sessions", WHOLE, nullable=True),
        sa.Column("abroad", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("paper_digest", sa.String(length=64), nullable=True),
        sa.Column("revision", WHOLE, nullable=False, server_default="0"),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.String(length=400), nullable=False, server_default=""),
        sa.Column("asked_jp", WHOLE, nullable=True),
    ]


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        for column in new_columns():
            table.add_column(column)
        table.drop_constraint(op.f("ck_outside_learning_state"), type_="check")
        table.create_check_constraint(op.f("ck_outside_learning_state"), STATES)
        for name, (other, key) in KEYS.items():
            table.create_foreign_key(op.f(f"fk_outside_learning_{name}"), other, [name], [key])
    op.execute("UPDATE outside_learning SET number_key = lower(replace(number, ' ', ''))")
    with op.batch_alter_table(TABLE) as table:
        for name in DEFAULTED:
            table.alter_column(name, server_default=None)
    for name, columns in (
        ("ix_outside_learning_number_key", ["number_key"]),
        ("ix_outside_learning_paper_digest", ["paper_digest"]),
        ("ix_outside_learning_state", ["state", "entered_ms"]),
    ):
        op.create_index(name, TABLE, columns)
    op.create_table(
        "staged_file",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_staged_file")),
    )
    op.create_index("ix_staged_file_created_ms", "staged_file", ["created_ms"])


def downgrade() -> None:
    op.drop_table("staged_file")
    # What is not approved counts nowhere; before, that had one name.
    op.execute(
        "UPDATE outside_learning SET state = 'withdrawn'"
        " WHERE state NOT IN ('approved', 'withdrawn')"
    )
    for name in ("number_key", "paper_digest", "state"):
        op.drop_index(f"ix_outside_learning_{name}", table_name=TABLE)
    with op.batch_alter_table(TABLE) as table:
        for name in KEYS:
            table.drop_constraint(op.f(f"fk_outside_learning_{name}"), type_="foreignkey")
        table.drop_constraint(op.f("ck_outside_learning_state"), type_="check")
        table.create_check_constraint(op.f("ck_outside_learning_state"), STATES_BEFORE)
        for column in new_columns():
            table.drop_column(column.name)
