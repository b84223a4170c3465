"""Alert rules of KubeDoor itself, for a release of any name in any namespace."""

from __future__ import annotations

from dataclasses import dataclass

from kubedoor_dev.rules.model import Alert, Group


@dataclass(frozen=True)
class Release:
    """An installation.

    :ivar name: what its objects' names begin with; ``failure_policy`` is that of its webhook.
    """

    namespace: str
    name: str
    failure_policy: str


DEFAULT = Release("kubedoor", "kubedoor", "Ignore")
IN_CHART = Release("RELEASE_NAMESPACE", "RELEASE_NAME", "FAILURE_POLICY")
"""Words in whose place the chart puts a release's own."""


def groups(release: Release = DEFAULT) -> list[Group]:
    """Return the rules, a group for each part of an installation."""
    ours = f'namespace="{release.namespace}"'
    return [
        Group("kubedoor-webhook", _webhook(ours, release.failure_policy)),
        Group("kubedoor-api", _api(ours)),
        Group("kubedoor-collector", _collector(ours)),
        Group("kubedoor-migrate", [_migrate(ours, release.name)]),
        Group("kubedoor-backup", _backup(ours, release.name)),
    ]


def _webhook(ours: str, failure_policy: str) -> list[Alert]:
    return [
        Alert(
            "KubeDoorWebhookStale",
            f"max(kubedoor_snapshot_age_seconds{{{ours}}}) > 300",
            "Admission goes on from an old copy of the control table",
            "The webhook can't read ClickHouse. Edits made since then are not enforced.",
            "5m",
        ),
        Alert(
            "KubeDoorWebhookDown",
            f"absent(kubedoor_snapshot_services{{{ours}}})",
            "No webhook has a copy of the control table",
            f"Admission follows the failure policy ({failure_policy}) until one is back.",
            "5m",
            "critical",
        ),
        Alert(
            "KubeDoorRowsLost",
            f"max(kubedoor_snapshot_rows_lost{{{ours}}}) > 0"
            f" or max(kubedoor_snapshot_announcements_given_up{{{ours}}}) > 0",
            "Rows of the control table were lost",
            'Rows are gone without a tombstone. See "When something is down" in docs/operations.md.',
            severity="critical",
        ),
        Alert(
            "KubeDoorCertificateExpires",
            f"min(kubedoor_certificate_expiry_timestamp_seconds{{{ours}}}) - time() < 7 * 86400",
            "The webhook's certificate expires within a week",
            'See "Rotation" in docs/operations.md.',
            severity="critical",
        ),
        Alert(
            "KubeDoorAdmissionLogDropped",
            f"increase(kubedoor_admission_log_dropped_total{{{ours}}}[15m]) > 0",
            "Admission decisions were not written down",
            "ClickHouse was away for so long that the webhook's queue was full.",
        ),
        Alert(
            "KubeDoorWebhookRefuses",
            f"sum by (reason) (rate(kubedoor_admission_refused_total{{{ours}}}[5m])) > 0.1",
            "Requests are not decided",
            "Reason: {{ $labels.reason }}. The API server tries again, or follows the failure policy.",
            "10m",
        ),
    ]


def _api(ours: str) -> list[Alert]:
    answers = "kubedoor_api_request_seconds_count"
    return [
        Alert(
            "KubeDoorApiDown",
            f"absent({answers}{{{ours}}})",
            "No api is scraped",
            "Nobody signs in or edits; admission and collection go on. Or nobody is let in to scrape it.",
            "10m",
        ),
        Alert(
            "KubeDoorApiFails",
            f'sum(rate({answers}{{{ours},status=~"5.."}}[5m])) / sum(rate({answers}{{{ours}}}[5m])) > 0.05',
            "More than a twentieth of the api's answers are errors",
            "Edits and sign-in may fail; admission goes on. Its log says why.",
            "10m",
        ),
    ]


def _collector(ours: str) -> list[Alert]:
    last = "kubedoor_collection_last_success_timestamp_seconds"
    return [
        Alert(
            "KubeDoorCollectorDown",
            f"absent({last}{{{ours}}})",
            "No collector is scraped",
            "Requests stay as they were derived last. Or nobody is let in to scrape it.",
            "15m",
        ),
        Alert(
            "KubeDoorCollectionMissing",
            f"time() - max({last}{{{ours}}} > 0) > 2 * 86400",
            "No day's peak was collected for two days",
            "The console's runs say which day failed, and why.",
        ),
        Alert(
            "KubeDoorCollectionFails",
            f"increase(kubedoor_collection_failed_days_total{{{ours}}}[1d]) > 0",
            "A day's peak could not be collected",
            "It keeps what it had, and is tried again within the look-back. The console's runs say why.",
        ),
    ]


def _migrate(ours: str, name: str) -> Alert:
    """Return the rule of the Job that brings the schema up, by kube-state-metrics' series."""
    job = f'{ours},job_name=~"{name}-migrate.*"'
    return Alert(
        "KubeDoorMigrationStuck",
        f"max(kube_job_status_active{{{job}}}) > 0 or max(kube_job_status_failed{{{job}}}) > 0",
        "The database's schema can't be brought up",
        "New services wait for it; older ones go on. The log of the migration's Job says why.",
        "15m",
        "critical",
    )


def _backup(ours: str, name: str) -> list[Alert]:
    cron = f'{ours},cronjob="{name}-backup"'
    last = f"kube_cronjob_status_last_successful_time{{{cron}}}"
    return [
        Alert(
            "KubeDoorBackupFails",
            f'max(kube_job_status_failed{{{ours},job_name=~"{name}-backup-.*"}}) > 0',
            "A back-up has failed",
            "Earlier files are kept. The log of its Job says why.",
        ),
        Alert(
            "KubeDoorBackupMissing",
            f"time() - max({last}) > 2 * 86400"
            f" or max(time() - kube_cronjob_created{{{cron}}} > 2 * 86400) unless on() {last}",
            "There was no good back-up for two days",
            'See "Back up and restore" in docs/operations.md.',
            "1h",
        ),
    ]
