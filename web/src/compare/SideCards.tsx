import { Badge, Group, Text } from '@mantine/core'
import { IconArrowRight, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { environmentsQuery } from '../api/queries.ts'
import { CopyId } from '../components/CopyId.tsx'
import { Ago } from '../components/time.tsx'
import { deploymentOf } from '../kinds/flow/VersionCell.tsx'
import type { Row, Side } from '../kinds/kind-view.ts'
import { environmentIdOf } from '../shell/selection.ts'
import classes from './compare.module.css'

interface SideCardsProps {
  row: Row
  tenantId: string
  from: string
  to: string
}

/** The two sides of a pair: what each is called, its version, and what runs. */
export function SideCards({ row, tenantId, from, to }: SideCardsProps) {
  const { data: environments = [] } = useQuery(environmentsQuery(tenantId))
  const placeOf = (spec: string) => environments.find(({ id }) => id === environmentIdOf(spec))
  return (
    <div className={classes.sides}>
      <SideCard label="Source" place={placeOf(from)} side={row.source} />
      <IconArrowRight size={18} color="var(--mantine-color-dimmed)" aria-hidden />
      <SideCard label="Destination" place={placeOf(to)} side={row.destination} />
    </div>
  )
}

interface SideCardProps {
  label: 'Source' | 'Destination'
  place: { name: string; type: string } | undefined
  side: Side | undefined
}

function SideCard({ label, place, side }: SideCardProps) {
  return (
    <section className={`card ${classes.side}`} aria-label={label}>
      <Group gap={6} mb={2}>
        <span className="eyebrow">
          {label}
          {place ? ` · ${place.name}` : ''}
        </span>
        {place?.type === 'PRODUCTION' && (
          <Badge size="xs" color="orange" leftSection={<IconShieldCheck size={11} />}>
            Production
          </Badge>
        )}
      </Group>
      {side ? (
        <>
          <Text fw={600} size="md" truncate title={side.name}>
            {side.name}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            {side.version !== undefined && `v${side.version} · ${deploymentOf(side)} · `}
            {side.updatedAt && (
              <>
                updated <Ago at={side.updatedAt} />
              </>
            )}
          </Text>
          <CopyId id={side.id} label={`${label.toLowerCase()} ID`} />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Not there
        </Text>
      )}
    </section>
  )
}
