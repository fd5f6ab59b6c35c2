import { ActionIcon, Badge, Button, Skeleton, Table, Text, Tooltip } from '@mantine/core'
import { IconPlus, IconRobot, IconTrash } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago, exactTime } from '../components/time.tsx'
import { usePlaceNames } from '../session/place-names.ts'
import { NewTokenDialog } from './NewTokenDialog.tsx'
import { RoleList } from './RoleList.tsx'

type ApiToken = Shapes['ApiToken']

/** The API tokens that this person may see. */
export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/tokens', { signal })),
})

/** Settings > API Tokens: for scripts and pipelines that call this console. */
export function TokensPage() {
  const tokens = useQuery(tokensQuery)
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiToken>()
  return (
    <Page
      title="API Tokens"
      summary="For scripts and pipelines that call this console. A token may do at most what its maker may, and ends by itself."
      width={1040}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      {tokens.isError && <ProblemPanel error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {tokens.isPending && <Skeleton height={160} />}
      {tokens.data && (
        <div className="card">
          {tokens.data.length === 0 ? (
            <EmptyState icon={IconRobot} title="There are no API tokens">
              A token is sent as <code>Authorization: Bearer …</code>, or given to <code>flightiq --server</code> as
              FLIGHTIQ_TOKEN.
            </EmptyState>
          ) : (
            <TokenTable tokens={tokens.data} onRevoke={setRevoking} />
          )}
        </div>
      )}
      <NewTokenDialog opened={making} onClose={() => setMaking(false)} />
      <RevokeToken key={revoking?.id ?? 'none'} token={revoking} onClose={() => setRevoking(undefined)} />
    </Page>
  )
}

function TokenTable({ tokens, onRevoke }: { tokens: readonly ApiToken[]; onRevoke: (token: ApiToken) => void }) {
  const names = usePlaceNames(tokens.flatMap(({ roles }) => roles))
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="API tokens">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>May</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Ends</Table.Th>
            <Table.Th>
              <span className="visually-hidden">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <Table.Tr key={token.id}>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Text size="sm" fw={550} className="long-name">
                  {token.name}
                </Text>
                <Text size="xs" c="dimmed" className="long-name">
                  by {token.own ? 'you' : token.createdBy}, <Ago at={token.createdAt} />
                </Text>
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <RoleList roles={token.roles} names={names} />
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                {token.lastUsedAt ? <Ago at={token.lastUsedAt} /> : 'never'}
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <End token={token} />
              </Table.Td>
              <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
                {isUsable(token) && (
                  <Tooltip label="Revoke">
                    <ActionIcon aria-label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
                      <IconTrash size={16} stroke={1.7} />
                    </ActionIcon>
                  </Tooltip>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const isUsable = ({ revokedAt, expiresAt }: ApiToken): boolean => !revokedAt && Date.parse(expiresAt) > Date.now()

function End({ token }: { token: ApiToken }) {
  if (token.revokedAt) {
    return (
      <Badge color="gray" miw="max-content" title={exactTime(token.revokedAt)}>
        Revoked
      </Badge>
    )
  }
  if (!isUsable(token)) {
    return (
      <Badge color="gray" miw="max-content" title={exactTime(token.expiresAt)}>
        Expired
      </Badge>
    )
  }
  return <Ago at={token.expiresAt} />
}

function RevokeToken({ token, onClose }: { token: ApiToken | undefined; onClose: () => void }) {
  const queryClient = useQueryClient()
  const revoke = useMutation({
    mutationFn: (tokenId: string) => answerOf(api.DELETE('/api/tokens/{tokenId}', { params: { path: { tokenId } } })),
    onSuccess: async () => {
      onClose()
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
  })
  return (
    <ConfirmDialog
      opened={token !== undefined}
      title={`Revoke ${token?.name ?? ''}?`}
      confirm="Revoke token"
      keep="Keep it"
      doing={revoke}
      onConfirm={() => token && revoke.mutate(token.id)}
      onClose={onClose}
    >
      <Text size="sm">
        Whatever uses this token is refused from now on
        {token?.lastUsedAt ? (
          <>
            ; it was last used <Ago at={token.lastUsedAt} />
          </>
        ) : (
          '; it was never used'
        )}
        . This cannot be undone: make a new token instead.
      </Text>
    </ConfirmDialog>
  )
}
