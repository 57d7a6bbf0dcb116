/**
 * Text that hosts of newsletters, blogs and podcasts add around a story. Plain text, in which `{name}` matches up to
 * 150 characters of one line and `{address}` has no space. Letter case and a final period do not matter.
 */
type Platform = {
  /** After a story, at the very end. */
  tails: readonly string[];
  /** After a story, but only as a separate line, because an author could have written it. */
  tailLines?: readonly string[];
  /** Before a story, as a separate line. */
  headLines?: readonly string[];
};

export const platforms: Readonly<Record<string, Platform>> = {
  medium: {
    tails: [
      'Continue reading on {name} »',
      '{name} was originally published in {name} on Medium, where people are continuing the conversation by highlighting and responding to this story',
    ],
  },
  substack: {
    tails: [
      'Thanks for reading! Subscribe for free to receive new posts and support my work',
      'Thanks for reading {name}! Subscribe for free to receive new posts and support my work',
      'Thanks for reading! This post is public so feel free to share it',
      'Thanks for reading {name}! This post is public so feel free to share it',
      '{name} is a reader-supported publication. To receive new posts and support my work, consider becoming a free or paid subscriber',
      'This is a public episode. If you would like to discuss this with other subscribers or get access to bonus episodes, visit {address}',
      "This is a public episode. If you'd like to discuss this with other subscribers or get access to bonus episodes, visit {address}",
      'This is a free preview of a paid episode. To hear more, visit {address}',
      'This is a free preview of a paid subscription. To hear more, visit {address}',
      'Get full access to {name} at {address}',
      'Get more from {name} in the Substack app',
      'Available for iOS and Android',
    ],
    tailLines: [
      'Subscribe now',
      'Upgrade to paid',
      'Leave a comment',
      'Share',
      'Get the app',
      'Read full story',
    ],
  },
  acast: {
    tails: [
      'Hosted on Acast. See {address} for more information',
      'See {address} for privacy and opt-out information',
      'Our GDPR privacy policy was updated on {name}. Visit {address} for more information',
      'Become a member at {address}',
    ],
  },
  anchor: {
    tails: [
      'This episode is sponsored by · Anchor: The easiest way to make a podcast. {address}',
      'Send in a voice message: {address}',
      'Become a supporter of this podcast: {address}',
      'Support this podcast: {address}',
    ],
  },
  spotify: {
    tails: [
      'Learn more about your ad choices. Visit {address}',
      'To learn more about listener data and our privacy practices visit: {address}',
      'Hosted on Spotify for Podcasters',
    ],
  },
  buzzsprout: {
    tails: [],
    tailLines: ['Support the show', 'Send us a text', 'Send us a text message', 'Send us fan mail'],
    headLines: ['Send us a text', 'Send us a text message', 'Send us fan mail'],
  },
  simplecast: {
    tails: [
      'Hosted by Simplecast, an AdsWizz company. See {address} for information about our collection and use of personal data for advertising',
    ],
  },
  omny: { tails: ['See {address} for privacy information', 'See {address} for listener information'] },
  art19: {
    tails: ['See Privacy Policy at {address} and California Privacy Notice at {address}'],
  },
  feedburner: {
    tails: [],
    tailLines: [
      ...[
        'Email this',
        'E-mail this',
        'Add to del.icio.us',
        'Save to del.icio.us',
        'Digg this!',
        'Stumble it!',
      ],
      ...[
        'Share on Facebook',
        'Post to Twitter',
        'Submit to Reddit',
        'Add to Google Bookmarks',
        'Add to Mixx!',
      ],
      ...['Subscribe to this feed', 'View blog reactions', 'Technorati links', 'View CC license', 'Comments'],
    ],
  },
};
