"""Every kind of refusal by one word, so that a console can put it into words of its own.

Names are added, never changed: consoles and scripts hold on to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ProblemCode(StrEnum):
    """What a problem document is about. Its `parameters` are named beside each word where it is raised."""

    # One for each status, where nothing more is to be said.
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONFLICT = "conflict"
    STALE = "stale"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    ADDRESS_TOO_LONG = "address_too_long"
    HEADERS_TOO_LARGE = "headers_too_large"
    VERSION_MISSING = "version_missing"
    SLOW_DOWN = "slow_down"
    FAILED = "failed"
    CLUSTER_REFUSED = "cluster_refused"
    UNAVAILABLE = "unavailable"

    # 401, 403
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 no password
    TOKEN_INVALID = "token_invalid"  # noqa: S105 no password
    CROSS_SITE = "cross_site"
    RIGHT_MISSING = "right_missing"
    TOKENS_MAKE_NO_TOKENS = "tokens_make_no_tokens"

    # 404
    NO_SERVICE = "no_service"
    NO_DEPLOYMENT = "no_deployment"
    NO_VERSION = "no_version"
    NO_PEAK = "no_peak"
    NO_OPERATION = "no_operation"
    NO_SCHEDULE = "no_schedule"
    NO_COLLECTION = "no_collection"
    NO_ADVICE = "no_advice"
    NO_TOKEN = "no_token"  # noqa: S105 no password
    NO_AI_CALL = "no_ai_call"
    NO_POD = "no_pod"
    NO_ALERT = "no_alert"
    NO_POD_ACTION = "no_pod_action"
    NO_NODE_ACTION = "no_node_action"
    NO_FINDING = "no_finding"

    # 409
    NO_CLUSTER = "no_cluster"
    NO_PROMETHEUS = "no_prometheus"
    NO_ADDRESS = "no_address"
    REGISTERED_ALREADY = "registered_already"
    SERVICES_CHANGED = "services_changed"
    VERSION_WAS_REMOVAL = "version_was_removal"
    OPERATION_ENDED = "operation_ended"
    OPERATION_UNDER_WAY = "operation_under_way"
    NOTHING_TO_ROLL_BACK = "nothing_to_roll_back"
    SELECTOR_FINDS_NOTHING = "selector_finds_nothing"
    SELECTOR_FINDS_TOO_MANY = "selector_finds_too_many"
    RUN_REFUSED = "run_refused"
    NAMESPACE_NOT_GOVERNED = "namespace_not_governed"
    KIND_NOT_GOVERNED = "kind_not_governed"
    WEBHOOK_NOT_READY = "webhook_not_ready"
    CLUSTER_FORBIDS = "cluster_forbids"
    ADVICE_OUTDATED = "advice_outdated"
    BELOW_LEAST = "below_least"
    AI_OFF = "ai_off"
    AI_NOTHING = "ai_nothing"
    AI_NO_ROOM = "ai_no_room"
    POD_ACTIONS_OFF = "pod_actions_off"
    NO_LOG = "no_log"
    POD_REPLACED = "pod_replaced"
    NODE_IS_THERE = "node_is_there"
    NO_NODE = "no_node"
    NODE_CONTROL_OFF = "node_control_off"
    CORDONED_BY_OTHERS = "cordoned_by_others"
    TOO_MANY_CORDONED = "too_many_cordoned"
    CONTROL_PLANE_NODE = "control_plane_node"
    NODE_CHANGED = "node_changed"
    NODE_BUSY = "node_busy"
    NODE_ACTION_ENDED = "node_action_ended"
    DRAIN_NOT_AGREED = "drain_not_agreed"
    TAINT_OF_CLUSTER = "taint_of_cluster"
    CONFIRM_MISSING = "confirm_missing"
    NOT_ISOLATABLE = "not_isolatable"
    ISOLATED_ALREADY = "isolated_already"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NO_CONTAINER = "no_container"
    NO_FILE = "no_file"
    BUSY = "busy"
    NO_TERMINAL = "no_terminal"

    # 426
    UPGRADE_REQUIRED = "upgrade_required"

    # 429
    TOO_MANY_STREAMS = "too_many_streams"
    AI_BUDGET = "ai_budget"
    TOO_MANY_LOG_VIEWERS = "too_many_log_viewers"
    TOO_MANY_NOW_VIEWERS = "too_many_now_viewers"
    TOO_MANY_TERMINALS = "too_many_terminals"

    # 502, 503
    MODE_NOT_TOLD = "mode_not_told"
    AI_LEFT_ALONE = "ai_left_alone"


OF_STATUS: Mapping[int, ProblemCode] = {
    400: ProblemCode.INVALID,
    401: ProblemCode.UNAUTHENTICATED,
    403: ProblemCode.FORBIDDEN,
    404: ProblemCode.NOT_FOUND,
    405: ProblemCode.METHOD_NOT_ALLOWED,
    409: ProblemCode.CONFLICT,
    412: ProblemCode.STALE,
    413: ProblemCode.TOO_LARGE,
    414: ProblemCode.ADDRESS_TOO_LONG,
    415: ProblemCode.WRONG_TYPE,
    428: ProblemCode.VERSION_MISSING,
    429: ProblemCode.SLOW_DOWN,
    431: ProblemCode.HEADERS_TOO_LARGE,
    502: ProblemCode.CLUSTER_REFUSED,
    503: ProblemCode.UNAVAILABLE,
}
"""The word of a problem that is given no other."""


class FieldCode(StrEnum):
    """What is wrong with one field of a request."""

    # As pydantic calls them: https://docs.pydantic.dev/latest/errors/validation_errors/
    MISSING = "missing"
    EXTRA_FORBIDDEN = "extra_forbidden"
    GREATER_THAN_EQUAL = "greater_than_equal"
    GREATER_THAN = "greater_than"
    LESS_THAN_EQUAL = "less_than_equal"
    LESS_THAN = "less_than"
    INT_TYPE = "int_type"
    INT_PARSING = "int_parsing"
    INT_PARSING_SIZE = "int_parsing_size"
    INT_FROM_FLOAT = "int_from_float"
    FLOAT_TYPE = "float_type"
    FLOAT_PARSING = "float_parsing"
    FINITE_NUMBER = "finite_number"
    STRING_TYPE = "string_type"
    STRING_UNICODE = "string_unicode"
    STRING_TOO_LONG = "string_too_long"
    STRING_TOO_SHORT = "string_too_short"
    STRING_PATTERN_MISMATCH = "string_pattern_mismatch"
    LITERAL_ERROR = "literal_error"
    ENUM = "enum"
    BOOL_TYPE = "bool_type"
    BOOL_PARSING = "bool_parsing"
    LIST_TYPE = "list_type"
    DICT_TYPE = "dict_type"
    MODEL_TYPE = "model_type"
    MODEL_ATTRIBUTES_TYPE = "model_attributes_type"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    JSON_INVALID = "json_invalid"
    DATE_TYPE = "date_type"
    DATE_PARSING = "date_parsing"
    DATE_FROM_DATETIME_PARSING = "date_from_datetime_parsing"
    DATE_FROM_DATETIME_INEXACT = "date_from_datetime_inexact"
    DATETIME_TYPE = "datetime_type"
    DATETIME_PARSING = "datetime_parsing"
    DATETIME_FROM_DATE_PARSING = "datetime_from_date_parsing"
    DATETIME_OBJECT_INVALID = "datetime_object_invalid"
    TIMEZONE_AWARE = "timezone_aware"

    # Ours.
    NOT_TAKEN = "not_taken"
    TWICE = "twice"
    ONE_OF = "one_of"
    EMPTY = "empty"
    CONTROL_CHARACTERS = "control_characters"
    OUT_OF_RANGE = "out_of_range"
    NOT_AFTER = "not_after"
    TOO_FAR_APART = "too_far_apart"
    NO_VERSION = "no_version"
    NO_TIME_ZONE = "no_time_zone"
    IN_THE_PAST = "in_the_past"
    NOT_COUNTED = "not_counted"
    NOT_OVER = "not_over"
    COUNT_NOT_FOR_RESTART = "count_not_for_restart"
    BOUNDS_NOT_FOR_RESTART = "bounds_not_for_restart"
    ONLY_SCALE_FOR_A_TIME = "only_scale_for_a_time"
    COUNT_MISSING = "count_missing"
    BOUNDS_OUT_OF_ORDER = "bounds_out_of_order"
    GRACE_MISSING = "grace_missing"
    REQUEST_ABOVE_LIMIT = "request_above_limit"
    ROLE_MISSING = "role_missing"
    NOT_REGISTERED = "not_registered"
    KIND_NOT_GOVERNED = "kind_not_governed"
    CHANGED_SINCE = "changed_since"
    CSV = "csv"
    CSV_COLUMN_MISSING = "csv_column_missing"
    CSV_COLUMN_TWICE = "csv_column_twice"
    CSV_COLUMN_UNKNOWN = "csv_column_unknown"
    CSV_CELLS = "csv_cells"
    CSV_WHOLE_NUMBER = "csv_whole_number"
    CSV_DIFFERS = "csv_differs"
    CSV_TOO_MANY = "csv_too_many"
    SETTING = "setting"
    MANIFEST = "manifest"
    MANIFEST_NO_DEPLOYMENT = "manifest_no_deployment"
    MANIFEST_SEVERAL = "manifest_several"
    GRANT = "grant"
    NO_ADVICE = "no_advice"
    ADVICE_OUTDATED = "advice_outdated"
    ONLY_NOW = "only_now"
    LEAST_UNKNOWN = "least_unknown"
    BELOW_LEAST = "below_least"
    BELOW_BUDGET = "below_budget"
    BELOW_SPREAD = "below_spread"
    ONLY_BY_ACCEPTING = "only_by_accepting"
    NO_NODE_GROUP = "no_node_group"

    # Of schedules.
    TIMEZONE_UNKNOWN = "timezone_unknown"
    CRON_FIELDS = "cron_fields"
    CRON_PART = "cron_part"
    CRON_UNREADABLE = "cron_unreadable"
    CRON_NEVER = "cron_never"
    CRON_OR_ONCE = "cron_or_once"
    ONCE_UNREADABLE = "once_unreadable"
    ONCE_PAST = "once_past"
    ONCE_FAR = "once_far"
    LABELS_UNREADABLE = "labels_unreadable"


def field_code(word: str) -> FieldCode:
    """Return the code of a word; what is not registered is `not_taken`.

    A text that is none of an enumeration is told as one that is none of a `Literal`.
    """
    try:
        return FieldCode.LITERAL_ERROR if word == "enum" else FieldCode(word)
    except ValueError:
        return FieldCode.NOT_TAKEN
