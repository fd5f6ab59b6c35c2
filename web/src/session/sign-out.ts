import { useMutation } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { leave, stay } from './session-ended.ts'

/** Ends the session here, and then at PingOne where it says how. The page is left, and what it held with it. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => {
      leave()
      return answerOf(api.POST('/api/session/sign-out'))
    },
    onSuccess: ({ endSessionUrl }) => location.assign(endSessionUrl ?? '/sign-in'),
    onError: stay,
  })
}
