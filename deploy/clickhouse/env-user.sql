-- A ClickHouse user for the collector and webhook of one cluster: it reads the rows of its env alone, and changes no
-- schema. Replace `west` by the env, and run it as an administrator, once for each cluster, after `kubedoor` is there.
-- INSERT is bounded by table, not by env: ClickHouse's row policies are about reading.
CREATE USER IF NOT EXISTS kubedoor_west IDENTIFIED WITH sha256_password BY 'a password of its own';

GRANT SELECT, INSERT ON kubedoor.admission_log TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.autoscaler TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.collection_claim TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.collection_run TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.derived TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.event TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.jvm_daily TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.node_daily TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.resource_daily TO kubedoor_west;
GRANT SELECT, INSERT ON kubedoor.traffic_daily TO kubedoor_west;
GRANT SELECT ON kubedoor.collection_request TO kubedoor_west;
GRANT SELECT ON kubedoor.control TO kubedoor_west;
GRANT SELECT ON kubedoor.limit_range TO kubedoor_west;
GRANT SELECT ON kubedoor.operation TO kubedoor_west;
GRANT SELECT ON kubedoor.setting TO kubedoor_west;
GRANT SELECT ON kubedoor.change_mark TO kubedoor_west;
GRANT SELECT ON kubedoor.effective TO kubedoor_west;
GRANT SELECT ON kubedoor.schema_migration TO kubedoor_west;

-- Who has no policy on a table that has one may see nothing of it, by some servers' configuration: hence the second.
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.admission_log USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.admission_log USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.autoscaler USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.autoscaler USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.collection_claim USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.collection_claim USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.collection_request USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.collection_request USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.collection_run USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.collection_run USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.control USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.control USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.derived USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.derived USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.event USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.event USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.jvm_daily USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.jvm_daily USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.limit_range USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.limit_range USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.node_daily USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.node_daily USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.operation USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.operation USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.resource_daily USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.resource_daily USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.setting USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.setting USING 1 TO kubedoor;
CREATE ROW POLICY IF NOT EXISTS kubedoor_west ON kubedoor.traffic_daily USING env = 'west' TO kubedoor_west;
CREATE ROW POLICY IF NOT EXISTS kubedoor_every_env ON kubedoor.traffic_daily USING 1 TO kubedoor;
