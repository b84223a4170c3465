-- What Alertmanager and scripts tell of an env, written by the API that is told, and the cluster's own events,
-- written by the API that leads.

-- An alert is in two parts, so that neither writer overwrites the other: `sent`, as it was sent last, and `ack`, who
-- acknowledged it. Only the columns of its part are filled in.
CREATE TABLE IF NOT EXISTS alert
(
    env           LowCardinality(String),
    fingerprint   String COMMENT 'of its labels',
    starts_at     DateTime64(3, 'UTC'),
    part          LowCardinality(String) COMMENT 'sent or ack',
    source        LowCardinality(String) DEFAULT '' COMMENT 'alertmanager or custom',
    alertname     LowCardinality(String) DEFAULT '',
    severity      LowCardinality(String) DEFAULT '' COMMENT 'as the label says, in small letters; empty for none',
    labels        Map(String, String),
    annotations   Map(String, String),
    cut           UInt32 DEFAULT 0 COMMENT 'labels and annotations that were too many or too long, and so left out or cut',
    namespace     LowCardinality(String) DEFAULT '' COMMENT 'empty: it is about no namespace',
    kind          LowCardinality(String) DEFAULT '' COMMENT 'of the service that it is about; empty: of none, or not known',
    name          String DEFAULT '' COMMENT 'of that service',
    pod           String DEFAULT '',
    node          String DEFAULT '',
    state         LowCardinality(String) DEFAULT '' COMMENT 'firing or resolved',
    ends_at       Nullable(DateTime64(3, 'UTC')),
    generator_url String DEFAULT '' COMMENT 'where its expression can be looked at',
    ack_by        String DEFAULT '',
    ack_note      String DEFAULT '',
    received_at   DateTime64(3, 'UTC') COMMENT 'when this part was written last',
    version       UInt64 COMMENT 'microseconds since 1970; a resolved one outlives what was sent before and comes late'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, fingerprint, starts_at, part)
TTL toDateTime(received_at) + INTERVAL 400 DAY;

-- An event of Kubernetes by its uid and count: a leader that lists them again writes the same rows again.
CREATE TABLE IF NOT EXISTS kube_event
(
    env         LowCardinality(String),
    last_at     DateTime64(3, 'UTC'),
    uid         String,
    count       UInt32 COMMENT 'how often it has happened',
    first_at    DateTime64(3, 'UTC'),
    type        LowCardinality(String) COMMENT 'Normal or Warning',
    reason      LowCardinality(String),
    message     String,
    object_kind LowCardinality(String),
    object_name String,
    namespace   LowCardinality(String) COMMENT 'empty: of something that is in none, such as a node',
    kind        LowCardinality(String) DEFAULT '' COMMENT 'of the service that it is about; empty: of none, or not known',
    name        String DEFAULT '' COMMENT 'of that service',
    component   LowCardinality(String) COMMENT 'who says so',
    node        LowCardinality(String) DEFAULT '' COMMENT 'on which node',
    dropped     UInt32 DEFAULT 0 COMMENT 'in a row of the type Dropped: how many were left out up to then'
)
ENGINE = ReplacingMergeTree
ORDER BY (env, last_at, uid, count)
TTL toDateTime(last_at) + INTERVAL 90 DAY;
