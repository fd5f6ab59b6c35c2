/** The page of this console to go back to, without its origin; anything else leads to the start. As the server has it. */
export function safeReturnTo(wanted: string | undefined): string {
  // Browsers take a backslash for a slash, and drop tabs and line breaks.
  if (wanted === undefined || !/^\/(?!\/)[^\\\p{Cc}]*$/u.test(wanted)) return '/'
  if (!URL.canParse(wanted, location.origin)) return '/'
  const { origin, pathname, search, hash } = new URL(wanted, location.origin)
  // Neither to another site, nor in circles, nor to what is no page.
  const page = origin === location.origin && !pathname.startsWith('//') && !/^\/(sign-in|auth|api)(\/|$)/.test(pathname)
  return page ? `${pathname}${search}${hash}` : '/'
}

/** Where the browser goes to sign in with PingOne, coming back to a page of this console. */
export const signInAddress = (returnTo: string): string =>
  `/auth/sign-in?${new URLSearchParams({ returnTo: safeReturnTo(returnTo) })}`
