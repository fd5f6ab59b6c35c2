import type { FlowSpec } from '../flow-builder.ts'
import { t } from '../slate.ts'
import {
  audit,
  calculate,
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
  sayAndGoBack,
  signOn,
  stop,
  subflow,
  succeed,
  turnAway,
} from '../steps.ts'

const staffSignOn: FlowSpec = {
  key: 'staff-sign-on',
  description: 'Signs crew and office staff on, always with a second factor.',
  trigger: { type: 'AUTHENTICATION' },
  color: '#F9E79F',
  settings: { scrubSensitiveInfo: true, sensitiveInfoFields: ['password', 'otp'] },
  outputs: { userId: 'string' },
  draw(f) {
    f.note('Staff Sign-On')
    pageWithEntry(f, 'page', 'Staff sign on', {
      heading: 'Crew and office',
      lead: 'Use your staff number.',
      fields: [
        { name: 'staffNumber', label: 'Staff number' },
        { name: 'password', label: 'Password', type: 'password' },
      ],
      buttons: [['SIGNON', 'Sign on']],
    })
    pingOne(f, 'lookup', 'SSO', 'userLookup', 'Find the colleague', {
      identifier: t('{{local.@page.payload.output.staffNumber}}'),
      matchAttributes: ['username'],
    })
    pingOne(f, 'check', 'SSO', 'checkPassword', 'Check the password', {
      identifier: t('{{local.@lookup.payload.output.matchedUser.id}}'),
      matchAttribute: 'id',
      password: t('{{local.@page.payload.output.password}}'),
    })
    choose(f, 'kind', 'Crew or office?', '{{local.@lookup.payload.output.matchedUser.type}}', ['CREW', 'OFFICE'])
    f.path('page', 'lookup', 'check', 'kind')
    callService(
      f,
      'roster',
      'Read the roster',
      'GET',
      '{{global.company.variables.bookingApiUrl}}/crew/{{local.@page.payload.output.staffNumber}}/roster',
    )
    // The node that looked up the ship was removed; these two still speak of it, as happens in real flows.
    calculate(
      f,
      'shift',
      'Is the colleague on duty?',
      {
        roster: '{{local.@roster.payload.output.rawResponse}}',
        ship: '{{local.@removed-ship-lookup.payload.output.ship}}',
      },
      ['onDuty'],
      'module.exports = async ({ params }) => ({ onDuty: Boolean(params.roster) })\n',
    )
    compare(f, 'on-duty', 'On duty?', '{{local.@shift.payload.output.onDuty}}', 'true', 'boolean')
    f.on('kind', 'CREW', 'roster')
    f.path('roster', 'shift', 'on-duty')
    stop(
      f,
      'off-duty',
      'Off duty',
      'You are not on duty on {{local.@removed-ship-lookup.payload.output.ship.name}}.',
      'OFF_DUTY',
    )
    f.fails('on-duty', 'off-duty')
    stop(f, 'no-roster', 'No roster', 'The roster can not be read now.')
    f.fails('roster', 'no-roster')
    subflow(
      f,
      'step-up',
      'Second factor',
      'step-up',
      { userId: '{{local.@lookup.payload.output.matchedUser.id}}', reason: 'Staff always need a second factor.' },
      { pages: true },
    )
    f.on('kind', 'OFFICE', 'step-up')
    f.on('kind', undefined, 'step-up')
    f.path('on-duty', 'step-up')
    audit(f, 'log', 'staff.signon', '{{local.@lookup.payload.output.matchedUser.id}}')
    signOn(f, 'done', '{{local.@lookup.payload.output.matchedUser.id}}', 'mfa')
    f.path('step-up', 'log', 'done')
    sayAndGoBack(f, 'wrong', 'Staff number or password is not right.', 'page-entry')
    f.fails('lookup', 'wrong')
    f.fails('check', 'wrong')
    turnAway(f, 'refused', 'Not verified')
    f.fails('step-up', 'refused')
  },
}

const inactiveReview: FlowSpec = {
  key: 'inactive-review',
  description: 'Each night: warns customers who have not signed on for two years, and closes accounts a month later.',
  trigger: { type: 'SCHEDULE' },
  color: '#CACED3',
  settings: { flowTimeoutInSeconds: 7200 },
  draw(f) {
    f.note('Nightly review')
    callService(
      f,
      'list',
      'Read who was long away',
      'GET',
      '{{global.company.variables.bookingApiUrl}}/customers?inactive=24m',
    )
    calculate(
      f,
      'sort',
      'Warn or close?',
      { customers: '{{local.@list.payload.output.rawResponse.items}}' },
      ['warn', 'close'],
      'module.exports = async ({ params }) => {\n  const customers = JSON.parse(params.customers)\n  return {\n    warn: customers.filter((one) => !one.warnedAt),\n    close: customers.filter((one) => one.warnedAt),\n  }\n}\n',
    )
    isEmpty(f, 'nobody', 'Nobody?', '{{local.@sort.payload.output.warn}}')
    f.path('list', 'sort', 'nobody')
    succeed(f, 'done')
    f.path('nobody', 'done')
    subflow(f, 'warn', 'Warn', 'notify', {
      userId: '{{local.@sort.payload.output.warn[0].id}}',
      channel: 'EMAIL',
      template: 'inactive-warning',
    })
    f.fails('nobody', 'warn')
    pingOne(f, 'close', 'SSO', 'enableUser', 'Close the account', {
      identifier: t('{{local.@sort.payload.output.close[0].id}}'),
      matchAttribute: 'id',
      enabled: false,
    })
    audit(f, 'log', 'account.closed', '{{local.@sort.payload.output.close[0].id}}')
    entry(f, 'end', 'End')
    goTo(f, 'to-end', 'To: End', 'end')
    succeed(f, 'closed')
    f.path('warn', 'close', 'log', 'to-end')
    f.path('end', 'closed')
    refuse(f, 'failed', 'The review did not finish.')
    for (const key of ['list', 'warn', 'close']) f.fails(key, 'failed')
  },
}

/** Older than everything else; only Production still has it. */
const newsletter: FlowSpec = {
  key: 'newsletter',
  description: 'Subscribes to the newsletter without an account. To be removed after the season.',
  color: '#F5CBA7',
  inputs: { email: 'string', campaign: 'string' },
  outputs: { subscribed: 'boolean' },
  draw(f) {
    f.note('Newsletter (old)')
    page(f, 'page', 'Subscribe', {
      heading: 'News from the fjord',
      lead: 'Sailing times, offers and weather.',
      fields: [{ name: 'email', label: 'E-mail address', type: 'email' }],
      buttons: [['OK', 'Subscribe']],
    })
    f.node('subscribe', 'connectorAWSLambda', 'invokeFunction', 'Subscribe', {
      functionName: 'newsletter-subscribe',
      payload: t('{"email":"{{local.@page.payload.output.email}}","campaign":"{{global.parameters.campaign}}"}'),
    })
    subflow(f, 'confirm', 'Confirm', 'notify', {
      channel: 'EMAIL',
      template: 'newsletter',
      email: '{{local.@page.payload.output.email}}',
    })
    succeed(f, 'done', { subscribed: 'true' })
    f.path('page', 'subscribe', 'confirm', 'done')
    stop(f, 'failed', 'Not subscribed', 'That did not work. Please try again.')
    f.fails('subscribe', 'failed')
    f.fails('confirm', 'failed')
  },
}

export const otherJourneys: FlowSpec[] = [staffSignOn, inactiveReview, newsletter]
