import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  askForCode,
  audit,
  callService,
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

const mfaEnrolment: FlowSpec = {
  key: 'mfa-enrolment',
  description: 'Adds a device for verification: e-mail, text message, authenticator app or passkey.',
  color: '#D6EAF8',
  inputs: { userId: 'string', email: 'string', phone: 'string', mayskip: 'boolean' },
  outputs: { deviceId: 'string', deviceType: 'string' },
  draw(f) {
    f.note('Enrolment of a device')
    entry(f, 'choose-entry', 'To: Choose a method')
    f.node(
      'choose',
      'pingOneFormsConnector',
      'showForm',
      'Choose a method',
      {
        form: f.here.formId('Choose Verification Method'),
        formData: [{ key: 'method', value: '' }],
        dynamicText: [{ key: 'company', value: t('{{global.company.variables.companyName}}') }],
      },
      {
        capabilityClass: 'render',
        outcomes: ['submit', 'skip'].map((result) => ({ id: f.id(`choose=${result}`), label: result, result })),
      },
    )
    f.path('choose-entry', 'choose')
    choose(f, 'method', 'Which method?', '{{local.@choose.payload.output.formData.method}}', [
      'EMAIL',
      'SMS',
      'TOTP',
      'FIDO2',
    ])
    f.on('choose', 'submit', 'method')
    compare(f, 'may-skip', 'May it be skipped?', '{{global.parameters.mayskip}}', 'true', 'boolean')
    f.on('choose', 'skip', 'may-skip')
    succeed(f, 'skipped', { deviceId: '', deviceType: 'NONE' })
    f.path('may-skip', 'skipped')
    sayAndGoBack(f, 'no-skip', 'Please choose a method: your account needs one.', 'choose-entry')
    f.fails('may-skip', 'no-skip')
    f.on('method', undefined, 'no-skip')
    const create = {
      userId: t(user),
      status: 'ACTIVATION_REQUIRED',
      customNotificationPolicyId: t('{}'),
      customTemplateVariant: t('{}'),
    }
    f.note('One way for each method', 'create-EMAIL')
    for (const [type, contact] of [
      ['EMAIL', 'email'],
      ['SMS', 'phone'],
    ] as const) {
      pingOne(f, `create-${type}`, 'Mfa', 'createDevice', `Add ${type}`, {
        ...create,
        mfaDeviceType: type,
        [contact]: t(`{{global.parameters.${contact}}}`),
      })
      page(f, `code-${type}`, `Enter the code (${type})`, {
        heading: 'Enter the code',
        lead: `We sent a code to {{global.parameters.${contact}}}.`,
        fields: [{ name: 'otp', label: 'Code' }],
        buttons: [
          ['CHECK', 'Continue'],
          ['BACK', 'Choose another method'],
        ],
      })
      pingOne(
        f,
        `activate-${type}`,
        'Mfa',
        'activateDevice',
        `Check the code (${type})`,
        texts({
          userId: user,
          deviceId: `{{local.@create-${type}.payload.output.deviceId}}`,
          otp: `{{local.@code-${type}.payload.output.otp}}`,
        }),
      )
      goTo(f, `back-${type}`, 'To: Choose a method', 'choose-entry')
      goTo(f, `done-${type}`, 'To: Added', 'added', {
        deviceId: `{{local.@create-${type}.payload.output.deviceId}}`,
        deviceType: type,
      })
      f.on('method', type, `create-${type}`)
      f.path(`create-${type}`, `code-${type}`)
      f.on(`code-${type}-button`, 'CHECK', `activate-${type}`)
      f.on(`code-${type}-button`, 'BACK', `back-${type}`)
      f.path(`activate-${type}`, `done-${type}`)
      sayAndGoBack(f, `wrong-${type}`, 'That code is not right.', 'choose-entry')
      f.fails(`activate-${type}`, `wrong-${type}`)
    }
    pingOne(f, 'create-TOTP', 'Mfa', 'createDevice', 'Add an authenticator app', { ...create, mfaDeviceType: 'TOTP' })
    page(f, 'code-TOTP', 'Scan the picture', {
      heading: 'Scan this picture',
      lead: 'Open your authenticator app, scan the picture, and type the code it shows. <img alt="" src="{{local.@create-TOTP.payload.output.qrCode}}" />',
      fields: [{ name: 'otp', label: 'Code' }],
      buttons: [['CHECK', 'Continue']],
    })
    pingOne(
      f,
      'activate-TOTP',
      'Mfa',
      'activateDevice',
      'Check the app',
      texts({
        userId: user,
        deviceId: '{{local.@create-TOTP.payload.output.deviceId}}',
        otp: '{{local.@code-TOTP.payload.output.otp}}',
      }),
    )
    goTo(f, 'done-TOTP', 'To: Added', 'added', {
      deviceId: '{{local.@create-TOTP.payload.output.deviceId}}',
      deviceType: 'TOTP',
    })
    f.on('method', 'TOTP', 'create-TOTP')
    f.path('create-TOTP', 'code-TOTP', 'activate-TOTP', 'done-TOTP')
    sayAndGoBack(f, 'wrong-TOTP', 'That code is not right.', 'choose-entry')
    f.fails('activate-TOTP', 'wrong-TOTP')
    pingOne(f, 'create-FIDO2', 'Mfa', 'createDevice', 'Add a passkey', {
      ...create,
      mfaDeviceType: 'FIDO2',
      rpId: t('lumenfjord.example'),
      rpName: t('{{global.company.variables.companyName}}'),
    })
    goTo(f, 'done-FIDO2', 'To: Added', 'added', {
      deviceId: '{{local.@create-FIDO2.payload.output.deviceId}}',
      deviceType: 'FIDO2',
    })
    f.on('method', 'FIDO2', 'create-FIDO2')
    f.path('create-FIDO2', 'done-FIDO2')
    stop(f, 'failed', 'Device not added', 'The device could not be added. Please try again later.')
    for (const type of ['EMAIL', 'SMS', 'TOTP', 'FIDO2']) f.fails(`create-${type}`, 'failed')
    entry(f, 'added', 'Added', ['deviceId', 'deviceType'])
    pingOne(f, 'enable', 'Mfa', 'updateUserMFAEnabled', 'Switch verification on', { userId: t(user), mfaEnabled: true })
    subflow(f, 'tell', 'Tell the person', 'notify', {
      userId: user,
      channel: 'EMAIL',
      template: 'device-added',
      email: '{{global.parameters.email}}',
    })
    audit(f, 'log', 'device.added', user)
    succeed(f, 'done', {
      deviceId: '{{local.@added.payload.output.deviceId}}',
      deviceType: '{{local.@added.payload.output.deviceType}}',
    })
    f.path('added', 'enable', 'tell', 'log', 'done')
    f.fails('tell', 'log')
  },
}

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

