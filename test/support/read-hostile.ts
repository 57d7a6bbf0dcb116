import { AppError } from '../../lib/core/errors.ts';
import { hostileDocument } from './hostile-documents.ts';
import { workOnDocument } from './work-on-document.ts';

// `node read-hostile.ts NAME SIZE SEED`: processes one hostile document and prints the result and the CPU time.
const [name = '', size, seed] = process.argv.slice(2);
const bytes = new Uint8Array(hostileDocument(name, Number(size), Number(seed)).subarray(0, Number(size)));

const outcomeOf = async (): Promise<string> => {
  try {
    await workOnDocument({ bytes, contentType: null, url: 'https://publisher.example/feed' });
    return 'read';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  }
};

const before = process.cpuUsage().user;
const outcome = await outcomeOf();
const cpuS = (process.cpuUsage().user - before) / 1e6;
process.stdout.write(JSON.stringify({ outcome, cpuS }));
