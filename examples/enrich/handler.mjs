// A hook for rss-drafts, as a Lambda function: it uploads an entry's video, and refuses entries without one.
// docs/enrich.md explains how to deploy it. It needs the environment variables UPLOAD_URL and UPLOAD_TOKEN of a service
// of yours that puts a video into Dash Social's Library and returns the ID of the medium.

/** Finds or creates the medium of a video. The key makes the upload safe to repeat. */
const mediumOf = async (video, key, { UPLOAD_URL, UPLOAD_TOKEN }) => {
  const response = await fetch(UPLOAD_URL, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${UPLOAD_TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ url: video.url }),
    signal: AbortSignal.timeout(15_000), // below the hook's timeout of 20 s
  });
  if (!response.ok) throw new Error(`the upload responded with ${response.status}`); // asked again, then held
  const { id } = await response.json();
  return id;
};

/** The question is described in enrich.schema.json, and so is the answer. */
export const answer = async ({ key, preview, entry, post }, env) => {
  if (entry.video === null) return { skip: 'the article has no video' };
  if (preview) return { text: post.text }; // shown only: nothing is uploaded
  return { media_ids: [await mediumOf(entry.video, key, env)] };
};

export const handler = (question) => answer(question, process.env);
