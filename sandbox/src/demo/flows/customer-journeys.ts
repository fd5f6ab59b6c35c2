import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  audit,
  callService,
  compare,
  goTo,
  isEmpty,
  page,
  pageWithEntry,
  pingOne,
  refuse,
  save,
  sayAndGoBack,
  signOn,
  stop,
  subflow,
  succeed,
  texts,
  turnAway,
} from '../steps.ts'
import { bookingsOf } from './subflows.ts'

const registration: FlowSpec = {
  key: 'registration',
  description: 'Creates an account: name, address, terms, verified e-mail, and a device for verification.',
  trigger: { type: 'AUTHENTICATION' },
  settings: { logLevel: 3 },
  outputs: { userId: 'string' },
  draw(f) {
    f.note('Customer Registration')
    pageWithEntry(f, 'page', 'Create an account', {
      heading: 'Create your account',
      lead: 'Book faster, change bookings yourself, and collect points.',
      fields: [
        { name: 'given', label: 'First name' },
        { name: 'family', label: 'Last name' },
        { name: 'email', label: 'E-mail address', type: 'email' },
        { name: 'mobile', label: 'Mobile number', type: 'tel' },
        { name: 'password', label: 'Password', type: 'password' },
      ],
      buttons: [
        ['CREATE', 'Create the account'],
        ['CANCEL', 'Cancel'],
      ],
    })
    turnAway(f, 'cancelled', 'Cancelled')
    f.on('page-button', 'CANCEL', 'cancelled')
    f.node('address', 'stringsConnector', 'toLowerCase', 'E-mail in small letters', {
      originalValue: t('{{local.@page.payload.output.email}}'),
    })
    pingOne(f, 'exists', 'SSO', 'userLookup', 'Is there an account?', {
      identifier: t('{{local.@address.payload.output.result}}'),
      matchAttributes: ['username', 'email'],
    })
    f.on('page-button', 'CREATE', 'address')
    f.path('address', 'exists')
    subflow(f, 'tell-exists', 'Tell the owner', 'notify', {
      userId: '{{local.@exists.payload.output.matchedUser.id}}',
      channel: 'EMAIL',
      template: 'account-exists',
      email: '{{local.@address.payload.output.result}}',
    })
    page(f, 'look', 'Look at your messages', {
      heading: 'Look at your messages',
      lead: 'We sent you what to do next.',
      buttons: [['OK', 'Close']],
    })
    turnAway(f, 'looked', 'Account exists')
    f.path('exists', 'tell-exists', 'look', 'looked')
    f.fails('tell-exists', 'look')
    f.note('Bots and stolen data', 'risk')
    subflow(f, 'risk', 'Evaluate the risk', 'risk-check', {
      username: '{{local.@address.payload.output.result}}',
      flowType: 'REGISTRATION',
    })
    f.fails('exists', 'risk')
    compare(f, 'risky', 'Is it too risky?', '{{local.@risk.payload.output.level}}', 'HIGH')
    f.path('risk', 'risky')
    turnAway(f, 'too-risky', 'We can not create an account now.')
    f.path('risky', 'too-risky')
    pingOne(f, 'create', 'SSO', 'createUser', 'Create the account', {
      username: t('{{local.@address.payload.output.result}}'),
      email: t('{{local.@address.payload.output.result}}'),
      given: t('{{local.@page.payload.output.given}}'),
      family: t('{{local.@page.payload.output.family}}'),
      password: t('{{local.@page.payload.output.password}}'),
      population: 'usePopulationId',
      populationId: t('{{global.company.variables.customerPopulationId}}'),
      additionalUserProperties: [
        { name: 'mobilePhone', value: t('{{local.@page.payload.output.mobile}}') },
        { name: 'preferredLanguage', value: t('{{global.variables.locale}}') },
      ],
    })
    f.fails('risky', 'create')
    f.fails('risk', 'create')
    sayAndGoBack(f, 'not-created', 'That did not work. Choose a longer password, and check the address.', 'page-entry')
    f.fails('create', 'not-created')
    const userId = '{{local.@create.payload.output.userId}}'
    const older = f.has('renamed-verification') ? {} : { label: 'E-Mail Verification Subflow' }
    subflow(
      f,
      'verify',
      'Verify the address',
      'verify-email',
      { userId, email: '{{local.@address.payload.output.result}}' },
      { pages: true, ...older },
    )
    subflow(
      f,
      'terms',
      'Terms of carriage',
      'consent',
      { userId, language: '{{global.variables.locale}}' },
      { pages: true },
    )
    subflow(
      f,
      'enrol',
      'Add a device',
      'mfa-enrolment',
      {
        userId,
        email: '{{local.@address.payload.output.result}}',
        phone: '{{local.@page.payload.output.mobile}}',
        mayskip: 'true',
      },
      { pages: true },
    )
    callService(
      f,
      'customer',
      'Tell the booking system',
      'POST',
      '{{global.company.variables.bookingApiUrl}}/customers',
      { id: userId, source: 'registration' },
    )
    subflow(f, 'welcome', 'Welcome', 'notify', {
      userId,
      channel: 'EMAIL',
      template: 'welcome',
      email: '{{local.@address.payload.output.result}}',
    })
    save(f, 'method', 'Remember how', { authMethod: 'registration' })
    audit(f, 'log', 'account.created', userId)
    signOn(f, 'done', userId, '{{global.variables.authMethod}}')
    f.path('create', 'verify', 'terms', 'enrol', 'customer', 'welcome', 'method', 'log', 'done')
    stop(f, 'not-verified', 'Address not verified', 'Please verify your address to go on.')
    f.fails('verify', 'not-verified')
    stop(f, 'no-terms', 'No agreement', 'We need your agreement with our terms.')
    f.fails('terms', 'no-terms')
    for (const [key, next] of [
      ['enrol', 'customer'],
      ['customer', 'welcome'],
      ['welcome', 'method'],
    ] as const)
      f.fails(key, next)
  },
}

