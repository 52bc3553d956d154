/** The browser's address: parameters that other sites added are taken out before anybody reads them. */

/** The parameters of this page. */
export function parameters(): URLSearchParams {
  return new URLSearchParams(window.location.search)
}

/** Keeps only parameters that `isOurs` says; answers the others. The page stays as it is. */
export function cleanAddress(isOurs: (name: string) => boolean): URLSearchParams {
  const [ours, others] = [new URLSearchParams(), new URLSearchParams()]
  parameters().forEach((value, name) => {
    const side = isOurs(name) ? ours : others
    side.append(name, value)
  })
  const query = ours.toString()
  const address = window.location.pathname + (query && `?${query}`)
  window.history.replaceState(window.history.state, '', address)
  return others
}
