import { Group, Radio, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { planQuery } from '../api/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { count } from '../components/count.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { kindLabel } from '../kinds/registry.ts'
import { useRefusal } from '../session/use-may.ts'

type Reference = Shapes['ResolvedReference']
type Choice = Shapes['Choice']

interface Draft {
  action?: Choice['action']
  destinationId?: string
}

/** The references that someone has to decide about, with the choices for each. Applying them makes a new plan. */
export function Unresolved({ record }: { record: Shapes['PlanRecord'] }) {
  const { id: planId, tenantId, plan } = record
  const open = plan.references.filter(({ resolution }) => resolution.to === 'unresolved')
  const [drafts, setDrafts] = useState<Record<string, Draft>>({})
  const refusal = useRefusal('plan', { tenantId, environmentId: plan.destination.environmentId })
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const choices = open.flatMap((reference) => choiceOf(reference, drafts[keyOf(reference)]))
  const apply = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/api/tenants/{tenantId}/plans/{planId}/choices', {
          params: { path: { tenantId, planId } },
          body: { choices },
        }),
      ),
    onSuccess: (next) => {
      queryClient.setQueryData(planQuery(tenantId, next.id).queryKey, next)
      void navigate({ to: '/plans/$planId', params: { planId: next.id } })
    },
  })
  if (open.length === 0) return null
  return (
    <section className="card" aria-labelledby="choices">
      <Stack p="md" gap="md">
        <div>
          <Title order={2} id="choices">
            {count(open.length, 'choice')} to make
          </Title>
          <Text size="sm" c="dimmed">
            The destination has nothing, or more than one, that these point to.
          </Text>
        </div>
        {open.map((reference) => (
          <ReferenceChoice
            key={keyOf(reference)}
            reference={reference}
            draft={drafts[keyOf(reference)] ?? {}}
            onChange={(draft) => setDrafts((current) => ({ ...current, [keyOf(reference)]: draft }))}
          />
        ))}
        {apply.isError && <ProblemPanel error={apply.error} />}
        <Group>
          <ActionButton
            refusal={refusal}
            loading={apply.isPending}
            disabled={refusal === undefined && choices.length === 0}
            onClick={() => apply.mutate()}
          >
            Apply choices
          </ActionButton>
          <Text size="sm" c="dimmed" role="status">
            {choices.length} of {open.length} made
          </Text>
        </Group>
      </Stack>
    </section>
  )
}

interface ReferenceChoiceProps {
  reference: Reference
  draft: Draft
  onChange: (draft: Draft) => void
}

function ReferenceChoice({ reference, draft, onChange }: ReferenceChoiceProps) {
  const { resolution } = reference
  if (resolution.to !== 'unresolved') return null
  const what = kindLabel(reference.kind).toLowerCase()
  return (
    <div style={{ borderTop: '1px solid var(--app-border)', paddingTop: 12 }}>
      <Radio.Group
        label={
          <Text span size="sm" fw={600}>
            {kindLabel(reference.kind)} “{reference.name || reference.target}”
            {reference.connectorId ? ` (${reference.connectorId})` : ''}
          </Text>
        }
        description={`${
          resolution.why === 'missing'
            ? 'The destination has none that fits.'
            : `${resolution.candidates.length} in the destination fit equally.`
        } Needed by ${usersOf(reference)}.`}
        value={draft.action ?? null}
        onChange={(action) => onChange({ ...draft, action: action as Choice['action'] })}
      >
        <Stack gap="xs" mt="sm">
          {resolution.choices.includes('create') && (
            <Radio
              value="create"
              label={reference.followUp.length > 0 ? 'Create it without its secrets' : 'Create it'}
              description={
                reference.followUp.length > 0 ? `By hand afterwards: ${reference.followUp.join(' ')}` : undefined
              }
            />
          )}
          {resolution.choices.includes('map') && (
            <Group gap="sm" align="flex-start">
              <Radio value="map" label={`Use another ${what} of the destination`} />
              {draft.action === 'map' && (
                <Select
                  aria-label={`${kindLabel(reference.kind)} of the destination`}
                  placeholder="Choose one"
                  size="xs"
                  searchable
                  w={320}
                  value={draft.destinationId ?? null}
                  data={resolution.candidates.map(({ id, name }) => ({
                    value: id,
                    label: `${name} (${id.slice(0, 8)})`,
                  }))}
                  onChange={(id) => onChange({ action: 'map', ...(id ? { destinationId: id } : {}) })}
                />
              )}
            </Group>
          )}
          {resolution.choices.includes('keep') && (
            <Radio
              value="keep"
              label="Leave it as it is"
              description="It points to nothing in the destination: what uses it fails there until that is mended."
            />
          )}
        </Stack>
      </Radio.Group>
    </div>
  )
}

const keyOf = (reference: Reference): string => `${reference.kind} ${reference.target}`

function choiceOf({ kind, target }: Reference, draft: Draft | undefined): Choice[] {
  // Only kinds that FlightIQ moves are ever left open.
  const base = { kind: kind as Choice['kind'], sourceId: target }
  if (draft?.action === 'map')
    return draft.destinationId ? [{ ...base, action: 'map', destinationId: draft.destinationId }] : []
  return draft?.action ? [{ ...base, action: draft.action }] : []
}

function usersOf({ usedBy }: Reference): string {
  const names = usedBy.map(({ node, artifactName }) =>
    node ? `node “${node.label}” of ${artifactName}` : artifactName,
  )
  const distinct = [...new Set(names)]
  return distinct.length > 4
    ? `${distinct.slice(0, 4).join(', ')} and ${distinct.length - 4} more`
    : distinct.join(', ')
}
