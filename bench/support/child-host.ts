// The other side of in-child.ts.
const exported = (await import(String(process.argv[2]))) as Record<string, (...args: unknown[]) => unknown>;

process.on('message', async ({ name, args }: { name: string; args: unknown[] }) => {
  try {
    process.send?.({ value: await exported[name]?.(...args) });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
