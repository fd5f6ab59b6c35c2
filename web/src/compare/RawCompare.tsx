import { json } from '@codemirror/lang-json'
import { MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { styleNonce } from '../style-nonce.ts'
import classes from './compare.module.css'

interface RawCompareProps {
  source: unknown
  destination: unknown
}

/** Both sides as JSON, the destination on the left. Keys are put in order, so that only values make lines differ. */
export default function RawCompare({ source, destination }: RawCompareProps) {
  const parent = useRef<HTMLDivElement>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  useEffect(() => {
    if (!parent.current) return
    const extensions = (label: string) => [
      json(),
      lineNumbers(),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.cspNonce.of(styleNonce ?? ''),
      EditorView.lineWrapping,
      EditorView.theme(
        {
          '.cm-gutters': { background: 'var(--app-raised)', color: 'var(--mantine-color-dimmed)', border: 'none' },
          '.cm-collapsedLines': { color: 'var(--mantine-color-dimmed)', background: 'var(--app-raised)' },
          '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
        },
        { dark },
      ),
    ]
    const view = new MergeView({
      a: { doc: ordered(destination), extensions: extensions('JSON in the destination') },
      b: { doc: ordered(source), extensions: extensions('JSON in the source') },
      parent: parent.current,
      collapseUnchanged: { margin: 3, minSize: 6 },
      // A bound for files of a megabyte: beyond it differences get coarser, not slower.
      diffConfig: { scanLimit: 2000, timeout: 1500 },
    })
    return () => view.destroy()
  }, [source, destination, dark])
  return <div ref={parent} className={classes.raw} />
}

function ordered(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(sortKeys(value), null, 2)
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '_links')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
