import { createTheme, type MantineColorsTuple } from '@mantine/core'

const accent: MantineColorsTuple = [
  '#eef4ff',
  '#dae6ff',
  '#b3caff',
  '#8aadfd',
  '#6590f7',
  '#4a78ee',
  '#2f62e2',
  '#2457d6',
  '#1d48b4',
  '#173a92',
]

const slate: MantineColorsTuple = [
  '#e6e9ef',
  '#c9ced9',
  '#aab2c2',
  '#8d97aa',
  '#3d4658',
  '#323a49',
  '#262d39',
  '#171c25',
  '#11151c',
  '#0c0f14',
]

/** The look of the console: one accent, Inter, small and quiet controls on an 8 pixel rhythm. */
export const theme = createTheme({
  colors: { accent, dark: slate },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  defaultRadius: 6,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.35' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm' }, styles: { label: { textTransform: 'none' } } },
    InputWrapper: { styles: { label: { marginBottom: 4 }, description: { marginBottom: 4 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, multiline: true, maw: 320 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
})
