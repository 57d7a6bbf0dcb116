import { expect, it } from 'vitest';
import { personIn } from '../../cli/verb.ts';

it.each([
  [{ USER: 'ada' }, 'account', 'ada'],
  [{ USER: '', LOGNAME: 'ada' }, 'account', 'ada'],
  [{ USERNAME: 'ada' }, 'account', 'ada'],
  [{ USER: '', LOGNAME: '' }, 'account', 'account'],
  [{}, '', 'someone on this computer'],
])('the person with the variables %j and the account "%s" is %s', (env, account, name) => {
  expect(personIn(env, () => account)).toBe(name);
});
