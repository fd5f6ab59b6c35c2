import type { FlowBuilder, FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  audit,
  calculate,
  choose,
  compare,
  countUp,
  entry,
  goTo,
  isLess,
  page,
  pageWithEntry,
  pingOne,
  save,
  sayAndGoBack,
  signOn,
  stop,
  subflow,
  texts,
  turnAway,
} from '../steps.ts'
import { bookingsOf } from './subflows.ts'

const found = '{{local.@lookup.payload.output.matchedUser.id}}'

/** The largest flow of the demo: the page that every customer sees first. */
export const customerSignOn: FlowSpec = {
  key: 'sign-on',
  description: 'Signs customers on with password, passkey or Google, with a risk check and step-up.',
  trigger: { type: 'AUTHENTICATION' },
  settings: { logLevel: 3, customTitle: 'Sign on to Lumenfjord', validateOnSave: true },
  outputs: { userId: 'string' },
  draw(f) {
    f.note('Customer Sign-On')
    f.note('Owner: Identity team. Changes go through Test first.')
    begin(f)
    password(f)
    checks(f)
    otherWays(f)
    afterwards(f)
  },
}

function begin(f: FlowBuilder): void {
  compare(
    f,
    'maintenance',
    'Is it maintenance time?',
    '{{global.company.variables.maintenanceMode}}',
    'true',
    'boolean',
  )
  turnAway(f, 'closed', 'We are working on our systems. Your bookings are safe.')
  f.path('maintenance', 'closed')
  pingOne(f, 'session', 'Authentication', 'checkSession', 'Is there a session?', {
    checkSessionAuthenticator: 'pwd',
    authenticationMethodLastUsedIn: 43200,
  })
  f.fails('maintenance', 'session')
  goTo(f, 'session-there', 'To: Signed on', 'finish-entry', {
    userId: '{{local.@session.payload.output.userId}}',
    method: 'session',
  })
  f.path('session', 'session-there')
  calculate(
    f,
    'language',
    'Choose the language',
    { browser: '{{global.acceptLanguage}}', usual: '{{global.company.variables.locale}}' },
    ['locale'],
    "module.exports = async ({ params }) => ({\n  locale: (params.browser || params.usual || 'en').slice(0, 2),\n})\n",
  )
  save(f, 'keep-language', 'Remember the language', { locale: '{{local.@language.payload.output.locale}}' })
  goTo(f, 'to-page', 'To: Sign on', 'page-entry')
  f.fails('session', 'language')
  f.path('language', 'keep-language', 'to-page')
}

