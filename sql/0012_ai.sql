-- Questions to a model: what was sent, what came back, and what it took; the day's budget is summed up here.

CREATE TABLE IF NOT EXISTS ai_call
(
    env          LowCardinality(String),
    id           String,
    at           DateTime64(3, 'UTC') COMMENT 'when it was asked',
    namespace    LowCardinality(String),
    kind         LowCardinality(String) DEFAULT 'Deployment',
    name         String,
    task         LowCardinality(String) COMMENT 'explain_score, review_advice or narrate_finding',
    task_version UInt16,
    model        LowCardinality(String),
    language     LowCardinality(String) COMMENT 'of the answer: en or zh-CN',
    share        LowCardinality(String) COMMENT 'numbers, names or names_and_logs',
    actor        String COMMENT 'who asked',
    cache_key    String COMMENT 'SHA-256 of the task, its version, the model and the question',
    state        LowCardinality(String) COMMENT 'asked, answered, failed or refused (beyond the budget)',
    failure      LowCardinality(String) DEFAULT '' COMMENT 'why there is no answer, in one word',
    detail       String DEFAULT '' COMMENT 'what the server said of it, without secrets',
    output_mode  LowCardinality(String) DEFAULT '' COMMENT 'json_schema, json_object or prompt',
    attempts     UInt8 DEFAULT 0 COMMENT 'answers that the server gave',
    tokens       UInt32 DEFAULT 0 COMMENT 'that it took; while it is asked: the most that it may take',
    left_out     UInt32 DEFAULT 0 COMMENT 'facts and lines for which the question had no room',
    sent         String COMMENT 'JSON: the body as it was sent',
    answer       String DEFAULT '' COMMENT 'the text of the answer, at most 20,000 characters',
    result       String DEFAULT '' COMMENT 'JSON: what of it is shown',
    written_at   DateTime64(3, 'UTC') COMMENT 'version of the row'
)
ENGINE = ReplacingMergeTree(written_at)
PARTITION BY toYYYYMM(at)
ORDER BY (env, id)
TTL toDateTime(at) + INTERVAL 90 DAY;
