/**
 * Shows the stack of an error as V8 has it where it cannot be mapped to sources. Vitest 4.1.12 gives Vite's formatter of stacks
 * bytes for a module of global set-up that comes from its cache (ServerModuleRunner reads it without an encoding), and the
 * formatter then throws a TypeError in place of the error at hand; grpc-js looks at the stack of each error it reports.
 */
export function showUnmappedStacks(): void {
  const { prepareStackTrace } = Error;
  if (prepareStackTrace === undefined) return;
  Error.prepareStackTrace = (error, frames) => {
    try {
      return prepareStackTrace(error, frames);
    } catch {
      return [String(error), ...frames.map((frame) => `    at ${frame}`)].join('\n');
    }
  };
}
