import { generateKeyPairSync, sign } from 'node:crypto';

/** One DER value (X.690): tag, length, content. */
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
/** UTCTime, valid until 2049. */
const time = (at: Date) => text(0x17, `${at.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`);
const pem = (label: string, bytes: Buffer) =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const COMMON_NAME = '550403';
const ALT_NAME = '551d11';

/** Creates a key and a self-signed certificate (RFC 5280) for a host name or an IPv4 address. */
export const selfSigned = (options: {
  host: string;
  from: Date;
  to: Date;
}): { key: string; cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { host, from, to } = options;
  const name = sequence(der(0x31, sequence(oid(COMMON_NAME), text(0x0c, host))));
  const isAddress = /^[\d.]+$/.test(host);
  const altName = isAddress ? der(0x87, Buffer.from(host.split('.').map(Number))) : text(0x82, host);
  const extensions = der(0xa3, sequence(sequence(oid(ALT_NAME), der(0x04, sequence(altName)))));

  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serial number
    ECDSA_SHA256,
    name,
    sequence(time(from), time(to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', certificate, privateKey)]);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', sequence(certificate, ECDSA_SHA256, der(0x03, signature))),
  };
};
