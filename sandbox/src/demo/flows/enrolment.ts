import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  audit,
  callService,
  choose,
  compare,
  entry,
  goTo,
  isEmpty,
  page,
  pingOne,
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

export const enrolment: FlowSpec[] = [mfaEnrolment, passkeyEnrolment]
