/**
 * What has to see the address and hear the Back key before the router does; imported first of all
 * (app.tsx). Each takes out of the address what other sites put there.
 */
import './back.ts'
import './cashier.ts'
import './late.ts'
import './webSignIn.ts'
