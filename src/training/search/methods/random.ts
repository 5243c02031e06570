// Random search (Bergstra and Bengio 2012): each trial is drawn alone. What every other method has to beat.

import { atFullEffort, nextNumbers, type SearchMethod, uniform } from '../method.ts'

export const random: SearchMethod = {
  name: 'random',
  stopsEarly: true,
  propose: ask => nextNumbers(ask).map(number => atFullEffort(uniform(ask, number))),
}
