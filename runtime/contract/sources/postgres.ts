import { z } from "zod";
import { databaseFields, databasePort } from "./database.ts";

/** Tables of a PostgreSQL database. */
export const postgresSchema = z.strictObject({
  kind: z.literal("postgres"),
  /** @default 5432 */
  port: databasePort.default(5432),
  ...databaseFields,
});
export type PostgresSource = z.infer<typeof postgresSchema>;
