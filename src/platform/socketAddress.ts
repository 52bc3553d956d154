/** Where a live path is: on the API's origin, or on the page's own when there is none (H5). */
export function socketAddress(path: string): string {
  if (!path.startsWith('/')) return path
  return (API_BASE || window.location.origin).replace(/^http/, 'ws') + path
}
