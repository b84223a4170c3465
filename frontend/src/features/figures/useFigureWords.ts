// Why a service's requests, JVMs or score are not known, or known badly; who told them; figures as they are written.
import { useI18n } from 'vue-i18n'
import type { FigureSources, Service } from '@/api/types'
import { useFormat } from '@/ui/useFormat'
import { FIGURES, type FigureKey, type FigurePart } from './figures'

/** A score as a whole number with its letter. */
export const scoreText = (score: number | null, grade: string | null) =>
  score === null ? '–' : `${Math.round(score)} ${grade ?? ''}`.trim()

/** @param sources who told anything of any service, once that is known. */
export function useFigureWords(sources: () => FigureSources | undefined) {
  const { t } = useI18n()
  const { percent, decimal } = useFormat()

  /** Why it is not known, or known badly; empty where it is known. */
  function why(service: Service, part: FigurePart): string {
    const reason = service.unknown[part]
    if (reason === null) return ''
    if (part === 'score')
      return t(`figures.score_${reason}`, { known: percent(service.score?.known_pct) })
    const { coverage = null } = service[part] ?? {}
    return t(`figures.${part}_${reason}`, {
      sources: sources()?.[part].join(', ') ?? '–',
      coverage: coverage === null ? '–' : percent(100 * coverage),
    })
  }

  /** Who told it. */
  function told(service: Service, part: FigurePart): string {
    if (part === 'score')
      return service.score
        ? t('figures.scoreKnown', { known: percent(service.score.known_pct) })
        : ''
    const found = service[part]
    return found ? t(`figures.${part}By`, { source: found.source }) : ''
  }

  function text(service: Service, key: FigureKey): string {
    if (key === 'score')
      return scoreText(service.score?.score ?? null, service.score?.grade ?? null)
    return decimal(FIGURES[key].valueOf(service))
  }

  /** All that is to be said of a cell besides its value. */
  const hint = (service: Service, key: FigureKey) => {
    const { part } = FIGURES[key]
    const known = FIGURES[key].valueOf(service) ?? null
    const missing = known === null && service.unknown[part] === null ? t('figures.notTold') : ''
    return [told(service, part), why(service, part), missing].filter(Boolean).join(' · ')
  }
  return { why, told, text, hint }
}
