import { List, Text } from '@mantine/core'
import { redirectUri } from './login-app.ts'

/** Where each value of a login app stands in the PingOne console, and what has to be set there. */
export function LoginAppHelp() {
  return (
    <>
      <List type="ordered" size="sm" spacing={8}>
        <List.Item>
          Open the environment in which your people have their accounts; for administrators of PingOne that is{' '}
          <b>Administrators</b>. Under <b>Settings &gt; Environment Properties</b>, copy the <b>Environment ID</b>.
        </List.Item>
        <List.Item>
          Under <b>Applications &gt; Applications</b>, add an application of type <b>OIDC Web App</b>. Not the worker
          app: that one is for FlightIQ itself, this one for people.
        </List.Item>
        <List.Item>
          On its <b>Configuration</b>: response type <b>Code</b>, grant type <b>Authorization Code</b>, PKCE enforcement{' '}
          <b>S256_REQUIRED</b>, token endpoint authentication method <b>Client Secret Basic</b>. As <b>Redirect URI</b>{' '}
          enter exactly <code style={{ overflowWrap: 'anywhere' }}>{redirectUri()}</code>, as <b>Signoff URL</b>{' '}
          <code style={{ overflowWrap: 'anywhere' }}>{location.origin}/sign-in</code>.
        </List.Item>
        <List.Item>
          On its <b>Resources</b>, allow the scopes <b>profile</b> and <b>email</b> beside openid.
        </List.Item>
        <List.Item>
          On its <b>Attribute Mappings</b>, add <b>groups</b> with the value <b>Group Names</b>, if roles shall be given
          by group.
        </List.Item>
        <List.Item>
          On its <b>Overview</b>, copy the <b>Client ID</b> and the <b>Client Secret</b>, and switch the application on.
        </List.Item>
      </List>
      <Text size="sm" c="dimmed" mt="sm">
        The Auth base URL is that of your region, such as https://auth.pingone.eu, or your own domain in PingOne. With
        an own domain leave the Environment ID empty.
      </Text>
    </>
  )
}
