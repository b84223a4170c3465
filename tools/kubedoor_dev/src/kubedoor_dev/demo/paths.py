"""Where the demo keeps what it makes: everything inside the checkout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[5]


@dataclass(frozen=True)
class Paths:
    """The demo's folder and what is in it."""

    root: Path = CHECKOUT / ".demo"

    @property
    def logs(self) -> Path:
        """The output of each program."""
        return self.root / "logs"

    @property
    def endpoints(self) -> Path:
        """What other programs read to find the parts."""
        return self.root / "endpoints.json"

    def of(self, name: str) -> Path:
        """A folder of one part's own."""
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
