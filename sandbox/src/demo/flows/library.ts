import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import { choose, entry, pingOne, refuse, save, sayAndGoBack, signOn, subflow, succeed, texts } from '../steps.ts'

const html = (heading: string, fields: string) =>
  t(
    `<h1>${heading}</h1>\n<p>{{global.variables.pageError}}</p>\n<form id="form">${fields}<button data-skcomponent="skbutton" data-skform="form" data-skbuttonvalue="OK">Continue</button></form>\n<button data-skcomponent="skbutton" data-skbuttonvalue="PIN">Forgot the PIN?</button>`,
  )

const signOnFlow: FlowSpec = {
  key: 'library-sign-on',
  description: 'Signs readers on with the number of their card and a PIN.',
  trigger: { type: 'AUTHENTICATION' },
  draw(f) {
    f.note('Library Card Sign-On')
    entry(f, 'page-entry', 'To: Card and PIN')
    f.node('page', 'httpConnector', 'customHTMLTemplate', 'Card and PIN', {
      customHTML: html(
        '{{global.company.variables.libraryName}}',
        '<input name="card" /><input name="pin" type="password" />',
      ),
    })
    choose(f, 'button', 'Which button?', '{{local.@page.payload.output.buttonValue}}', ['OK', 'PIN'])
    f.path('page-entry', 'page', 'button')
    pingOne(f, 'lookup', 'SSO', 'userLookup', 'Find the reader', {
      identifier: t('{{local.@page.payload.output.card}}'),
      matchAttributes: ['username'],
    })
    pingOne(f, 'check', 'SSO', 'checkPassword', 'Check the PIN', {
      identifier: t('{{local.@lookup.payload.output.matchedUser.id}}'),
      matchAttribute: 'id',
      password: t('{{local.@page.payload.output.pin}}'),
    })
    signOn(f, 'done', '{{local.@lookup.payload.output.matchedUser.id}}', 'pin')
    f.on('button', 'OK', 'lookup')
    f.path('lookup', 'check', 'done')
    subflow(f, 'reset', 'Reset the PIN', 'pin-reset', { card: '{{local.@page.payload.output.card}}' }, { pages: true })
    f.on('button', 'PIN', 'reset')
    f.path('reset', 'done')
    sayAndGoBack(f, 'wrong', 'Card or PIN is not right.', 'page-entry')
    f.fails('lookup', 'wrong')
    f.fails('check', 'wrong')
    f.fails('reset', 'wrong')
  },
}

const pinReset: FlowSpec = {
  key: 'pin-reset',
  description: 'Gives a reader a new PIN.',
  inputs: { card: 'string' },
  outputs: { reset: 'boolean' },
  draw(f) {
    f.note('PIN Reset')
    pingOne(f, 'lookup', 'SSO', 'userLookup', 'Find the reader', {
      identifier: t('{{global.parameters.card}}'),
      matchAttributes: ['username'],
    })
    f.node('page', 'httpConnector', 'customHTMLTemplate', 'New PIN', {
      customHTML: html(
        'A new PIN of {{global.company.variables.pinLength}} digits',
        '<input name="pin" type="password" />',
      ),
    })
    pingOne(
      f,
      'set',
      'SSO',
      'setPassword',
      'Set the PIN',
      texts({
        userId: '{{local.@lookup.payload.output.matchedUser.id}}',
        passwordValue: '{{local.@page.payload.output.pin}}',
      }),
    )
    if (f.has('notice'))
      subflow(f, 'tell', 'Send a notice', 'library-notice', {
        userId: '{{local.@lookup.payload.output.matchedUser.id}}',
        about: 'PIN',
      })
    succeed(f, 'done', { reset: 'true' })
    f.path('lookup', 'page', 'set', ...(f.has('notice') ? ['tell'] : []), 'done')
    refuse(f, 'failed', 'The PIN was not changed.')
    f.fails('lookup', 'failed')
    f.fails('set', 'failed')
  },
}

const notice: FlowSpec = {
  key: 'library-notice',
  description: 'Writes to a reader.',
  inputs: { userId: 'string', about: 'string' },
  draw(f) {
    f.note('Notices')
    choose(f, 'about', 'What about?', '{{global.parameters.about}}', ['PIN', 'LOAN'])
    for (const about of ['PIN', 'LOAN']) {
      pingOne(f, `send-${about}`, 'notifications', 'sendEmail', `Write about ${about}`, {
        userId: t('{{global.parameters.userId}}'),
        templateVariant: `notice-${about.toLowerCase()}`,
      })
      f.on('about', about, `send-${about}`)
      f.path(`send-${about}`, 'done')
      save(f, `failed-${about}`, 'Remember the failure', { pageError: `The notice about ${about} was not sent.` })
      f.fails(`send-${about}`, `failed-${about}`)
      f.always(`failed-${about}`, 'failed')
    }
    succeed(f, 'done')
    refuse(f, 'failed', 'Not sent')
    f.on('about', undefined, 'failed')
  },
}

export const libraryFlows: FlowSpec[] = [signOnFlow, pinReset, notice]
