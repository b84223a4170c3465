"""The endpoints of schedules."""

from functools import partial

from kubedoor_api.access.roles import Role
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
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing

COLLECTION = "/envs/{env}/schedules"
ITEM = COLLECTION + "/{id}"


@endpoint("GET", COLLECTION, tag="schedules", role=Role.VIEWER, by_target=True)
async def list_schedules(call: Call[EnvPath, ScheduleQuery, Nothing]) -> ScheduleList:
    """List the schedules of an env."""
    return await listing.list_schedules(call.caller, call.context, call.path.env, call.query)


@endpoint("POST", COLLECTION, tag="schedules", role=Role.OPERATOR, status=201, conflicts=True, by_target=True)
async def create_schedule(call: Call[EnvPath, Nothing, NewSchedule]) -> Schedule:
    """Make a schedule.

    It runs an operation at its times, in the name of the schedule: `requested_by` of the operation is
    `schedule` and its name.
    """
    return await service.create(call.caller, call.context, call.path.env, call.body, call.audit)


@endpoint("GET", ITEM, tag="schedules", role=Role.VIEWER, by_target=True)
async def get_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Show one schedule and its next five runs."""
    return await service.get(call.caller, call.context, call.path.env, call.path.id)


def _replaced(new: NewSchedule, _: NewSchedule) -> NewSchedule:
    return new


def _enabled(enabled: bool, standing: NewSchedule) -> NewSchedule:
    return standing.model_copy(update={"enabled": enabled})


@endpoint("PUT", ITEM, tag="schedules", role=Role.OPERATOR, if_match=True, by_target=True)
async def change_schedule(call: Call[SchedulePath, Nothing, NewSchedule]) -> Schedule:
    """Put other values in the place of a schedule's."""
    edit = partial(_replaced, call.body)
    path = call.path
    return await service.change(call.caller, call.context, path.env, path.id, call.if_match, edit, call.audit)


@endpoint("POST", ITEM + "/pause", tag="schedules", role=Role.OPERATOR, if_match=True, by_target=True)
async def pause_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Pause a schedule: its times pass without a run."""
    path, edit = call.path, partial(_enabled, False)
    return await service.change(call.caller, call.context, path.env, path.id, call.if_match, edit, call.audit)


@endpoint("POST", ITEM + "/enable", tag="schedules", role=Role.OPERATOR, if_match=True, by_target=True)
async def enable_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Let a paused schedule run again, from its next time on."""
    path, edit = call.path, partial(_enabled, True)
    return await service.change(call.caller, call.context, path.env, path.id, call.if_match, edit, call.audit)


@endpoint("DELETE", ITEM, tag="schedules", role=Role.OPERATOR, status=204, if_match=True, by_target=True)
async def remove_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> None:
    """Remove a schedule; the operations that it made stay."""
    path = call.path
    await service.remove(call.caller, call.context, path.env, path.id, call.if_match, call.audit)


@endpoint(
    "POST", ITEM + "/run", tag="schedules", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def run_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> ScheduleRun:
    """Run a schedule now, in your own name, whatever its times and whether it is paused."""
    return await runs.run_now(call.caller, call.context, call.path.env, call.path.id, call.audit)


@endpoint("GET", ITEM + "/runs", tag="schedules", role=Role.VIEWER, by_target=True)
async def list_schedule_runs(call: Call[SchedulePath, RunQuery, Nothing]) -> RunList:
    """List what became of a schedule's runs, the latest first; those that were left out too."""
    return await listing.list_runs(call.caller, call.context, call.path.env, call.path.id, call.query)


@endpoint("GET", "/envs/{env}/schedule-times", tag="schedules", role=Role.VIEWER, by_target=True)
async def check_schedule_times(call: Call[EnvPath, TimesQuery, Nothing]) -> Times:
    """Check a cron expression or a date, and say when it would run."""
    return calendar.check_times(call.query)


@endpoint(
    "GET", "/envs/{env}/schedule-matches", tag="schedules", role=Role.VIEWER, conflicts=True, by_target=True
)
async def match_schedule_selector(call: Call[EnvPath, MatchesQuery, Nothing]) -> Matches:
    """Say which services a selector means now."""
    return await runs.matches(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", "/envs/{env}/schedule-calendar", tag="schedules", role=Role.VIEWER, by_target=True)
async def get_schedule_calendar(call: Call[EnvPath, CalendarQuery, Nothing]) -> Calendar:
    """Say what is to run when, over all schedules of an env."""
    return await calendar.calendar(call.caller, call.context, call.path.env, call.query)
