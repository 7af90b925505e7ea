import { z } from "zod";
import { databaseFields, databasePort } from "./database.ts";

/** Tables of a MySQL or MariaDB database, whose storage engine is InnoDB: others have no snapshots. */
export const mysqlSchema = z.strictObject({
  kind: z.literal("mysql"),
  /** @default 3306 */
  port: databasePort.default(3306),
  ...databaseFields,
});
export type MysqlSource = z.infer<typeof mysqlSchema>;
