import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Row } from '../kinds/kind-view.ts'
import { rowKey } from './row-filter.ts'

/** The pair that the address says is open, and how to open and close one. */
export function useOpenPair() {
  const { sourceId, destinationId } = useSearch({ strict: false })
  const navigate = useNavigate()
  const show = (ids: { sourceId: string | undefined; destinationId: string | undefined }) =>
    void navigate({ to: '.', search: (previous) => ({ ...previous, ...ids }) })
  return {
    sourceId,
    destinationId,
    openKey: sourceId || destinationId ? `${sourceId ?? ''}~${destinationId ?? ''}` : undefined,
    open: (row: Row) => show({ sourceId: row.source?.id, destinationId: row.destination?.id }),
    close: () => show({ sourceId: undefined, destinationId: undefined }),
    isOpen: (row: Row) => rowKey(row) === `${sourceId ?? ''}~${destinationId ?? ''}`,
  }
}
