import type { Charge, Pricer, Unpriced } from "../estimate/charge.ts";
import { charge } from "./simple.ts";

/**
 * Last day of standard support of each major version of PostgreSQL on RDS.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
 */
const POSTGRESQL_SUPPORT_ENDS: Readonly<Record<string, string>> = {
  "11": "2024-02-29",
  "12": "2025-02-28",
  "13": "2026-02-28",
  "14": "2027-02-28",
  "15": "2028-02-29",
  "16": "2029-02-28",
  "17": "2030-02-28",
  "18": "2031-02-28",
};

/** Prices an RDS instance by engine, licence and storage. The table has prices only for PostgreSQL. */
export const rdsInstance: Pricer = (inputs, { today }) => {
  const copies = inputs.boolean("multiAz") === true ? 2 : 1;
  const engine = inputs.required("engine");
  const licence = inputs.string("licenseModel") === "bring-your-own-license" ? "-own-licence" : "";
  const machine = inputs.required("instanceClass");
  const iops = inputs.number("iops");
  // The default of AWS is io1 if IOPS are set, and otherwise gp2.
  const storage = inputs.string("storageType") ?? (iops === undefined ? "gp2" : "io1");
  const unpriced: Unpriced[] = [];

  const charges: Charge[] = [
    charge("instance", engine === "postgres" ? machine : `${machine}-${engine}${licence}`, copies),
    charge("disk", `rds-${storage}`, copies * (inputs.number("allocatedStorage") ?? 20)),
  ];
  if (iops !== undefined && storage.startsWith("io"))
    charges.push(charge("IOPS", `rds-${storage}-iops`, copies * iops));
  if (storage === "gp3" && (iops !== undefined || inputs.has("storageThroughput")))
    unpriced.push({ why: "unknown sku", detail: "IOPS and throughput of gp3 above the baseline" });
  const major = (inputs.string("engineVersion") ?? "").split(".")[0] ?? "";
  const supportEnds = POSTGRESQL_SUPPORT_ENDS[major] ?? (Number(major) < 11 ? "2024-02-29" : undefined);
  const staysBehind = inputs.string("engineLifecycleSupport") !== "open-source-rds-extended-support-disabled";
  if (
    engine === "postgres" &&
    major !== "" &&
    supportEnds !== undefined &&
    supportEnds < today &&
    staysBehind
  )
    unpriced.push({
      why: "unknown sku",
      detail: `extended support of PostgreSQL ${major}, which is billed per vCPU since ${supportEnds}`,
    });
  const insights = inputs.number("performanceInsightsRetentionPeriod") ?? 7;
  if (insights > 7 || inputs.string("databaseInsightsMode") === "advanced")
    unpriced.push({ why: "unknown sku", detail: "Database Insights, which is billed per vCPU" });
  return { charges, unpriced };
};
