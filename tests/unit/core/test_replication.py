"""Every migration's statement as a cluster needs it: no table is forgotten, and nothing else changes."""

from __future__ import annotations

import re

import pytest

from kubedoor_core.clickhouse.replication import NO_QUORUM, for_cluster, reading, writing
from kubedoor_core.errors import BadValueError
from kubedoor_core.migrate import LEDGER, load_migrations, sql_directory

CLUSTER = "{cluster}"
STATEMENTS = [LEDGER.strip(), *(s for m in load_migrations(sql_directory()) for s in m.statements)]
TABLES = [statement for statement in STATEMENTS if statement.startswith("CREATE TABLE")]
VIEWS = [
    statement for statement in STATEMENTS if re.match("CREATE (OR REPLACE |MATERIALIZED )?VIEW", statement)
]
HEAD = r"(CREATE (TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS|CREATE OR REPLACE (VIEW)|ALTER TABLE)"


def name_of(statement: str) -> str:
    """Return the table or view that a statement is about."""
    head = re.match(rf"{HEAD} (\w+)", statement)
    assert head is not None, statement
    return head[4]


def undone(statement: str) -> str:
    """Take back what a cluster adds."""
    plain = statement.replace(f" ON CLUSTER '{CLUSTER}'", "").replace("ENGINE = Replicated", "ENGINE = ")
    plain = plain.replace("'/clickhouse/tables/{database}/{table}', '{replica}', ", "")
    plain = plain.replace("('/clickhouse/tables/{database}/{table}', '{replica}')", "")
    return plain.replace(", replicated_deduplication_window_seconds = 604800", "").replace(
        " replicated_deduplication_window", " non_replicated_deduplication_window"
    )


def test_without_a_cluster_nothing_changes() -> None:
    assert [for_cluster(statement, "") for statement in STATEMENTS] == STATEMENTS


@pytest.mark.parametrize("statement", STATEMENTS, ids=name_of)
def test_only_the_cluster_and_the_engine_are_added(statement: str) -> None:
    assert undone(for_cluster(statement, CLUSTER)) == statement


@pytest.mark.parametrize("statement", STATEMENTS, ids=name_of)
def test_it_runs_on_every_server(statement: str) -> None:
    made = for_cluster(statement, CLUSTER)
    assert re.match(rf"{HEAD} {name_of(statement)} ON CLUSTER '{{cluster}}'\s", made)


@pytest.mark.parametrize("statement", TABLES, ids=name_of)
def test_every_table_is_replicated(statement: str) -> None:
    made = for_cluster(statement, CLUSTER)
    engine = re.findall(r"^ENGINE = (.*)$", made, re.MULTILINE)
    assert len(engine) == 1
    kind = r"Replicated(Replacing)?MergeTree"
    assert re.fullmatch(
        rf"{kind}\('/clickhouse/tables/{{database}}/{{table}}', '{{replica}}'(, .+)?\)", engine[0]
    )
    assert " non_replicated" not in made


def test_the_windows_of_tokens_are_kept() -> None:
    with_window = {name_of(s) for s in TABLES if "non_replicated_deduplication_window" in s}
    made = {
        name_of(s) for s in TABLES if "SETTINGS replicated_deduplication_window = " in for_cluster(s, "c")
    }
    assert made == with_window >= {"commit_log", "audit_log", "collection_claim"}


def test_versions_stay_the_engines_last_arguments() -> None:
    (daily,) = (for_cluster(s, "c") for s in TABLES if name_of(s) == "resource_daily")
    assert "'{replica}', collected_at, deleted)" in daily


def test_views_keep_their_text() -> None:
    assert {name_of(view) for view in VIEWS} >= {"effective", "control_history_feed", "change_mark_control"}
    assert all("Replicated" not in for_cluster(view, CLUSTER) for view in VIEWS)


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        ("ALTER TABLE control ADD COLUMN x UInt8", "ALTER TABLE control ON CLUSTER 'c' ADD COLUMN x UInt8"),
        ("DROP VIEW IF EXISTS effective", "DROP VIEW IF EXISTS effective ON CLUSTER 'c'"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE OR REPLACE VIEW v ON CLUSTER 'c' AS SELECT 1"),
    ],
)  # fmt: skip
def test_later_migrations(statement: str, made: str) -> None:
    assert for_cluster(statement, "c") == made


@pytest.mark.parametrize(
    "statement", ["INSERT INTO control VALUES (1)", "CREATE TABLE t (x UInt8)\nENGINE = Log"]
)
def test_what_is_not_known_is_refused(statement: str) -> None:
    with pytest.raises(BadValueError):
        for_cluster(statement, "c")


def test_reads_and_writes_agree_where_something_is_decided() -> None:
    assert reading("") == {} == writing("", "control")
    assert reading("c") == {"select_sequential_consistency": "1"}
    for table in {name_of(statement) for statement in TABLES} - NO_QUORUM:
        options = writing("c", table)
        assert (options["insert_quorum"], options["insert_quorum_parallel"]) == ("auto", "0")
    assert all("insert_quorum" not in writing("c", table) for table in NO_QUORUM)
