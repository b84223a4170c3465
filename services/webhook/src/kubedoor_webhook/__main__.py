"""`python -m kubedoor_webhook`."""

from __future__ import annotations

import ssl
import sys

import uvloop

from kubedoor_core.garbage import collect_seldom
from kubedoor_core.logs import configure_logging
from kubedoor_core.settings import EXIT_BAD_SETTING, load_or_exit
from kubedoor_webhook.app import serve
from kubedoor_webhook.settings import WebhookSettings


def main() -> None:
    """Run the webhook."""
    settings = load_or_exit(WebhookSettings)
    collect_seldom()
    configure_logging("webhook", settings.log_format, settings.log_level)
    try:
        uvloop.run(serve(settings))
    except (ssl.SSLError, ValueError) as error:
        print(f"kubedoor: KUBEDOOR_TLS_CERT_FILE or KUBEDOOR_TLS_KEY_FILE: {error}", file=sys.stderr)
        raise SystemExit(EXIT_BAD_SETTING) from None
    except OSError as error:
        sys.exit(f"kubedoor: KUBEDOOR_LISTEN={settings.listen}: {error}")


if __name__ == "__main__":
    main()
