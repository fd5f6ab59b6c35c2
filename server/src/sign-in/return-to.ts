/** Only for parsing: no address of the console. */
const anywhere = 'https://console.invalid'

/**
 * The page of this console to go to after signing in: path, query and fragment of what was wanted, if that is a page of
 * this console, otherwise the start page. Never another site, however it is written.
 */
export function safeReturnTo(wanted: string | undefined): string {
  // Browsers take a backslash for a slash, and drop tabs and line breaks.
  if (wanted === undefined || !/^\/(?!\/)[^\\\p{Cc}]*$/u.test(wanted)) return '/'
  if (!URL.canParse(wanted, anywhere)) return '/'
  const { origin, pathname, search, hash } = new URL(wanted, anywhere)
  // `/.//host` becomes `//host` once its dots are resolved, which names another host.
  const page = origin === anywhere && !pathname.startsWith('//') && !/^\/(sign-in|auth|api)(\/|$)/.test(pathname)
  return page ? pathname + search + hash : '/'
}
