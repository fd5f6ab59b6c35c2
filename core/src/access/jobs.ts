import type { AccessOperation, AreaId } from './areas.ts'

/** Operations needed on an area. */
export interface AccessNeed {
  area: AreaId
  operations: readonly AccessOperation[]
}

/** Something that a worker app is wanted for: what it needs where it reads, where it writes, and where it lives. */
export interface AccessJob {
  id: string
  label: string
  description: string
  source: readonly AccessNeed[]
  destination: readonly AccessNeed[]
  /** In the environment that the worker app lives in. */
  home?: readonly AccessNeed[]
}

const read: readonly AccessOperation[] = ['read']
const write: readonly AccessOperation[] = ['read', 'create', 'update']
const manage: readonly AccessOperation[] = ['read', 'create', 'update', 'delete']

const readDaVinci: readonly AccessNeed[] = [
  { area: 'flow', operations: read },
  { area: 'connector', operations: read },
  { area: 'connectorInstance', operations: read },
  { area: 'variable', operations: read },
  { area: 'application', operations: read },
  { area: 'flowPolicy', operations: read },
]
const writeFlows: readonly AccessNeed[] = [
  { area: 'flow', operations: [...write, 'deploy'] },
  { area: 'connector', operations: read },
  { area: 'connectorInstance', operations: write },
  { area: 'variable', operations: write },
]

/** What a worker app may be wanted for, in the order in which people choose. */
export const accessJobs: readonly AccessJob[] = [
  {
    id: 'compare',
    label: 'Compare only',
    description: 'Lists, shows and compares what DaVinci holds in the environments. Writes nothing.',
    source: readDaVinci,
    destination: readDaVinci,
  },
  {
    id: 'migrateFlows',
    label: 'Migrate flows',
    description:
      'Brings flows with their subflows, connector instances and variables to the destination, and deploys them.',
    source: readDaVinci,
    destination: [...writeFlows, { area: 'application', operations: read }, { area: 'flowPolicy', operations: read }],
  },
  {
    id: 'migrateDaVinci',
    label: 'Migrate everything in DaVinci',
    description: 'As above, with applications and flow policies.',
    source: readDaVinci,
    destination: [...writeFlows, { area: 'application', operations: write }, { area: 'flowPolicy', operations: write }],
  },
  {
    id: 'removeFlows',
    label: 'Undo and remove in DaVinci',
    description: 'Removes what a migration created, and what is no longer wanted.',
    source: [],
    destination: [
      { area: 'flow', operations: [...manage, 'deploy'] },
      { area: 'flowVersion', operations: ['read', 'update'] },
      { area: 'connectorInstance', operations: manage },
      { area: 'variable', operations: manage },
      { area: 'application', operations: manage },
      { area: 'flowPolicy', operations: manage },
    ],
  },
  {
    id: 'exportFlows',
    label: 'Export flows',
    description: 'Has PingOne make export files of flows, which takes more than reading them.',
    source: [
      { area: 'flow', operations: read },
      { area: 'flowVersion', operations: ['read', 'export'] },
    ],
    destination: [],
  },
  {
    id: 'editTemplates',
    label: 'Edit notification templates',
    description: 'Reads and changes the contents of notification templates, in every language of the environment.',
    source: [
      { area: 'notificationTemplate', operations: read },
      { area: 'language', operations: read },
    ],
    destination: [
      { area: 'notificationTemplate', operations: manage },
      { area: 'language', operations: read },
    ],
  },
  {
    id: 'manageForms',
    label: 'Manage forms',
    description: 'Reads, creates, changes and removes forms.',
    source: [{ area: 'form', operations: read }],
    destination: [{ area: 'form', operations: manage }],
  },
  {
    id: 'manageAttributes',
    label: 'Manage attributes',
    description: 'Reads, creates, changes and removes user attributes.',
    source: [{ area: 'attribute', operations: read }],
    destination: [{ area: 'attribute', operations: manage }],
  },
  {
    id: 'watchCertificates',
    label: 'Watch certificates',
    description: 'Reads certificates and keys, and when they expire.',
    source: [
      { area: 'certificate', operations: read },
      { area: 'key', operations: read },
    ],
    destination: [
      { area: 'certificate', operations: read },
      { area: 'key', operations: read },
    ],
  },
  {
    id: 'readRoles',
    label: 'Read roles for this page',
    description: 'Lets the worker app read its own record and role assignments, in the environment that it lives in.',
    source: [],
    destination: [],
    home: [
      { area: 'pingOneApplication', operations: read },
      { area: 'roleAssignment', operations: read },
    ],
  },
]

/** The job of that id, or undefined. */
export function accessJob(id: string): AccessJob | undefined {
  return accessJobs.find((job) => job.id === id)
}
