import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { eventStream } from '../api/event-stream.ts'

type Event = Shapes['AccessEvent']
export type Matrix = Shapes['AccessMatrix']
export type Probing = 'none' | 'reads' | 'all'

export interface MatrixReading {
  matrix: Matrix | undefined
  progress: { done: number; total: number; step: string } | undefined
  error: unknown
  read: (probe: Probing) => void
  cancel: () => void
}

/** Reads the access matrix of a tenant: at once when none is at hand, and again when asked. */
export function useMatrix(tenantId: string): MatrixReading {
  const queryClient = useQueryClient()
  const [matrix, setMatrix] = useState(() => queryClient.getQueryData<Matrix>(['accessMatrix', tenantId]))
  const [progress, setProgress] = useState<MatrixReading['progress']>()
  const [error, setError] = useState<unknown>()
  const reading = useRef<AbortController>(undefined)

  const read = useCallback(
    (probe: Probing) => {
      reading.current?.abort()
      const controller = new AbortController()
      reading.current = controller
      setError(undefined)
      setProgress({ done: 0, total: 0, step: 'Roles of the worker app' })
      const follow = async () => {
        const address = `/api/tenants/${tenantId}/access/events?probe=${probe}`
        for await (const event of eventStream<Event>(address, controller.signal)) {
          if (event.type === 'progress') setProgress(event)
          else {
            setMatrix(event.matrix)
            queryClient.setQueryData(['accessMatrix', tenantId], event.matrix)
          }
        }
      }
      follow()
        .catch((thrown: unknown) => {
          if (!controller.signal.aborted) setError(thrown)
        })
        .finally(() => {
          if (reading.current === controller) setProgress(undefined)
        })
    },
    [tenantId, queryClient],
  )
  useEffect(() => {
    const known = queryClient.getQueryData<Matrix>(['accessMatrix', tenantId])
    setMatrix(known)
    if (!known) read('reads')
    return () => reading.current?.abort()
  }, [tenantId, queryClient, read])
  const cancel = () => {
    reading.current?.abort()
    setProgress(undefined)
  }
  return { matrix, progress, error, read, cancel }
}
