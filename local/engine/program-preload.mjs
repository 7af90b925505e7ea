// Loaded before a program and the SDK. The SDK shows an uncaught error by `util.inspect(error, { colors: true })`. Node up
// to at least 20.20 never ends (it runs until the string is too long: minutes, gigabytes) where such a stack has a line
// with a scoped package and no folder below it, and the SDK's own source maps make such lines: node_modules/@pulumi/resource.ts.
// Without colors Node does not look for packages in the stack.
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

// For every resource and every output the SDK makes an error without a message and takes its stack, which the
// source-map-support that it brings maps frame by frame: most of the time of a large program. Nobody reads these unless an
// output leaks. All other stacks are prepared as before: tsx too looks at its own.
let prepare = Error.prepareStackTrace;
const ofSdk = (frames) => /[\\/]@pulumi[\\/]pulumi[\\/]/.test(frames[0]?.getFileName() ?? "");
const unlessOfSdk = (mapped) => (error, frames) =>
  error.message === "" && ofSdk(frames) ? "Error" : mapped(error, frames);
Object.defineProperty(Error, "prepareStackTrace", {
  configurable: true,
  get: () => prepare,
  set: (value) => (prepare = value?.name === "prepareStackTrace" ? unlessOfSdk(value) : value),
});

// Config that is too long for an environment comes by the input, and goes where the SDK keeps what it read from there.
if (process.env.PULUMI_CONFIG_FROM_STDIN) {
  delete process.env.PULUMI_CONFIG_FROM_STDIN;
  const variables = JSON.parse(readFileSync(0, "utf8"));
  const state = ofProgram("@pulumi/pulumi/runtime/state");
  const { getStore } = state;
  state.getStore = () => {
    const store = getStore();
    for (const [name, value] of Object.entries(variables)) store.config[name] ||= value;
    return store;
  };
}

// What the SDK keeps to be debugged by costs more than all else that a large program does: a message for every step with
// every property, which it sends one at a time, each after the answer to the last, and which nobody is shown; and the stack of
// every promise that it makes, for the message about those that were never settled. PULUMI_DEBUG_PROMISE_LEAKS brings both back.
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  const log = ofProgram("@pulumi/pulumi/log");
  const debuggable = ofProgram("@pulumi/pulumi/runtime/debuggable");
  const state = ofProgram("@pulumi/pulumi/runtime/state");
  if (log?.debug) log.debug = () => Promise.resolve();
  if (debuggable?.debuggablePromise && state?.getStore) watchWithoutStacks(debuggable, state.getStore);
}

/** A module of the SDK that the program uses; undefined where that SDK has none of the name. */
function ofProgram(name) {
  try {
    return createRequire(join(process.cwd(), "index.js"))(name);
  } catch {
    return undefined;
  }
}

/** As the SDK's own function, which also says at the end what was never settled, but without a stack for each promise. */
function watchWithoutStacks(debuggable, getStore) {
  const { debuggablePromise } = debuggable;
  let reportsAtExit = false;
  debuggable.debuggablePromise = (promise, context) => {
    if (!reportsAtExit) {
      reportsAtExit = true; // its first call sees to it
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

// An engine that is killed cannot end its program, which would wait for answers for ever: it ends when its parent is gone.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
