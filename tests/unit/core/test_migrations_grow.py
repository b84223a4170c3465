"""Migrations only add: services of the version before go on working on the schema of the next."""

from __future__ import annotations

import re

import pytest

from kubedoor_core.migrate import load_migrations, sql_directory

ADDS = (
    r"CREATE TABLE IF NOT EXISTS \w+",
    r"CREATE MATERIALIZED VIEW IF NOT EXISTS \w+ TO \w+ AS",
    r"CREATE VIEW IF NOT EXISTS \w+",
    r"CREATE OR REPLACE VIEW \w+",
    r"ALTER TABLE \w+\s+(ADD COLUMN IF NOT EXISTS [^;]+|MODIFY (TTL|SETTING|COMMENT) [^;]+)$",
)
STATEMENTS = [s for migration in load_migrations(sql_directory()) for s in migration.statements]


def grows(statement: str) -> bool:
    return any(re.match(pattern, statement) for pattern in ADDS)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: " ".join(s.split()[:7]))
def test_a_statement_only_adds(statement: str) -> None:
    assert grows(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE control",
        "ALTER TABLE control DROP COLUMN note",
        "ALTER TABLE control RENAME COLUMN note TO remark",
        "ALTER TABLE control MODIFY COLUMN note UInt8",
        "CREATE TABLE control (x UInt8) ENGINE = Memory",
        "TRUNCATE TABLE control",
    ],
)
def test_what_takes_away_is_not_let_in(statement: str) -> None:
    assert not grows(statement)
