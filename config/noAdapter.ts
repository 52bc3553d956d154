/**
 * In the place of axios's ways to the network that a front does not use: H5 asks by XMLHttpRequest, the
 * mini-programs by their host (src/platform/http).
 */
export default null
export const getFetch = null
