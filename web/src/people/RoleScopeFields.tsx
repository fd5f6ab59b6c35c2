import { Select, SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { environmentsQuery, tenantsQuery } from '../api/queries.ts'
import { coversRole, type Role, type RoleScope, roles } from '../session/permissions.ts'
import { roleLabel, roleMeaning } from '../session/role-words.ts'

interface RoleScopeFieldsProps {
  value: RoleScope
  onChange: (value: RoleScope) => void
  /** What can be given at most. */
  atMost: readonly RoleScope[]
}

/** A role and where it holds. What goes beyond `atMost` can't be chosen. */
export function RoleScopeFields({ value, onChange, atMost }: RoleScopeFieldsProps) {
  const { role, tenantId, environmentId } = value
  const { data: tenants = [] } = useQuery(tenantsQuery)
  const environments = useQuery({ ...environmentsQuery(tenantId ?? ''), enabled: tenantId !== undefined })
  const offered = roles.filter((one) => atMost.some((held) => coversRole(atMost, { ...held, role: one })))
  const within = (extent: Omit<RoleScope, 'role'>) => coversRole(atMost, { role, ...extent })
  const somewhereIn = (id: string) => within({ tenantId: id }) || atMost.some((held) => held.tenantId === id)
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs">
      <Select
        label="Role"
        description={roleMeaning[role]}
        inputWrapperOrder={['label', 'input', 'description']}
        data={offered.map((one) => ({ value: one, label: roleLabel[one] }))}
        value={role}
        allowDeselect={false}
        onChange={(chosen) => chosen && onChange({ ...value, role: chosen as Role })}
      />
      <Select
        label="Tenant"
        data={[
          { value: '', label: 'All tenants', disabled: !within({}) },
          ...tenants.map(({ id, name }) => ({ value: id, label: name, disabled: !somewhereIn(id) })),
        ]}
        value={tenantId ?? ''}
        allowDeselect={false}
        searchable
        onChange={(chosen) => onChange(chosen ? { role, ...narrowest(chosen, atMost, role) } : { role })}
      />
      <Select
        label="Environment"
        data={[
          { value: '', label: 'All environments', disabled: !within(tenantId ? { tenantId } : {}) },
          ...(environments.data ?? []).map(({ id, name }) => ({
            value: id,
            label: name,
            disabled: !within({ ...(tenantId ? { tenantId } : {}), environmentId: id }),
          })),
        ]}
        value={environmentId ?? ''}
        allowDeselect={false}
        searchable
        disabled={tenantId === undefined}
        onChange={(chosen) =>
          onChange({ role, ...(tenantId ? { tenantId } : {}), ...(chosen ? { environmentId: chosen } : {}) })
        }
      />
    </SimpleGrid>
  )
}

/** All of a tenant where that may be given, otherwise the first environment of it that may. */
function narrowest(tenantId: string, atMost: readonly RoleScope[], role: Role): Omit<RoleScope, 'role'> {
  if (coversRole(atMost, { role, tenantId })) return { tenantId }
  const environmentId = atMost.find((held) => held.tenantId === tenantId)?.environmentId
  return { tenantId, ...(environmentId ? { environmentId } : {}) }
}
