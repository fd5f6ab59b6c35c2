import { List, Text } from '@mantine/core'

/** Where each value of a worker app stands in the PingOne console. */
export function TenantHelp() {
  return (
    <>
      <List type="ordered" size="sm" spacing={8}>
        <List.Item>
          Open the <b>Administrators</b> environment, then <b>Settings &gt; Environment Properties</b>: copy the{' '}
          <b>Environment ID</b>.
        </List.Item>
        <List.Item>
          Still there, open <b>Applications &gt; Applications</b> and add an application of type <b>Worker</b>, or
          choose the one made for FlightIQ. Switch it on.
        </List.Item>
        <List.Item>
          On its <b>Overview</b>, copy the <b>Client ID</b> and the <b>Client Secret</b>.
        </List.Item>
        <List.Item>
          On its <b>Configuration</b>, check the grant type <b>Client Credentials</b>, and a token endpoint
          authentication method of <b>Client Secret Basic</b> or <b>Client Secret Post</b>.
        </List.Item>
        <List.Item>
          On its <b>Roles</b>, grant for each environment <b>DaVinci Admin</b>, or <b>DaVinci Admin Read Only</b> where
          FlightIQ may only look.
        </List.Item>
      </List>
      <Text size="sm" c="dimmed" mt="sm">
        Region and authentication method are found out by the test.
      </Text>
    </>
  )
}
