"""The alert rules of the chart, read and tried by Prometheus' own tool."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubedoor_dev.tools import find
from support.rendering import of_kind

OURS = 'namespace="kubedoor"'
MIGRATE = 'job_name="kubedoor-migrate-0a1b2c3d"'
BACKUP = 'cronjob="kubedoor-backup"'
FIRES: dict[str, tuple[dict[str, str], str]] = {
    "KubeDoorWebhookStale": ({f"kubedoor_snapshot_age_seconds{{{OURS}}}": "400x30"}, "20m"),
    "KubeDoorWebhookDown": ({'kubedoor_snapshot_services{namespace="another"}': "5x30"}, "20m"),
    "KubeDoorRowsLost": ({f"kubedoor_snapshot_announcements_given_up{{{OURS}}}": "1x30"}, "20m"),
    "KubeDoorCertificateExpires": (
        {f"kubedoor_certificate_expiry_timestamp_seconds{{{OURS}}}": "86400x30"},
        "20m",
    ),
    "KubeDoorAdmissionLogDropped": ({f"kubedoor_admission_log_dropped_total{{{OURS}}}": "0+1x30"}, "20m"),
    "KubeDoorWebhookRefuses": (
        {f'kubedoor_admission_refused_total{{{OURS},reason="busy"}}': "0+60x30"},
        "20m",
    ),
    "KubeDoorApiFails": (
        {
            f'kubedoor_api_request_seconds_count{{{OURS},status="200"}}': "0+60x30",
            f'kubedoor_api_request_seconds_count{{{OURS},status="503"}}': "0+30x30",
        },
        "20m",
    ),
    "KubeDoorCollectionMissing": (
        {f"kubedoor_collection_last_success_timestamp_seconds{{{OURS}}}": "1x5000"},
        "3d",
    ),
    "KubeDoorApiDown": ({'kubedoor_snapshot_services{namespace="another"}': "5x30"}, "20m"),
    "KubeDoorCollectorDown": ({'kubedoor_snapshot_services{namespace="another"}': "5x30"}, "20m"),
    "KubeDoorMigrationStuck": ({f"kube_job_status_active{{{OURS},{MIGRATE}}}": "1x30"}, "20m"),
    "KubeDoorBackupFails": (
        {f'kube_job_status_failed{{{OURS},job_name="kubedoor-backup-29400000"}}': "1x30"},
        "20m",
    ),
    "KubeDoorBackupMissing": (
        {f"kube_cronjob_status_last_successful_time{{{OURS},{BACKUP}}}": "3600x5000"},
        "3d",
    ),
    "KubeDoorCollectionFails": ({f"kubedoor_collection_failed_days_total{{{OURS}}}": "0+1x30"}, "20m"),
}
"""For each alert the series by which it fires, and when it has."""
WELL = {
    f"kubedoor_snapshot_age_seconds{{{OURS}}}": "2x30",
    f"kubedoor_snapshot_services{{{OURS}}}": "0x30",
    f"kubedoor_snapshot_rows_lost{{{OURS}}}": "0x30",
    f"kubedoor_snapshot_announcements_given_up{{{OURS}}}": "0x30",
    f"kubedoor_certificate_expiry_timestamp_seconds{{{OURS}}}": "8640000x30",
    f"kubedoor_admission_log_dropped_total{{{OURS}}}": "0x30",
    f'kubedoor_admission_refused_total{{{OURS},reason="busy"}}': "3x30",
    f'kubedoor_api_request_seconds_count{{{OURS},status="200"}}': "0+60x30",
    f'kubedoor_api_request_seconds_count{{{OURS},status="503"}}': "0+1x30",
    f"kubedoor_collection_last_success_timestamp_seconds{{{OURS}}}": "1x30",
    f"kubedoor_collection_failed_days_total{{{OURS}}}": "2x30",
    f"kube_job_status_active{{{OURS},{MIGRATE}}}": "1x5 0x25",
    f"kube_job_status_failed{{{OURS},{MIGRATE}}}": "0x30",
    f'kube_job_status_failed{{{OURS},job_name="kubedoor-backup-29400000"}}': "0x30",
    f"kube_cronjob_status_last_successful_time{{{OURS},{BACKUP}}}": "3600x30",
    f"kube_cronjob_created{{{OURS},{BACKUP}}}": "0x30",
}
"""What is there when nothing is wrong."""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules as a file of Prometheus' own."""
    path = tmp_path_factory.mktemp("alerts") / "rules.yaml"
    path.write_text(yaml.safe_dump(of_kind("monitoring", "PrometheusRule")[0]["spec"]))
    return path


def promtool(*arguments: object) -> str:
    """Run it; return what it says, which begins with FAILED where something is wrong."""
    command = [str(find("promtool")), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return ("" if done.returncode == 0 else "FAILED ") + done.stdout + done.stderr


def tried(rules: Path, series: dict[str, str], at: str, *alerts: dict[str, Any]) -> str:
    """Try the rules on series; return what promtool says."""
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": at, **alert} for alert in alerts],
    }
    path = rules.parent / "test.yaml"
    document = {"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": [test]}
    path.write_text(yaml.safe_dump(document))
    return promtool("test", "rules", path)


def names(rules: Path) -> list[str]:
    """Return the names of all alerts."""
    return [rule["alert"] for group in yaml.safe_load(rules.read_text())["groups"] for rule in group["rules"]]


def test_prometheus_takes_the_rules(rules: Path) -> None:
    said = promtool("check", "rules", rules)
    assert f"{len(names(rules))} rules found" in said
    assert "FAILED" not in said


@pytest.mark.parametrize("alert", FIRES)
def test_each_alert_fires_when_it_should(rules: Path, alert: str) -> None:
    series, at = FIRES[alert]
    unexpected = tried(rules, series, at, {"alertname": alert, "exp_alerts": []})
    assert unexpected.startswith("FAILED"), f"{alert} does not fire"
    assert f'alertname="{alert}"' in unexpected


@pytest.mark.parametrize(
    ("alert", "series", "at"),
    [
        ("KubeDoorMigrationStuck", {f"kube_job_status_failed{{{OURS},{MIGRATE}}}": "4x30"}, "20m"),
        ("KubeDoorBackupMissing", {f"kube_cronjob_created{{{OURS},{BACKUP}}}": "1x5000"}, "3d"),
    ],
    ids=["given up", "never once"],
)
def test_it_fires_for_the_other_reason_too(rules: Path, alert: str, series: dict[str, str], at: str) -> None:
    assert tried(rules, series, at, {"alertname": alert, "exp_alerts": []}).startswith("FAILED")


@pytest.mark.parametrize("component", ["webhook", "api", "collector"])
def test_a_component_that_is_gone_is_told_though_the_others_are_well(rules: Path, component: str) -> None:
    prefixes = {
        "webhook": ("kubedoor_snapshot", "kubedoor_admission", "kubedoor_certificate"),
        "api": ("kubedoor_api",),
        "collector": ("kubedoor_collection",),
    }
    left = {name: values for name, values in WELL.items() if not name.startswith(prefixes[component])}
    expected = f"KubeDoor{component.capitalize()}Down"
    for name in names(rules):
        fired = tried(rules, left, "29m", {"alertname": name, "exp_alerts": []}).startswith("FAILED")
        assert fired == (name == expected), name


def test_none_fires_when_all_is_well(rules: Path) -> None:
    assert names(rules) == list(dict.fromkeys(names(rules)))
    assert set(names(rules)) == FIRES.keys()
    quiet = [{"alertname": name, "exp_alerts": []} for name in names(rules)]
    assert not tried(rules, WELL, "29m", *quiet).startswith("FAILED")
