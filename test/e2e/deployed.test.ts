import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildDeployment, type Deployment, type DeploymentBuild } from '../support/deployment.ts';
import { story } from '../support/entries.ts';

/** The functions run on this machine's clock, so that the stories must be recent. */
const began = Date.now() - 3_600_000;
const recent = (n: number) => story(n, { published: new Date(began + n * 60_000).toISOString() });

// The archives that would be deployed, under AWS's runtime client and with the template's environment.

const draft = 'CreateDraftLambdaFunction';
const ingest = 'IngestFeedsLambdaFunction';

let build: DeploymentBuild;
let deployed: Deployment;

beforeAll(async () => {
  build = await buildDeployment(
    (origin) => `feeds:
  newsroom: { url: "${origin}/feed", brand_id: 144, every: 1m, allow_private: true, when_uncertain: park }
`,
  );
});
afterAll(() => build.close());

beforeEach(async () => {
  deployed = await build.open();
  deployed.publish([recent(1)]);
  await deployed.tick();
  await deployed.untilIdle();
});
afterEach(() => deployed.close());

const states = async () => (await deployed.rows()).map(({ title, state }) => `${title} ${state}`).sort();
/** Waits until a condition in another process holds. */
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the deployed functions', () => {
  it('take a new entry from schedule to ledger, through both queues', async () => {
    deployed.publish([recent(2), recent(1)]);

    await deployed.tick();
    await deployed.untilIdle();

    expect(await states()).toEqual(['Story 1 baselined', 'Story 2 drafted']);
    expect(deployed.sandbox.posts()).toHaveLength(1);
    expect(deployed.faults).toEqual([]);
  });

  it.each([
    ['killed when out of memory', undefined],
    ['stopped by its time-out', 2_500],
  ])('lose nothing of a feed whose poll is %s', async (_, timeoutMs) => {
    await deployed.kill(ingest);
    await deployed.start(ingest, timeoutMs);
    deployed.publish([recent(2), recent(1)]);
    deployed.hangFeeds(1);

    await deployed.tick();
    await until(() => deployed.hasHung());
    if (timeoutMs === undefined) await deployed.kill(ingest);
    await until(() => deployed.faults.length > 0);
    await deployed.kill(ingest);
    await deployed.tick();
    await deployed.untilIdle();

    expect(deployed.faults).toEqual([ingest]);
    expect(await states()).toEqual(['Story 1 baselined', 'Story 2 drafted']);
    expect(deployed.sandbox.posts()).toHaveLength(1);
  });

  it('post nothing twice when createDraft is killed during its POST, and park the entry', async () => {
    deployed.sandbox.fail({ kind: 'hang', times: 1, commit: true });
    deployed.publish([recent(2), recent(1)]);

    await deployed.tick();
    await until(() => deployed.sandbox.posts().length > 0);
    await deployed.kill(draft);
    await until(() => deployed.faults.length > 0);
    await deployed.letTimePass();
    await deployed.tick();
    await deployed.untilIdle();

    expect(deployed.faults).toEqual([draft]);
    expect(await states()).toEqual(['Story 1 baselined', 'Story 2 uncertain']);
    expect(deployed.sandbox.posts()).toHaveLength(1);
  });

  it('send nothing when too little time is left, and the row keeps waiting', async () => {
    await deployed.kill(draft);
    await deployed.start(draft, 20_000);
    deployed.publish([recent(2), recent(1)]);

    await deployed.tick();
    await deployed.untilIdle();

    expect(await states()).toEqual(['Story 1 baselined', 'Story 2 queued']);
    expect(deployed.sandbox.posts()).toHaveLength(0);
  });
});
