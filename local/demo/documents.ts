import type { Story } from './stories.ts';

/** Writes a series as a feed document, with stories newest first. */
export type Document = (stories: Story[]) => { contentType: string; bytes: Uint8Array };

const site = 'https://www.example.com';

/** RSS 2.0 like a blog engine's: HTML in CDATA, `content:encoded`, guids that are not links. */
export const newsroomDocument: Document = (stories) =>
  utf8(
    'application/rss+xml; charset=utf-8',
    rss(
      'Example Outfitters Newsroom',
      'newsroom',
      stories,
      (story) => `<link>${pageOf('newsroom', story)}?utm_source=rss&amp;utm_medium=feed</link>
      <guid isPermaLink="false">example-newsroom-${story.number}</guid>
      <description><![CDATA[${story.summary}]]></description>
      <content:encoded><![CDATA[${story.body}]]></content:encoded>
      <media:thumbnail url="${site}/media/newsroom/${story.number}.jpg" />`,
    ),
  );

/** RSS 2.0 with a video enclosure per item, like a podcast host's. */
export const clipsDocument: Document = (stories) =>
  utf8(
    'text/xml',
    rss(
      'Example Outfitters Clips',
      'clips',
      stories,
      (story) => `<link>${pageOf('clips', story)}</link>
      <guid>${pageOf('clips', story)}</guid>
      <description>${escaped(story.summary)}</description>
      <enclosure url="${site}/media/clips/${story.number}.mp4" type="video/mp4" length="${4_000_000 + story.number * 1021}" />
      <media:thumbnail url="${site}/media/clips/${story.number}.jpg" />`,
    ),
  );

/** Atom 1.0 with escaped HTML in both summary and content. */
export const journalDocument: Document = (stories) =>
  utf8(
    'application/atom+xml; charset=utf-8',
    `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Example Outfitters Journal</title>
  <id>tag:example.com,2026:journal</id>
  <link href="${site}/journal" />
  <updated>${(stories[0]?.at ?? new Date(0)).toISOString()}</updated>
  <author><name>Journal desk</name></author>
${stories.map(atomEntry).join('\n')}
</feed>
`,
  );

/** RSS 1.0 (RDF) like an old shop system's: ISO-8859-1, Dublin Core, links instead of guids. */
export const katalogDocument: Document = (stories) => ({
  contentType: 'application/rdf+xml',
  bytes: Buffer.from(
    `<?xml version="1.0" encoding="ISO-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="${site}/katalog">
    <title>Example Outfitters Katalog</title>
    <link>${site}/katalog</link>
    <description>Neues aus dem Lager für Frühling und Übergang</description>
    <items><rdf:Seq>${stories.map((story) => `<rdf:li rdf:resource="${pageOf('katalog', story)}" />`).join('')}</rdf:Seq></items>
  </channel>
${stories.map(rdfItem).join('\n')}
</rdf:RDF>
`.replaceAll('–', '&#8211;'), // not in Latin-1
    'latin1',
  ),
});

const rss = (title: string, path: string, stories: Story[], inner: (story: Story) => string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>${escaped(title)}</title>
    <link>${site}/${path}</link>
    <description>What is new at Example Outfitters, an invented brand</description>
    <language>en</language>
${stories.map((story) => rssItem(story, inner(story))).join('\n')}
  </channel>
</rss>
`;

const rssItem = (story: Story, inner: string): string => `    <item>
      <title>${escaped(story.title)}</title>
      ${inner}
      <dc:creator>Newsroom</dc:creator>
      ${story.categories.map((name) => `<category>${escaped(name)}</category>`).join('')}
      <pubDate>${story.at.toUTCString()}</pubDate>
    </item>`;

const atomEntry = (story: Story): string => `  <entry>
    <title type="html">${escaped(escaped(story.title))}</title>
    <id>tag:example.com,2026:journal/${story.number}</id>
    <link rel="alternate" href="${pageOf('journal', story)}" />
    <published>${story.at.toISOString()}</published>
    <updated>${story.at.toISOString()}</updated>
    ${story.categories.map((name) => `<category term="${escaped(name)}" />`).join('')}
    <summary type="html">${escaped(story.summary)}</summary>
    <content type="html">${escaped(`<img src="${site}/media/journal/${story.number}.jpg" alt="">${story.body}`)}</content>
  </entry>`;

const rdfItem = (story: Story): string => `  <item rdf:about="${pageOf('katalog', story)}">
    <title>${escaped(story.title)}</title>
    <link>${pageOf('katalog', story)}</link>
    <description>${escaped(story.summary)}</description>
    <dc:creator>Redaktion</dc:creator>
    ${story.categories.map((name) => `<dc:subject>${escaped(name)}</dc:subject>`).join('')}
    <dc:date>${story.at.toISOString()}</dc:date>
  </item>`;

const pageOf = (path: string, story: Story): string => `${site}/${path}/${story.slug}`;

const utf8 = (contentType: string, text: string) => ({ contentType, bytes: Buffer.from(text, 'utf8') });

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
