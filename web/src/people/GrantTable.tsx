import { ActionIcon, Skeleton, Table, Text, Tooltip } from '@mantine/core'
import { IconKey, IconTrash, IconUser, IconUsersGroup } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { usePlaceNames } from '../session/place-names.ts'
import { roleLabel, whereInWords } from '../session/role-words.ts'
import { type Grant, grantsQuery, type Person, peopleQuery, subjectInWords } from './grants.ts'
import { RoleBadge } from './RoleList.tsx'

/** Which role goes to whom, and the way to take one back. */
export function GrantTable({ people }: { people: readonly Person[] }) {
  const grants = useQuery(grantsQuery)
  const names = usePlaceNames(grants.data ?? [])
  const [removing, setRemoving] = useState<Grant>()
  if (grants.isError) return <ProblemPanel error={grants.error} onRetry={() => void grants.refetch()} />
  if (grants.isPending) return <Skeleton height={120} />
  if (grants.data.length === 0) {
    return (
      <EmptyState icon={IconKey} title="No role was given yet">
        Whoever signs in sees nothing until a role is given to them, by name or through a group.
      </EmptyState>
    )
  }
  return (
    <>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Roles">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>To</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Where</Table.Th>
              <Table.Th>Given</Table.Th>
              <Table.Th>
                <span className="visually-hidden">Actions</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {grants.data.map((grant) => (
              <Table.Tr key={grant.id}>
                <Table.Td>
                  <Subject grant={grant} people={people} />
                </Table.Td>
                <Table.Td>
                  <RoleBadge role={grant.role} />
                </Table.Td>
                <Table.Td className="long-name">{whereInWords(grant, names)}</Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    <Ago at={grant.createdAt} /> by {grant.createdBy}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">
                  <Tooltip label="Remove this role">
                    <ActionIcon
                      aria-label={`Remove ${roleLabel[grant.role]} from ${subjectInWords(grant.to, people)}`}
                      onClick={() => setRemoving(grant)}
                    >
                      <IconTrash size={16} stroke={1.7} />
                    </ActionIcon>
                  </Tooltip>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <RemoveGrant
        key={removing?.id ?? 'none'}
        grant={removing}
        people={people}
        where={removing ? whereInWords(removing, names) : ''}
        onClose={() => setRemoving(undefined)}
      />
    </>
  )
}

function Subject({ grant, people }: { grant: Grant; people: readonly Person[] }) {
  const Icon = grant.to.type === 'person' ? IconUser : IconUsersGroup
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
      <Icon size={16} stroke={1.7} style={{ flexShrink: 0 }} aria-hidden />
      <Text size="sm" className="long-name">
        {subjectInWords(grant.to, people)}
      </Text>
    </div>
  )
}

interface RemoveGrantProps {
  grant: Grant | undefined
  people: readonly Person[]
  where: string
  onClose: () => void
}

function RemoveGrant({ grant, people, where, onClose }: RemoveGrantProps) {
  const queryClient = useQueryClient()
  const remove = useMutation({
    mutationFn: (grantId: string) => answerOf(api.DELETE('/api/grants/{grantId}', { params: { path: { grantId } } })),
    onSuccess: async () => {
      onClose()
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: grantsQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey }),
      ])
    },
  })
  const affected = grant ? people.filter(({ roles }) => roles.some(({ grantId }) => grantId === grant.id)) : []
  return (
    <ConfirmDialog
      opened={grant !== undefined}
      title="Remove this role?"
      confirm="Remove role"
      keep="Keep it"
      doing={remove}
      onConfirm={() => grant && remove.mutate(grant.id)}
      onClose={onClose}
    >
      {grant && (
        <Text size="sm" className="long-name">
          {subjectInWords(grant.to, people)} is then no longer {grant.role} {where}. It holds at once, also for those
          who are signed in and for API tokens that they made.
          {grant.to.type === 'claim' &&
            (affected.length > 0
              ? ` At the moment that concerns ${new Intl.ListFormat('en').format(affected.map(({ name }) => name))}.`
              : ' At the moment nobody has signed in with it.')}
        </Text>
      )}
    </ConfirmDialog>
  )
}
