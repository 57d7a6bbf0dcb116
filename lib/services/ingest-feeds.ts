export const ingestFeedsServices = () => ({});
