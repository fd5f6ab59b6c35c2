import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  askForCode,
  audit,
  choose,
  compare,
  entry,
  goTo,
  isEmpty,
  page,
  pageWithEntry,
  pingOne,
  refuse,
  save,
  sayAndGoBack,
  stop,
  subflow,
  succeed,
  texts,
} from '../steps.ts'

const user = '{{global.parameters.userId}}'

const stepUp: FlowSpec = {
  key: 'step-up',
  description: 'Verifies a person who has signed on already, before something that needs more certainty.',
  color: '#D6EAF8',
  inputs: { userId: 'string', reason: 'string', riskLevel: 'string' },
  outputs: { verified: 'boolean', method: 'string' },
  draw(f) {
    f.note('Step-up: chooses a device, sends a code, counts the tries')
    pingOne(f, 'enabled', 'Mfa', 'readUserMFAEnabled', 'Is verification switched on?', texts({ userId: user }))
    compare(f, 'is-enabled', 'Is it on?', '{{local.@enabled.payload.output.mfaEnabled}}', 'true', 'boolean')
    pingOne(f, 'devices', 'Mfa', 'readAllDevices', 'Read the devices', {
      userId: t(user),
      setFilterFlag: true,
      statusFilter: 'ACTIVE',
    })
    isEmpty(f, 'no-device', 'Is there none?', '{{local.@devices.payload.output.devices}}')
    f.path('enabled', 'is-enabled', 'devices', 'no-device')
    subflow(f, 'enrol', 'Add a device first', 'mfa-enrolment', { userId: user, mayskip: 'false' }, { pages: true })
    f.fails('is-enabled', 'enrol')
    f.path('no-device', 'enrol')
    save(f, 'reset', 'No wrong codes yet', { otpAttempts: '0' })
    f.fails('no-device', 'reset')
    goTo(f, 'enrolled', 'To: Verified', 'verified', { method: 'enrolment' })
    f.path('enrol', 'enrolled')
    pingOne(f, 'authenticate', 'Mfa', 'createDeviceAuthentication', 'Start the verification', {
      userId: t(user),
      authTemplateName: 'STRONG_AUTHENTICATION',
      customTemplateVariant: t('step-up'),
      customNotificationPolicyId: t('{}'),
    })
    choose(f, 'status', 'What is needed?', '{{local.@authenticate.payload.output.status}}', [
      'OTP_REQUIRED',
      'ASSERTION_REQUIRED',
      'DEVICE_SELECTION_REQUIRED',
    ])
    f.path('reset', 'authenticate', 'status')
    page(f, 'select', 'Choose a device', {
      heading: 'How shall we verify you?',
      lead: '{{global.parameters.reason}}',
      fields: [{ name: 'deviceId', label: 'Device' }],
      buttons: [
        ['SELECT', 'Continue'],
        ['CANCEL', 'Cancel'],
      ],
    })
    f.on('status', 'DEVICE_SELECTION_REQUIRED', 'select')
    pingOne(
      f,
      'selected',
      'Mfa',
      'deviceSelectDeviceAuthentication',
      'Use the device',
      texts({
        deviceAuthenticationId: '{{local.@authenticate.payload.output.id}}',
        deviceId: '{{local.@select.payload.output.deviceId}}',
      }),
    )
    save(f, 'remember', 'Remember the device', { selectedDevice: '{{local.@selected.payload.output.selectedDevice}}' })
    goTo(f, 'to-code', 'To: Enter the code', 'code-entry')
    f.on('select-button', 'SELECT', 'selected')
    f.path('selected', 'remember', 'to-code')
    const check = (key: string) =>
      pingOne(
        f,
        key,
        'Mfa',
        'validateOtpDeviceAuthentication',
        'Check the code',
        texts({
          deviceAuthenticationId: '{{local.@authenticate.payload.output.id}}',
          otp: '{{local.@code.payload.output.otp}}',
        }),
      )
    const resend = (key: string) =>
      pingOne(
        f,
        key,
        'Mfa',
        'deviceSelectDeviceAuthentication',
        'Send the code again',
        texts({
          deviceAuthenticationId: '{{local.@authenticate.payload.output.id}}',
          deviceId: '{{global.variables.selectedDevice.id}}',
        }),
      )
    goTo(f, 'otp', 'To: Enter the code', 'code-entry')
    f.on('status', 'OTP_REQUIRED', 'otp')
    audit(f, 'log-failure', 'stepup.failed', user, 'failure')
    refuse(f, 'refused', 'The person could not be verified.')
    f.always('log-failure', 'refused')
    f.on('select-button', 'CANCEL', 'log-failure')
    goTo(f, 'right-code', 'To: Verified', 'verified', { method: 'otp' })
    askForCode(f, 'code', {
      sentTo: 'your device',
      attempts: 'otpAttempts',
      most: '3',
      check,
      resend,
      next: 'right-code',
      onTooMany: 'log-failure',
    })
    f.note('Passkeys and security keys', 'assert')
    pingOne(
      f,
      'assert',
      'Mfa',
      'validateAssertionDeviceAuthentication',
      'Check the passkey',
      texts({
        deviceAuthenticationId: '{{local.@authenticate.payload.output.id}}',
        origin: '{{global.origin}}',
        assertion: '{{local.@passkey.payload.output.assertion}}',
      }),
    )
    page(f, 'passkey', 'Use your passkey', {
      heading: 'Use your passkey',
      lead: 'Your device asks for your finger, face or PIN.',
      buttons: [['ASSERT', 'Continue']],
    })
    f.on('status', 'ASSERTION_REQUIRED', 'passkey')
    goTo(f, 'right-passkey', 'To: Verified', 'verified', { method: 'passkey' })
    f.path('passkey', 'assert', 'right-passkey')
    f.fails('assert', 'log-failure')
    f.on('status', undefined, 'log-failure')
    f.fails('authenticate', 'log-failure')
    entry(f, 'verified', 'Verified', ['method'])
    audit(f, 'log', 'stepup.done', user)
    succeed(f, 'done', { verified: 'true', method: '{{local.@verified.payload.output.method}}' })
    f.path('verified', 'log', 'done')
  },
}

