/** The body of `POST /tiktok/scheduled_posts`. */
export type TikTokPost = {
  brand_id: number;
  status: string;
  auto_publish: boolean;
  creation_source: 'RSS_FEED';
  text?: string;
  media_ids?: number[];
  timestamp?: string | null;
  thumbnail_url?: string | null;
  title?: string | null;
};
