import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  calculate,
  callService,
  choose,
  compare,
  entry,
  goTo,
  isEmpty,
  pingOne,
  refuse,
  save,
  stop,
  subflow,
  succeed,
  texts,
} from '../steps.ts'

/** Writes what happened, without personal data. Every other flow ends up here. */
const auditLog: FlowSpec = {
  key: 'audit-log',
  description: 'Writes an event to the security log, with personal data masked.',
  color: '#CACED3',
  inputs: { event: 'string', userId: 'string', outcome: 'string' },
  outputs: { eventId: 'string' },
  draw(f) {
    f.note('Audit log: masks personal data, then writes one event')
    f.node('mask', 'codeSnippetConnector', 'runCodeSnippet', 'Mask personal data', {
      userId: t('{{global.parameters.userId}}'),
      event: t('{{global.parameters.event}}'),
    })
    calculate(
      f,
      'record',
      'Make the record',
      { event: '{{local.@mask.payload.output.event}}', ip: '{{global.ip}}', outcome: '{{global.parameters.outcome}}' },
      ['record'],
      'module.exports = async ({ params }) => ({\n  record: JSON.stringify({ ...params, at: new Date().toISOString() }),\n})\n',
    )
    save(f, 'last', 'Remember the last event', { lastEvent: '{{global.parameters.event}}' })
    f.node('send', 'splunkConnector', 'sendEvent', 'Write to the security log', {
      event: t('{{local.@record.payload.output.record}}'),
    })
    f.path('mask', 'record', 'last', 'send', 'done')
    succeed(f, 'done', { eventId: '{{local.@send.payload.output.id}}' })
    f.node('analytics', 'analyticsConnector', 'logOutcome', 'Count as not written', {
      outcomeStatus: 'FAILED',
      outcomeType: 'AUDIT',
      outcomeDescription: t('The security log could not be reached.'),
    })
    f.fails('send', 'analytics')
    f.fails('mask', 'analytics')
    // A log that fails must not stop a person from signing on.
    succeed(f, 'done-anyway', { eventId: '' })
    f.always('analytics', 'done-anyway')
  },
}

const notify: FlowSpec = {
  key: 'notify',
  description: 'Sends a message by the channel that fits, and logs it.',
  color: '#FFE5B4',
  inputs: { userId: 'string', channel: 'string', template: 'string', link: 'string', email: 'string', phone: 'string' },
  outputs: { channel: 'string' },
  draw(f) {
    f.note('Notifications: e-mail first, text message or call when asked for')
    isEmpty(f, 'no-channel', 'Is no channel asked for?', '{{global.parameters.channel}}')
    choose(f, 'channel', 'By which channel?', '{{global.parameters.channel}}', ['EMAIL', 'SMS', 'VOICE'])
    f.path('no-channel', 'email')
    f.fails('no-channel', 'channel')
    const common = {
      templateVariant: 'enterCustomValue',
      customTemplateVariant: t('{{global.parameters.template}}'),
      templateVariables: [
        { name: 'link', preferredDataType: 'string', value: t('{{global.parameters.link}}') },
        { name: 'company', preferredDataType: 'string', value: t('{{global.company.variables.companyName}}') },
      ],
      templateLocale: t('{{global.variables.locale}}'),
      userId: t('{{global.parameters.userId}}'),
    }
    pingOne(f, 'email', 'notifications', 'sendEmail', 'Send an e-mail', {
      ...common,
      email: t('{{global.parameters.email}}'),
    })
    pingOne(f, 'sms', 'notifications', 'sendSms', 'Send a text message', {
      ...common,
      phone: t('{{global.parameters.phone}}'),
    })
    pingOne(f, 'voice', 'notifications', 'sendVoice', 'Call', { ...common, phone: t('{{global.parameters.phone}}') })
    f.on('channel', 'EMAIL', 'email')
    f.on('channel', 'SMS', 'sms')
    f.on('channel', 'VOICE', 'voice')
    f.on('channel', undefined, 'unknown')
    refuse(f, 'unknown', 'Unknown channel {{global.parameters.channel}}.')
    entry(f, 'sent', 'Sent')
    for (const way of ['email', 'sms', 'voice']) {
      goTo(f, `${way}-sent`, 'To: Sent', 'sent')
      f.path(way, `${way}-sent`)
    }
    f.node('relay', 'smtpConnector', 'sendEmail', 'Send by our own relay', {
      to: t('{{global.parameters.email}}'),
      subject: t('A message from {{global.company.variables.companyName}}'),
      body: t('<p>Please follow <a href="{{global.parameters.link}}">this link</a>.</p>'),
    })
    goTo(f, 'relay-sent', 'To: Sent', 'sent')
    f.fails('email', 'relay')
    f.path('relay', 'relay-sent')
    subflow(f, 'log', 'Log the message', 'audit-log', {
      event: 'notification.sent',
      userId: '{{global.parameters.userId}}',
      outcome: 'success',
    })
    succeed(f, 'done', { channel: '{{global.parameters.channel}}' })
    f.path('sent', 'log', 'done')
    subflow(f, 'log-failure', 'Log the failure', 'audit-log', {
      event: 'notification.failed',
      userId: '{{global.parameters.userId}}',
      outcome: 'failure',
    })
    refuse(f, 'failed', 'The message could not be sent.')
    for (const way of ['relay', 'sms', 'voice']) f.fails(way, 'log-failure')
    f.always('log-failure', 'failed')
  },
}

