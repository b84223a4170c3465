// A bullet bar in words, for its tooltip and for those who don't see it.
import { verdictOf, type Bullet } from '@/ui/bullet'

type Translate = (key: string) => string

export function barLabel(
  bullet: Bullet,
  format: (value: number | null) => string,
  t: Translate,
): string {
  const parts = [
    `${t('common.used')} ${format(bullet.used)}`,
    `${t('common.runsWith')} ${format(bullet.request)}`,
    `${t('common.limit')} ${format(bullet.limit)}`,
  ]
  return `${t(`verdict.${verdictOf(bullet)}`)}: ${parts.join(' · ')}`
}
