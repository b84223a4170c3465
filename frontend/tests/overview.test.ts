// What the overview says of the room that the nodes have left.
import { describe, expect, it } from 'vitest'
import type { Capacity } from '@/api/types'
import { roomOf } from '@/features/overview/room'

const KNOWN: Capacity = { nodes: 3, free_cpu_m: 2600, free_mem_mib: 6348, reason: '', detail: '' }
const UNKNOWN: Capacity = {
  nodes: null,
  free_cpu_m: null,
  free_mem_mib: null,
  reason: 'forbidden',
  detail: 'may not list nodes',
}

describe('the room that is left', () => {
  it('is told by resource', () => {
    expect(roomOf(KNOWN, 'cpu', false)).toEqual({ free: 2600, why: null, nodes: 3 })
    expect(roomOf(KNOWN, 'mem', false).free).toBe(6348)
  })
  it('is unknown, never zero, with a reason', () => {
    expect(roomOf(UNKNOWN, 'cpu', false)).toEqual({ free: null, why: 'forbidden', nodes: 0 })
    expect(roomOf(undefined, 'cpu', false).why).toBe('loading')
    expect(roomOf(undefined, 'cpu', true).why).toBe('failed')
  })
})
