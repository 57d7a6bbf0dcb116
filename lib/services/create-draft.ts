export const createDraftServices = () => ({});
