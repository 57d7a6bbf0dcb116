const list = (names: string): readonly string[] => names.trim().split(/\s+/);

/**
 * The fields that are read from an entry, by canonical name (`parent.child` inside a container). All others are
 * ignored.
 */
export const ENTRY_FIELDS = list(`
  about id guid title link atom:link source.title
  description summary content content:encoded body xhtml:body xhtml:div dc:description
  atom:title atom:summary atom:content atom:id dc:title dc:identifier
  dcterms:title dcterms:abstract dcterms:description
  pubdate published issued created updated modified date
  dc:date dcterms:issued dcterms:created dcterms:modified dcterms:date prism:publicationdate
  atom:published atom:updated atom:issued
  author author.name author.email atom:author.name dc:creator dc:contributor dc:author
  itunes:author dcterms:creator media:credit source.author.name
  category atom:category dc:subject dcterms:subject itunes:keywords itunes:category media:category media:keywords
  enclosure media:content media:thumbnail media:description media:statistics
  itunes:image itunes:duration itunes:summary itunes:subtitle itunes:title
  image image.url
`);

/** The fields that are read from the feed itself. */
export const FEED_FIELDS = list(`
  title dc:title subtitle description link atom:link
  author.name atom:author.name
  ttl skiphours.hour skipdays.day sy:updateperiod sy:updatefrequency
`);

/** Elements whose unescaped markup is part of their text. */
export const MARKUP_FIELDS: ReadonlySet<string> = new Set(
  list(`
    title subtitle summary content description body content:encoded xhtml:body xhtml:div
    atom:title atom:summary atom:content dc:title dc:description
    media:title media:description dcterms:title dcterms:abstract dcterms:description itunes:summary itunes:subtitle itunes:title
  `),
);

/** RSS fields that are never part of another's text: if one begins inside another, the other was not closed. */
export const RSS_SIBLINGS: ReadonlySet<string> = new Set(
  list('guid pubdate category enclosure description author comments content:encoded dc:creator dc:date'),
);

/** The attributes that are kept, without their prefix. */
export const ATTRIBUTES: ReadonlySet<string> = new Set(
  list(`
    about bitrate domain duration expression filesize height href isdefault ispermalink label length medium mode
    name rel resource role scheme src term text title type uri url value views width
  `),
);
