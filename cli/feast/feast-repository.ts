import type { Workload } from "../../runtime/contract/workload.ts";
import { literal } from "../../runtime/duckdb.ts";
import { expiringHistorySql } from "./expiring-history.ts";
import { historySql } from "../../runtime/features/point-in-time.ts";
import { generatedFrom, pythonName, quoted } from "./python-text.ts";

/** Files of a Feast repository by name. `export.sql` has DuckDB statements, one a line, that write `data/<view>.parquet` from a data set. */
export type FeastRepository = Record<"feature_store.yaml" | "definitions.py" | "export.sql", string>;

/**
 * Generates a Feast repository with the entities, feature views and models of a workload. The online store is Redis, at the
 * connection string in the variable FEAST_REDIS: `host:port,password=…,ssl=true`. Features of a request are not in it.
 *
 * @see https://docs.feast.dev/reference/feature-repository
 */
export function feastRepository(workload: Workload): FeastRepository {
  const head = generatedFrom(workload.name);
  return {
    "feature_store.yaml": `${head}project: ${pythonName(workload.name)}
provider: local
registry:
  registry_type: file
  path: data/registry.db
offline_store:
  type: file
online_store:
  type: redis
  connection_string: \${FEAST_REDIS}
entity_key_serialization_version: 3
`,
    "definitions.py": head + definitions(workload),
    "export.sql": exportStatements(workload).join(";\n") + ";\n",
  };
}

function definitions({ views, models }: Workload): string {
  const keys = [...new Set(views.flatMap(({ entity }) => entity))];
  const entities = keys.map(
    (key) =>
      `${pythonName(key)}_entity = Entity(name=${quoted(key)}, join_keys=[${quoted(key)}], value_type=ValueType.STRING)`,
  );
  const feastViews = views.map(({ name, description, entity, features }) => {
    const id = pythonName(name);
    const fields = [
      ...entity.map((key) => `Field(name=${quoted(key)}, dtype=String)`),
      ...features.map(
        (feature) =>
          `Field(name=${quoted(feature.name)}, dtype=Float32${feature.description === undefined ? "" : `, description=${quoted(feature.description)}`})`,
      ),
    ];
    // No TTL: the exported rows already end at our TTL. Feast counts its TTL from another time, and its join drops entities without a row in it.
    return `${id}_view = FeatureView(
    name=${quoted(id)},
    description=${quoted(description ?? "")},
    entities=[${entity.map((key) => `${pythonName(key)}_entity`).join(", ")}],
    ttl=timedelta(0),
    schema=[
${fields.map((field) => `        ${field},`).join("\n")}
    ],
    source=FileSource(
        name=${quoted(`${id}_source`)},
        path=${quoted(`data/${id}.parquet`)},
        timestamp_field="known_at",
    ),
    online=True,
)`;
  });
  const services = models.map(
    ({ name, description, views: used }) => `${pythonName(name)}_service = FeatureService(
    name=${quoted(pythonName(name))},
    description=${quoted(description ?? "")},
    features=[${used.map((view) => `${pythonName(view)}_view`).join(", ")}],
)`,
  );
  return `from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType
from feast.types import Float32, String

${entities.join("\n")}

${feastViews.join("\n\n")}

${services.join("\n\n")}
`;
}

/** Returns two SQL statements for each view, each on one line. */
export function exportStatements({ views }: Workload, folder = "data"): string[] {
  return views.flatMap((view) => {
    const id = pythonName(view.name);
    const history = `history_${id}`;
    const file = literal(`${folder}/${id}.parquet`);
    return [
      `CREATE OR REPLACE TEMP TABLE ${history} AS ${oneLine(historySql(view))}`,
      `COPY (${oneLine(expiringHistorySql(view, history))}) TO ${file} (FORMAT parquet)`,
    ];
  });
}

const oneLine = (sql: string): string => sql.replace(/\s+/g, " ").trim();
