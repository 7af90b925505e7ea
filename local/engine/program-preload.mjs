// Loaded before a program and the SDK. The SDK shows an uncaught error by `util.inspect(error, { colors: true })`. Node up
// to at least 20.20 never ends (it runs until the string is too long: minutes, gigabytes) where such a stack has a line
// with a scoped package and no folder below it, and the SDK's own source maps make such lines: node_modules/@pulumi/resource.ts.
// Without colors Node does not look for packages in the stack.
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

// An engine that is killed cannot end its program, which would wait for answers for ever: it ends when its parent is gone.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
