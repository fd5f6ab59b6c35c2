import type { ReadProgress } from '@flightiq/core'

/**
 * Shows on standard error how a reading goes on, in one line that is written over. Nothing in pipes, unless `always`,
 * where each thing that is being read is a line once.
 */
export function progressLine(always: boolean): { show: (progress: ReadProgress) => void; end: () => void } {
  const tty = process.stderr.isTTY
  const shown = new Set<string>()
  return {
    show: ({ label, done, total, requests, waitingSeconds }) => {
      const waiting = waitingSeconds ? `, waiting ${Math.ceil(waitingSeconds)} s for the request budget` : ''
      if (tty) process.stderr.write(`\r\u001b[K${label}: ${done} of ${total}, ${requests} requests${waiting}`)
      else if (always && !shown.has(label)) process.stderr.write(`${label}\n`)
      shown.add(label)
    },
    end: () => {
      if (tty && shown.size > 0) process.stderr.write('\r\u001b[K')
    },
  }
}
