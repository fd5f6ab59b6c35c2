import { Badge, Button, Drawer, Group, Modal, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconKey, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { plansQuery, runsQuery, statusQuery, tenantsQuery } from '../api/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { CopyId } from '../components/CopyId.tsx'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { InPlaceHelp } from '../components/InPlaceHelp.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { useRefusal } from '../session/use-may.ts'
import { TenantForm } from './TenantForm.tsx'
import { TenantHelp } from './TenantHelp.tsx'
import { TenantTest } from './TenantTest.tsx'
import { regions } from './tenant-fields.ts'

type Tenant = Shapes['Tenant']

/** Settings > Access & Authentication > Tenant Configuration: the tenants, with all that can be done to them. */
export function TenantsPage() {
  const tenants = useQuery(tenantsQuery)
  const [editing, setEditing] = useState<Tenant | 'new'>()
  const [removing, setRemoving] = useState<Tenant>()
  const refusal = useRefusal('configure')
  return (
    <Page
      title="Tenant Configuration"
      summary="The PingOne organizations that FlightIQ works on, each through its own worker app."
      width={960}
      actions={
        <ActionButton refusal={refusal} leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          Add tenant
        </ActionButton>
      }
    >
      {tenants.isError && <ProblemPanel error={tenants.error} onRetry={() => void tenants.refetch()} />}
      {tenants.isPending && <Skeleton height={120} />}
      {tenants.data?.length === 0 && <EmptyState icon={IconKey} title="No tenant is configured" />}
      <Stack>
        {tenants.data?.map((tenant) => (
          <TenantCard
            key={tenant.id}
            tenant={tenant}
            onEdit={() => setEditing(tenant)}
            onRemove={() => setRemoving(tenant)}
          />
        ))}
      </Stack>
      <EditTenant editing={editing} onClose={() => setEditing(undefined)} onSaved={setEditing} />
      <RemoveTenant tenant={removing} onClose={() => setRemoving(undefined)} />
    </Page>
  )
}

function TenantCard({ tenant, onEdit, onRemove }: { tenant: Tenant; onEdit: () => void; onRemove: () => void }) {
  const refusal = useRefusal('configure', { tenantId: tenant.id })
  const facts = [
    { name: 'Environment ID', value: <CopyId id={tenant.environmentId} label="environment ID" /> },
    { name: 'Backend API client ID', value: <CopyId id={tenant.clientId} label="client ID" /> },
    {
      name: 'Client secret',
      value: (
        <Text size="sm">
          set <Ago at={tenant.secretSetAt} />
          {tenant.secretSetBy ? ` by ${tenant.secretSetBy}` : ''}
        </Text>
      ),
    },
    { name: 'Region', value: <Text size="sm">{regionOf(tenant)}</Text> },
    { name: 'Authentication method', value: <Text size="sm">{methodOf(tenant)}</Text> },
  ]
  return (
    <section className="card" aria-label={tenant.name}>
      <Stack p="md" gap="md">
        <Group justify="space-between">
          <Title order={2}>{tenant.name}</Title>
          <Group gap="xs">
            <ActionButton
              refusal={refusal}
              variant="default"
              size="xs"
              leftSection={<IconPencil size={14} />}
              onClick={onEdit}
            >
              Edit
            </ActionButton>
            <ActionButton
              refusal={refusal}
              variant="default"
              size="xs"
              leftSection={<IconTrash size={14} />}
              onClick={onRemove}
            >
              Remove
            </ActionButton>
          </Group>
        </Group>
        <dl
          style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))', gap: 12, margin: 0 }}
        >
          {facts.map(({ name, value }) => (
            <div key={name} style={{ minWidth: 0 }}>
              <Text component="dt" className="eyebrow">
                {name}
              </Text>
              <dd style={{ margin: 0 }}>{value}</dd>
            </div>
          ))}
        </dl>
        <TenantTest tenantId={tenant.id} disabledReason={refusal} />
      </Stack>
    </section>
  )
}

function regionOf(tenant: Tenant): string {
  if (tenant.hosts) return `Custom: ${new URL(tenant.hosts.apiUrl).host}`
  return regions.find((region) => region.value === tenant.region)?.label ?? 'detected when tested'
}

function methodOf(tenant: Tenant): string {
  if (!tenant.authMethod) return 'detected when tested'
  return tenant.authMethod === 'client_secret_basic' ? 'Client Secret Basic' : 'Client Secret Post'
}

interface EditTenantProps {
  editing: Tenant | 'new' | undefined
  onClose: () => void
  onSaved: (tenant: Tenant) => void
}

function EditTenant({ editing, onClose, onSaved }: EditTenantProps) {
  const tenant = editing === 'new' ? undefined : editing
  const [edited, setEdited] = useState(false)
  return (
    <Drawer
      opened={editing !== undefined}
      onClose={onClose}
      position="right"
      size={560}
      title={<Text fw={600}>{tenant ? `Edit ${tenant.name}` : 'Add a tenant'}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <InPlaceHelp>
          <TenantHelp />
        </InPlaceHelp>
        <TenantForm
          key={tenant?.id ?? 'new'}
          tenant={tenant}
          onEdited={() => setEdited(true)}
          onSaved={(saved) => {
            setEdited(false)
            onSaved(saved)
          }}
        />
        {tenant && (
          <TenantTest
            key={tenant.updatedAt}
            tenantId={tenant.id}
            disabledReason={edited ? 'Save your changes first.' : undefined}
          />
        )}
      </Stack>
    </Drawer>
  )
}

function RemoveTenant({ tenant, onClose }: { tenant: Tenant | undefined; onClose: () => void }) {
  return (
    <Modal
      opened={tenant !== undefined}
      onClose={onClose}
      title={<Text fw={600}>Remove {tenant?.name}?</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      {tenant && <RemoveTenantBody tenant={tenant} onClose={onClose} />}
    </Modal>
  )
}

function RemoveTenantBody({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const queryClient = useQueryClient()
  const router = useRouter()
  const plans = useQuery(plansQuery(tenant.id))
  const runs = useQuery(runsQuery(tenant.id))
  const remove = useMutation({
    mutationFn: () => answerOf(api.DELETE('/api/tenants/{tenantId}', { params: { path: { tenantId: tenant.id } } })),
    onSuccess: async () => {
      onClose()
      queryClient.removeQueries({ queryKey: statusQuery.queryKey })
      await queryClient.invalidateQueries({ queryKey: tenantsQuery.queryKey })
      await router.invalidate()
    },
  })
  return (
    <Stack>
      <Text size="sm">
        With the tenant go its saved client secret
        {plans.data && runs.data
          ? `, ${count(plans.data.length, 'plan')} and ${count(runs.data.length, 'run')} with their journals and backups`
          : ', its plans, and its runs with their journals and backups'}
        . This cannot be undone.
      </Text>
      <Group gap="xs">
        <Badge color="green">Nothing changes in PingOne</Badge>
      </Group>
      {remove.isError && <ProblemPanel error={remove.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove tenant
        </Button>
      </Group>
    </Stack>
  )
}
