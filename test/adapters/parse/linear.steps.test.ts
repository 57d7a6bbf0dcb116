import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFeed } from '../../../lib/adapters/parse/read-feed.ts';
import { type StepCounter, startCounting } from '../../support/count-steps.ts';
import { hostileDocument, hostileNames } from '../../support/hostile-documents.ts';

const SIZE = 20_000;

let steps: StepCounter;
beforeAll(async () => {
  steps = await startCounting();
});
afterAll(() => steps.stop());

const stepsFor = (name: string, size: number): Promise<number> => {
  const bytes = hostileDocument(name, size);
  return steps.count(() =>
    readFeed({ bytes, contentType: null, url: 'https://publisher.example/' }).catch(() => {}),
  );
};

describe('twice the document takes about twice the steps', () => {
  test.each(hostileNames)('%s', async (name) => {
    const [once, twice] = [await stepsFor(name, SIZE), await stepsFor(name, 2 * SIZE)];

    expect(twice).toBeLessThanOrEqual(2.5 * Math.max(once, 5_000));
  });
});
