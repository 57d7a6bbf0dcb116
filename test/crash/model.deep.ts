import { proveModel } from '../support/prove-model.ts';

proveModel(30_000, 3_600_000);
