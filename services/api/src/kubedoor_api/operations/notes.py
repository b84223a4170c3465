"""What operations and schedules have to say, as codes and parameters; English is made of them here alone.

The console makes its own words from the same codes, in its reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from pydantic import TypeAdapter

from kubedoor_api.kube.retry import AskingError
from kubedoor_api.web.fields import Model
from kubedoor_core.errors import KubeDoorError

Reason = Literal[
    "", "not_governed", "missing", "being_deleted", "not_registered", "no_count", "paused",
    "autoscaled", "no_autoscaler", "owned_autoscaler", "several_autoscalers", "changed_at_admission",
    "forbidden", "admission", "conflict", "invalid", "too_many_requests", "cluster_failed", "unreachable",
    "crash_loop", "oom", "image", "no_progress", "overtaken", "left_as_it_is", "cancelled", "stopped",
    "unforeseen", "bad_count", "twice", "resize_unavailable", "needs_restart",
]  # fmt: skip
"""Why something was not done, in one word: what a program goes by, and lists are filtered by."""

OperationNoteCode = Literal[
    "not_governed", "missing", "being_deleted", "not_registered", "no_count", "paused", "autoscaled",
    "set_to_autoscaled", "no_autoscaler", "owned_autoscaler", "several_autoscalers",
    "count_changed_at_admission", "restart_removed_at_admission", "forbidden", "admission", "conflict",
    "invalid", "too_many_requests", "cluster_failed", "unreachable", "crash_loop", "oom", "image",
    "no_progress", "not_through_in_time", "overtaken", "template_changed_since", "count_changed_since",
    "count_removed_since", "advice_changed_since", "autoscaler_gone", "bounds_changed_since", "cancelled",
    "stopped", "cancelled_unwatched", "stopped_unwatched", "unwatched", "unforeseen", "bad_count", "twice",
    "rolling_out", "has_count_already", "count_given_back", "no_pods_to_restart", "no_pods_left",
    "bounds_moved",
    "admission_sets_count", "value_stays", "rollback_failed", "not_rolled_back", "some_refused",
    "room_unknown", "not_found", "run_missed", "run_missed_grace", "runs_missed", "missed_before_change",
    "resize_unavailable", "needs_restart", "resizing", "resized", "resized_with_restarts",
    "no_pods_to_resize", "resize_until_rollout",
    "nobody_in_charge", "began_late", "given_back_before", "schedule_removed", "not_begun_in_time",
    "run_refused", "said",
]  # fmt: skip
"""What a note says; its parameters are named in `WORDS`, or `text` alone: the words of the cluster."""

WORDS: dict[OperationNoteCode, str] = {
    "not_governed": "the namespace {namespace} is not governed: see the setting `namespaces`",
    "missing": "there is no {service} in the cluster {env}",
    "being_deleted": "{service} is being deleted",
    "not_registered": "{service} is not registered in {env}: register it in the console, under Services",
    "no_count": "the control table has no count for {service}: give one",
    "paused": "{service} is paused (kubectl rollout pause): resume it, then restart it",
    "autoscaled": "{service} is autoscaled by the HorizontalPodAutoscaler {autoscaler}: its autoscaler owns"
    " the count; give autoscaler_bounds to move its bounds",
    "set_to_autoscaled": "{service} is autoscaled, as people say or as was found in the last day: its"
    " autoscaler owns the count; give autoscaler_bounds to move its bounds, or pin the count in the console",
    "no_autoscaler": "no HorizontalPodAutoscaler targets {service}: give a count instead",
    "owned_autoscaler": "the HorizontalPodAutoscaler {autoscaler} is managed by {owner}: change it there",
    "several_autoscalers": "several autoscalers target {service}: {autoscalers}; leave it one",
    "count_changed_at_admission": "{asked} pods were asked for and the cluster made it {admitted}: something"
    " besides the control table changes the count at admission",
    "restart_removed_at_admission": "the restart was removed at admission: something changes the template",
    "not_through_in_time": "the rollout did not finish in {timeout_s} s: {text}",
    "template_changed_since": "left as it is: something else has changed the pod template since",
    "count_changed_since": "left as it is: {by} has made it {count} pods since",
    "count_removed_since": "left as it is: {by} has removed the count since",
    "advice_changed_since": "left as it is: {by} has changed the advised count since",
    "autoscaler_gone": "left as it is: the autoscaler {autoscaler} is gone",
    "bounds_changed_since": "left as it is: somebody has made the bounds {least} to {most} since",
    "cancelled": "left out: cancelled by {by}",
    "stopped": "left out: an earlier service failed",
    "cancelled_unwatched": "cancelled by {by}; its rollout was not watched to the end",
    "stopped_unwatched": "an earlier service failed; its rollout was not watched to the end",
    "unwatched": "cancelled: the rollout was not watched to the end",
    "unforeseen": "KubeDoor could not go on: {text}",
    "bad_count": "{given} is not a number of pods: give a whole number from 0 to {most}",
    "twice": "{service} is duplicated: the first one counts",
    "has_count_already": "it asked for {count} already",
    "count_given_back": "the control table's count is {count} again: the one before was for a time",
    "no_pods_to_restart": "it has no pods to restart",
    "no_pods_left": "it will have no pods",
    "bounds_moved": "{autoscaler} moves between {least} and {most} pods",
    "admission_sets_count": "admission makes it {admitted} pods, not {asked}",
    "value_stays": "the {resource} {bound} of {container} stays {value}",
    "rollback_failed": "rolled back, and that failed too",
    "not_rolled_back": "it could not be rolled back",
    "some_refused": "{count} of the services would be refused; the others go on",
    "room_unknown": "It is not known whether the nodes have room: {text}",
    "resize_unavailable": "the cluster {env} can't resize pods that run (pods/resize is there since"
    " Kubernetes 1.33): restart the service instead",
    "needs_restart": "{count} of {total} pods need a restart for it ({pods}): {text}; restart the service",
    "resized": "{count} pods were resized without a restart",
    "resized_with_restarts": "{count} pods were resized; in {restarted} of them a container restarts for it,"
    " as its resizePolicy says",
    "no_pods_to_resize": "no pod of it runs: new ones get what admission gives them",
    "resize_until_rollout": "the pod template stays as it is: until the next rollout, pods that are made anew"
    " get its former values",
    "run_missed": "nobody was there to run it; it is skipped when nobody runs it within {on_time_s} s",
    "run_missed_grace": "nobody was there to run it; it may be {grace_s} s late",
    "runs_missed": "nobody was there to run it; the last time that was missed stands for all",
    "missed_before_change": "nobody was there to run it before it was changed",
    "nobody_in_charge": "{person}, who changed it last, has no role any more;"
    " whoever saves it again takes it over",
    "began_late": "began {late_s} s late",
    "given_back_before": "it is too late: the previous counts were due back already",
    "schedule_removed": "the schedule was removed before its run had begun",
    "not_begun_in_time": "it could not be begun in time",
}

COARSE: dict[OperationNoteCode, Reason] = {
    "set_to_autoscaled": "autoscaled",
    "count_changed_at_admission": "changed_at_admission",
    "restart_removed_at_admission": "changed_at_admission",
    "not_through_in_time": "no_progress",
    "template_changed_since": "left_as_it_is",
    "count_changed_since": "left_as_it_is",
    "count_removed_since": "left_as_it_is",
    "advice_changed_since": "left_as_it_is",
    "autoscaler_gone": "left_as_it_is",
    "bounds_changed_since": "left_as_it_is",
    "cancelled_unwatched": "cancelled",
    "stopped_unwatched": "stopped",
    "not_found": "missing",
}
"""The reason of a note that says it more precisely."""
_REASONS: dict[str, Reason] = {reason: reason for reason in get_args(Reason)}


class OperationNote(Model):
    """Something worth saying: a code, and what it is about."""

    code: OperationNoteCode
    """What is said"""
    parameters: dict[str, str | int]
    """What it is about, by name: a service, a count, or `text`, the words of the cluster itself"""

    def __str__(self) -> str:
        """Say it in English."""
        return WORDS.get(self.code, "{text}").format_map(self.parameters)

    @property
    def reason(self) -> Reason:
        """The same in one word; empty where the note explains no refusal or failure."""
        return COARSE.get(self.code) or _REASONS.get(self.code, "")


NOTES: TypeAdapter[tuple[OperationNote, ...]] = TypeAdapter(tuple[OperationNote, ...])


def note(code: OperationNoteCode, **parameters: str | int) -> OperationNote:
    """Make a note."""
    return OperationNote(code=code, parameters=parameters)


def cluster_note(error: AskingError) -> OperationNote:
    """Note what a cluster answered, in its words."""
    return note("not_found" if error.reason == "missing" else error.reason, text=str(error))


def sentence(notes: Iterable[OperationNote]) -> str:
    """Say notes in English, one after the other."""
    return "; ".join(map(str, notes))


class RefusedError(KubeDoorError):
    """A service can't be acted on; the note says why, and what would help."""

    def __init__(self, why: OperationNote) -> None:
        super().__init__(str(why))
        self.note = why
