import { withStop } from '../text/sentence.ts';

const fieldNames: Readonly<Record<string, string>> = {
  text: 'Caption',
  media_ids: 'Media',
  thumbnail_url: 'Thumbnail',
};

const fieldName = (field: string): string =>
  fieldNames[field] ?? `${field.charAt(0).toUpperCase()}${field.slice(1).replaceAll('_', ' ')}`;

/** What Dash Social reports about a field: usually a list of sentences. */
const messageOf = (reported: unknown): string => {
  const parts = Array.isArray(reported) ? reported : [reported];
  return parts.map((part) => withStop(typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
};

/**
 * Why Dash Social rejected a post, in words: its message, then its errors field by field. `errors`: as in its
 * response, already bounded.
 */
export const rejectionText = (message: string, errors: unknown): string => {
  if (typeof errors !== 'object' || errors === null) return message;
  const fields = Object.entries(errors).map(
    ([field, reported]) => `${fieldName(field)}: ${messageOf(reported)}`,
  );
  return fields.length === 0 ? message : [withStop(message), ...fields].join(' ');
};
