import { lineProgress } from "../../../local/progress.ts";
import { clusterPrograms } from "../../../local/tools/cluster-programs.ts";

// A run of its own for tests of processes: prints the lines of its progress, then the programs of etcd as JSON.
const { etcd } = await clusterPrograms(lineProgress(), ["etcd"]);
console.log(JSON.stringify(etcd));
