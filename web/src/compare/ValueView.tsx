import { Fragment } from 'react'
import classes from './compare.module.css'
import { readSlate, type SlatePart, withTemplates } from './slate.ts'

/** One value as a person reads it: rich text as text, template expressions as chips, JSON as JSON. */
export function ValueView({ value }: { value: unknown }) {
  if (value === undefined) return <em className={classes.absent}>not there</em>
  if (value === '') return <em className={classes.absent}>empty</em>
  if (value === null) return <em className={classes.absent}>null</em>
  if (typeof value === 'string') return <Parts parts={readSlate(value) ?? withTemplates(value)} />
  if (typeof value === 'object') return <code className={classes.json}>{jsonText(value)}</code>
  return <>{String(value)}</>
}

function Parts({ parts }: { parts: SlatePart[] }) {
  if (parts.length === 0) return <em className={classes.absent}>empty</em>
  return parts.map((part, index) => {
    // The parts of one value never change their places, so that the index is their identity.
    const key = `${index}`
    if (part.type === 'line') return <br key={key} />
    if (part.type === 'text') return <Fragment key={key}>{part.text}</Fragment>
    return (
      <span key={key} className={classes.template}>
        {part.text.replace(/^\{\{\s*|\s*\}\}$/g, '')}
      </span>
    )
  })
}

/** JSON as text: on one line where it is short. */
export function jsonText(value: unknown): string {
  const short = JSON.stringify(value)
  return short.length <= 72 ? short : JSON.stringify(value, null, 2)
}
