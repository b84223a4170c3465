// Something that changes what the API tells: all that was asked for is asked for again, but who one is.
import { useMutation, useQueryClient } from '@tanstack/vue-query'

export function useChange<Asked, Made>(change: (asked: Asked) => Promise<Made>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' }),
  })
}
