"""Which of ClickHouse's exceptions mean that it can't do it now, and what that is in plain words.

What is in no row is a refusal: the statement or the schema is wrong, and asking again changes nothing.
The codes: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from kubedoor_core.errors import ClickHouseError, ClickHouseUnavailableError

MAX_TEXT = 500


class Condition(StrEnum):
    """Why ClickHouse can't answer or write for now."""

    DISK_FULL = "disk_full"
    DISK_FAILING = "disk_failing"
    OUT_OF_MEMORY = "out_of_memory"
    OVERLOADED = "overloaded"
    READ_ONLY = "read_only"
    REPLICAS = "replicas"
    RESTARTING = "restarting"
    NETWORK = "network"
    ACCESS = "access"


CODES: Mapping[Condition, Mapping[int, str]] = {
    Condition.DISK_FULL: {
        243: "NOT_ENOUGH_SPACE",
        1016: "TABLE_SIZE_LIMIT_EXCEEDED",
    },
    Condition.DISK_FAILING: {
        24: "CANNOT_WRITE_TO_OSTREAM",
        74: "CANNOT_READ_FROM_FILE_DESCRIPTOR",
        75: "CANNOT_WRITE_TO_FILE_DESCRIPTOR",
        76: "CANNOT_OPEN_FILE",
        77: "CANNOT_CLOSE_FILE",
        88: "CANNOT_TRUNCATE_FILE",
        172: "CANNOT_CREATE_DIRECTORY",
        204: "CANNOT_FSYNC",
        214: "CANNOT_STATVFS",
        274: "AIO_READ_ERROR",
        275: "AIO_WRITE_ERROR",
        294: "CANNOT_WRITE_TO_FILE",
        400: "CANNOT_STAT",
        424: "CANNOT_LINK",
        425: "SYSTEM_ERROR",
        458: "CANNOT_UNLINK",
        531: "CANNOT_FSTAT",
        566: "CANNOT_RMDIR",
        586: "CANNOT_CREATE_FILE",
        641: "CANNOT_APPEND_TO_FILE",
        662: "FS_METADATA_ERROR",
    },
    Condition.OUT_OF_MEMORY: {
        173: "CANNOT_ALLOCATE_MEMORY",
        241: "MEMORY_LIMIT_EXCEEDED",
        777: "MEMORY_RESERVATION_KILLED",
        778: "MEMORY_RESERVATION_FAILED",
        1020: "MEMORY_RESERVATION_ACQUISITION_TIMEOUT",
    },
    Condition.OVERLOADED: {
        159: "TIMEOUT_EXCEEDED",
        160: "TOO_SLOW",
        201: "QUOTA_EXCEEDED",
        202: "TOO_MANY_SIMULTANEOUS_QUERIES",
        203: "NO_FREE_CONNECTION",
        252: "TOO_MANY_PARTS",
        290: "LIMIT_EXCEEDED",
        364: "RECEIVED_ERROR_TOO_MANY_REQUESTS",
        439: "CANNOT_SCHEDULE_TASK",
        473: "DEADLOCK_AVOIDED",
        692: "TOO_MANY_MUTATIONS",
        700: "USER_SESSION_LIMIT_EXCEEDED",
        745: "SERVER_OVERLOADED",
        749: "TCP_CONNECTION_LIMIT_REACHED",
        762: "HTTP_CONNECTION_LIMIT_REACHED",
        776: "RESOURCE_LIMIT_EXCEEDED",
        1017: "ASYNC_INSERT_FLUSH_TIMEOUT",
        1019: "QUERY_SLOT_ACQUISITION_TIMEOUT",
    },
    Condition.READ_ONLY: {
        242: "TABLE_IS_READ_ONLY",
        774: "TABLE_IS_PERMANENTLY_READ_ONLY",
    },
    Condition.REPLICAS: {
        224: "REPLICA_IS_ALREADY_ACTIVE",
        225: "NO_ZOOKEEPER",
        234: "NO_REPLICA_HAS_PART",
        244: "UNEXPECTED_ZOOKEEPER_ERROR",
        254: "NO_ACTIVE_REPLICAS",
        255: "TOO_MANY_RETRIES_TO_FETCH_PARTS",
        265: "NO_AVAILABLE_REPLICA",
        279: "ALL_CONNECTION_TRIES_FAILED",
        285: "TOO_FEW_LIVE_REPLICAS",
        286: "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE",
        289: "REPLICA_IS_NOT_IN_QUORUM",
        297: "SHARD_HAS_NO_CONNECTIONS",
        319: "UNKNOWN_STATUS_OF_INSERT",
        369: "ALL_REPLICAS_ARE_STALE",
        416: "REPLICA_STATUS_CHANGED",
        519: "NO_REMOTE_SHARD_AVAILABLE",
        529: "NOT_A_LEADER",
        568: "RAFT_ERROR",
        904: "TOO_MANY_UNAVAILABLE_SHARDS",
        999: "KEEPER_EXCEPTION",
    },
    Condition.RESTARTING: {
        236: "ABORTED",
        384: "PART_IS_TEMPORARILY_LOCKED",
        394: "QUERY_WAS_CANCELLED",
        667: "NOT_INITIALIZED",
        677: "THREAD_WAS_CANCELED",
        695: "ASYNC_LOAD_FAILED",
        696: "ASYNC_LOAD_CANCELED",
        722: "ASYNC_LOAD_WAIT_FAILED",
        733: "TABLE_IS_BEING_RESTARTED",
        735: "QUERY_WAS_CANCELLED_BY_CLIENT",
        738: "PART_IS_LOCKED",
        1004: "STARTUP_SCRIPTS_ERROR",
    },
    Condition.NETWORK: {
        86: "RECEIVED_ERROR_FROM_REMOTE_IO_SERVER",
        95: "CANNOT_READ_FROM_SOCKET",
        96: "CANNOT_WRITE_TO_SOCKET",
        198: "DNS_ERROR",
        209: "SOCKET_TIMEOUT",
        210: "NETWORK_ERROR",
        410: "EXTERNAL_SERVER_IS_NOT_RESPONDING",
        499: "S3_ERROR",
        500: "AZURE_BLOB_STORAGE_ERROR",
        660: "HDFS_ERROR",
        693: "AWS_ERROR",
        707: "GCP_ERROR",
        737: "GOOGLE_CLOUD_ERROR",
    },
    Condition.ACCESS: {
        192: "UNKNOWN_USER",
        193: "WRONG_PASSWORD",
        194: "REQUIRED_PASSWORD",
        195: "IP_ADDRESS_NOT_ALLOWED",
        497: "ACCESS_DENIED",
        516: "AUTHENTICATION_FAILED",
        720: "USER_EXPIRED",
    },
}
"""By number, with the name that ClickHouse gives it."""

