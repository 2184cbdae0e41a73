"""register of numbers"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0009"
down_revision = "20261124_0008"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# The unit at the completion; for what came from elsewhere the person's own.
UNIT_OF = """UPDATE certificate SET unit_id = coalesce(
  (SELECT completion.unit_id FROM completion WHERE certificate.source_kind = 'course'
    AND CAST(completion.enrolment_id AS VARCHAR(40)) = certificate.source_id),
  (SELECT person.unit_id FROM person WHERE person.id = certificate.person_id))"""
# Down again, numbers of the register get serials that no other has.
SERIALS = """UPDATE certificate SET serial = -ranked.at FROM
  (SELECT id, row_number() OVER (ORDER BY id) AS at FROM certificate) AS ranked
  WHERE certificate.serial IS NULL AND ranked.id = certificate.id"""


def upgrade() -> None:
    op.add_column("certificate", sa.Column("unit_id", WHOLE, nullable=True))
    op.execute(UNIT_OF)
    with op.batch_alter_table("certificate") as table:
        table.alter_column("number", existing_type=sa.String(length=80), nullable=True)
        table.alter_column("serial", existing_type=WHOLE, nullable=True)
        table.alter_column("unit_id", existing_type=WHOLE, nullable=False)
        table.create_foreign_key(op.f("fk_certificate_unit_id"), "unit", ["unit_id"], ["id"])
    op.create_table(
        "number_batch",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_number_batch_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_batch")),
    )
    op.create_table(
        "register_number",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("certificate_id", sa.String(length=40), nullable=True),
        sa.Column("given_ms", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_by", WHOLE, nullable=True),
        sa.Column("cancelled_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "state in ('free', 'given', 'cancelled')", name=op.f("ck_register_number_state")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["number_batch.id"], name=op.f("fk_register_number_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by"], ["person.id"], name=op.f("fk_register_number_cancelled_by")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_register_number_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_number")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_register_number_certificate_id")),
        sa.UniqueConstraint("number", name=op.f("uq_register_number_number")),
    )
    op.create_index(op.f("ix_register_number_state"), "register_number", ["state", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_register_number_state"), table_name="register_number")
    op.drop_table("register_number")
    op.drop_table("number_batch")
    op.execute("DELETE FROM certificate WHERE number IS NULL")
    op.execute(SERIALS)
    with op.batch_alter_table("certificate") as table:
        table.drop_constraint(op.f("fk_certificate_unit_id"), type_="foreignkey")
        table.drop_column("unit_id")
        table.alter_column("serial", existing_type=WHOLE, nullable=False)
        table.alter_column("number", existing_type=sa.String(length=80), nullable=False)
