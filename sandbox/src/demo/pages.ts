/** A field of a page. */
export interface Field {
  name: string
  label: string
  type?: 'text' | 'password' | 'email' | 'tel' | 'checkbox'
}

/** A page that a person sees. */
export interface Page {
  heading: string
  lead: string
  fields?: Field[]
  /** Value and label of each button; the first one submits. */
  buttons: [value: string, label: string][]
  /** A line above the form. */
  banner?: string
}

/** The HTML of a page, with DaVinci's attributes on the form and its buttons. */
export function pageHtml({ heading, lead, fields = [], buttons, banner }: Page): string {
  return `<div class="lf-shell">
  <main class="lf-card" aria-labelledby="lf-heading">
    <img class="lf-logo" src="{{global.company.variables.companyLogoUrl}}" alt="{{global.company.variables.companyName}}" />
${banner ? `    <p class="lf-banner" role="status">${banner}</p>\n` : ''}    <h1 id="lf-heading">${heading}</h1>
    <p class="lf-lead">${lead}</p>
    <p class="lf-error" role="alert" data-id="feedback" data-skcomponent="skerror">{{global.variables.pageError}}</p>
    <form id="lf-form" data-id="lf-form">
${fields.map(fieldHtml).join('\n')}
${buttons.map(([value, label], index) => buttonHtml(value, label, index === 0)).join('\n')}
    </form>
    <footer>Need help? Write to {{global.company.variables.supportEmail}}.</footer>
  </main>
</div>`
}

function fieldHtml({ name, label, type = 'text' }: Field): string {
  if (type === 'checkbox') {
    return `      <label class="lf-check"><input type="checkbox" id="${name}" name="${name}" /> ${label}</label>`
  }
  return `      <label class="lf-field" for="${name}">${label}
        <input type="${type}" id="${name}" name="${name}" required autocomplete="${type === 'password' ? 'current-password' : 'on'}" />
      </label>`
}

function buttonHtml(value: string, label: string, first: boolean): string {
  const style = first ? 'lf-primary' : 'lf-plain'
  const kind = first ? 'form-submit' : 'next-event'
  return `      <button class="${style}" type="${first ? 'submit' : 'button'}" data-skcomponent="skbutton" data-skbuttontype="${kind}" data-skform="lf-form" data-skbuttonvalue="${value}">${label}</button>`
}

/** The style of every page. */
export const pageCss = `.lf-shell { min-height: 100vh; display: grid; place-items: center; background: #eef4f8; }
.lf-card { width: min(26rem, 92vw); padding: 2.5rem; border-radius: 12px; background: #fff; box-shadow: 0 8px 30px rgb(11 57 84 / 14%); }
.lf-logo { height: 40px; margin-bottom: 1.5rem; }
.lf-lead { color: #4a5a68; }
.lf-banner { padding: 0.6rem 0.9rem; border-radius: 8px; background: #fff4d6; }
.lf-error:empty { display: none; }
.lf-error { color: #b00020; }
.lf-field { display: block; margin-bottom: 1rem; font-weight: 600; }
.lf-field input { display: block; width: 100%; padding: 0.6rem; border: 1px solid #9fb3c1; border-radius: 6px; }
.lf-primary { width: 100%; padding: 0.75rem; border: 0; border-radius: 6px; background: #0b6e99; color: #fff; }
.lf-plain { width: 100%; margin-top: 0.5rem; padding: 0.6rem; border: 0; background: none; color: #0b6e99; }`

/** The script of every page: the first field gets the focus, and a form can't be sent twice. */
export const pageScript = `const form = document.getElementById('lf-form')
if (form) {
  const first = form.querySelector('input')
  if (first) first.focus()
  form.addEventListener('submit', () => {
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
  })
}`
