import { createHash } from 'node:crypto'
import { nameOf, type Person } from './people.ts'

const style = `
:root { color-scheme: light dark; --page: #eef2f5; --card: #fff; --text: #16222c; --soft: #4d5d69; --line: #7d8c98; --accent: #0b5cad; --alarm: #a4161a }
@media (prefers-color-scheme: dark) { :root { --page: #10171d; --card: #1a242c; --text: #e9eff3; --soft: #a9b8c3; --line: #6b7c89; --accent: #7cb8f5; --alarm: #ff9a94 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { width: min(28rem, 100%); padding: 2rem; background: var(--card); border-radius: .75rem; box-shadow: 0 .25rem 1.5rem rgb(0 0 0 / .12) }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25 }
p { margin: .5rem 0 1.25rem; color: var(--soft) }
p[role=alert] { color: var(--alarm) }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
button { width: 100%; padding: .625rem .875rem; border: 1px solid var(--line); border-radius: .5rem; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer }
button:hover { border-color: var(--accent) }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
button strong, button span { display: block }
button span { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere }
button.plain { margin-top: 1rem; text-align: center }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/**
 * The headers of a page: nothing but its own style is loaded, and a form leads nowhere but here and, where that is known,
 * back to the application.
 */
export function pageHeaders(application?: string): Record<string, string> {
  const back = application ? ` ${new URL(application).origin}` : ''
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'${back}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

/** Where a person is chosen: a button each, and one to cancel. */
export function signOnPage(application: string, tenant: string, people: readonly Person[], problem?: string): string {
  const choices = people.map(
    (person) => `<li><button name="person" value="${escaped(person.id)}"><strong>${escaped(nameOf(person))}</strong>
<span>${escaped(person.email)}</span><span>${escaped(standing(person))}</span></button></li>`,
  )
  return page(
    `Sign on to ${application}`,
    `<p>${escaped(tenant)}. This is the sandbox: there are no passwords, choose who you are.</p>
${problem ? `<p role="alert">${escaped(problem)}</p>` : ''}
<form method="post"><ul>${choices.join('\n')}</ul>
<button class="plain" name="cancel" value="yes">Cancel</button></form>`,
  )
}

/** Asks whether to sign off; `form` is the provider's own, which the buttons belong to. */
export function signOffPage(form: string): string {
  return page(
    'Sign off?',
    `<p>You are signed on in the sandbox.</p>
${form}
<button form="op.logoutForm" name="logout" value="yes"><strong>Sign off</strong></button>
<button class="plain" form="op.logoutForm">Stay signed on</button>`,
  )
}

/** A page that tells something and asks nothing. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p>${escaped(message)}</p>`)
}

function standing({ groups, enabled }: Person): string {
  if (!enabled) return 'disabled'
  return groups.length === 0 ? 'in no group' : groups.join(', ')
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
