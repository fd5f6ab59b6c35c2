import { IconArrowRight } from '@tabler/icons-react'
import type { Shapes } from '../api/client.ts'
import classes from './compare.module.css'
import { readSlate, slateText } from './slate.ts'
import { TextDiff } from './TextDiff.tsx'
import { jsonText, ValueView } from './ValueView.tsx'

/** One changed property: short values side by side, long texts line by line. `before` is what the destination has. */
export function PropertyChangeView({ change }: { change: Shapes['PropertyChange'] }) {
  return (
    <div className={classes.property}>
      <div className={classes.propertyName} title={change.pointer}>
        {change.label}
      </div>
      <div className={classes.propertyValue}>
        {isLong(change) ? (
          <TextDiff before={asText(change.before)} after={asText(change.after)} label={change.label} />
        ) : (
          <div className={classes.inline}>
            {change.change !== 'added' && (
              <span className={classes.before}>
                <span className="visually-hidden">in the destination: </span>
                <ValueView value={change.before} />
              </span>
            )}
            {change.change === 'changed' && <IconArrowRight size={14} className={classes.arrow} aria-hidden />}
            {change.change !== 'removed' && (
              <span className={classes.after}>
                <span className="visually-hidden">in the source: </span>
                <ValueView value={change.after} />
              </span>
            )}
          </div>
        )}
      </div>
    </div>
  )
}

function isLong(change: Shapes['PropertyChange']): boolean {
  if (change.change !== 'changed') return false
  const before = asText(change.before)
  const after = asText(change.after)
  const rich = readSlate(change.before) !== undefined || readSlate(change.after) !== undefined
  const lines = before.includes('\n') || after.includes('\n')
  return (change.text !== undefined && !rich) || lines || before.length > 240 || after.length > 240
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? slateText(value) : jsonText(value)
}
