"""Back-up and restore of what people decided: control table with history, settings, schedules, audit."""
