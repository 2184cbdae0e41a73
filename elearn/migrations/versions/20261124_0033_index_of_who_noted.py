"""an index of who noted a placement: without it each person deleted reads every placement"""

from alembic import op

revision = "20261124_0033"
down_revision = "20261124_0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_placement_noted_by"), "placement", ["noted_by"])


def downgrade() -> None:
    op.drop_index(op.f("ix_placement_noted_by"), table_name="placement")
