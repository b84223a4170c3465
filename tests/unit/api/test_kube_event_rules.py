"""Which events the team is told of: often enough, once for each subject and hour, and calling nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from kubedoor_api.kube.objects.cluster import Event
from kubedoor_api.kube_events.event import KubeEvent, read_event
from kubedoor_api.kube_events.telling import Matcher, event_of, subject_of
from kubedoor_core.domain.event_rules import EventRule, parse_event_rules
from support.kube_events import NOW, legacy


def rules(text: str) -> tuple[EventRule, ...]:
    return parse_event_rules(text).each


def happened(uid: str, count: int, now: datetime, **more: Any) -> KubeEvent:
    """An event that has happened a minute before a time."""
    return read_event(cast("Event", legacy(uid, count, now=now, **more)), now)


def once(uid: str, now: datetime, pod: str = "cart-5d9f7c6b8d-x2vbn") -> KubeEvent:
    subject = {"kind": "Pod", "namespace": "shop", "name": pod}
    event = legacy(uid, now=now, involvedObject=subject)
    return read_event(cast("Event", {**event, "firstTimestamp": event["lastTimestamp"]}), now)


def test_the_team_is_told_when_it_has_happened_often_enough_whichever_pod_it_was() -> None:
    matcher, rule = Matcher({}), rules("reason=BackOff count=3 in=10m")
    pods = ("cart-5d9f7c6b8d-x2vbn", "cart-5d9f7c6b8d-zzzzz", "cart-84b7c9d5f6-bbbbb")
    matches = [
        matcher.take(rule, once(pod, NOW + timedelta(minutes=minutes), pod), NOW + timedelta(minutes=minutes))
        for minutes, pod in enumerate(pods)
    ]
    assert [len(found) for found in matches] == [0, 0, 1]
    assert (matches[2][0].times, str(matches[2][0].subject)) == (3, "Deployment shop/cart")


def test_what_was_longer_ago_than_the_rule_says_does_not_count() -> None:
    matcher, rule = Matcher({}), rules("reason=BackOff count=2 in=10m")
    for minutes in (0, 11, 22):
        assert matcher.take(rule, once(str(minutes), NOW + timedelta(minutes=minutes)), NOW) == []


def test_a_count_that_grows_counts_by_what_it_has_grown() -> None:
    matcher, rule = Matcher({}), rules("reason=BackOff count=5 in=10m")
    assert matcher.take(rule, happened("a", 40, NOW), NOW) == [], "40 times within half an hour: one just now"
    assert matcher.take(rule, happened("a", 43, NOW), NOW) == []
    [match] = matcher.take(rule, happened("a", 44, NOW), NOW)
    assert match.times == 5


def test_the_same_is_told_once_an_hour_for_each_rule_and_subject() -> None:
    matcher, both = Matcher({}), rules("reason=BackOff; type=Warning")
    assert len(matcher.take(both, once("a", NOW), NOW)) == 2
    later = NOW + timedelta(minutes=59)
    assert matcher.take(both, once("b", later), later) == []
    assert len(matcher.take(both, once("c", later, "pay-5d9f7c6b8d-x2vbn"), later)) == 2
    assert len(matcher.take(both, once("d", NOW + timedelta(hours=1)), NOW + timedelta(hours=1))) == 2


def test_a_new_leader_goes_on_counting_and_tells_nothing_twice() -> None:
    rule, subject = rules("reason=BackOff count=2 in=10m"), subject_of(once("a", NOW))
    matcher = Matcher({})
    matcher.remember(rule, once("a", NOW))
    assert len(matcher.take(rule, once("b", NOW), NOW)) == 1
    told = Matcher({(rule[0].text, subject): NOW - timedelta(minutes=5)})
    told.remember(rule, once("a", NOW))
    assert told.take(rule, once("b", NOW), NOW) == []


def test_history_is_not_news_and_what_is_old_is_forgotten() -> None:
    matcher, rule = Matcher({}), rules("reason=BackOff")
    assert matcher.take(rule, once("a", NOW - timedelta(minutes=20)), NOW) == []
    assert len(matcher.take(rule, once("b", NOW), NOW)) == 1
    matcher.forget(NOW + timedelta(hours=4))
    assert len(matcher.take(rule, once("b", NOW), NOW)) == 1


def test_a_message_calls_nobody_but_whom_the_rule_mentions() -> None:
    [match] = Matcher({}).take(
        rules("reason=BackOff mention=<!here>"),
        happened("a", 1, NOW, message="@all <!channel> <at user_id=1></at> " + "x" * 900),
        NOW,
    )
    told = event_of("prod", match, NOW)
    said, mention = str(told["message"]).split("\n")
    assert mention == "<!here>"
    assert "@all" not in said
    assert "<" not in said
    assert len(said) < 400
    assert (told["kind"], told["severity"], told["name"]) == ("event.rule", "warning", "cart")
