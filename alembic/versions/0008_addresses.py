"""addresses."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = Path(__file__).parents[1] / "sql"
PRECISION = sa.Enum(
    "house", "street", "postcode", name="precision", native_enum=False, create_constraint=True, length=20
)
VIEW_BEFORE = """
  CREATE VIEW public_place AS
  SELECT id, region_id, name, address_hidden, wheelchair,
    CASE WHEN NOT address_hidden THEN street END AS street,
    CASE WHEN NOT address_hidden THEN postcode END AS postcode,
    CASE WHEN NOT address_hidden THEN town END AS town,
    CASE WHEN NOT address_hidden THEN lon END AS lon,
    CASE WHEN NOT address_hidden THEN lat END AS lat
  FROM place
"""


def upgrade() -> None:
    # A trusted extension: the owner of the database may add it, whoever set the database up.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.add_column("place", sa.Column("precision", PRECISION, nullable=True))
    op.create_table(
        "address_street",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("town_key", sa.String(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_address_street_region_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_address_street_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_street")),
    )
    op.create_index("ix_address_street_name", "address_street", ["region_id", "key"])
    op.create_index("ix_address_street_postcode", "address_street", ["region_id", "postcode"])
    op.create_index(op.f("ix_address_street_source_id"), "address_street", ["source_id"])
    op.create_index(
        "ix_address_street_key",
        "address_street",
        ["key"],
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
    )
    op.create_table(
        "address",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["street_id"], ["address_street.id"], name=op.f("fk_address_street_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    op.create_index("ix_address_number", "address", ["street_id", "number", "suffix"])
    op.execute((SQL / "0008_addresses.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_table("address")
    op.drop_table("address_street")
    op.execute("DROP VIEW public_place")
    op.execute(VIEW_BEFORE)
    op.execute("GRANT SELECT ON public_place TO landkarte_app")
    op.drop_column("place", "precision")
