"""the second factor: apps, recovery codes, trusted devices, and what a sign-in knows of it"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0037"
down_revision = "20261124_0036"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "authenticator",
        sa.Column("person_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_authenticator_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("selector", sa.String(length=4), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "person_id", "selector", name=op.f("uq_recovery_code_person_id_selector")
        ),
    )
    op.create_table(
        "trusted_device",
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trusted_device_person_id")
        ),
        sa.PrimaryKeyConstraint("stamp", name=op.f("pk_trusted_device")),
    )
    op.create_index(op.f("ix_trusted_device_person_id"), "trusted_device", ["person_id"])
    op.add_column(
        "sign_in", sa.Column("confirmed_ms", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("sign_in", sa.Column("factor_due_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("sign_in", "factor_due_ms")
    op.drop_column("sign_in", "confirmed_ms")
    op.drop_index(op.f("ix_trusted_device_person_id"), table_name="trusted_device")
    op.drop_table("trusted_device")
    op.drop_table("recovery_code")
    op.drop_table("authenticator")
