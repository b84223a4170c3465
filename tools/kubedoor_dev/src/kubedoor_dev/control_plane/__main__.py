"""`python -m kubedoor_dev.control_plane`: builds the programs of a control plane, and prints their folder."""

from __future__ import annotations

import sys

from kubedoor_dev.control_plane.assets import AssetsError, programs


def main() -> None:
    """Print the folder on stdout, the progress on stderr."""
    try:
        print(programs().folders[0])
    except AssetsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
