"""The user of one env (deploy/clickhouse/env-user.sql) on the real engine: what it may and may not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from kubedoor_core.clickhouse import connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from support.clickhouse import Server
from support.rows import containers, derived_row

STATEMENTS = (Path(__file__).parents[3] / "deploy" / "clickhouse" / "env-user.sql").read_text()
GRANT = re.compile(r"^(GRANT .*?) TO kubedoor_west;$", re.MULTILINE)
POLICY = re.compile(
    r"^CREATE ROW POLICY .* ON kubedoor\.(\w+) USING (env = .*) TO kubedoor_west;$", re.MULTILINE
)
CONFIG = """<clickhouse><user_directories>
<users_xml><path>{folder}/users.xml</path></users_xml>
</user_directories></clickhouse>"""
USERS = """<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default>
<password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>
<grants>{grants}</grants><databases><kubedoor>{policies}</kubedoor></databases>
</default></users></clickhouse>"""
ASK = """
import json, sys
import chdb
connection = chdb.connect(sys.argv[1])
answers = []
for statement in json.load(sys.stdin):
    try:
        answers.append(str(connection.query(statement, "TSV")).strip())
    except Exception as error:
        answers.append("refused: " + str(error))
print(json.dumps(answers))
"""
WEST, EAST = "west", "east"
INSERTED = "INSERT INTO kubedoor.derived (env, namespace, name, version) VALUES ('west', 'shop', 'new', 9)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engine's data are, and its configuration with that user as the only one.

    The embedded engine takes users from a file alone, which knows grants and policies in another form.
    """
    made = tmp_path_factory.mktemp("env-user")
    (made / "config.xml").write_text(CONFIG.format(folder=made))
    grants = "".join(f"<query>{escape(grant)}</query>" for grant in GRANT.findall(STATEMENTS))
    policies = "".join(
        f"<{table}><filter>{escape(condition)}</filter></{table}>"
        for table, condition in POLICY.findall(STATEMENTS)
    )
    (made / "users.xml").write_text(USERS.format(grants=grants, policies=policies))
    return made


async def _fill(url: str) -> None:
    async with connect(Settings(clickhouse_url=url)) as clickhouse:
        await migrate(clickhouse)
        values = containers(app=(100, None, 128, None))
        rows = [derived_row(env, "shop", "cart", **values) for env in (WEST, EAST)]
        await clickhouse.insert("derived", rows)


def _ask(folder: Path, *statements: str) -> list[str]:
    """Ask as that user."""
    address = f"file:{folder}/data?config-file={folder}/config.xml"
    done = subprocess.run(
        [sys.executable, "-c", ASK, address],
        input=json.dumps(statements), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers: list[str] = json.loads(done.stdout.splitlines()[-1])
    return answers


async def test_the_user_of_an_env_reads_that_env_and_changes_no_schema(folder: Path) -> None:
    with Server(folder).running() as server:
        await _fill(server.url)
    tables = [grant.rsplit(".", 1)[1] for grant in GRANT.findall(STATEMENTS)]
    found = dict(
        zip(tables, _ask(folder, *(f"SELECT count() FROM kubedoor.{one}" for one in tables)), strict=True)
    )
    assert all(count.isdigit() for count in found.values()), found
    asked = _ask(
        folder,
        "SELECT DISTINCT env FROM kubedoor.derived",
        "SELECT DISTINCT env FROM kubedoor.effective",
        INSERTED,
        "SELECT count() FROM kubedoor.derived FINAL",
        "SELECT count() FROM kubedoor.audit_log",
        "INSERT INTO kubedoor.control (env, namespace, name, version) VALUES ('west', 'shop', 'x', 1)",
        "DROP TABLE kubedoor.derived",
        "ALTER TABLE kubedoor.derived DELETE WHERE 1",
    )
    assert asked[:4] == [WEST, WEST, "", "2"], asked
    for answer in asked[4:]:
        assert "ACCESS_DENIED" in answer, answer


def test_every_table_with_an_env_that_it_reads_has_a_policy() -> None:
    of_views = {"change_mark", "effective", "schema_migration"}
    granted = {grant.rsplit(".", 1)[1] for grant in GRANT.findall(STATEMENTS)}
    assert {table for table, _ in POLICY.findall(STATEMENTS)} == granted - of_views
