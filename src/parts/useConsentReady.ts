import { useEffect } from 'react'
import { app } from '../phone.ts'

/**
 * A host's sheet must follow a tap at once, so what it may ask about is read when the tap can be seen
 * coming: as something opens whose button asks (X3). Needs somebody signed in; mini-programs know who.
 */
export function useConsentReady(open: boolean): void {
  useEffect(() => {
    if (!open) return
    void app.session.greet().then((known) => (known ? app.consents.load() : undefined))
  }, [open])
}
