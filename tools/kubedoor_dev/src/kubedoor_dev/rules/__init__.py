"""The alert rules, as they are generated into `deploy/rules` and the chart."""
