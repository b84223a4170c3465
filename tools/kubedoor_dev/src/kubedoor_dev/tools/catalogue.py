"""Which Debian package each program comes from, and whether it runs without being installed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """One program.

    :param packages: Debian packages that `--install` makes sure of, the program's own first.
    :param path: where the program lies in its package.
    :param unpackable: it runs from an unpacked package, without the packages that this one depends on.
    :param lighter: a program that does the same with less of the processor, in a package of its name. It is
        installed where the system's archive has it, and taken where it is; empty for none.
    """

    name: str
    packages: tuple[str, ...]
    path: str
    unpackable: bool = True
    lighter: str = ""

    @property
    def variable(self) -> str:
        """Name of the environment variable that overrules every other place, such as `PROMETHEUS`."""
        return self.name.upper().replace("-", "_")


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("prometheus", ("prometheus",), "usr/bin/prometheus"),
        Tool("promtool", ("prometheus",), "usr/bin/promtool"),
        Tool("prometheus-alertmanager", ("prometheus-alertmanager",), "usr/bin/prometheus-alertmanager"),
        Tool("victoria-metrics", ("victoria-metrics",), "usr/bin/victoria-metrics"),
        *(Tool(name, ("victoria-metrics",), f"usr/bin/{name}") for name in ("vmagent", "vmalert")),
        Tool("nginx", ("nginx",), "usr/sbin/nginx"),
        Tool("slapd", ("slapd", "ldap-utils"), "usr/sbin/slapd", unpackable=False),
        Tool(
            "faketime", ("faketime",), "usr/bin/faketime", unpackable=False
        ),  # its library is another package's
        Tool("jcmd", ("default-jdk-headless",), "usr/bin/jcmd", unpackable=False),  # with `java` beside it
        # The font is there so that screenshots of the Chinese console show text. The shell shows the same
        # pages without Chromium's own windows, for which it loads further ones beside each of ours.
        Tool(
            "chromium",
            ("chromium", "fonts-wqy-microhei"),
            "usr/bin/chromium",
            unpackable=False,
            lighter="chromium-headless-shell",
        ),
    )
}
