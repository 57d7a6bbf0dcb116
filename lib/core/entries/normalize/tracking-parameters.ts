const words = (list: string) => new Set(list.split(' '));

/**
 * Parameters added to a link on its way to a reader that identify no page on any site; in lower case. Short and strict
 * on purpose: removing one that identifies a page would merge two stories, while keeping one costs nothing if page and
 * title agree.
 */
const NAMES = words(
  // click ids of Google, Meta, Microsoft, Yandex, TikTok, X, LinkedIn, Reddit, Pinterest
  'gclid gclsrc gbraid wbraid dclid srsltid _ga _gl fbclid igshid igsh msclkid yclid ttclid twclid li_fat_id rdt_cid epik ' +
    // newsletters by Mailchimp, Marketo, Vero, Omeda; campaigns of publishers
    'mc_cid mc_eid mkt_tok vero_id oly_enc_id oly_anon_id ncid smid xtor ref_src ' +
    // comScore and Webtrekk
    'ns_campaign ns_source ns_mchannel ns_linkname ns_fee wt_mc wt_zmc ' +
    // Matomo, as listed in its documentation
    'pk_campaign pk_cpn pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid pk_group pk_placement',
);

/** Google Analytics, AT Internet (Piano), Matomo, HubSpot. */
const PREFIXES = ['utm_', 'at_', 'mtm_', '_hs', '__hs'];

/** Names that track on some sites and identify a page on others; removed only with a value that is a channel. */
const AMBIGUOUS = words('source ref cmp');

/**
 * Channels as written by feeds, newsletters and share buttons: the words for feeds occur in public feeds (`source=rss`,
 * `ref=rss`, `source=atom1`), the names are those of large networks and feed readers.
 */
const CHANNELS = words(
  'rss rss1 rss2 atom atom1 feed feeds rssfeed rss_feed rss-feed jsonfeed feedburner feedly inoreader newsblur flipboard ' +
    'email e-mail mail newsletter social twitter x t.co facebook fb instagram ig threads linkedin pinterest reddit tiktok ' +
    'youtube whatsapp telegram mastodon bluesky bsky',
);

/** Medium's feeds: `source=rss----…` and `source=rss-…------2`. */
const isChannel = (value: string): boolean => CHANNELS.has(value) || value.startsWith('rss-');

/** Whether a parameter only tracks where the reader came from, so that the page is the same without it. */
export const isTracking = (name: string, value: string): boolean => {
  const known = name.toLowerCase();
  if (AMBIGUOUS.has(known)) return isChannel(value.toLowerCase());
  return NAMES.has(known) || PREFIXES.some((prefix) => known.startsWith(prefix));
};