/** Newer than what runs in Test and Production. */
const passkeyEnrolment: FlowSpec = {
  key: 'passkey-enrolment',
  description: 'Offers a passkey to people who don’t have one, and gives loyalty points for it.',
  color: '#D5F5E3',
  inputs: { userId: 'string', email: 'string', phone: 'string' },
  outputs: { deviceId: 'string' },
  draw(f) {
    f.note('Passkeys: offered once a month at most')
    isEmpty(f, 'never-asked', 'Never asked before?', '{{global.user.variables.lastPasskeyPrompt}}')
    page(f, 'offer', 'Offer a passkey', {
      heading: 'Sign on without a password?',
      lead: 'Your device can keep a passkey for {{global.company.variables.companyName}}. You get 200 points for it.',
      buttons: [
        ['YES', 'Create a passkey'],
        ['LATER', 'Not now'],
      ],
    })
    f.path('never-asked', 'offer')
    succeed(f, 'asked-before', { deviceId: '' })
    f.fails('never-asked', 'asked-before')
    save(f, 'asked', 'Remember that we asked', { lastPasskeyPrompt: '{{global.currentTime}}' })
    succeed(f, 'later', { deviceId: '' })
    f.on('offer-button', 'LATER', 'asked')
    f.path('asked', 'later')
    pingOne(f, 'create', 'Mfa', 'createDevice', 'Create the passkey', {
      userId: t(user),
      mfaDeviceType: 'FIDO2',
      rpId: t('lumenfjord.example'),
      rpName: t('{{global.company.variables.companyName}}'),
      status: 'ACTIVATION_REQUIRED',
    })
    pingOne(
      f,
      'activate',
      'Mfa',
      'activateDevice',
      'Check the passkey',
      texts({
        userId: user,
        deviceId: '{{local.@create.payload.output.deviceId}}',
        origin: '{{global.origin}}',
        attestation: '{{local.@offer.payload.output.attestation}}',
      }),
    )
    f.on('offer-button', 'YES', 'create')
    f.node('points', 'genericConnector', 'callApi', 'Give the points', {
      path: t('/members/{{global.parameters.userId}}/points'),
      amount: 200,
    })
    f.node('text', 'twilioConnector', 'sendSms', 'Say thank you', {
      to: t('{{global.parameters.phone}}'),
      message: t('Your passkey for {{global.company.variables.companyName}} is ready. 200 points are on your account.'),
    })
    callService(
      f,
      'flag',
      'Mark the customer',
      'PUT',
      '{{global.company.variables.bookingApiUrl}}/customers/{{global.parameters.userId}}/flags',
      { passkey: true },
    )
    audit(f, 'log', 'passkey.added', user)
    succeed(f, 'done', { deviceId: '{{local.@create.payload.output.deviceId}}' })
    f.path('create', 'activate', 'points', 'text', 'flag', 'log', 'done')
    for (const key of ['points', 'text', 'flag']) f.fails(key, 'log')
    stop(f, 'failed', 'No passkey', 'The passkey could not be created. You can try again in your profile.')
    f.fails('create', 'failed')
    f.fails('activate', 'failed')
  },
}

export const verification: FlowSpec[] = [mfaEnrolment, stepUp, accountRecovery, passkeyEnrolment]
