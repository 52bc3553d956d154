/** Every page of the console; paths.ts makes the links. Pages load when they are first opened. */
import { createBrowserRouter, Navigate } from 'react-router'
import { Broken } from './frame/Broken.tsx'
import { SignedIn } from './frame/SignedIn.tsx'
import { Starting } from './frame/Starting.tsx'
import { paths } from './paths.ts'

const orderDrawer = () => import('./pages/orders/OrderDrawer.tsx')
/** Over a page of 缴费 an order opens as it does over the list of orders. */
const orderOver = [{ path: 'order/:id', lazy: orderDrawer }]

export const router = createBrowserRouter(
  [
    {
      errorElement: <Broken />,
      hydrateFallbackElement: <Starting />,
      children: [
        { path: '/sign-in', lazy: () => import('./pages/signIn/SignIn.tsx') },
        { path: '/join', lazy: () => import('./pages/join/Join.tsx') },
        {
          element: <SignedIn />,
          children: [
            {
              lazy: () => import('./frame/Frame.tsx'),
              children: [
                { index: true, element: <Navigate to={paths.today()} replace /> },
                { path: '/today', lazy: () => import('./pages/today/Today.tsx') },
                {
                  path: '/orders',
                  lazy: () => import('./pages/orders/Orders.tsx'),
                  children: [{ path: ':id', lazy: orderDrawer }],
                },
                { path: '/check-in', lazy: () => import('./pages/checkIn/CheckInDesk.tsx') },
                {
                  path: '/registrations',
                  lazy: () => import('./pages/registrations/Registrations.tsx'),
                  children: orderOver,
                },
                {
                  path: '/feedback',
                  lazy: () => import('./pages/feedback/FeedbackList.tsx'),
                  children: [
                    { path: ':id', lazy: () => import('./pages/feedback/FeedbackDrawer.tsx') },
                  ],
                },
                { path: '/feedback-causes', lazy: () => import('./pages/feedback/Causes.tsx') },
                { path: '/funnel', lazy: () => import('./pages/funnel/Funnel.tsx') },
                { path: '/insight', lazy: () => import('./pages/insight/Insight.tsx') },
                { path: '/messages', lazy: () => import('./pages/messages/Messages.tsx') },
                {
                  path: '/booking',
                  lazy: () => import('./pages/booking/Booking.tsx'),
                  children: orderOver,
                },
                { path: '/people', lazy: () => import('./pages/people/People.tsx') },
                { path: '/settings', lazy: () => import('./pages/settings/Settings.tsx') },
                { path: '/log', lazy: () => import('./pages/log/Log.tsx') },
                { path: '/me', lazy: () => import('./pages/me/Me.tsx') },
                {
                  path: '/disruptions',
                  lazy: () => import('./pages/disruptions/Disruptions.tsx'),
                },
                {
                  path: '/disruptions/new',
                  lazy: () => import('./pages/disruptions/NewDisruption.tsx'),
                },
                {
                  path: '/disruptions/:disruption',
                  lazy: () => import('./pages/disruptions/Progress.tsx'),
                  children: orderOver,
                },
                { path: '/resources', lazy: () => import('./pages/resources/Resources.tsx') },
                { path: '/schedules', lazy: () => import('./pages/schedules/Schedules.tsx') },
                {
                  path: '/payment',
                  lazy: () => import('./pages/payment/Payment.tsx'),
                  children: [
                    { index: true, lazy: () => import('./pages/payment/FirstTab.tsx') },
                    {
                      path: 'reconciliation',
                      lazy: () => import('./pages/payment/reconciliation/Reconciliation.tsx'),
                    },
                    {
                      path: 'bills',
                      lazy: () => import('./pages/payment/bills/Bills.tsx'),
                      children: orderOver,
                    },
                    {
                      path: 'refunds',
                      lazy: () => import('./pages/payment/refunds/Refunds.tsx'),
                      children: orderOver,
                    },
                    {
                      path: 'proofs',
                      lazy: () => import('./pages/payment/proofs/Proofs.tsx'),
                      children: orderOver,
                    },
                    {
                      path: 'deliveries',
                      lazy: () => import('./pages/payment/deliveries/Deliveries.tsx'),
                      children: orderOver,
                    },
                  ],
                },
                {
                  path: '/audit/findings',
                  lazy: () => import('./pages/audit/Audit.tsx'),
                  children: orderOver,
                },
                { path: '/forms', lazy: () => import('./pages/forms/Forms.tsx') },
                { path: '/forms/:id', lazy: () => import('./pages/forms/FormEditor.tsx') },
                { path: '*', lazy: () => import('./frame/Nowhere.tsx') },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: '/console' },
)
