import { AppError, misconfigured, permanent, retryable } from '../../core/errors.ts';

/** Error names of AWS services for denied access, including missing or expired credentials. */
const denied =
  /AccessDenied|NotAuthorized|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|InvalidSignature|MissingAuthenticationToken|CredentialsProviderError/;
const throttled = /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded|TooManyRequests/;
const missing = /ResourceNotFoundException|^NotFoundException|QueueDoesNotExist|NonExistentQueue/;
const tooLarge = /item size|BatchRequestTooLong|exceeded the maximum allowed size/i;

type AwsError = Error & { $metadata?: object; $fault?: string };

/** The service failed, something else responded, or nothing did; the SDK marks everything it sent with $metadata. */
const isWorldsFault = ({ $fault, $metadata }: AwsError): boolean =>
  $fault === 'server' || ($fault === undefined && $metadata !== undefined);

/**
 * Converts an error of an AWS SDK client to an AppError: `<area>.throttled` and `<area>.unreachable` (retryable),
 * `<area>.missing-<thing>` and `<area>.access-denied` (config), `<area>.too-large` (permanent). Anything else is a bug
 * in our call and is returned unchanged.
 */
export const awsError = (
  area: string,
  thing: 'table' | 'queue' | 'secret' | 'stack' | 'topic' | 'bus' | 'function',
  id: string,
  error: unknown,
): unknown => {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { name, message } = error;
  const options = { cause: error };
  if (denied.test(name)) {
    const text =
      name === 'CredentialsProviderError'
        ? `No AWS credentials found for the ${thing} ${id}. Set AWS_PROFILE, or sign in.`
        : `AWS denies access to the ${thing} ${id} (${name}). Check the role's policy and the credentials.`;
    return misconfigured(`${area}.access-denied`, text, options);
  }
  if (missing.test(name)) {
    const text = `There is no ${thing} ${id}. Check its name, the region, and that it was deployed.`;
    return misconfigured(`${area}.missing-${thing}`, text, options);
  }
  if (throttled.test(name))
    return retryable(`${area}.throttled`, `AWS throttles the ${thing} ${id} (${name}).`, options);
  if (tooLarge.test(`${name} ${message}`))
    return permanent(`${area}.too-large`, `Too large for the ${thing} ${id} (${name}).`, options);
  return isWorldsFault(error)
    ? retryable(`${area}.unreachable`, `The ${thing} ${id} cannot be reached (${name}).`, options)
    : error;
};
