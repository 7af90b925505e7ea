// The entry point of every npm script. It runs on a bare Node, before anything is installed: so it is plain JavaScript
// and imports nothing but Node's own modules. It prints help from a file, installs the npm packages where they are
// missing or out of date, and then hands over to cli/main.ts.
import { spawnSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `slipway needs Node 20.19 or newer, this is ${process.versions.node}: install a newer Node and try again`,
  );
  process.exit(1);
}

const args = printHelp(process.argv.slice(2));
installPackages();
handOver(args);

/**
 * Prints the help that the arguments ask for, and ends the process: help is in a file, so it needs no package and no compiler.
 * Returns the arguments for cli/main.ts where they ask for no help. An unknown command is left to cli/main.ts too, which knows
 * the nearest name; where the packages are not installed, the list of commands is printed instead.
 */
function printHelp(args) {
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const asked = flags.some((arg) => arg === "--help" || arg === "-h");
  const [name, topic] = args.filter((arg) => !arg.startsWith("-"));
  const listed = name === undefined || name === "help";
  if (!asked && !listed) return args;
  const { list, commands } = JSON.parse(readFileSync(join(root, "cli", "help.json"), "utf8"));
  const wanted = listed ? topic : name;
  const text = wanted === undefined ? list : Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
  if (text === undefined && existsSync(join(root, "node_modules"))) return [wanted];
  if (text === undefined) console.error(`✗ there is no command ${JSON.stringify(wanted)}\n\n${list}`);
  else console.log(text);
  process.exit(text === undefined ? 2 : 0);
}

function installPackages() {
  const stampFile = join(root, "node_modules", ".slipway-stamp");
  const lock = readFileSync(join(root, "package-lock.json"));
  const stamp = `${createHash("sha256").update(lock).digest("hex")} node-${major} ${process.platform}-${process.arch}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  const modules = join(root, "node_modules");
  // npm would empty the folder that the link leads to: the packages of another checkout.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      `✗ ${modules} must be a folder of its own where packages have to be installed, and it is a link: remove the link and try again`,
    );
    process.exit(1);
  }
  console.log(
    "▸ Installing the npm packages that package-lock.json pins (node_modules is missing or out of date)",
  );
  const start = Date.now();
  // Install scripts are off: what they would fetch (a GPU build of onnxruntime, Pulumi plugins) is not needed here.
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (npm.status !== 0) {
    console.error(`✗ npm ci failed${npm.error ? `: ${npm.error.message}` : ""}`);
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
  console.log(`✓ npm packages installed (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

function handOver(args) {
  const READ_ONLY = ["preview", "status", "doctor", "help"];
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "cli", "main.ts"), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  // A terminal sends Ctrl-C to the whole group: the child decides when to stop, this process only waits for it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  child.on("error", (error) => {
    console.error(`cannot start node: ${error.message}`);
    process.exit(1);
  });
  child.on("close", (code, signal) => {
    // A command that handles Ctrl-C says itself what was stopped.
    const end = READ_ONLY.includes(args[0]) ? "; nothing was changed" : " before its end";
    if (signal === "SIGINT") console.error(`\n✗ ${args[0]}: interrupted${end}`);
    process.exit(code ?? (signal === "SIGINT" ? 130 : 1));
  });
}
