import { at, plain } from './payload.ts';

/** Node types that are separate paragraphs, as named by Contentful, Strapi, Hygraph and Sanity. */
const blocks = /^(?:paragraph|heading|list-item|block|quote|code|hr|table-row)/;

const kindOf = (node: unknown): string =>
  String(at(node, 'nodeType') ?? at(node, 'type') ?? at(node, '_type'));

const childrenOf = (node: unknown): unknown => at(node, 'children') ?? at(node, 'content');

const textOfNode = (node: unknown): string => {
  const children = childrenOf(node);
  const inside = Array.isArray(children)
    ? children.map(textOfNode).join('')
    : String(at(node, 'text') ?? at(node, 'value') ?? '');
  return blocks.test(kindOf(node)) ? `${inside}\n\n` : inside;
};

const isNode = (value: unknown): boolean => Array.isArray(childrenOf(value));

/**
 * The text of a rich-text document: a tree of nodes (Contentful) or a list of blocks (Strapi, Sanity). Undefined for
 * anything else, null for a document without text.
 */
export const textOfRich = (value: unknown): string | null | undefined => {
  const blocks = isNode(value) ? [value] : Array.isArray(value) && value.some(isNode) ? value : null;
  return blocks === null
    ? undefined
    : plain(
        blocks
          .map(textOfNode)
          .join('')
          .replace(/\n{3,}/g, '\n\n'),
      );
};
