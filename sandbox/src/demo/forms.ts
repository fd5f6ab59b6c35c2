import type { JsonObject } from '@flightiq/core'
import { derivedUuid } from '../load/derived-ids.ts'

const words = (text: string): string => JSON.stringify([{ children: [{ text }] }])

/** The id of a form, the same in each environment of the ferry line: it made them from one export. */
export function formId(name: string): string {
  return derivedUuid('lumenfjord', 'form', name)
}

/** The PingOne forms that flows of the ferry line show. */
export const ferryForms: JsonObject[] = [
  {
    id: formId('Choose Verification Method'),
    name: 'Choose Verification Method',
    description: 'Lets a person choose how to be verified.',
    category: 'CUSTOM',
    cols: 4,
    markOptional: true,
    markRequired: false,
    translationMethod: 'TRANSLATE',
    components: {
      fields: [
        { type: 'SLATE_TEXTBLOB', position: { row: 0, col: 0 }, content: words('How shall {{company}} verify you?') },
        {
          type: 'RADIO',
          position: { row: 1, col: 0 },
          key: 'method',
          label: words('Method'),
          required: true,
          layout: 'VERTICAL',
          options: [
            { label: 'E-mail', value: 'EMAIL' },
            { label: 'Text message', value: 'SMS' },
            { label: 'Authenticator app', value: 'TOTP' },
            { label: 'Passkey', value: 'FIDO2' },
          ],
        },
        { type: 'SUBMIT_BUTTON', position: { row: 2, col: 0 }, label: words('Continue') },
        { type: 'FLOW_BUTTON', position: { row: 3, col: 0 }, key: 'skip', label: words('Not now') },
      ],
    },
  },
]
