/** Fields that PingOne fills in its answers, and that say where and when content was saved (PingOne API reference). */
export const answerFields = [
  '_links',
  '_embedded',
  'environment',
  'id',
  'createdAt',
  'updatedAt',
  'deployedAt',
  'currentVersion',
  'publishedVersion',
  'connectors',
  'skcomponents',
  'dvlinterErrorCount',
  'dvlinterWarningCount',
] as const
