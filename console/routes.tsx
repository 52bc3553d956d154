/** Every page of the console; paths.ts makes the links. Pages load when they are first opened. */
import { createBrowserRouter, Navigate } from 'react-router'
import { Broken } from './frame/Broken.tsx'
import { SignedIn } from './frame/SignedIn.tsx'
import { Starting } from './frame/Starting.tsx'
import { paths } from './paths.ts'

export const router = createBrowserRouter(
  [
    {
      errorElement: <Broken />,
      hydrateFallbackElement: <Starting />,
      children: [
        { path: '/sign-in', lazy: () => import('./pages/signIn/SignIn.tsx') },
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
                  children: [{ path: ':id', lazy: () => import('./pages/orders/OrderDrawer.tsx') }],
                },
                { path: '/booking', lazy: () => import('./pages/booking/Booking.tsx') },
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
