/** A connector instance that every new environment has. */
export interface DefaultInstance {
  connectorId: string
  name: string
  /** The id it has in every environment; absent where each environment has its own. */
  id?: string
}

/**
 * What PingOne puts into each new environment. The ids that are the same everywhere were observed in exports of many
 * tenants; instances without one were seen with another id in each.
 */
export const defaultInstances: DefaultInstance[] = [
  { connectorId: 'httpConnector', name: 'Http', id: '867ed4363b2bc21c860085ad2baa817d' },
  { connectorId: 'functionsConnector', name: 'Functions', id: 'de650ca45593b82c49064ead10b9fe17' },
  { connectorId: 'variablesConnector', name: 'Variables', id: '06922a684039827499bdbdd97f49827b' },
  { connectorId: 'annotationConnector', name: 'Annotation', id: '921bfae85c38ed45045e07be703d86b8' },
  { connectorId: 'pingOneSSOConnector', name: 'PingOne', id: '94141bf2f1b9b59a5f5365ff135e02bb' },
  { connectorId: 'pingOneMfaConnector', name: 'PingOne MFA', id: 'b72bd44e6be8180bd5988ac74cd9c949' },
  {
    connectorId: 'pingOneAuthenticationConnector',
    name: 'PingOne Authentication',
    id: 'c3e6a164bde107954e93f5c09f0c8bce',
  },
  { connectorId: 'notificationsConnector', name: 'PingOne Notifications', id: 'cacf3d2861657174d93cbf445d55797a' },
  { connectorId: 'pingOneRiskConnector', name: 'PingOne Protect', id: '292873d5ceea806d81373ed0341b5c88' },
  { connectorId: 'pingOneFormsConnector', name: 'PingOne Forms', id: '8209285e0d2f3fc76bfd23fd10d45e6f' },
  { connectorId: 'userPolicyConnector', name: 'User Policy', id: '4cb5e3465d718a84087ec9b6a6251e52' },
  { connectorId: 'skUserPool', name: 'User Pool', id: 'defaultUserPool' },
  { connectorId: 'nodeConnector', name: 'Node' },
  { connectorId: 'flowConnector', name: 'Flow Conductor' },
  { connectorId: 'errorConnector', name: 'Error Message' },
  { connectorId: 'challengeConnector', name: 'Challenge' },
]

/** The connector's instance id that is the same in every environment. */
export const bootstrappedInstanceIds: Readonly<Record<string, string>> = Object.fromEntries(
  defaultInstances.flatMap(({ connectorId, id }) => (id ? [[connectorId, id]] : [])),
)
