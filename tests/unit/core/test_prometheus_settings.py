"""How a store of metrics is reached: headers and the env's label are checked where they are entered."""

from __future__ import annotations

import pytest

from kubedoor_core.prometheus.env_label import parse_env_label
from kubedoor_core.prometheus.headers import parse_headers
from kubedoor_core.prometheus.store import Store


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("", ()),
        ("X-Scope-OrgID=team-a", (("X-Scope-OrgID", "team-a"),)),
        ("X-Scope-OrgID = a|b \r\n\n  X-Key=a=b c\n", (("X-Scope-OrgID", "a|b"), ("X-Key", "a=b c"))),
    ],
)
def test_headers_are_a_line_each(text: str, headers: tuple[tuple[str, str], ...]) -> None:
    assert parse_headers(text) == headers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("s3cret", "line 1 is not `name=value`"),
        ("A=b\nX-Scope-OrgID: s3cret", "line 2 is not `name=value`"),
        ("A=b\n\nX Y=s3cret", "line 3 is not `name=value`"),
        ("A=", "line 1 is not"),
        ("A=s3cret\u00e9", "line 1 is not .* printable ASCII"),
        ("A=s3cret\u2028B=c", "line 1 is not"),
        ("A=s3cret\rB: c", "line 1 is not"),
        ("A=s3cret\0", "line 1 is not"),
        ("A=s3cret\na=s3cret", "line 2 sets a header again"),
        ("Host=s3cret", "line 1 sets a header that the connection itself sets"),
        ("Content-Length=7", "line 1 sets a header that the connection itself sets"),
    ],
)
def test_a_wrong_line_is_named_and_its_text_never_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        parse_headers(text)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", ""),
        (" ", ""),
        ("cluster=prod", "cluster=prod"),
        (' cluster = "prod" ', "cluster=prod"),
        ("cluster=eu,prod", "cluster=eu,prod"),
        ('cluster="a,b=c"', "cluster=a,b=c"),
        ("region=eu/1 (old)", "region=eu/1 (old)"),
    ],
)
def test_the_envs_label_is_one_value(text: str, label: str) -> None:
    assert parse_env_label(text) == label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cluster", "is not a label"),
        ("cluster!=prod", "is not a label"),
        ('{cluster="prod"}', "is not a label"),
        ("1x=prod", "is not a label"),
        ("cluster=", "is not a label"),
        ("cluster=~prod.*", "not as a regular expression"),
        ('cluster=~"prod.*"', "not as a regular expression"),
        ("cluster==prod", "does not say one value"),
        ('cluster=""', "does not say one value"),
        ('cluster="pro\\"', "does not say one value"),
        ('cluster="pro"d"', "does not say one value"),
        ("a=b,c=d", "more than one label"),
        ('a="b", c!="d"', "more than one label"),
    ],
)
def test_what_is_no_label_says_what_to_write(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"{words}.*cluster=prod"):
        parse_env_label(text)


def test_a_store_shows_no_secret() -> None:
    store = Store(
        "http://x", user="u", password="s3cret-1", token="s3cret-2", headers=(("X-Key", "s3cret-3"),)
    )
    assert "s3cret" not in repr(store)
    assert store.request_headers() == {"X-Key": "s3cret-3", "Authorization": "Bearer s3cret-2"}
