"""What the api and the webhook agree on, so that an acknowledged edit governs every later admission.

The webhook checks the control table for each request, after its arrival. Under load one check may
serve also those that arrive up to `CHECK_SERVES_S` after it began; and the api acknowledges an edit
no sooner than `ACKNOWLEDGE_AFTER_S`, which is longer, after the edit can be read. So a check that began
at most `CHECK_SERVES_S` before an admission, which starts after the acknowledgement, began after the
edit could be read, and sees it. Durations only: no two clocks are compared.
"""

from __future__ import annotations

CHECK_SERVES_S = 0.050
ACKNOWLEDGE_AFTER_S = 0.053