IN_A_MOMENT = frozenset({286, 289})
"""An earlier INSERT is not on the majority yet; this replica lacks one that is. Ask again."""

WORDS: Mapping[Condition, str] = {
    Condition.DISK_FULL: "ClickHouse's disk is full: free some space or make it larger",
    Condition.DISK_FAILING: "ClickHouse can't use its disk: it is full or failing, or files can't be opened",
    Condition.OUT_OF_MEMORY: "ClickHouse is out of memory: raise its limit, or wait a little",
    Condition.OVERLOADED: "ClickHouse has more work than it can do now",
    Condition.READ_ONLY: "ClickHouse's tables are read-only: look at its disk, and at Keeper",
    Condition.REPLICAS: "ClickHouse's replicas can't agree: look at Keeper and at replicas that are away",
    Condition.RESTARTING: "ClickHouse is starting or stopping",
    Condition.NETWORK: "ClickHouse can't reach what it needs: another server, or its storage",
    Condition.ACCESS: "ClickHouse refuses KubeDoor's user: look at its password and grants",
}

_CONDITION_OF = {code: condition for condition, codes in CODES.items() for code in codes}
_NO_SPACE = re.compile(r"no space left on device|\berrno: 28\b", re.IGNORECASE)


def condition_of(code: int, text: str) -> Condition | None:
    """Return why ClickHouse can't for now, or None where it refuses.

    :param text: a full disk may come as the file system's own error, under a code for everything else.
    """
    if _NO_SPACE.search(text):
        return Condition.DISK_FULL
    return _CONDITION_OF.get(code)


def failure(text: str) -> ClickHouseError | ClickHouseUnavailableError:
    """Return what ClickHouse's answer to a statement that failed means, in plain words before its own."""
    text = " ".join(text.split())[:MAX_TEXT]
    found = re.search(r"Code: (\d+)", text)
    if found is None:
        return ClickHouseUnavailableError(f"ClickHouse sent an invalid response: {text[:200]}")
    code = int(found.group(1))
    condition = condition_of(code, text)
    if condition is None:
        return ClickHouseError(text, code)
    return ClickHouseUnavailableError(f"{WORDS[condition]} ({text})", code, condition.value)
