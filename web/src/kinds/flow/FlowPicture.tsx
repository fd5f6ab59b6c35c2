// biome-ignore-all lint/a11y/useSemanticElements: a group of a picture and its tools, no group of fields
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: moved and zoomed by the keyboard
import { ActionIcon, Group, Stack, Text, Tooltip } from '@mantine/core'
import { IconFocusCentered, IconMinus, IconPlus, IconSitemap, IconZoomInArea } from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import compare from '../../compare/compare.module.css'
import { EmptyState } from '../../components/EmptyState.tsx'
import type { PictureProps } from '../kind-view.ts'
import classes from './FlowPicture.module.css'
import { type Graph, type GraphNode, graphOf } from './graph.ts'

const box = { width: 156, height: 56 }
const changeLabel = { added: 'added', removed: 'removed', changed: 'changed', moved: 'moved' }

interface View {
  x: number
  y: number
  width: number
  height: number
}

/** The graph of a flow as it lies on DaVinci's canvas, its nodes coloured by what changed. */
export default function FlowPicture({ source, destination, differences, onPick }: PictureProps) {
  const graph = useMemo(() => graphOf(source, destination, differences), [source, destination, differences])
  const whole = useMemo(() => boundsOf(graph.nodes), [graph])
  const changed = useMemo(() => graph.nodes.filter(({ change }) => change && change !== 'moved'), [graph])
  const [view, setView] = useState<View>(whole)
  const frame = useRef<HTMLDivElement>(null)
  const drag = useRef<{ x: number; y: number } | undefined>(undefined)

  const zoom = (factor: number, at = { x: 0.5, y: 0.5 }) =>
    setView((current) => {
      const width = Math.min(whole.width * 2, Math.max(200, current.width * factor))
      const height = (current.height / current.width) * width
      return {
        x: current.x + (current.width - width) * at.x,
        y: current.y + (current.height - height) * at.y,
        width,
        height,
      }
    })
  const pan = (x: number, y: number) =>
    setView((current) => ({ ...current, x: current.x + x * current.width, y: current.y + y * current.height }))
  const zoomRef = useRef(zoom)
  zoomRef.current = zoom

  useEffect(() => {
    const element = frame.current
    if (!element) return
    // Not passive: the page must not scroll while the wheel zooms. Only with Ctrl, so that scrolling past it works.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const area = element.getBoundingClientRect()
      zoomRef.current(event.deltaY > 0 ? 1.15 : 1 / 1.15, {
        x: (event.clientX - area.left) / area.width,
        y: (event.clientY - area.top) / area.height,
      })
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [])

  if (graph.nodes.length === 0) {
    return <EmptyState icon={IconSitemap} title="There is no graph to draw" />
  }

  const onPointerDown = (event: PointerEvent) => {
    if ((event.target as Element).closest('button')) return
    drag.current = { x: event.clientX, y: event.clientY }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!drag.current) return
    const area = event.currentTarget.getBoundingClientRect()
    const scale = Math.max(view.width / area.width, view.height / area.height)
    const [dx, dy] = [(drag.current.x - event.clientX) * scale, (drag.current.y - event.clientY) * scale]
    drag.current = { x: event.clientX, y: event.clientY }
    setView((current) => ({ ...current, x: current.x + dx, y: current.y + dy }))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves = new Map<string, () => void>([
      ['ArrowLeft', () => pan(-0.1, 0)],
      ['ArrowRight', () => pan(0.1, 0)],
      ['ArrowUp', () => pan(0, -0.1)],
      ['ArrowDown', () => pan(0, 0.1)],
      ['+', () => zoom(1 / 1.3)],
      ['-', () => zoom(1.3)],
      ['0', () => setView(whole)],
    ])
    const move = moves.get(event.key)
    if (!move || event.target !== event.currentTarget) return
    event.preventDefault()
    move()
  }
  const positions = new Map(graph.nodes.map((node) => [node.id, node]))
  return (
    <Stack gap="xs">
      <div
        ref={frame}
        className={compare.picture}
        role="group"
        tabIndex={0}
        aria-label="Picture of the flow. Arrows move it, plus and minus zoom, 0 shows the whole."
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          drag.current = undefined
        }}
        onPointerLeave={() => {
          drag.current = undefined
        }}
      >
        <svg viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`} role="img" aria-label={inWords(graph)}>
          {graph.edges.map((edge) => {
            const from = positions.get(edge.source)
            const to = positions.get(edge.target)
            if (!from || !to) return null
            return (
              <path key={edge.id} className={classes.edge} data-change={edge.change} d={curve(from, to)} fill="none" />
            )
          })}
          {graph.nodes.map((node) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the list of differences is the way for all
            <g
              key={node.id}
              className={classes.node}
              data-change={node.change}
              data-shape={node.shape}
              transform={`translate(${node.x} ${node.y})`}
              onDoubleClick={() => node.change && onPick?.(node.id)}
            >
              <title>{`${node.label} (${node.connector})${node.change ? `: ${changeLabel[node.change]}` : ''}`}</title>
              <NodeShape node={node} />
            </g>
          ))}
        </svg>
        <Group className={compare.pictureTools}>
          {[
            { label: 'Zoom in', icon: IconPlus, run: () => zoom(1 / 1.3) },
            { label: 'Zoom out', icon: IconMinus, run: () => zoom(1.3) },
            ...(changed.length > 0
              ? [{ label: 'Show what changed', icon: IconZoomInArea, run: () => setView(boundsOf(changed, 600)) }]
              : []),
            { label: 'Show the whole flow', icon: IconFocusCentered, run: () => setView(whole) },
          ].map(({ label, icon: Icon, run }) => (
            <Tooltip key={label} label={label}>
              <ActionIcon variant="default" aria-label={label} onClick={run}>
                <Icon size={16} />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
      </div>
      <Group gap="md">
        {(['added', 'removed', 'changed', 'moved'] as const).map((change) => (
          <Text key={change} size="xs" c="dimmed" component="span">
            <span className={classes.swatch} data-change={change} aria-hidden /> {changeLabel[change]}{' '}
            {graph.nodes.filter((node) => node.change === change).length}
          </Text>
        ))}
        <Text size="xs" c="dimmed" ml="auto">
          Drag to move, Ctrl and wheel to zoom, double-click a changed node for its difference.
        </Text>
      </Group>
    </Stack>
  )
}

function NodeShape({ node }: { node: GraphNode }) {
  if (node.shape === 'dot') return <circle r={12} />
  return (
    <>
      <rect x={-box.width / 2} y={-box.height / 2} width={box.width} height={box.height} rx={7} />
      <text y={node.shape === 'note' ? 4 : -3} className={classes.label}>
        {shorten(node.label, 20)}
      </text>
      {node.shape === 'box' && (
        <text y={15} className={classes.connector}>
          {shorten(node.connector, 22)}
        </text>
      )}
    </>
  )
}

const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

function curve(from: GraphNode, to: GraphNode): string {
  const bend = Math.max(24, Math.abs(to.x - from.x) / 2)
  return `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`
}

/** The area around nodes, at least so wide. */
function boundsOf(nodes: readonly GraphNode[], least = 0): View {
  const xs = nodes.map(({ x }) => x)
  const ys = nodes.map(({ y }) => y)
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)]
  const width = Math.max(least, right - left + 200)
  const height = Math.max(least / 2, bottom - top + 110)
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height }
}

function inWords({ nodes, edges }: Graph): string {
  const changed = nodes.filter((node) => node.change)
  const list = changed.slice(0, 30).map((node) => `${node.label} ${node.change}`)
  const rest = changed.length > 30 ? ` and ${changed.length - 30} more` : ''
  const differences = changed.length === 0 ? 'No node differs.' : `Differences: ${list.join(', ')}${rest}.`
  return `Flow of ${nodes.length} nodes and ${edges.length} edges. ${differences}`
}
