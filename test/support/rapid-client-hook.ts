import { registerHooks } from 'node:module';

// Loaded before AWS's runtime client, to replace its native addon with our client.
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './rapid-client.node'
      ? { url: new URL('./rapid-client.ts', import.meta.url).href, format: 'module', shortCircuit: true }
      : nextResolve(specifier, context),
});
