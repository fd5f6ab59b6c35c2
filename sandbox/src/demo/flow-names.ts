/** The flows of the demo, and what they are called. */
export const flowNames = {
  'sign-on': 'Customer Sign-On',
  registration: 'Customer Registration',
  'express-registration': 'Express Registration',
  profile: 'Profile Management',
  'staff-sign-on': 'Staff Sign-On',
  'passkey-sign-on': 'Passkey Sign-On',
  'inactive-review': 'Nightly Inactive Accounts Review',
  newsletter: 'Newsletter Sign-Up (old)',
  'risk-check': 'Risk Check Subflow',
  'verify-email': 'Verify Email Subflow',
  'mfa-enrolment': 'MFA Enrolment Subflow',
  'step-up': 'Step-Up Authentication Subflow',
  'account-recovery': 'Account Recovery Subflow',
  consent: 'Terms and Consent Subflow',
  'passkey-enrolment': 'Passkey Enrolment Subflow',
  notify: 'Send Notification Subflow',
  'audit-log': 'Audit Log Subflow',
  'library-sign-on': 'Library Card Sign-On',
  'pin-reset': 'PIN Reset',
  'library-notice': 'Send Notice Subflow',
} as const

export type FlowKey = keyof typeof flowNames