const riskCheck: FlowSpec = {
  key: 'risk-check',
  description: 'Evaluates the risk of what a person is about to do.',
  color: '#FBE9EC',
  inputs: { userId: 'string', username: 'string', flowType: 'string', riskPolicyId: 'string' },
  outputs: { level: 'string', evaluationId: 'string' },
  draw(f) {
    f.note('Risk: one evaluation, three levels; anything unknown counts as medium')
    calculate(
      f,
      'policy',
      'Choose the policy',
      { policies: '{{global.company.variables.riskPolicies}}', given: '{{global.parameters.riskPolicyId}}' },
      ['policyId', 'threshold'],
      'module.exports = async ({ params }) => {\n  const policies = JSON.parse(params.policies)\n  return { policyId: params.given || policies.signOn, threshold: policies.threshold }\n}\n',
    )
    f.note('Signals of the browser are collected on the page before', 'evaluate')
    pingOne(f, 'evaluate', 'Risk', 'createRiskEvaluation', 'Evaluate the risk', {
      riskPolicySetId: t('{{local.@policy.payload.output.policyId}}'),
      flowType: t('{{global.parameters.flowType}}'),
      userType: 'PING_ONE',
      userId: t('{{global.parameters.userId}}'),
      userName: t('{{global.parameters.username}}'),
      ipAddress: t('{{global.ip}}'),
      userAgent: t('{{global.userAgent}}'),
      sessionId: t('{{global.sessionId}}'),
    })
    choose(f, 'level', 'Which level?', '{{local.@evaluate.payload.output.rawResponse.result.level}}', [
      'LOW',
      'MEDIUM',
      'HIGH',
    ])
    f.path('policy', 'evaluate', 'level')
    for (const level of ['LOW', 'MEDIUM', 'HIGH']) {
      const key = level.toLowerCase()
      save(f, `save-${key}`, `Remember: ${level}`, { riskLevel: level })
      f.on('level', level, `save-${key}`)
    }
    f.on('level', undefined, 'save-medium')
    succeed(f, 'low', { level: 'LOW', evaluationId: '{{local.@evaluate.payload.output.rawResponse.id}}' })
    f.path('save-low', 'low')
    succeed(f, 'medium', { level: 'MEDIUM', evaluationId: '{{local.@evaluate.payload.output.rawResponse.id}}' })
    f.path('save-medium', 'medium')
    subflow(f, 'log-high', 'Log the high risk', 'audit-log', {
      event: 'risk.high',
      userId: '{{global.parameters.userId}}',
      outcome: 'failure',
    })
    succeed(f, 'high', { level: 'HIGH', evaluationId: '{{local.@evaluate.payload.output.rawResponse.id}}' })
    f.path('save-high', 'log-high', 'high')
    succeed(f, 'unavailable', { level: 'MEDIUM', evaluationId: '' })
    f.fails('evaluate', 'unavailable')
  },
}

