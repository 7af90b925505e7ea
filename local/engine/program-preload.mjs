// Node loads this file before the program and the SDK.

// The SDK prints an uncaught error with `util.inspect(error, { colors: true })`. With colors, Node up to at least 20.20 runs for
// minutes and takes gigabytes if the stack has a line with a scoped package and no folder below it; the SDK's source maps make
// such lines: node_modules/@pulumi/resource.ts. Without colors Node does not look for packages in the stack.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";

const inspect = util.inspect;

util.inspect = Object.assign(
  (value, options, ...rest) =>
    value instanceof Error && typeof options === "object"
      ? inspect(value, { ...options, colors: false })
      : inspect(value, options, ...rest),
  inspect,
);

// For every resource and every output the SDK creates an error without a message and reads its stack, and its
// source-map-support maps that stack frame by frame. This takes most of the time of a large program, and the stacks are used only
// if an output leaks. So stacks of such errors are left out; all others are prepared as before, since tsx reads its own.
let prepare = Error.prepareStackTrace;
const isFromSdk = (frames) => /[\\/]@pulumi[\\/]pulumi[\\/]/.test(frames[0]?.getFileName() ?? "");
const skipStacksOfSdk = (mapped) => (error, frames) =>
  error.message === "" && isFromSdk(frames) ? "Error" : mapped(error, frames);
Object.defineProperty(Error, "prepareStackTrace", {
  configurable: true,
  get: () => prepare,
  set: (value) => (prepare = value?.name === "prepareStackTrace" ? skipStacksOfSdk(value) : value),
});

// Config that is too long for an environment variable comes by standard input; it is put into the SDK's store of the config.
if (process.env.PULUMI_CONFIG_FROM_STDIN) {
  delete process.env.PULUMI_CONFIG_FROM_STDIN;
  const variables = JSON.parse(readFileSync(0, "utf8"));
  const state = moduleOfProgram("@pulumi/pulumi/runtime/state");
  const { getStore } = state;
  state.getStore = () => {
    const store = getStore();
    for (const [name, value] of Object.entries(variables)) store.config[name] ||= value;
    return store;
  };
}

// The SDK's own debugging takes more time than the rest of a large program: a log message for every step with every property, sent
// one after the other and never shown; and the stack of every promise, for the message about promises that were never settled.
// PULUMI_DEBUG_PROMISE_LEAKS turns both on again.
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  const log = moduleOfProgram("@pulumi/pulumi/log");
  const debuggable = moduleOfProgram("@pulumi/pulumi/runtime/debuggable");
  const state = moduleOfProgram("@pulumi/pulumi/runtime/state");
  if (log?.debug) log.debug = () => Promise.resolve();
  if (debuggable?.debuggablePromise && state?.getStore) watchWithoutStacks(debuggable, state.getStore);
}

/** Returns a module of the SDK that the program uses; undefined if that SDK does not have it. */
function moduleOfProgram(name) {
  try {
    return createRequire(join(process.cwd(), "index.js"))(name);
  } catch {
    return undefined;
  }
}

/** Watches promises like the SDK's own function, which also reports unsettled ones at the end, but keeps no stacks. */
function watchWithoutStacks(debuggable, getStore) {
  const { debuggablePromise } = debuggable;
  let reportsAtExit = false;
  debuggable.debuggablePromise = (promise, context) => {
    if (!reportsAtExit) {
      reportsAtExit = true; // the first call registers the report
      return debuggablePromise(promise, context);
    }
    const { leakCandidates } = getStore();
    leakCandidates.add(promise);
    return promise.then(
      (value) => {
        leakCandidates.delete(promise);
        return value;
      },
      (error) => {
        leakCandidates.delete(promise);
        error.promise = promise;
        throw error;
      },
    );
  };
}

// A killed engine cannot end its program, which would wait for answers for ever. So the program ends when its parent is gone.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
