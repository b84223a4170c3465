"""The figures of a day computed plainly from raw samples: slow, obvious, none of the collector's code.

`reference_rows` is the definition of the daily row as a program. What it is given is what a store was given,
so that whatever the collector makes of that store can be held against it.
"""

from support.reference.compare import differences
from support.reference.owners import Attribution, attribute
from support.reference.raw import Raw, only
from support.reference.rows import Key, Row, found_interval_s, local_day, reference_rows

__all__ = [
    "Attribution",
    "Key",
    "Raw",
    "Row",
    "attribute",
    "differences",
    "found_interval_s",
    "local_day",
    "only",
    "reference_rows",
]
