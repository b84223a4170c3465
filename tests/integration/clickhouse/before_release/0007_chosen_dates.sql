-- Whether somebody chose the very dates: only then is a day replaced of which the store has less by now.

ALTER TABLE collection_request
    ADD COLUMN IF NOT EXISTS by_name Bool DEFAULT false COMMENT 'its dates were chosen one by one' AFTER dates;
