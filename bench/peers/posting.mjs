/** A typical script's handling of a new item: one POST, and a log line if it fails. */
export const poster =
  ({ url, token, failed }) =>
  async (item) => {
    try {
      const response = await fetch(`${url}/tiktok/scheduled_posts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          brand_id: 144,
          status: 'DRAFT',
          auto_publish: false,
          text: item.title,
          creation_source: 'RSS_FEED',
        }),
        signal: AbortSignal.timeout(1_000),
      });
      if (!response.ok) throw new Error(`${response.status}`);
    } catch (error) {
      failed(error);
    }
  };