function password(f: FlowBuilder): void {
  f.note('Password', 'page-entry')
  pageWithEntry(
    f,
    'page',
    'Sign on',
    {
      heading: 'Sign on',
      lead: 'Welcome aboard. Sign on to see your bookings.',
      ...(f.has('remember-device') ? { banner: 'New: this device can be remembered for thirty days.' } : {}),
      fields: [
        { name: 'username', label: 'E-mail address', type: 'email' },
        { name: 'password', label: 'Password', type: 'password' },
        ...(f.has('remember-device')
          ? [{ name: 'remember', label: 'Remember this device', type: 'checkbox' as const }]
          : []),
      ],
      buttons: [
        ['SIGNON', 'Sign on'],
        ['PASSKEY', 'Use a passkey'],
        ['GOOGLE', 'Continue with Google'],
        ['FORGOT', 'Forgot your password?'],
        ['REGISTER', 'Create an account'],
      ],
    },
    { providers: ['googleConnector'] },
  )
  pingOne(f, 'lookup', 'SSO', 'userLookup', 'Find the customer', {
    identifier: t('{{local.@page.payload.output.username}}'),
    matchAttributes: ['username', 'email'],
    useCustomSCIMFilter: false,
  })
  compare(
    f,
    'enabled',
    'Is the account open?',
    '{{local.@lookup.payload.output.matchedUser.enabled}}',
    'true',
    'boolean',
  )
  pingOne(f, 'check', 'SSO', 'checkPassword', 'Check the password', {
    identifier: t(found),
    matchAttribute: 'id',
    password: t('{{local.@page.payload.output.password}}'),
  })
  if (f.has('remember-device'))
    save(f, 'remember', 'Remember the wish', { rememberDevice: '{{local.@page.payload.output.remember}}' })
  choose(f, 'password-state', 'What about the password?', '{{local.@check.payload.output.status}}', [
    'OK',
    'MUST_CHANGE_PASSWORD',
    'PASSWORD_EXPIRED',
  ])
  f.on('page-button', 'SIGNON', 'lookup')
  f.path('lookup', 'enabled', 'check')
  if (f.has('remember-device')) f.path('check', 'remember', 'password-state')
  else f.path('check', 'password-state')
  sayAndGoBack(f, 'unknown', 'E-mail address or password is not right.', 'page-entry')
  f.fails('lookup', 'unknown')
  stop(
    f,
    'closed-account',
    'Account closed',
    'This account is closed. Write to {{global.company.variables.supportEmail}}.',
    'ACCOUNT_CLOSED',
  )
  f.fails('enabled', 'closed-account')

  f.note('Wrong passwords', 'count')
  countUp(f, 'count', 'One more wrong password', 'signOnAttempts')
  isLess(
    f,
    'tries',
    'Is there a try left?',
    '{{global.variables.signOnAttempts}}',
    '{{global.company.variables.maxSignOnAttempts}}',
  )
  sayAndGoBack(f, 'wrong', 'E-mail address or password is not right.', 'page-entry')
  f.fails('check', 'count')
  f.path('count', 'tries', 'wrong')
  audit(f, 'log-held', 'account.held', found, 'failure')
  subflow(f, 'tell-held', 'Warn the customer', 'notify', { userId: found, channel: 'EMAIL', template: 'account-held' })
  stop(
    f,
    'held',
    'Account held',
    'Too many wrong passwords. Please wait an hour, or recover your account.',
    'ACCOUNT_HELD',
  )
  f.fails('tries', 'log-held')
  f.path('log-held', 'tell-held', 'held')
  f.fails('tell-held', 'held')

  f.note('Password to be changed', 'change')
  page(f, 'change', 'Change the password', {
    heading: 'Time for a new password',
    lead: 'Your password is old, or was chosen for you.',
    fields: [
      { name: 'current', label: 'Current password', type: 'password' },
      { name: 'fresh', label: 'New password', type: 'password' },
    ],
    buttons: [['SAVE', 'Save']],
  })
  pingOne(
    f,
    'reset',
    'SSO',
    'resetPassword',
    'Change it',
    texts({
      userId: found,
      currentPassword: '{{local.@change.payload.output.current}}',
      newPassword: '{{local.@change.payload.output.fresh}}',
    }),
  )
  f.on('password-state', 'MUST_CHANGE_PASSWORD', 'change')
  f.on('password-state', 'PASSWORD_EXPIRED', 'change')
  f.path('change', 'reset', 'right')
  f.fails('reset', 'unknown')
  goTo(f, 'right', 'To: Checks', 'checks-entry', { method: 'pwd' })
  f.on('password-state', 'OK', 'right')
  f.on('password-state', undefined, 'right')
}

function checks(f: FlowBuilder): void {
  f.note('Risk, step-up, terms', 'checks-entry')
  entry(f, 'checks-entry', 'Checks', ['method'])
  subflow(f, 'risk', 'Evaluate the risk', 'risk-check', {
    userId: found,
    username: '{{local.@page.payload.output.username}}',
    flowType: 'AUTHENTICATION',
  })
  choose(f, 'level', 'Which risk?', '{{local.@risk.payload.output.level}}', ['LOW', 'MEDIUM', 'HIGH'])
  f.path('checks-entry', 'risk', 'level')
  subflow(
    f,
    'step-up',
    'Verify the customer',
    'step-up',
    { userId: found, reason: 'You sign on from a new place.', riskLevel: '{{local.@risk.payload.output.level}}' },
    { pages: true },
  )
  f.on('level', 'MEDIUM', 'step-up')
  f.fails('risk', 'step-up')
  audit(f, 'log-risk', 'signon.refused', found, 'failure')
  turnAway(f, 'too-risky', 'We can not sign you on now.')
  f.on('level', 'HIGH', 'log-risk')
  f.always('log-risk', 'too-risky')
  turnAway(f, 'not-verified', 'We could not verify that it is you.')
  f.fails('step-up', 'not-verified')
  subflow(
    f,
    'terms',
    'Terms of carriage',
    'consent',
    { userId: found, language: '{{global.variables.locale}}' },
    { pages: true },
  )
  f.on('level', 'LOW', 'terms')
  f.on('level', undefined, 'step-up')
  f.path('step-up', 'terms')
  f.fails('terms', 'not-verified')
  compare(
    f,
    'verified',
    'Is the address verified?',
    '{{local.@lookup.payload.output.matchedUser.emailVerified}}',
    'true',
    'boolean',
  )
  subflow(
    f,
    'verify',
    'Verify the address',
    'verify-email',
    { userId: found, email: '{{local.@page.payload.output.username}}' },
    { pages: true },
  )
  goTo(f, 'checked', 'To: Signed on', 'finish-entry', {
    userId: found,
    method: '{{local.@checks-entry.payload.output.method}}',
  })
  f.path('terms', 'verified', 'checked')
  f.fails('verified', 'verify')
  f.path('verify', 'checked')
  f.fails('verify', 'not-verified')
}

