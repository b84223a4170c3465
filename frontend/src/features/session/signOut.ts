// Signing out: the browser keeps a password until it is given another, which this does without its dialog.
import { shallowRef } from 'vue'

const SIGN_OUT = '/sign-out'
const NOBODY = 'signed-out'
const OK = 200

/** True from then on: nothing may be asked any more, or the browser asks for a password. */
export const signedOut = shallowRef(false)

/** Resolves once the browser has forgotten the password; rejects where nothing answers. */
export function signOut(): Promise<void> {
  return new Promise((resolve, reject) => {
    // Only XMLHttpRequest replaces credentials that the browser keeps; fetch does not.
    const request = new XMLHttpRequest()
    request.open('GET', SIGN_OUT, true, NOBODY, 'x')
    request.onload = () => {
      if (request.status !== OK) return reject(new Error(`HTTP ${request.status}`))
      // What was typed and not applied is this person's, not the next one's.
      sessionStorage.clear()
      signedOut.value = true
      resolve()
    }
    request.onerror = () => reject(new Error())
    request.send()
  })
}
