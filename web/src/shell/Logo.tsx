import { Group, Text } from '@mantine/core'

/** The sign and the name. */
export function Logo() {
  return (
    <Group gap={8} wrap="nowrap">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#2457d6" />
        <path
          d="M7 21.5 25 9.5M13.5 9.5H25V21"
          fill="none"
          stroke="#fff"
          strokeWidth="3.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="9" cy="13" r="2.2" fill="#9dbdff" />
      </svg>
      <Text span fw={650} size="lg" c="var(--mantine-color-text)" style={{ letterSpacing: '-0.01em' }}>
        FlightIQ
      </Text>
    </Group>
  )
}