const consent: FlowSpec = {
  key: 'consent',
  description: 'Asks for agreement with the terms of carriage when there is none yet.',
  color: '#E8DAEF',
  inputs: { userId: 'string', language: 'string' },
  outputs: { accepted: 'boolean' },
  draw(f) {
    f.note('Terms of carriage and consent to news')
    const agreement = { agreement: 'useAgreementId', agreementId: t('{{global.company.variables.termsAgreementId}}') }
    pingOne(f, 'check', 'SSO', 'checkUserAgreement', 'Has the person agreed?', {
      ...agreement,
      userId: t('{{global.parameters.userId}}'),
    })
    compare(
      f,
      'agreed',
      'Is the agreement still good?',
      '{{local.@check.payload.output.hasConsented}}',
      'true',
      'boolean',
    )
    succeed(f, 'already', { accepted: 'true' })
    f.path('check', 'agreed', 'already')
    pingOne(f, 'text', 'SSO', 'readAgreementContent', 'Read the terms', {
      ...agreement,
      language: t('{{global.parameters.language}}'),
    })
    f.fails('agreed', 'text')
    f.node('ask', 'httpConnector', 'customHTMLTemplate', 'Show the terms', {
      customHTML: t(
        '<article class="lf-terms">{{local.@text.payload.output.content}}</article>\n<label><input type="checkbox" name="news" /> Send me news by e-mail</label>\n<button data-skcomponent="skbutton" data-skbuttonvalue="ACCEPT">I agree</button>\n<button data-skcomponent="skbutton" data-skbuttonvalue="DECLINE">I do not agree</button>',
      ),
      customCSS: t('.lf-terms { max-height: 50vh; overflow: auto; }'),
      formFieldsList: [
        { propertyName: 'news', preferredDataType: 'boolean', preferredControlType: 'toggleSwitch', value: '' },
      ],
    })
    choose(f, 'answer', 'Which answer?', '{{local.@ask.payload.output.buttonValue}}', ['ACCEPT', 'DECLINE'])
    f.path('text', 'ask', 'answer')
    pingOne(f, 'accept', 'SSO', 'acceptAgreement', 'Keep the agreement', {
      agreementPresentationId: t('{{local.@text.payload.output.presentationId}}'),
      userId: t('{{global.parameters.userId}}'),
    })
    save(f, 'news', 'Keep the consent to news', { marketingOptIn: '{{local.@ask.payload.output.news}}' })
    subflow(f, 'log', 'Log the agreement', 'audit-log', {
      event: 'terms.accepted',
      userId: '{{global.parameters.userId}}',
      outcome: 'success',
    })
    succeed(f, 'accepted', { accepted: 'true' })
    f.on('answer', 'ACCEPT', 'accept')
    f.path('accept', 'news', 'log', 'accepted')
    stop(f, 'not-kept', 'Agreement not kept', 'Your agreement could not be kept. Please try again.')
    f.fails('accept', 'not-kept')
    subflow(f, 'log-declined', 'Log the refusal', 'audit-log', {
      event: 'terms.declined',
      userId: '{{global.parameters.userId}}',
      outcome: 'failure',
    })
    refuse(f, 'declined', 'The terms were not accepted.')
    f.on('answer', 'DECLINE', 'log-declined')
    f.on('answer', undefined, 'log-declined')
    f.always('log-declined', 'declined')
  },
}

const verifyEmail: FlowSpec = {
  key: 'verify-email',
  description: 'Makes sure that an e-mail address belongs to the person.',
  color: '#E8DAEF',
  inputs: { userId: 'string', email: 'string' },
  outputs: { verified: 'boolean' },
  draw(f) {
    f.note('E-mail verification, with one new code on request')
    pingOne(
      f,
      'send',
      'SSO',
      'sendVerificationCode',
      'Send the code',
      texts({ userId: '{{global.parameters.userId}}' }),
    )
    f.node('page', 'httpConnector', 'customHTMLTemplate', 'Enter the code', {
      customHTML: t(
        '<h1>Is {{global.parameters.email}} yours?</h1>\n<form id="code"><input name="code" aria-label="Code" /><button data-skcomponent="skbutton" data-skbuttonvalue="CHECK" data-skform="code">Continue</button></form>\n<button data-skcomponent="skbutton" data-skbuttonvalue="RESEND">Send another code</button>',
      ),
      formFieldsList: [
        { propertyName: 'code', preferredDataType: 'string', preferredControlType: 'textField', value: '' },
      ],
    })
    choose(f, 'button', 'Which button?', '{{local.@page.payload.output.buttonValue}}', ['CHECK', 'RESEND'])
    f.path('send', 'page', 'button')
    pingOne(
      f,
      'verify',
      'SSO',
      'verifyEmail',
      'Check the code',
      texts({ userId: '{{global.parameters.userId}}', verificationCode: '{{local.@page.payload.output.code}}' }),
    )
    entry(f, 'again', 'To: Send the code')
    f.path('again', 'send')
    goTo(f, 'resend', 'Send another code', 'again')
    f.on('button', 'CHECK', 'verify')
    f.on('button', 'RESEND', 'resend')
    subflow(f, 'log', 'Log the verification', 'audit-log', {
      event: 'email.verified',
      userId: '{{global.parameters.userId}}',
      outcome: 'success',
    })
    succeed(f, 'done', { verified: 'true' })
    f.path('verify', 'log', 'done')
    stop(f, 'wrong', 'Wrong code', 'That code is not right. Ask for another one.')
    f.fails('verify', 'wrong')
    refuse(f, 'unsent', 'The code could not be sent to {{global.parameters.email}}.')
    f.fails('send', 'unsent')
  },
}

/** A small extra for the booking API, used where a person's bookings matter. */
export function bookingsOf(f: Parameters<FlowSpec['draw']>[0], key: string, userId: string): void {
  callService(
    f,
    key,
    'Read the bookings',
    'GET',
    `{{global.company.variables.bookingApiUrl}}/customers/${userId}/bookings?state=open`,
  )
}

export const subflows: FlowSpec[] = [auditLog, notify, riskCheck, consent, verifyEmail]
