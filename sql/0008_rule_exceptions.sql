-- Which rule a service's derived values are of, where not all services have the same.

-- The history first: the view that feeds it selects whatever `derived` has.
ALTER TABLE derived_history
    ADD COLUMN IF NOT EXISTS rule_exception String DEFAULT '' COMMENT 'services, as the setting rule_exceptions names those of this rule, empty: the rule of the env',
    ADD COLUMN IF NOT EXISTS lookback_days Nullable(UInt16) COMMENT 'days that its rule looked back on',
    ADD COLUMN IF NOT EXISTS margin_pct Nullable(Float32) COMMENT 'added to the cpu used',
    ADD COLUMN IF NOT EXISTS memory_margin_pct Nullable(Float32) COMMENT 'likewise of memory',
    ADD COLUMN IF NOT EXISTS hpa_left Bool DEFAULT false COMMENT 'requests that an autoscaler steers by were left as they were, instead of use / its target';

ALTER TABLE derived
    ADD COLUMN IF NOT EXISTS rule_exception String DEFAULT '' COMMENT 'services, as the setting rule_exceptions names those of this rule, empty: the rule of the env',
    ADD COLUMN IF NOT EXISTS lookback_days Nullable(UInt16) COMMENT 'days that its rule looked back on',
    ADD COLUMN IF NOT EXISTS margin_pct Nullable(Float32) COMMENT 'added to the cpu used',
    ADD COLUMN IF NOT EXISTS memory_margin_pct Nullable(Float32) COMMENT 'likewise of memory',
    ADD COLUMN IF NOT EXISTS hpa_left Bool DEFAULT false COMMENT 'requests that an autoscaler steers by were left as they were, instead of use / its target';
