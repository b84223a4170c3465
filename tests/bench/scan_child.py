"""One `kubedoor scan` in a process of its own, which keeps what it asked the store: FILE, then arguments."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.collection_child import Query, record
from kubedoor_collector.scan.__main__ import main

if __name__ == "__main__":
    queries: list[Query] = []
    record(queries)
    try:
        main(sys.argv[2:])
    finally:
        Path(sys.argv[1]).write_text(json.dumps(queries))
