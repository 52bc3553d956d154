/** In the place of axios's own ways to the network: every host brings its own (src/platform/taroAdapter.ts). */
export default null
export const getFetch = null
