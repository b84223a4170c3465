"""How a store of metrics is reached: headers and the env's label are checked where they are entered."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from kubedoor_core.prometheus.client import without_secrets
from kubedoor_core.prometheus.env_label import parse_env_label
from kubedoor_core.prometheus.headers import parse_headers
from kubedoor_core.prometheus.settings import PrometheusSettings, store_of
from kubedoor_core.prometheus.store import Store
from kubedoor_core.settings import BadSettingError, load


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
    headers = store.request_headers()
    assert (headers["X-Key"], headers["Authorization"]) == ("s3cret-3", "Bearer s3cret-2")


def test_only_answers_from_afar_are_compressed() -> None:
    assert Store("http://prometheus:9090").request_headers() == {"Accept-Encoding": "identity"}
    assert Store("https://metrics.example.com").request_headers() == {}
    own = Store("http://x", headers=(("accept-encoding", "gzip"),))
    assert own.request_headers() == {"accept-encoding": "gzip"}


def environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {"CLICKHOUSE_URL": "http://x", "ENV": "test", **values}.items():
        monkeypatch.setenv(f"KUBEDOOR_{name}", value)


def test_a_store_is_all_that_the_settings_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "headers").write_text("X-Scope-OrgID=team-a\nX-Key=b\n")
    (tmp_path / "ca.crt").touch()
    environment(
        monkeypatch,
        PROMETHEUS_TYPE="victoria-metrics-cluster",
        PROMETHEUS_ENV_LABEL='cluster="prod"',
        PROMETHEUS_USER="kubedoor",
        PROMETHEUS_PASSWORD="s3cret",
        PROMETHEUS_TOKEN="s3cret-too",
        PROMETHEUS_HEADERS_FILE=str(tmp_path / "headers"),
        PROMETHEUS_CA_FILE=str(tmp_path / "ca.crt"),
        PROMETHEUS_TIMEOUT_S="7",
        PROMETHEUS_CONCURRENCY="3",
        PROMETHEUS_MAX_ANSWER_MIB="5",
    )
    assert store_of(load(PrometheusSettings), "http://vm") == Store(
        url="http://vm/select/0/prometheus",
        type="victoria-metrics-cluster",
        env_label="cluster=prod",
        user="kubedoor",
        password="s3cret",
        token="s3cret-too",
        headers=(("X-Scope-OrgID", "team-a"), ("X-Key", "b")),
        ca_file=tmp_path / "ca.crt",
        timeout_s=7,
        concurrency=3,
        max_answer_bytes=5 << 20,
    )


@pytest.mark.parametrize("other", ["PROMETHEUS_TOKEN", "PROMETHEUS_USER"])
def test_one_signs_in_once(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    environment(monkeypatch, PROMETHEUS_HEADERS="authorization=Basic s3cret", **{other: "x"})
    with pytest.raises(BadSettingError, match=r"KUBEDOOR_PROMETHEUS_HEADERS: .*keep one of them"):
        load(PrometheusSettings)


def test_a_wrong_secret_is_in_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, PROMETHEUS_HEADERS="X-Scope-OrgID: s3cret")
    with pytest.raises(BadSettingError, match="line 1") as raised:
        load(PrometheusSettings)
    assert isinstance(raised.value.__cause__, ValidationError)
    assert "s3cret" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://user:s3cret@x.example.org:8443/a?token=s3cret#s3cret", "https://x.example.org:8443/a"),
        ("/login?next=s3cret", "/login"),
        ("//x.example.org/a", "//x.example.org/a"),
        ("http://[::1/", "an address that can't be read"),
    ],
)
def test_where_a_redirect_leads_is_told_without_secrets(location: str, told: str) -> None:
    assert without_secrets(location) == told
