export const pollFeedsServices = () => ({});
