"""The endpoints of schedules."""

from functools import partial

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.schedules import calendar, listing, runs, service
from kubedoor_api.schedules.calendar_models import (
    Calendar,
    CalendarQuery,
    Matches,
    MatchesQuery,
    Times,
    TimesQuery,
)
from kubedoor_api.schedules.models import NewSchedule, Schedule, ScheduleList, SchedulePath, ScheduleQuery
from kubedoor_api.schedules.run_models import RunList, RunQuery, ScheduleRun


async def list_schedules(call: Call[EnvPath, ScheduleQuery, Nothing]) -> ScheduleList:
    """List the schedules of an env."""
    return await listing.list_schedules(call.caller, call.context, call.path.env, call.query)


async def create_schedule(call: Call[EnvPath, Nothing, NewSchedule]) -> Schedule:
    """Make a schedule.

    It runs an operation at its times, in the name of the schedule: `requested_by` of the operation is
    `schedule` and its name.
    """
    return await service.create(call.caller, call.context, call.path.env, call.body, call.trail)


async def get_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Show one schedule and its next five runs."""
    return await service.get(call.caller, call.context, call.path.env, call.path.id)


def _replaced(new: NewSchedule, _: NewSchedule) -> NewSchedule:
    return new


def _enabled(enabled: bool, standing: NewSchedule) -> NewSchedule:
    return standing.model_copy(update={"enabled": enabled})


async def change_schedule(call: Call[SchedulePath, Nothing, NewSchedule]) -> Schedule:
    """Put other values in the place of a schedule's."""
    edit = partial(_replaced, call.body)
    path = call.path
    return await service.change(call.caller, call.context, path.env, path.id, call.if_match, edit, call.trail)


async def pause_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Pause a schedule: its times pass without a run."""
    path, edit = call.path, partial(_enabled, False)
    return await service.change(call.caller, call.context, path.env, path.id, call.if_match, edit, call.trail)


async def enable_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Let a paused schedule run again, from its next time on."""
    path, edit = call.path, partial(_enabled, True)
    return await service.change(call.caller, call.context, path.env, path.id, call.if_match, edit, call.trail)


async def remove_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> None:
    """Remove a schedule; the operations that it made stay."""
    path = call.path
    await service.remove(call.caller, call.context, path.env, path.id, call.if_match, call.trail)


async def run_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> ScheduleRun:
    """Run a schedule now, in your own name, whatever its times and whether it is paused."""
    return await runs.run_now(call.caller, call.context, call.path.env, call.path.id, call.trail)


async def list_schedule_runs(call: Call[SchedulePath, RunQuery, Nothing]) -> RunList:
    """List what became of a schedule's runs, the latest first; those that were left out too."""
    return await listing.list_runs(call.caller, call.context, call.path.env, call.path.id, call.query)


async def check_schedule_times(call: Call[EnvPath, TimesQuery, Nothing]) -> Times:
    """Check a cron expression or a date, and say when it would run."""
    return calendar.check_times(call.query)


async def match_schedule_selector(call: Call[EnvPath, MatchesQuery, Nothing]) -> Matches:
    """Say which services a selector means now."""
    return await runs.matches(call.caller, call.context, call.path.env, call.query)


async def get_schedule_calendar(call: Call[EnvPath, CalendarQuery, Nothing]) -> Calendar:
    """Say what is to run when, over all schedules of an env."""
    return await calendar.calendar(call.caller, call.context, call.path.env, call.query)


COLLECTION = "/envs/{env}/schedules"
ITEM = COLLECTION + "/{id}"
VIEW, ACT = Role.VIEWER, Role.OPERATOR


def _endpoints() -> tuple[Operation, ...]:
    tag = "schedules"
    return (
        operation("GET", COLLECTION, list_schedules, tag=tag, role=VIEW, by_target=True),
        operation(
            "POST", COLLECTION, create_schedule, tag=tag, role=ACT, status=201, conflicts=True, by_target=True
        ),
        operation("GET", ITEM, get_schedule, tag=tag, role=VIEW, by_target=True),
        operation("PUT", ITEM, change_schedule, tag=tag, role=ACT, if_match=True, by_target=True),
        operation(
            "DELETE", ITEM, remove_schedule, tag=tag, role=ACT, status=204, if_match=True, by_target=True
        ),
        operation("POST", ITEM + "/pause", pause_schedule, tag=tag, role=ACT, if_match=True, by_target=True),
        operation(
            "POST", ITEM + "/enable", enable_schedule, tag=tag, role=ACT, if_match=True, by_target=True
        ),
        operation(
            "POST", ITEM + "/run", run_schedule, tag=tag, role=ACT, status=202, conflicts=True, by_target=True
        ),
        operation("GET", ITEM + "/runs", list_schedule_runs, tag=tag, role=VIEW, by_target=True),
        operation(
            "GET", "/envs/{env}/schedule-times", check_schedule_times, tag=tag, role=VIEW, by_target=True
        ),
        operation(
            "GET",
            "/envs/{env}/schedule-matches",
            match_schedule_selector,
            tag=tag,
            role=VIEW,
            conflicts=True,
            by_target=True,
        ),
        operation(
            "GET", "/envs/{env}/schedule-calendar", get_schedule_calendar, tag=tag, role=VIEW, by_target=True
        ),
    )


OPERATIONS: tuple[Operation, ...] = _endpoints()