const expressRegistration: FlowSpec = {
  key: 'express-registration',
  description: 'The short way to an account, tried beside the long one: an address and a passkey or code.',
  color: '#D5F5E3',
  inputs: { email: 'string' },
  outputs: { userId: 'string' },
  draw(f) {
    f.note('Express Registration (on trial)')
    pageWithEntry(f, 'page', 'Only an address', {
      heading: 'Quick start',
      lead: 'An e-mail address is enough. Everything else can wait.',
      fields: [{ name: 'email', label: 'E-mail address', type: 'email' }],
      buttons: [
        ['CREATE', 'Start'],
        ['CANCEL', 'Cancel'],
      ],
    })
    refuse(f, 'cancelled', 'Cancelled')
    f.on('page-button', 'CANCEL', 'cancelled')
    pingOne(f, 'create', 'SSO', 'createUser', 'Create the account', {
      username: t('{{local.@page.payload.output.email}}'),
      email: t('{{local.@page.payload.output.email}}'),
      population: 'usePopulationId',
      populationId: t('{{global.company.variables.customerPopulationId}}'),
    })
    f.on('page-button', 'CREATE', 'create')
    subflow(
      f,
      'verify',
      'Verify the address',
      'verify-email',
      { userId: '{{local.@create.payload.output.userId}}', email: '{{local.@page.payload.output.email}}' },
      { pages: true },
    )
    subflow(
      f,
      'terms',
      'Terms of carriage',
      'consent',
      { userId: '{{local.@create.payload.output.userId}}' },
      { pages: true },
    )
    audit(f, 'log', 'account.created.express', '{{local.@create.payload.output.userId}}')
    succeed(f, 'done', { userId: '{{local.@create.payload.output.userId}}' })
    f.path('create', 'verify', 'terms', 'log', 'done')
    sayAndGoBack(f, 'not-created', 'That address can not be used.', 'page-entry')
    f.fails('create', 'not-created')
    refuse(f, 'stopped', 'Not finished')
    f.fails('verify', 'stopped')
    f.fails('terms', 'stopped')
  },
}

const profile: FlowSpec = {
  key: 'profile',
  description: 'Lets customers change their name, number, language and devices.',
  trigger: { type: 'AUTHENTICATION' },
  outputs: { changed: 'boolean' },
  draw(f) {
    f.note('Profile Management')
    pingOne(f, 'session', 'Authentication', 'checkSession', 'Is there a session?', {
      checkSessionAuthenticator: 'any',
      authenticationMethodLastUsedIn: 3600,
    })
    turnAway(f, 'no-session', 'Please sign on first.')
    f.fails('session', 'no-session')
    const userId = '{{local.@session.payload.output.userId}}'
    subflow(
      f,
      'step-up',
      'Verify the customer',
      'step-up',
      { userId, reason: 'You are about to change your profile.' },
      { pages: true },
    )
    turnAway(f, 'not-verified', 'We could not verify that it is you.')
    f.fails('step-up', 'not-verified')
    pingOne(f, 'read', 'SSO', 'readUser', 'Read the profile', { identifier: t(userId), matchAttribute: 'id' })
    const greeting = f.has('bookings-on-profile') ? ['bookings'] : []
    f.path('session', 'step-up', 'read', ...greeting, 'page')
    stop(f, 'unreadable', 'Profile not read', 'Your profile can not be shown now.')
    f.fails('read', 'unreadable')
    pageWithEntry(f, 'page', 'Your profile', {
      heading: 'Hello {{local.@read.payload.output.user.name.given}}',
      lead: f.has('bookings-on-profile')
        ? 'You have {{local.@bookings.payload.output.rawResponse.count}} open bookings.'
        : 'Change what you like.',
      fields: [
        { name: 'given', label: 'First name' },
        { name: 'family', label: 'Last name' },
        { name: 'mobile', label: 'Mobile number', type: 'tel' },
        { name: 'language', label: 'Language' },
        { name: 'news', label: 'Send me news', type: 'checkbox' },
      ],
      buttons: [
        ['SAVE', 'Save'],
        ['DEVICES', 'Add a device'],
        ['CLOSE', 'Close'],
      ],
    })
    if (f.has('bookings-on-profile')) {
      bookingsOf(f, 'bookings', userId)
      f.fails('bookings', 'unreadable')
    }
    pingOne(f, 'update', 'SSO', 'updateUser', 'Change the profile', {
      identifier: t(userId),
      matchAttribute: 'id',
      given: t('{{local.@page.payload.output.given}}'),
      family: t('{{local.@page.payload.output.family}}'),
      additionalUserProperties: [{ name: 'mobilePhone', value: t('{{local.@page.payload.output.mobile}}') }],
    })
    save(f, 'choices', 'Keep the choices', {
      preferredLanguage: '{{local.@page.payload.output.language}}',
      marketingOptIn: '{{local.@page.payload.output.news}}',
    })
    audit(f, 'log', 'profile.changed', userId)
    sayAndGoBack(f, 'saved', 'Saved.', 'page-entry')
    f.on('page-button', 'SAVE', 'update')
    f.path('update', 'choices', 'log', 'saved')
    sayAndGoBack(f, 'not-saved', 'That could not be saved.', 'page-entry')
    f.fails('update', 'not-saved')
    subflow(
      f,
      'enrol',
      'Add a device',
      'mfa-enrolment',
      { userId, email: '{{local.@read.payload.output.user.email}}', mayskip: 'true' },
      { pages: true },
    )
    goTo(f, 'enrolled', 'To: Your profile', 'page-entry')
    f.on('page-button', 'DEVICES', 'enrol')
    f.always('enrol', 'enrolled')
    signOn(f, 'done', userId, 'profile')
    f.on('page-button', 'CLOSE', 'done')
    f.on('page-button', undefined, 'done')
  },
}

