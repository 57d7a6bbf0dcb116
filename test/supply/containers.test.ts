import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseOptions } from '../../local/options.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';

// No container engine and no systemd runs in the tests: they check the text of the files.
const read = (file: string) => readFileSync(new URL(`../../examples/${file}`, import.meta.url), 'utf8');
const token = { DASH_SOCIAL_TOKEN: 'x' };
const program = 'node_modules/rss-drafts/bin/rss-drafts.mjs';

describe('the Dockerfile', () => {
  const lines = read('docker/Dockerfile')
    .replaceAll('\\\n', '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const of = (instruction: string) =>
    lines.flatMap((line) => (line.startsWith(`${instruction} `) ? line.slice(instruction.length + 1) : []));
  const wordsOf = (instruction: string): string[] => JSON.parse(of(instruction).at(-1) ?? '[]');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('installs in one stage and runs in another, on a slim image with a fixed major version', () => {
    expect(of('FROM')).toEqual(['node:24-bookworm-slim AS install', 'node:24-bookworm-slim']);
    expect(last.filter((line) => line.includes('npm'))).toEqual([]);
  });

  it('installs from the lockfile, without scripts and tools', () => {
    expect(JSON.parse(of('RUN')[0] ?? '[]')).toEqual(
      expect.arrayContaining(['npm', 'ci', '--ignore-scripts', '--omit=dev']),
    );
  });

  it('runs as another user than root, who can write to the volume only', () => {
    expect(of('USER')).toEqual(['node']);
    expect(of('VOLUME')).toEqual(['/data']);
    expect(last.filter((line) => line.startsWith('COPY '))).toEqual([
      expect.stringContaining('--chown=root:root'),
      expect.stringContaining('--chown=root:root'),
    ]);
    expect(last.findIndex((line) => line.startsWith('USER '))).toBeGreaterThan(
      last.findIndex((line) => line.startsWith('RUN ')),
    );
  });

  it('copies no secrets and no data', () => {
    expect(read('docker/.dockerignore').trim().split('\n')).toEqual([
      '*',
      '!feeds.yml',
      '!package.json',
      '!package-lock.json',
    ]);
    expect(lines.filter((line) => /TOKEN|SECRET/.test(line))).toEqual([]);
  });

  it('starts the program, and is healthy while status --check finds nothing', async () => {
    expect(wordsOf('ENTRYPOINT')).toEqual(['node', program]);
    const [verb, ...options] = wordsOf('CMD');
    expect(verb).toBe('start');
    expect(parseOptions(options, {})).toMatchObject({ config: 'feeds.yml', data: '/data' });
    const health: string[] = JSON.parse(/ CMD (\[.*\])$/.exec(of('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]');
    expect(health).toEqual(['node', program, 'status', '--check', '--data', '/data']);
    expect((await cliOver(fakeTarget())('status --help')).out).toContain('--check');
  });
});

describe('compose.yml', () => {
  const { services, volumes } = parse(read('docker/compose.yml'));
  const service = services['rss-drafts'];

  it('runs the service with the console at 127.0.0.1, and publishes no port', () => {
    const [verb, ...options] = service.command;

    expect(verb).toBe('start');
    expect(parseOptions(options, token)).toMatchObject({ config: 'feeds.yml', data: '/data', port: 4747 });
    expect(service.network_mode).toBe('host');
    expect(service).not.toHaveProperty('ports');
  });

  it('keeps the data in a volume, and everything else read-only', () => {
    expect(volumes).toHaveProperty('data');
    expect(service.volumes).toEqual(['data:/data', './feeds.yml:/app/feeds.yml:ro']);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true, tmpfs: ['/tmp'] });
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service).not.toHaveProperty('privileged');
  });

  it('restarts, with time to finish', () => {
    expect(service).toMatchObject({ restart: 'unless-stopped', stop_grace_period: '30s' });
  });
});

describe('the systemd unit', () => {
  const settings = read('systemd/rss-drafts.service')
    .split('\n')
    .flatMap((line) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value] as const];
    });
  const unit = Object.fromEntries(settings);

  it('sets each setting once', () => {
    expect(settings.map(([name]) => name)).toHaveLength(Object.keys(unit).length);
  });

  it('starts the service with its data in the state directory', () => {
    const [, options = ''] = unit.ExecStart?.split(`node ${program} start `) ?? [];

    expect(parseOptions(options.split(' '), token)).toMatchObject({
      config: 'feeds.yml',
      target: { kind: 'dash' },
      data: `/var/lib/${unit.StateDirectory}`,
    });
    expect(unit).toMatchObject({ Restart: 'always', StateDirectoryMode: '0700', User: 'rss-drafts' });
  });

  it('reads the token from a file, and can write nowhere else', () => {
    expect(unit.EnvironmentFile).toBe('/etc/rss-drafts/token');
    expect(unit).toMatchObject({
      ProtectSystem: 'strict',
      NoNewPrivileges: 'true',
      CapabilityBoundingSet: '',
    });
    expect(unit).not.toHaveProperty('MemoryDenyWriteExecute'); // V8 writes the code that it compiles
  });
});
