import { json } from '@codemirror/lang-json'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { styleNonce } from '../style-nonce.ts'
import classes from './compare.module.css'

/** One JSON document, to read. */
export default function RawView({ content }: { content: unknown }) {
  const parent = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!parent.current) return
    const view = new EditorView({
      doc: JSON.stringify(content, null, 2),
      extensions: [
        json(),
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'JSON' }),
        EditorView.cspNonce.of(styleNonce ?? ''),
        EditorView.lineWrapping,
        EditorView.theme({
          '.cm-gutters': { background: 'var(--app-raised)', color: 'var(--mantine-color-dimmed)', border: 'none' },
        }),
      ],
      parent: parent.current,
    })
    return () => view.destroy()
  }, [content])
  return <div ref={parent} className={classes.raw} />
}