const accountRecovery: FlowSpec = {
  key: 'account-recovery',
  description: 'Gets a person who forgot the password back into the account.',
  color: '#FADBD8',
  inputs: { username: 'string' },
  outputs: { recovered: 'boolean' },
  draw(f) {
    f.note('Account recovery: the answer never tells whether an account exists')
    pageWithEntry(f, 'ask', 'Who are you?', {
      heading: 'Recover your account',
      lead: 'Tell us your e-mail address. If we know it, you get a message with a code.',
      fields: [{ name: 'username', label: 'E-mail address', type: 'email' }],
      buttons: [
        ['SEND', 'Send the code'],
        ['CANCEL', 'Back to signing on'],
      ],
    })
    refuse(f, 'cancelled', 'The person went back.')
    f.on('ask-button', 'CANCEL', 'cancelled')
    pingOne(f, 'lookup', 'SSO', 'userLookup', 'Find the person', {
      identifier: t('{{local.@ask.payload.output.username}}'),
      matchAttributes: ['username', 'email'],
    })
    f.on('ask-button', 'SEND', 'lookup')
    save(f, 'reset', 'No wrong codes yet', { otpAttempts: '0' })
    pingOne(
      f,
      'send',
      'SSO',
      'sendRecoveryCode',
      'Send the code',
      texts({ userId: '{{local.@lookup.payload.output.matchedUser.id}}' }),
    )
    goTo(f, 'to-code', 'To: Enter the code', 'code-entry')
    f.path('lookup', 'reset', 'send', 'to-code')
    goTo(f, 'unknown', 'Unknown people see the same page', 'code-entry')
    f.fails('lookup', 'unknown')
    stop(f, 'unsent', 'Code not sent', 'We can not send you a code now. Please try again later.')
    f.fails('send', 'unsent')
    audit(f, 'log-failure', 'recovery.failed', '{{local.@lookup.payload.output.matchedUser.id}}', 'failure')
    refuse(f, 'refused', 'The account was not recovered.')
    f.always('log-failure', 'refused')
    page(f, 'password', 'Choose a password', {
      heading: 'Choose a new password',
      lead: 'Twelve characters or more. A few words that don’t belong together are easiest to remember.',
      fields: [
        { name: 'newPassword', label: 'New password', type: 'password' },
        { name: 'repeated', label: 'New password again', type: 'password' },
      ],
      buttons: [['SAVE', 'Save']],
    })
    askForCode(f, 'code', {
      sentTo: 'the address you gave',
      attempts: 'otpAttempts',
      most: '5',
      check: (key) =>
        f.node(key, 'functionsConnector', 'ANotEqualsB', 'Is there a code?', {
          leftValueA: t('{{local.@code.payload.output.otp}}'),
          rightValueB: t(''),
          type: 'string',
        }),
      resend: (key) =>
        pingOne(
          f,
          key,
          'SSO',
          'sendRecoveryCode',
          'Send the code again',
          texts({ userId: '{{local.@lookup.payload.output.matchedUser.id}}' }),
        ),
      next: 'password',
      onTooMany: 'log-failure',
    })
    compare(
      f,
      'same',
      'Twice the same?',
      '{{local.@password.payload.output.newPassword}}',
      '{{local.@password.payload.output.repeated}}',
    )
    sayAndGoBack(f, 'differ', 'The two passwords are not the same.', 'code-entry')
    f.fails('same', 'differ')
    pingOne(
      f,
      'recover',
      'SSO',
      'recoverPassword',
      'Set the password',
      texts({
        userId: '{{local.@lookup.payload.output.matchedUser.id}}',
        recoveryCode: '{{local.@code.payload.output.otp}}',
        newPassword: '{{local.@password.payload.output.newPassword}}',
      }),
    )
    f.path('password', 'same', 'recover')
    f.fails('recover', 'log-failure')
    subflow(f, 'tell', 'Tell the person', 'notify', {
      userId: '{{local.@lookup.payload.output.matchedUser.id}}',
      channel: 'EMAIL',
      template: 'password-changed',
    })
    audit(f, 'log', 'recovery.done', '{{local.@lookup.payload.output.matchedUser.id}}')
    succeed(f, 'done', { recovered: 'true' })
    f.path('recover', 'tell', 'log', 'done')
  },
}

export const verification: FlowSpec[] = [stepUp, accountRecovery]
