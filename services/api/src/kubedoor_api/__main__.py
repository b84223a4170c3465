"""`python -m kubedoor_api`."""

from __future__ import annotations

import asyncio
import sys

from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.garbage import collect_seldom
from kubedoor_core.logs import configure_logging
from kubedoor_core.settings import EXIT_BAD_SETTING, BadSettingError, load_or_exit


def main() -> None:
    """Run the API."""
    settings = load_or_exit(ApiSettings)  # before the rest is loaded, which takes a second
    from kubedoor_api.app import serve

    collect_seldom()
    configure_logging("api", settings.log_format, settings.log_level)
    try:
        asyncio.run(serve(settings))
    except BadSettingError as error:
        print(f"kubedoor: {error}", file=sys.stderr)
        raise SystemExit(EXIT_BAD_SETTING) from None
    except OSError as error:
        sys.exit(f"kubedoor: KUBEDOOR_LISTEN={settings.listen}: {error}")


if __name__ == "__main__":
    main()
