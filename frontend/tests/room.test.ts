// The sentence about the nodes' room: nothing asks for less than nothing.
import { expect, it } from 'vitest'
import { roomWords } from '@/features/operations/roomWords'

const ROOM = {
  fits: true,
  nodes: 3,
  added_cpu_m: 0,
  added_mem_mib: 0,
  surge_cpu_m: 0,
  surge_mem_mib: 0,
  free_cpu_m: 1200,
  free_mem_mib: 4096,
}

it('gives back what becomes free', () =>
  expect(roomWords({ ...ROOM, fits: false, added_cpu_m: -30_470, surge_cpu_m: 1260 })).toEqual({
    verdict: 'fitsNotMeanwhile',
    asks: { cpu: null, mem: null },
    givesBack: { cpu: 30_470, mem: null },
  }))

it('asks for one and gives back the other', () =>
  expect(roomWords({ ...ROOM, fits: false, added_cpu_m: 500, added_mem_mib: -64 })).toEqual({
    verdict: 'fitsNot',
    asks: { cpu: 500, mem: null },
    givesBack: { cpu: null, mem: 64 },
  }))

it('says nothing of either where nothing changes', () => {
  const { verdict, asks, givesBack } = roomWords(ROOM)
  expect(verdict).toBe('fits')
  expect([asks, givesBack]).toEqual([
    { cpu: null, mem: null },
    { cpu: null, mem: null },
  ])
})
