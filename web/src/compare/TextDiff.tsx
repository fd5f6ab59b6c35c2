// biome-ignore-all lint/suspicious/noArrayIndexKey: lines have no other identity, and never change their places
// biome-ignore-all lint/a11y/useSemanticElements: preformatted text that is a region, since it scrolls
import { Button } from '@mantine/core'
import { diffLines } from 'diff'
import { useMemo, useState } from 'react'
import classes from './compare.module.css'

interface Line {
  sign: '+' | '-' | ' '
  text: string
}

const around = 3

/** Two texts line by line, with what is the same left out but for some lines around. */
export function TextDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const [whole, setWhole] = useState(false)
  const lines = useMemo(() => linesOf(before, after), [before, after])
  const shown = useMemo(() => (whole ? lines.map((line) => [line]) : withoutUnchanged(lines)), [lines, whole])
  const left = lines.length - shown.flat().length
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <pre className={classes.textDiff} tabIndex={0} role="region" aria-label={`Changes of ${label}, line by line`}>
        {shown.map((part, index) =>
          part.length === 0 ? (
            <div key={`${index}-gap`} className={classes.gap}>
              ⋯
            </div>
          ) : (
            part.map((line, number) => (
              <div key={`${index}-${number}`} className={classes.line} data-sign={line.sign}>
                <span aria-hidden className={classes.sign}>
                  {line.sign}
                </span>
                {line.sign !== ' ' && (
                  <span className="visually-hidden">{line.sign === '+' ? 'added: ' : 'removed: '}</span>
                )}
                {line.text || ' '}
              </div>
            ))
          ),
        )}
      </pre>
      {(left > 0 || whole) && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setWhole(!whole)}>
          {whole ? 'Show changes only' : `Show ${left} unchanged lines`}
        </Button>
      )}
    </div>
  )
}

function linesOf(before: string, after: string): Line[] {
  return diffLines(before, after).flatMap((part) => {
    const sign = part.added ? '+' : part.removed ? '-' : ' '
    return part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): Line => ({ sign, text }))
  })
}

/** The changed lines with some around, in parts; an empty part stands for what was left out. */
function withoutUnchanged(lines: Line[]): Line[][] {
  const near = new Set<number>()
  lines.forEach((line, index) => {
    if (line.sign === ' ') return
    for (let step = -around; step <= around; step++) near.add(index + step)
  })
  const parts: Line[][] = []
  let open: Line[] | undefined
  lines.forEach((line, index) => {
    if (near.has(index)) {
      if (!open) {
        open = []
        if (index > 0) parts.push([])
        parts.push(open)
      }
      open.push(line)
    } else open = undefined
  })
  if (parts.length > 0 && !near.has(lines.length - 1)) parts.push([])
  return parts
}
