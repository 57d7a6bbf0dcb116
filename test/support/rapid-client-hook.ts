import { registerHooks } from 'node:module';

// Loaded before AWS's runtime client: gives it our client where it asks for its native one.
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './rapid-client.node'
      ? { url: new URL('./rapid-client.ts', import.meta.url).href, format: 'module', shortCircuit: true }
      : nextResolve(specifier, context),
});