function otherWays(f: FlowBuilder): void {
  f.note('Other ways to sign on', 'recover')
  subflow(
    f,
    'recover',
    'Recover the account',
    'account-recovery',
    { username: '{{local.@page.payload.output.username}}' },
    { pages: true },
  )
  goTo(f, 'recovered', 'To: Sign on', 'page-entry')
  f.on('page-button', 'FORGOT', 'recover')
  f.always('recover', 'recovered')
  subflow(
    f,
    'register',
    'Create an account',
    'express-registration',
    { email: '{{local.@page.payload.output.username}}' },
    { pages: true },
  )
  goTo(f, 'registered', 'To: Signed on', 'finish-entry', {
    userId: '{{local.@register.payload.output.userId}}',
    method: 'registration',
  })
  f.on('page-button', 'REGISTER', 'register')
  f.path('register', 'registered')
  f.fails('register', 'recovered')
  pingOne(f, 'passkey', 'Mfa', 'createDeviceAuthentication', 'Ask for a passkey', {
    rpId: t('lumenfjord.example'),
    authTemplateName: 'STRONG_AUTHENTICATION',
  })
  compare(
    f,
    'passwordless',
    'May passkeys be used?',
    '{{global.company.variables.passwordlessEnabled}}',
    'true',
    'boolean',
  )
  page(f, 'passkey-page', 'Use your passkey', {
    heading: 'Use your passkey',
    lead: 'Your device asks for your finger, face or PIN.',
    buttons: [
      ['ASSERT', 'Continue'],
      ['BACK', 'Use your password'],
    ],
  })
  pingOne(
    f,
    'assert',
    'Mfa',
    'validateAssertionDeviceAuthentication',
    'Check the passkey',
    texts({
      deviceAuthenticationId: '{{local.@passkey.payload.output.id}}',
      origin: '{{global.origin}}',
      assertion: '{{local.@passkey-page.payload.output.assertion}}',
    }),
  )
  goTo(f, 'by-passkey', 'To: Signed on', 'finish-entry', {
    userId: '{{local.@assert.payload.output.userId}}',
    method: 'passkey',
  })
  f.on('page-button', 'PASSKEY', 'passwordless')
  f.path('passwordless', 'passkey', 'passkey-page')
  f.on('passkey-page-button', 'ASSERT', 'assert')
  f.on('passkey-page-button', 'BACK', 'recovered')
  f.path('assert', 'by-passkey')
  sayAndGoBack(f, 'no-passkey', 'Your passkey could not be used. Try your password.', 'page-entry')
  for (const key of ['passwordless', 'passkey', 'assert']) f.fails(key, 'no-passkey')
  f.node('google', 'googleConnector', 'loginFirstFactor', 'Continue with Google', { screen: t('Google') })
  pingOne(f, 'google-user', 'SSO', 'userLookup', 'Find the customer by Google address', {
    identifier: t('{{local.@google.payload.output.email}}'),
    matchAttributes: ['email'],
  })
  goTo(f, 'by-google', 'To: Signed on', 'finish-entry', {
    userId: '{{local.@google-user.payload.output.matchedUser.id}}',
    method: 'google',
  })
  f.on('page-button', 'GOOGLE', 'google')
  f.path('google', 'google-user', 'by-google')
  f.fails('google', 'unknown')
  f.fails('google-user', 'unknown')
}

function afterwards(f: FlowBuilder): void {
  f.note('Signed on', 'finish-entry')
  entry(f, 'finish-entry', 'Signed on', ['userId', 'method'])
  save(f, 'method', 'Remember how', {
    authMethod: '{{local.@finish-entry.payload.output.method}}',
    signOnAttempts: '0',
  })
  bookingsOf(f, 'bookings', '{{local.@finish-entry.payload.output.userId}}')
  audit(f, 'log', 'signon.done', '{{local.@finish-entry.payload.output.userId}}')
  signOn(f, 'done', '{{local.@finish-entry.payload.output.userId}}', '{{global.variables.authMethod}}')
  f.path('finish-entry', 'method', 'bookings', 'log', 'done')
  f.fails('bookings', 'log')
  f.fails('log', 'done')
}
