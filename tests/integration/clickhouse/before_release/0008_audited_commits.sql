-- The audit entry of a change is part of its commit: whoever completes the commit writes it, once.

ALTER TABLE commit_log
    ADD COLUMN IF NOT EXISTS audit String DEFAULT '' COMMENT 'JSON of the entry in the audit log, or empty';

ALTER TABLE commit_log
    ADD COLUMN IF NOT EXISTS audit_after UInt64 DEFAULT 0 COMMENT 'last seq of the audit log when it was logged';

ALTER TABLE audit_log
    ADD COLUMN IF NOT EXISTS commit_id String DEFAULT '' COMMENT 'writer of the commit that the entry is part of';
