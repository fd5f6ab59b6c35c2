import { Badge, Group, Stack, Text } from '@mantine/core'
import type { PlaceNames, Role, RoleScope } from '../session/permissions.ts'
import { roleLabel, whereInWords } from '../session/role-words.ts'

const colors: Record<Role, string> = { viewer: 'gray', operator: 'accent', approver: 'green', admin: 'orange' }

/** A role by its name and colour. */
export function RoleBadge({ role }: { role: Role }) {
  return (
    <Badge color={colors[role]} miw="max-content">
      {roleLabel[role]}
    </Badge>
  )
}

/** Roles, one line each, with where they hold. */
export function RoleList({ roles, names }: { roles: readonly RoleScope[]; names: PlaceNames }) {
  const lines = new Map(roles.map((scope) => [`${scope.role} ${whereInWords(scope, names)}`, scope]))
  return (
    <Stack gap={4}>
      {[...lines].map(([key, scope]) => (
        <Group key={key} gap={6} wrap="nowrap" align="flex-start">
          <RoleBadge role={scope.role} />
          <Text size="sm" className="long-name" lh={1.4}>
            {whereInWords(scope, names)}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
