import { useIdle } from '@mantine/hooks'

/**
 * Whether nobody has touched this page for some minutes. What asks the server by itself then stops, or a session left
 * alone would never end.
 */
export const useAway = (): boolean => useIdle(5 * 60_000, { initialState: false })
