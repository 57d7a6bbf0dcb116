const relationsOf = (parameters: string): string[] =>
  parameters.split(';').flatMap((parameter) => {
    const [name = '', value = ''] = parameter.split('=', 2);
    return name.trim().toLowerCase() === 'rel' ? (value.toLowerCase().match(/[^\s",]+/g) ?? []) : [];
  });

/**
 * The target of the first link with a relation in `Link` headers (RFC 8288), as written; null if there is none. Several
 * headers are joined with commas, as Node does.
 */
export const linkIn = (header: string | null, relation: string): string | null => {
  for (const link of (header ?? '').split('<').slice(1)) {
    const end = link.indexOf('>');
    if (end >= 0 && relationsOf(link.slice(end + 1)).includes(relation)) return link.slice(0, end);
  }
  return null;
};
