"""competencies in editions, and a family of digital ones"""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261124_0034"
down_revision = "20261124_0033"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEED_FROM = date(2017, 1, 1)
NATIONAL = (
    "PermenPANRB Nomor 38 Tahun 2017, Lampiran (kamus kompetensi manajerial dan sosial kultural)"
)
DIGITAL = (
    "Empat pilar kurikulum literasi digital nasional; belum ada standar digital ASN yang mengikat"
)
LEVELS = range(1, 6)


def upgrade() -> None:
    editions = [_edition(row) for row in _rows("SELECT * FROM competency")]
    table = op.create_table(
        "competency_edition",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("retired_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("changed_by", WHOLE, nullable=True),
        sa.Column("changed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_competency_edition_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["competency.code"], name=op.f("fk_competency_edition_code")
        ),
        sa.PrimaryKeyConstraint("code", "number", name=op.f("pk_competency_edition")),
    )
    op.bulk_insert(table, editions)
    op.drop_table("competency_indicator")
    op.add_column("competency", sa.Column("edition", WHOLE, nullable=False, server_default="1"))
    op.add_column("competency", sa.Column("retired_from", sa.Date(), nullable=True))
    with op.batch_alter_table("competency") as batch:
        batch.alter_column("edition", server_default=None)
        batch.drop_column("definition")
    op.execute("UPDATE competency SET \"group\" = 'digital' WHERE code LIKE 'DIG.%'")


def _rows(statement: str) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in op.get_bind().execute(sa.text(statement))]


def _edition(row: dict[str, Any]) -> dict[str, Any]:
    told = _rows(f"SELECT level, text FROM competency_indicator WHERE code = '{row['code']}'")  # noqa: S608  # a code of the seed
    texts = {each["level"]: each["text"] for each in told}
    basis = (
        NATIONAL if row["group"] != "teknis" else DIGITAL if row["code"].startswith("DIG.") else ""
    )
    wording = {
        "name": row["name"],
        "definition": row["definition"],
        "basis": basis,
        "levels": [["", texts.get(level, "–"), []] for level in LEVELS],
    }
    text = json.dumps(wording, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "code": row["code"],
        "number": 1,
        "valid_from": SEED_FROM,
        "wording": text,
        "reason": "",
    }


def downgrade() -> None:
    newest = _rows(
        "SELECT e.code, e.wording FROM competency_edition e JOIN competency c ON c.code = e.code AND c.edition = e.number"
    )
    worded = {row["code"]: json.loads(row["wording"]) for row in newest}
    op.drop_table("competency_edition")
    with op.batch_alter_table("competency") as batch:
        batch.add_column(sa.Column("definition", sa.Text(), nullable=False, server_default=""))
        batch.drop_column("edition")
        batch.drop_column("retired_from")
    with op.batch_alter_table("competency") as batch:
        batch.alter_column("definition", server_default=None)
    table = op.create_table(
        "competency_indicator",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("level", WHOLE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_competency_indicator_level")),
        sa.ForeignKeyConstraint(
            ["code"], ["competency.code"], name=op.f("fk_competency_indicator_code")
        ),
        sa.PrimaryKeyConstraint("code", "level", name=op.f("pk_competency_indicator")),
    )
    told = [
        {"code": code, "level": level, "text": text}
        for code, wording in worded.items()
        for level, (_, text, _) in zip(LEVELS, wording["levels"], strict=True)
    ]
    op.bulk_insert(table, told)
    for code, wording in worded.items():
        filled = sa.text("UPDATE competency SET definition = :definition WHERE code = :code")
        op.get_bind().execute(filled, {"definition": wording["definition"], "code": code})
    op.execute("UPDATE competency SET \"group\" = 'teknis' WHERE code LIKE 'DIG.%'")