/** Newer than what runs in Test and Production. */
const passkeySignOn: FlowSpec = {
  key: 'passkey-sign-on',
  description: 'The next sign-on: passkey first, password only when there is none.',
  trigger: { type: 'AUTHENTICATION' },
  color: '#D5F5E3',
  settings: { logLevel: 3 },
  outputs: { userId: 'string' },
  draw(f) {
    f.note('Passkey Sign-On (next season)')
    pageWithEntry(f, 'page', 'Sign on', {
      heading: 'Welcome aboard',
      lead: 'Sign on with your passkey.',
      fields: [{ name: 'username', label: 'E-mail address', type: 'email' }],
      buttons: [
        ['PASSKEY', 'Continue'],
        ['PASSWORD', 'Use a password'],
      ],
    })
    pingOne(f, 'lookup', 'SSO', 'userLookup', 'Find the customer', {
      identifier: t('{{local.@page.payload.output.username}}'),
      matchAttributes: ['username', 'email'],
    })
    pingOne(f, 'devices', 'Mfa', 'readAllDevices', 'Read the devices', {
      userId: t('{{local.@lookup.payload.output.matchedUser.id}}'),
      deviceTypes: ['FIDO2'],
    })
    isEmpty(f, 'none', 'Is there no passkey?', '{{local.@devices.payload.output.devices}}')
    f.on('page-button', 'PASSKEY', 'lookup')
    f.path('lookup', 'devices', 'none')
    subflow(
      f,
      'enrol',
      'Offer a passkey',
      'passkey-enrolment',
      { userId: '{{local.@lookup.payload.output.matchedUser.id}}', email: '{{local.@page.payload.output.username}}' },
      { pages: true },
    )
    f.path('none', 'enrol')
    pingOne(f, 'ask', 'Mfa', 'createDeviceAuthentication', 'Ask for the passkey', {
      userId: t('{{local.@lookup.payload.output.matchedUser.id}}'),
      authTemplateName: 'STRONG_AUTHENTICATION',
    })
    pingOne(
      f,
      'assert',
      'Mfa',
      'validateAssertionDeviceAuthentication',
      'Check the passkey',
      texts({ deviceAuthenticationId: '{{local.@ask.payload.output.id}}', origin: '{{global.origin}}' }),
    )
    f.fails('none', 'ask')
    subflow(f, 'risk', 'Evaluate the risk', 'risk-check', {
      userId: '{{local.@lookup.payload.output.matchedUser.id}}',
      username: '{{local.@page.payload.output.username}}',
      flowType: 'AUTHENTICATION',
    })
    audit(f, 'log', 'signon.passkey', '{{local.@lookup.payload.output.matchedUser.id}}')
    signOn(f, 'done', '{{local.@lookup.payload.output.matchedUser.id}}', 'passkey')
    f.path('ask', 'assert', 'risk', 'log', 'done')
    f.path('enrol', 'risk')
    sayAndGoBack(f, 'sorry', 'Please try again, or use your password.', 'page-entry')
    for (const key of ['lookup', 'assert', 'enrol']) f.fails(key, 'sorry')
    subflow(
      f,
      'password',
      'Use a password',
      'account-recovery',
      { username: '{{local.@page.payload.output.username}}' },
      { pages: true },
    )
    goTo(f, 'back', 'To: Sign on', 'page-entry')
    f.on('page-button', 'PASSWORD', 'password')
    f.always('password', 'back')
  },
}

export const customerJourneys: FlowSpec[] = [registration, expressRegistration, profile, passkeySignOn]
